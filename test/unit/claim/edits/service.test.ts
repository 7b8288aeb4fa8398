import { describe, expect, it } from 'vitest';
import type { Attendee, GroupSession } from '../../../../schemas/group-session.ts';
import { type GateOptions, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides, withAttendeeBody } from '../../../support/sessions.ts';

const session = exampleSession();
const of = (rule: string, changes: Overrides<Attendee>, index = 0, options: GateOptions = {}) =>
  marks(judge(withAttendee(session, index, changes), options), rule);

describe('A15 place and modifiers', () => {
  it('passes the example', () => expect(marks(judge(session), 'A15')).toEqual([]));
  it('a telehealth place or modifier needs modality and location', () => {
    expect(of('A15', { placeOfServiceCode: '10' })).toEqual(['block /attendees/0/telehealth']);
    expect(of('A15', { modifiers: ['95'] })).toEqual(['block /attendees/0/telehealth']);
    for (const m of ['gt', 'Gt', '93']) expect(of('A15', { modifiers: [m] })).toEqual(['block /attendees/0/telehealth']);
  });
  it('the place must be the payer’s', () => {
    const telehealth = { modality: 'audio_video' as const, patientLocation: 'home' as const };
    expect(of('A15', { telehealth })).toEqual([]);
    expect(of('A15', { telehealth, placeOfServiceCode: '11' })).toEqual(['hold /attendees/0/placeOfServiceCode']);
  });
  it('audio only where the payer takes it', () => {
    const telehealth = { modality: 'audio_only' as const, patientLocation: 'home' as const };
    expect(of('A15', { telehealth })).toEqual(['hold /attendees/0/telehealth/modality']);
    expect(of('A15', { telehealth }, 3)).toEqual([]);
  });
  it('the place must exist', () => {
    expect(of('A15', { placeOfServiceCode: '98' })).toEqual(['block /attendees/0/placeOfServiceCode']);
    expect(marks(judge(session, { practice: { placeOfServiceCode: 'XX' } }), 'A15')).toHaveLength(7);
  });
  it('modifiers have two signs, are four at most and do not contradict each other', () => {
    const at = ['block /attendees/0/modifiers'];
    expect(of('A15', { modifiers: ['X'] })).toEqual(at);
    expect(of('A15', { modifiers: ['U1', 'U2', 'U3', 'U4'] })).toEqual([]);
    expect(of('A15', { modifiers: ['U1', 'U2', 'U3', 'U4', 'U5'] })).toEqual(at);
    const telehealth = { modality: 'audio_video' as const, patientLocation: 'home' as const };
    expect(of('A15', { telehealth, modifiers: ['93'] })).toEqual(expect.arrayContaining(at));
  });
  it('a telehealth modifier must be the one of the payer’s map', () => {
    const telehealth = { modality: 'audio_video' as const, patientLocation: 'home' as const };
    expect(of('A15', { telehealth, modifiers: ['95'] })).toEqual([]);
    // Original Medicare since 2024: place 10 and no 95.
    for (const m of ['95', 'gt', '93']) {
      expect(of('A15', { telehealth, modifiers: [m] }, 2)).toEqual(['hold /attendees/2/modifiers']);
    }
    expect(of('A15', { telehealth, modifiers: ['U1'] }, 2)).toEqual([]);
  });
  it('a hospital’s clinician may carry 95 to Medicare with the patient at home', () => {
    const at = (patientLocation: 'home' | 'other', placeOfServiceCode: string, modifier: string) =>
      of('A15', { telehealth: { modality: 'audio_video', patientLocation }, modifiers: [modifier] }, 2, {
        practice: { placeOfServiceCode },
      });
    for (const place of ['19', '22']) expect(at('home', place, '95')).toEqual([]);
    expect(at('home', '22', 'GT')).toEqual(['hold /attendees/2/modifiers']);
    expect(at('other', '22', '95')).toEqual(['hold /attendees/2/modifiers']);
    expect(at('home', '53', '95')).toEqual(['hold /attendees/2/modifiers']);
  });
  it('a payer may soften it', () => {
    const payers = { '60054': { policyOverrides: { overrides: { A15: 'warn' } } } };
    expect(of('A15', { placeOfServiceCode: '10' }, 0, { payers })).toEqual(['warn /attendees/0/telehealth']);
  });
});

describe('A16 interactive complexity', () => {
  it('passes the example', () => expect(marks(judge(session), 'A16')).toEqual([]));
  it('a factor 1 to 4', () => {
    for (const factor of [null, 0, 5]) {
      expect(of('A16', { interactiveComplexity: { factor } }, 6)).toEqual(['block /attendees/6/interactiveComplexity/factor']);
    }
  });
  it('a reason, in the rationale or in the note', () => {
    const at = ['hold /attendees/6/interactiveComplexity/rationale'];
    const silent = { text: 'Felt better, slept well, plans a walk.', participation: 'took part' };
    expect(of('A16', { interactiveComplexity: { rationale: ' ' }, note: silent }, 6)).toEqual(at);
    const note = { text: 'The caregiver disrupted the session.' };
    expect(of('A16', { interactiveComplexity: { rationale: null }, note }, 6)).toEqual([]);
  });
  it('only beside a service that it may be added to', () => {
    const at = ['block /attendees/6/interactiveComplexity'];
    for (const procedureCode of ['90839', '90846', '90847', '90849']) expect(of('A16', { procedureCode }, 6)).toEqual(at);
    for (const procedureCode of ['90791', '90837', '90853']) expect(of('A16', { procedureCode }, 6)).toEqual([]);
  });
  it('warns when everybody has it', () => {
    const interactiveComplexity = { factor: 2, rationale: 'Caregiver conflict.', chargeAmount: '15.00' };
    const all: GroupSession = { ...session, attendees: session.attendees.map((a) => ({ ...a, interactiveComplexity })) };
    expect(marks(judge(all), 'A16')).toEqual(Array.from({ length: 8 }, (_, i) => `warn /attendees/${i}/interactiveComplexity`));
  });
});

describe('A17 charge', () => {
  it('passes the example, with and without an amount', () => {
    expect(marks(judge(session), 'A17')).toEqual([]);
    expect(of('A17', { chargeAmount: null })).toEqual([]);
  });
  it('above zero', () => expect(of('A17', { chargeAmount: '0.00' })).toContain('block /attendees/0/chargeAmount'));
  it('something, from request or fee schedule', () => {
    expect(of('A17', { chargeAmount: null, procedureCode: '90899' })).toEqual(['block /attendees/0/chargeAmount']);
  });
  it('no more in all than an amount can hold', () => {
    const withSecondLine = session.attendees.findIndex((a) => a.interactiveComplexity != null);
    expect(of('A17', { chargeAmount: '99999999.99' }, withSecondLine)).toContain(
      `block /attendees/${withSecondLine}/chargeAmount`,
    );
  });
  it('off the fee schedule warns', () => expect(of('A17', { chargeAmount: '55' })).toEqual(['warn /attendees/0/chargeAmount']));
  it('one unit', () => {
    expect(of('A17', { units: 1 })).toEqual([]);
    expect(of('A17', { units: 8 })).toEqual(['block /attendees/0/units']);
  });
  it('units where the payer counts time', () => {
    const procedureMap = { '90853': { code: 'H0005', modifiers: ['HQ'], minutesPerUnit: 15 } };
    const options = { payers: { medicaid_wi: { policyOverrides: { procedureMap } } } };
    expect(of('A17', { units: 4, chargeAmount: '60.00' }, 1, options)).toEqual(['warn /attendees/1/chargeAmount']);
  });
  it('units that the payer fixes: no others', () => {
    const procedureMap = { '90853': { code: 'H0005', modifiers: ['HQ'], units: 4, minutesPerUnit: null } };
    const options = { payers: { medicaid_wi: { policyOverrides: { procedureMap } } } };
    expect(of('A17', { units: 4, chargeAmount: '60.00' }, 1, options)).toEqual(['warn /attendees/1/chargeAmount']);
    expect(of('A17', { units: 1, chargeAmount: '60.00' }, 1, options)).toContain('block /attendees/1/units');
  });
  it('a procedure code is five signs', () => {
    expect(of('A17', { procedureCode: '9085' })).toEqual(['block /attendees/0/procedureCode']);
  });
  it('the patient paid no more than the charge', () => {
    expect(of('A17', { patientPaidAmount: '60.00' })).toEqual([]);
    expect(of('A17', { patientPaidAmount: '60.01' })).toEqual(['block /attendees/0/patientPaidAmount']);
  });
  it('speaks once of an amount that cannot be read', () => {
    expect(marks(judge(withAttendeeBody(0, { chargeAmount: 60 })), 'A17')).toEqual(['block /attendees/0/chargeAmount']);
  });
});

describe('A24 supervised billing', () => {
  const supervisingProvider = { npi: '1234567893', lastName: 'Berg', firstName: 'Nora' };
  const supervised = (policy: string) => {
    const payers = Object.fromEntries(
      ['60054', 'medicaid_wi', 'medicare_wi', 'bcbs_wi', '62308', '87726'].map((id) => [
        id,
        { policyOverrides: { supervisedBilling: policy } },
      ]),
    );
    const body = exampleSession({ supervised: true, supervisingProvider });
    return [...new Set(marks(judge(body, { payers }), 'A24'))];
  };
  it('nothing when nobody is supervised', () => expect(marks(judge(session), 'A24')).toEqual([]));
  it('holds where the payer does not pay, or nobody knows', () => {
    expect(supervised('not_billable')).toEqual(['hold /supervised']);
    expect(supervised('unknown')).toEqual(['hold /supervised']);
  });
  it.each(['rendering_with_2310D', 'bill_as_supervisor'])('passes %s', (policy) => expect(supervised(policy)).toEqual([]));
});
