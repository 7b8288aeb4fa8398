import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attendee, GroupSession } from '../../../schemas/group-session.ts';
import { runGate } from '../../../src/claim/gate.ts';
import { gateInput } from '../../support/gate.ts';
import { exampleSession, manySessions } from '../../support/sessions.ts';
import { coveredSession } from './covered-sessions.ts';
import { faultOfFrozen, frozenClaim } from './frozen.ts';
import { toldByFile, toldBySession } from './meant.ts';

const chance = Uint8Array.from({ length: 14 }, (_, i) => i * 19);

/** Writes every claim that the gate calls ready, or that one attendee’s, checks it as the release does and reads it back; returns how many. */
const writeReady = (body: unknown, only?: number): number => {
  const input = gateInput(body);
  const ready = runGate(input)
    .attendees.filter(({ index }) => only === undefined || index === only)
    .flatMap(({ disposition }) => (disposition.kind === 'ready' ? [disposition.draft] : []));
  for (const draft of ready) expect(faultOfFrozen(input, frozenClaim(input, draft, chance))).toBeNull();
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
        ready += writeReady({ ...session, attendees }, index);
      }),
      { numRuns: 400 },
    );
    expect(ready).toBeGreaterThan(100);
  });

  it('whatever several of them hold at once', () => {
    fc.assert(
      fc.property(fc.nat(7), changes, (index, c) => {
        const attendees = session.attendees.map((a, i) => (i === index ? changed(a, c) : a));
        const judged = runGate(gateInput({ ...session, attendees })).attendees;
        expect(judged.filter((a) => a.disposition.kind === 'ready').length).toBeGreaterThanOrEqual(7);
        expect(writeReady({ ...session, attendees }, index)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a session in which everything is in order', () => {
  it('gives each billable attendee a claim that is ready, passes the release check and says what the session says', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(coveredSession, ({ body, options }) => {
        const input = gateInput(body, options);
        for (const { disposition, findings, index } of runGate(input).attendees) {
          const stops = findings.filter((f) => f.severity === 'hold' || f.severity === 'block');
          expect(stops.map((f) => `${f.rule} ${f.path} ${f.message}`)).toEqual([]);
          if (disposition.kind !== 'ready') throw new Error('nothing stops the claim, and it is not ready');
          const frozen = frozenClaim(input, disposition.draft, chance);
          expect(faultOfFrozen(input, frozen)).toBeNull();
          const attendee = body.attendees[index] as Attendee;
          expect(toldByFile(frozen.set)).toEqual(toldBySession(attendee));
          for (const kind of kindsOf(attendee)) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
      }),
      { numRuns: 80 },
    );
    for (const kind of KINDS) expect([kind, (seen.get(kind) ?? 0) > 2]).toEqual([kind, true]);
  });
});

const KINDS = [
  'P',
  'S',
  'T',
  'dependent',
  'eap',
  'telehealth',
  '90785',
  'three payers',
  'by line',
  'on the claim',
  'passed over',
];
/** What is worth having been drawn. */
function kindsOf({ coverages, billing, telehealth, interactiveComplexity }: Attendee): readonly string[] {
  const billed = coverages.filter((c) => !c.adjudication).map((c) => c.responsibility);
  const decisions = coverages.flatMap((c) => c.adjudication ?? []);
  return [
    ['P', 'S', 'T'].find((rank) => billed.some((r) => r === rank)) ?? '',
    ...(coverages.some((c) => c.relationshipToSubscriber !== 'self') ? ['dependent'] : []),
    ...(billing === 'eap' ? ['eap'] : []),
    ...(telehealth ? ['telehealth'] : []),
    ...(interactiveComplexity ? ['90785'] : []),
    ...(coverages.length === 3 ? ['three payers'] : []),
    ...(decisions.some((d) => d.lines.length > 0) ? ['by line'] : []),
    ...(decisions.some((d) => d.adjustments.length > 0) ? ['on the claim'] : []),
    ...(decisions.some((d) => d.nonCoveredAmount) ? ['passed over'] : []),
  ];
}
