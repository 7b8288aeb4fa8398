import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../../schemas/group-session.ts';
import { diffAttendee } from '../../../../src/claim/amend.ts';
import { findingsOf, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, manySessions, type Overrides } from '../../../support/sessions.ts';

type Attendee = GroupSession['attendees'][number];
type ClaimData = Attendee['claim'];

const session = exampleSession();
/** Sarah Moreno, pt-1001, W123456789; beside her Marcus Delgado, pt-1002, 1029384756, and Ruth Hagen, an MBI. */
const sarah = (changes: Overrides<Attendee>) => withAttendee(session, 0, changes);
const about = (claim: Partial<ClaimData>) => marks(judge(sarah({ claim: claim as Overrides<ClaimData> })), 'A27');

describe('A27 another attendee in what goes out', () => {
  it('passes the example, what the generator makes, and what is the patient’s own', () => {
    expect(marks(judge(session), 'A27')).toEqual([]);
    for (const generated of manySessions(10, 3)) expect(marks(judge(generated), 'A27')).toEqual([]);
    const own = {
      note: 'Sarah Moreno, pt-1001, W123456789; Ada Okafor LPC',
      medicalRecordNumber: 'MORENO-1001',
      referralNumber: 'pt-1001',
    };
    expect(about(own)).toEqual([]);
  });

  it.each([
    'Spoke with Marcus Delgado',
    'spoke with marcus delgado',
    'SPOKE WITH DELGADO',
    'met delgado afterwards',
    'Seen with Mr. Delgado’s daughter',
    'Ibanez asked for it',
    'see 1029384756',
    'see 1EG4-TE5-MK73',
    'same as pt-1002',
    'same as PT 1002.',
    'the absent Lindqvist called',
  ])('holds a note: %s', (note) => {
    expect(about({ note })).toEqual(['hold /attendees/0/claim/note']);
    expect(about({ lineNote: note })).toEqual(['hold /attendees/0/claim/lineNote']);
  });

  it('warns of a full name in an address, and of no surname alone, which is a street', () => {
    const at = (address: object) => marks(judge(sarah({ patient: { address } } as Overrides<Attendee>)), 'A27');
    for (const line of ['c/o Marcus Delgado', 'C/O DELGADO, MARCUS', 'Apt 4 marcus delgado']) {
      expect(at({ line1: line }), line).toEqual(['warn /attendees/0/patient/address/line1']);
      expect(at({ line2: line }), line).toEqual(['warn /attendees/0/patient/address/line2']);
    }
    for (const line of ['12 Delgado St', '4 Marcus Rd', 'c/o Sarah Moreno', '18 Delgado Marcuson Way', 'Marcus House, Delgado']) {
      expect(at({ line2: line }), line).toEqual([]);
    }
    const subscriber = {
      firstName: 'Bao',
      lastName: 'Tran',
      address: { ...session.attendees[4]?.patient?.address, line2: 'c/o Ruth Hagen' },
    };
    const [coverage] = session.attendees[4]?.coverages ?? [];
    const covered = withAttendee(session, 4, { coverages: [{ ...coverage, subscriber }] } as Overrides<Attendee>);
    expect(marks(judge(covered), 'A27')).toEqual(['warn /attendees/4/coverages/0/subscriber/address/line2']);
  });

  it('warns of a first name alone, as N09 does', () => {
    expect(about({ note: 'Worked with Marcus on it' })).toEqual(['warn /attendees/0/claim/note']);
  });

  it.each(['Delayed by the payer’s portal', 'Group 8 of 12, 60 minutes', 'with grace and patience', 'Sarahs plan'])(
    'says nothing of: %s',
    (note) => expect(about({ note })).toEqual([]),
  );

  it.each(['pt-1002', 'PT1002', '1029384756', 'A-1029384756', 'DELGADO', 'MDELGADO0412', 'delgado.marcus', '1EG4 TE5 MK73'])(
    'holds an identifier: %s',
    (id) => {
      expect(about({ medicalRecordNumber: id })).toContain('hold /attendees/0/claim/medicalRecordNumber');
      expect(about({ referralNumber: id })).toContain('hold /attendees/0/claim/referralNumber');
      const attachments = [{ type: 'OZ' as const, transmission: 'EL' as const, controlNumber: id }];
      expect(about({ attachments })).toContain('hold /attendees/0/claim/attachments/0/controlNumber');
    },
  );

  it('looks at what of a coverage is sent, but for names and member ids that families share', () => {
    const [coverage] = session.attendees[0]?.coverages ?? [];
    if (coverage === undefined) throw new Error('the example has a coverage');
    const covered = (changes: Partial<typeof coverage>) =>
      marks(judge(sarah({ coverages: [{ ...coverage, ...changes }] })), 'A27');
    expect(covered({ priorAuthorization: { number: 'pt-1002' } })).toEqual([
      'hold /attendees/0/coverages/0/priorAuthorization/number',
    ]);
    expect(covered({ groupNumber: '1029384756' })).toEqual(['hold /attendees/0/coverages/0/groupNumber']);
    expect(covered({ groupNumber: null, planName: 'Plan of Marcus Delgado' })).toEqual([
      'hold /attendees/0/coverages/0/planName',
    ]);
    // A spouse in the same group: one member id for both, and it is the patient's own, too.
    const shared = withAttendee(sarah({ claim: { note: 'member W123456789' } }), 7, {
      coverages: [{ ...(session.attendees[7]?.coverages[0] as typeof coverage), memberId: 'W123456789' }],
    });
    expect(marks(judge(shared), 'A27')).toEqual([]);
  });

  it('two with one record number: one of them has the other’s', () => {
    const twice = withAttendee(sarah({ claim: { medicalRecordNumber: 'MR-77120' } }), 1, {
      claim: { medicalRecordNumber: 'mr 77120' },
    });
    expect(marks(judge(twice), 'A27')).toEqual([
      'hold /attendees/0/claim/medicalRecordNumber',
      'hold /attendees/1/claim/medicalRecordNumber',
    ]);
  });

  it('names and quotes nobody, and no payer can switch it off', () => {
    const body = sarah({ claim: { note: 'Delgado (1029384756) and Ruth Hagen, Marcus' } });
    const verdict = judge(body, { payers: { '60054': { policyOverrides: { overrides: { A27: 'off' } } } } });
    expect(findingsOf(verdict, 'A27').map((f) => f.message)).toEqual(['A name or an identifier of another attendee is in it.']);
  });

  it('is the same finding when the roster shifts: an attendee who is added touches no other claim', () => {
    const held = sarah({ claim: { note: 'Spoke with Marcus Delgado' } });
    const [first, ...rest] = held.attendees;
    const [extra] = manySessions(1, 4, { attendees: 1 })[0]?.attendees ?? [];
    if (first === undefined || extra === undefined) throw new Error('both sessions have attendees');
    const shifted = { ...held, groupNote: { ...held.groupNote, attendeeCount: 9 }, attendees: [first, extra, ...rest] };
    const [before, after] = [judge(held).attendees[0] ?? null, judge(shifted).attendees[0] ?? null];
    expect(marks(judge(shifted), 'A27')).toEqual(['hold /attendees/0/claim/note']);
    expect(diffAttendee(before, after, false).change).toBe('none');
  });
});
