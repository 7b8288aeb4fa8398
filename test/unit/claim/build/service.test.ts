import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { claimAt, draftAt, type GateOptions, judge, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides } from '../../../support/sessions.ts';

const session = exampleSession();
const example = judge(session);
const claimOf = (changes: Overrides<Attendee>, index = 0, options: GateOptions = {}) =>
  claimAt(judge(withAttendee(session, index, changes), options), index);
const policy = (id: string, policyOverrides: Record<string, unknown>): GateOptions => ({ payers: { [id]: { policyOverrides } } });

describe('service line', () => {
  it('is 90853, one unit, the whole charge', () => {
    const claim = claimAt(example, 0);
    expect(claim.lines).toEqual([
      {
        procedureCode: '90853',
        modifiers: [],
        chargeCents: 6000,
        units: 1,
        unitCode: 'UN',
        placeOfServiceCode: null,
        diagnosisPointers: [1],
        dateOfService: '2026-11-20',
        lineControlNumber: '',
        note: null,
      },
    ]);
    expect(claim).toMatchObject({
      totalChargeCents: 6000,
      patientControlNumber: '',
      frequencyCode: '1',
      placeOfServiceCode: '11',
    });
  });

  it('takes the charge from the fee schedule where the request has none', () => {
    expect(claimOf({ chargeAmount: null }).totalChargeCents).toBe(6000);
    expect(claimOf({ chargeAmount: '85.5' }).totalChargeCents).toBe(8550);
  });

  it('90785 is a second line, the total their sum', () => {
    const claim = claimAt(example, 6);
    expect(claim.lines.map((l) => [l.procedureCode, l.chargeCents, l.units])).toEqual([
      ['90853', 6000, 1],
      ['90785', 1500, 1],
    ]);
    expect(claim.totalChargeCents).toBe(7500);
    expect(claimOf({ interactiveComplexity: { chargeAmount: null } }, 6).totalChargeCents).toBe(7500);
  });

  it('a multi-family group is 90849', () => {
    const attendees = session.attendees.map((a, i) => ({ ...a, familyId: `f${i}`, identifiedPatient: true }));
    const verdict = judge({ ...session, groupType: 'multi_family', procedureCode: null, attendees });
    expect(claimAt(verdict, 0).lines[0]).toMatchObject({ procedureCode: '90849' });
  });

  it('the payer’s procedure map gives code, modifiers and timed units', () => {
    const procedureMap = { '90853': { code: 'H0005', modifiers: ['HQ'], minutesPerUnit: 15 } };
    const options = policy('bcbs_wi', { procedureMap });
    const practice = { feeSchedule: { H0005: '16.00' } };
    // Joined ten minutes late: 50 minutes are three whole units.
    const claim = claimOf({ chargeAmount: null }, 3, { ...options, practice });
    expect(claim.lines[0]).toMatchObject({ procedureCode: 'H0005', modifiers: ['HQ'], units: 3, chargeCents: 4800 });
    expect(claimOf({ chargeAmount: null, units: 2 }, 3, { ...options, practice }).lines[0]).toMatchObject({
      units: 2,
      chargeCents: 3200,
    });
  });
});

describe('a payer’s own code', () => {
  const practice = { feeSchedule: { H0005: '16.00' } };
  const fixed = policy('bcbs_wi', {
    procedureMap: { '90853': { code: 'H0005', modifiers: ['HQ'], units: 4, minutesPerUnit: null } },
  });
  it('may have fixed units, whatever the time', () => {
    const claim = claimOf({ chargeAmount: null }, 3, { ...fixed, practice });
    expect(claim.lines[0]).toMatchObject({ procedureCode: 'H0005', units: 4, chargeCents: 6400 });
  });
  it('asked for by its name is the same service', () => {
    const asked = { chargeAmount: null, procedureCode: 'H0005' };
    const verdicts = [asked, { chargeAmount: null }].map((c) => judge(withAttendee(session, 3, c), { ...fixed, practice }));
    const [byName, byOurs] = verdicts.map((v) => draftAt(v, 3));
    expect(byName).toEqual(byOurs);
    expect(byName?.serviceCode).toBe('90853');
  });
});

describe('modifiers', () => {
  it('in the payer’s order, each once', () => {
    expect(claimAt(example, 1).lines[0]?.modifiers).toEqual(['HQ', 'HO']);
    expect(claimOf({ modifiers: ['u1', 'HO', 'HF'] }, 1).lines[0]?.modifiers).toEqual(['HQ', 'HF', 'HO', 'U1']);
  });
  it('HJ for an employee assistance benefit', () => {
    const eap = { modifier: 'HJ', appliesTo: 'eap_billing', authorizationRequired: true };
    expect(claimOf({ billing: 'eap' }, 0, policy('60054', { eap })).lines[0]?.modifiers).toEqual(['HJ']);
    expect(claimOf({}, 0, policy('60054', { eap })).lines[0]?.modifiers).toEqual([]);
    expect(claimOf({}, 0, { payers: { '60054': { policy: 'eap' } } }).lines[0]?.modifiers).toEqual(['HJ']);
  });
  it('telehealth ones on both lines', () => {
    const claim = claimOf({ telehealth: { modality: 'audio_video', patientLocation: 'other' } }, 6);
    expect(claim.lines.map((l) => l.modifiers)).toEqual([['95'], ['95']]);
  });
});

describe('place of service', () => {
  const home = { modality: 'audio_video', patientLocation: 'home' } as const;
  const other = { modality: 'audio_video', patientLocation: 'other' } as const;
  it.each([
    ['Aetna at home', 0, home, '10', ['95']],
    ['Aetna elsewhere', 0, other, '02', ['95']],
    ['Cigna at home', 6, home, '02', ['95']],
    ['Medicare at home: no 95', 2, home, '10', []],
    ['UHC at home', 5, home, '10', ['95']],
  ] as const)('%s', (_, index, telehealth, pos, modifiers) => {
    const claim = claimOf({ telehealth }, index);
    expect([claim.placeOfServiceCode, claim.lines[0]?.modifiers]).toEqual([pos, modifiers]);
  });
  it('audio only to Medicare has 93', () => {
    const claim = claimOf({ telehealth: { modality: 'audio_only', patientLocation: 'home' } }, 2);
    expect([claim.placeOfServiceCode, claim.lines[0]?.modifiers]).toEqual(['10', ['93']]);
  });
  it('the request’s own prevails', () => expect(claimOf({ placeOfServiceCode: '57' }).placeOfServiceCode).toBe('57'));
});

describe('claim data', () => {
  it('diagnoses without dots, pointers to the first four', () => {
    const claim = claimOf({ diagnoses: ['F41.1', 'F33.1', 'Z56.0', 'F51.01', 'F40.10'] });
    expect(claim.diagnoses).toEqual(['F411', 'F331', 'Z560', 'F5101', 'F4010']);
    expect(claim.lines[0]?.diagnosisPointers).toEqual([1, 2, 3, 4]);
  });

  it('references: authorization, referral, record number; no D9, no F8', () => {
    const claim = claimOf({ claim: { referralNumber: 'ref-9', medicalRecordNumber: 'mrn 4' } }, 1);
    expect(claim.references).toEqual([
      { qualifier: '9F', value: 'REF-9' },
      { qualifier: 'G1', value: 'PA26118834' },
      { qualifier: 'EA', value: 'MRN 4' },
    ]);
  });

  it('dates, causes, codes, attachments and notes', () => {
    const claim = claimOf({
      claim: {
        onsetDate: '2026-10-01',
        accidentDate: '2026-09-30',
        relatedCauses: ['AA'],
        accidentState: 'wi',
        delayReasonCode: '3',
        specialProgramCode: '02',
        attachments: [{ type: 'OB', transmission: 'EL', controlNumber: 'att-1' }],
        note: 'Seen after the move',
        lineNote: 'Second room',
      },
    });
    expect(claim).toMatchObject({
      dates: [
        { qualifier: '431', date: '2026-10-01' },
        { qualifier: '439', date: '2026-09-30' },
      ],
      relatedCauses: ['AA'],
      accidentState: 'WI',
      delayReasonCode: '3',
      specialProgramCode: '02',
      attachments: [{ type: 'OB', transmission: 'EL', controlNumber: 'ATT-1' }],
      note: 'SEEN AFTER THE MOVE',
      lines: [{ note: 'SECOND ROOM' }],
    });
  });

  it('CLM06–10: coverage, else practice', () => {
    expect(claimAt(example, 0)).toMatchObject({
      providerSignatureOnFile: 'Y',
      acceptAssignment: 'A',
      benefitsAssigned: 'Y',
      releaseOfInformation: 'Y',
      patientSignatureSource: null,
    });
    const coverages = (session.attendees[0]?.coverages ?? []).map((c) => ({
      ...c,
      acceptAssignment: 'C' as const,
      benefitsAssigned: 'N' as const,
      releaseOfInformation: 'I' as const,
      patientSignatureSource: 'P' as const,
    }));
    const own = { acceptAssignment: 'C', benefitsAssigned: 'N', patientSignatureSource: 'P' };
    expect(claimOf({ coverages })).toMatchObject({ ...own, releaseOfInformation: 'I' });
    expect(claimOf({ coverages }, 0, { practice: { part2Program: true } })).toMatchObject({ ...own, releaseOfInformation: 'Y' });
  });

  it('the patient’s payment only where the payer wants it', () => {
    expect(claimOf({ patientPaidAmount: '20.00' }).patientPaidCents).toBe(2000);
    expect(claimOf({ patientPaidAmount: '0.00' }).patientPaidCents).toBeNull();
    expect(claimOf({ patientPaidAmount: '20.00' }, 2).patientPaidCents).toBeNull();
  });
});

describe('draft', () => {
  it('counts timely filing from the date of service by the payer’s policy', () => {
    const fileBy = [0, 1, 2, 3].map((i) => draftAt(example, i).fileBy);
    // Aetna 120 days; Medicaid 95 days: 23 February 2027, a Tuesday; Medicare 12 months; BCBS 90 days.
    expect(fileBy).toEqual(['2027-03-20', '2027-02-18', '2027-11-20', '2027-02-18']);
  });
  it('takes the look-alike gap from the policy', () => {
    expect(draftAt(example, 0).lookAlikeGapMinutes).toBe(15);
    expect(draftAt(judge(session, policy('60054', { lookAlikeGapMinutes: 0 })), 0).lookAlikeGapMinutes).toBe(0);
  });
  it('has no claim where there is too little to build one from', () => {
    expect(draftAt(judge(withAttendee(session, 0, { diagnoses: [] })), 0)).toMatchObject({
      claim: null,
      lookAlikeKey: null,
      siblingKey: null,
      duplicateKeys: [],
    });
  });
});
