import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attendee, GroupSession } from '../../../schemas/group-session.ts';
import {
  batchReference,
  lineControlNumber,
  newLineage,
  newTraceNumber,
  patientControlNumber,
} from '../../../src/claim/identifiers.ts';
import type { Interchange, ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { gateInput, judge } from '../../support/gate.ts';
import { exampleSession, manySessions } from '../../support/sessions.ts';

const { practice, clearinghouses } = gateInput(exampleSession());
const sandbox = clearinghouses.get('sandbox');
if (sandbox === undefined) throw new Error('the seed has a sandbox');
const bytes = Uint8Array.from({ length: 14 }, (_, i) => i * 19);
const trace = newTraceNumber(bytes);

/** The claim as the freezing step would write it. */
const written = (claim: ProfessionalClaim): string => {
  const interchange: Interchange = {
    ...sandbox.interchange,
    usage: sandbox.usage,
    requestTa1: false,
    controlNumber: '000000001',
    date: '2026-11-21',
    time: '0900',
    submitter: {
      ...practice.submitter,
      contact: { name: practice.submitter.contact.name, phone: practice.submitter.contact.phone, email: null },
    },
    receiver: sandbox.receiver,
    segmentNewline: true,
    transactionSets: [
      {
        controlNumber: '000000001',
        batchReference: batchReference(trace, 1, '000000001'),
        purpose: '00',
        claimOrEncounter: 'CH',
        claim: {
          ...claim,
          patientControlNumber: patientControlNumber(newLineage(bytes), 1),
          references: [...claim.references, { qualifier: 'D9', value: trace }],
          lines: claim.lines.map((line, i) => ({ ...line, lineControlNumber: lineControlNumber(trace, 1, i + 1) })),
        },
      },
    ],
  };
  return Buffer.from(writeInterchange(interchange)).toString('latin1');
};

/** Writes every claim that the gate calls ready; returns how many there were. */
const writeReady = (body: unknown): number => {
  const ready = judge(body).attendees.flatMap(({ disposition }) => (disposition.kind === 'ready' ? [disposition.draft] : []));
  for (const { claim } of ready) {
    if (claim === null) throw new Error('a ready draft has a claim');
    expect(written(claim)).toMatch(/^ISA\*/);
  }
  return ready.length;
};

const text = (max: number) => fc.string({ unit: 'binary', maxLength: max });
const words = (max: number) => fc.oneof(text(max), fc.stringMatching(/^[A-Za-z' -]{1,30}$/), fc.constant('Müller-Ødegård'));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const day = fc.constantFrom('2026-09-30', '2026-11-20', '2026-02-28');

const claimData = fc
  .record({
    medicalRecordNumber: maybe(words(50)),
    referralNumber: maybe(words(50)),
    note: maybe(words(80)),
    relatedCauses: maybe(fc.subarray(['AA', 'EM', 'OA'] as const, { maxLength: 2 })),
    accidentState: maybe(fc.constantFrom('WI', 'wi', 'ZZ')),
    accidentDate: maybe(day),
    onsetDate: maybe(day),
    admissionDate: maybe(day),
    dischargeDate: maybe(day),
    delayReasonCode: maybe(fc.constantFrom('1', '11', '15')),
    specialProgramCode: maybe(fc.constantFrom('02', '09')),
    attachments: maybe(
      fc.array(
        fc.record({
          type: fc.constantFrom('OB', 'B4'),
          transmission: fc.constantFrom('AA', 'EL'),
          controlNumber: maybe(words(20)),
        }),
        {
          maxLength: 3,
        },
      ),
    ),
    lineNote: maybe(words(80)),
  })
  .map((data) => Object.fromEntries(Object.entries(data).filter(([, v]) => v !== undefined)));

const changes = fc.record({
  claim: claimData,
  lastName: words(120),
  firstName: words(120),
  middleName: maybe(words(120)),
  suffix: maybe(words(40)),
  line1: words(120),
  line2: maybe(words(120)),
  city: words(60),
  memberId: words(80),
  groupNumber: maybe(words(80)),
  placeOfServiceCode: maybe(fc.constantFrom('11', '21', '53', '12', '10', '00', '')),
  modifiers: fc.array(fc.constantFrom('59', 'U1', 'u1', 'HQ', '95', 'X', ''), { maxLength: 6 }),
  diagnoses: fc.array(fc.constantFrom<string>('F41.1', 'f33.1', 'Z56.0', 'V89.2XXA', 'F41', 'F4', ' F51.01 '), { maxLength: 13 }),
  patientPaidAmount: maybe(fc.constantFrom('0', '20.50', '60.00', '99.99')),
  chargeAmount: maybe(fc.constantFrom('60.00', '0', '0.01', '99999999.99')),
});
type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

const changed = (attendee: Attendee, c: Changes): unknown => ({
  ...attendee,
  patient: {
    ...attendee.patient,
    lastName: c.lastName,
    firstName: c.firstName,
    middleName: c.middleName,
    suffix: c.suffix,
    address: { ...attendee.patient?.address, line1: c.line1, line2: c.line2, city: c.city },
  },
  coverages: attendee.coverages.map((coverage) => ({ ...coverage, memberId: c.memberId, groupNumber: c.groupNumber })),
  claim: c.claim,
  placeOfServiceCode: c.placeOfServiceCode,
  modifiers: c.modifiers,
  diagnoses: c.diagnoses,
  patientPaidAmount: c.patientPaidAmount,
  chargeAmount: c.chargeAmount,
});

/** One field of `changes` at a time, so that most claims stay ready. */
const oneChange = fc.tuple(
  changes,
  fc.constantFrom(
    ...(Object.keys({
      claim: 0,
      lastName: 0,
      firstName: 0,
      middleName: 0,
      suffix: 0,
      line1: 0,
      line2: 0,
      city: 0,
      memberId: 0,
      groupNumber: 0,
      placeOfServiceCode: 0,
      modifiers: 0,
      diagnoses: 0,
      patientPaidAmount: 0,
      chargeAmount: 0,
    }) as (keyof Changes)[]),
  ),
);

const asSent = (a: Attendee): Changes => ({
  claim: {},
  lastName: a.patient?.lastName ?? '',
  firstName: a.patient?.firstName ?? '',
  middleName: undefined,
  suffix: undefined,
  line1: a.patient?.address.line1 ?? '',
  line2: undefined,
  city: a.patient?.address.city ?? '',
  memberId: a.coverages[0]?.memberId ?? '',
  groupNumber: undefined,
  placeOfServiceCode: undefined,
  modifiers: [],
  diagnoses: a.diagnoses,
  patientPaidAmount: undefined,
  chargeAmount: undefined,
});

describe('a claim that the gate calls ready can be written', () => {
  it('the example and generated sessions', () => {
    expect(writeReady(exampleSession())).toBe(8);
    for (const session of manySessions(10, 31)) expect(writeReady(session)).toBe(8);
  });

  const session: GroupSession = exampleSession();

  it('whatever an attendee’s fields hold', () => {
    let ready = 0;
    fc.assert(
      fc.property(fc.nat(7), oneChange, (index, [c, field]) => {
        const attendees = session.attendees.map((a, i) => (i === index ? changed(a, { ...asSent(a), [field]: c[field] }) : a));
        ready += writeReady({ ...session, attendees }) - 7;
      }),
      { numRuns: 400 },
    );
    expect(ready).toBeGreaterThan(100);
  });

  it('whatever several of them hold at once', () => {
    fc.assert(
      fc.property(fc.nat(7), changes, (index, c) => {
        const attendees = session.attendees.map((a, i) => (i === index ? changed(a, c) : a));
        expect(writeReady({ ...session, attendees })).toBeGreaterThanOrEqual(7);
      }),
      { numRuns: 150 },
    );
  });
});
