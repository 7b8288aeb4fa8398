import fc from 'fast-check';
import type { Coverage } from '../../../schemas/coverage.ts';
import type { Attendee, GroupSession } from '../../../schemas/group-session.ts';
import type { BillingProvider, Practice } from '../../../schemas/practice.ts';
import { shiftSession } from '../../../src/session/shift.ts';
import { NPI } from '../../golden/base.ts';
import type { GateOptions } from '../../support/gate.ts';
import { manySessions, type Overrides } from '../../support/sessions.ts';
import {
  address,
  authorization,
  birthDay,
  type Charge,
  cent,
  coverage,
  coverages,
  firstNames,
  identifiers,
  maybe,
  memberIds,
  names,
  SERVICE_DAY,
  streetAddress,
} from './coverages.ts';

/**
 * Sessions as an EHR may send them, everything in order: who is insured how, who decided what, how it was held and billed,
 * drawn from all that the contract of a session can say. Each billable attendee has a claim that can leave.
 */
export interface CoveredSession {
  readonly body: GroupSession;
  readonly options: GateOptions;
}

/** After the last decision. */
export const JUDGED_AT = Date.parse('2026-11-21T12:00:00-05:00');

const CLAIM_DATA: fc.Arbitrary<Attendee['claim']> = fc
  .record(
    {
      medicalRecordNumber: identifiers,
      referralNumber: identifiers,
      note: fc.constantFrom('Session 8 of 12', 'Grüße* from: the ~ group', 'x'.repeat(80)),
      lineNote: fc.constant('Coordination with school'),
      onsetDate: fc.constantFrom('2026-01-15', SERVICE_DAY),
      initialTreatmentDate: fc.constant('2026-10-02'),
      lastSeenDate: fc.constant('2026-10-16'),
      delayReasonCode: fc.constantFrom('1' as const, '11' as const),
      specialProgramCode: fc.constantFrom('02' as const, '09' as const),
      attachments: fc.array(
        fc.record({
          type: fc.constantFrom('OZ', 'B4'),
          transmission: fc.constantFrom('AA' as const, 'EL' as const),
          controlNumber: identifiers,
        }),
        { maxLength: 2 },
      ),
      accident: fc.constantFrom(['AA'], ['AA', 'EM'], ['OA'], ['EM']) as fc.Arbitrary<('AA' | 'EM' | 'OA')[]>,
    },
    { requiredKeys: [] },
  )
  .map(({ accident, ...data }) =>
    accident === undefined
      ? data
      : {
          ...data,
          relatedCauses: accident,
          accidentDate: '2026-09-30',
          ...(accident.includes('AA') ? { accidentState: 'wi' } : {}),
        },
  );

const TELEHEALTH = fc.record({
  modality: fc.constantFrom('audio_video' as const, 'audio_only' as const),
  patientLocation: fc.constantFrom('home' as const, 'other' as const),
});
type Telehealth = NonNullable<Attendee['telehealth']>;
/** Aetna pays nothing by telephone alone, Medicare only with the patient at home: there it is by video. */
const takenBy = (list: readonly Coverage[], telehealth: Telehealth): Telehealth =>
  list.some((c) => c.payerId === '60054' || c.payerId === 'medicare_wi')
    ? { ...telehealth, modality: 'audio_video' }
    : telehealth;
const DIAGNOSES = [
  'F41.1',
  'f33.1',
  'F4310',
  'F40.10',
  'F43.23',
  'F84.0',
  'F51.01',
  'Z62.820',
  'F10.20',
  'Z56.0',
  'F42.2',
  'F60.3',
];

/** What may differ from one attendee to the next. */
const attendeeChanges = fc
  .record({
    cents: fc.integer({ min: 1, max: 40_000 }),
    addOn: fc.constantFrom(null, null, null, 1500, 1),
    eap: fc.constantFrom(false, false, false, false, true),
  })
  .chain(({ cents, addOn, eap }) => {
    const charges: Charge[] = [
      { procedureCode: '90853', cents },
      ...(addOn === null ? [] : [{ procedureCode: '90785', cents: addOn }]),
    ];
    const covered = eap
      ? fc
          .tuple(coverage('87726', 'P', null), authorization)
          .map(([c, priorAuthorization]): Coverage[] => [{ ...c, priorAuthorization }])
      : coverages(charges);
    return fc
      .record({
        coverages: covered,
        claim: CLAIM_DATA,
        diagnoses: fc.shuffledSubarray(DIAGNOSES, { minLength: 1 }).filter(([first = '']) => !first.startsWith('Z')),
        telehealth: maybe(TELEHEALTH),
        patientPaid: fc.integer({ min: 0, max: cents }),
        modifiers: fc.constantFrom<string[]>([], [], ['u1']),
        patient: fc.record({
          lastName: names,
          firstName: firstNames,
          middleName: fc.constantFrom(null, 'Łucja'),
          suffix: fc.constantFrom(null, 'III'),
          dateOfBirth: birthDay,
          gender: fc.constantFrom('F' as const, 'M' as const, 'U' as const, 'X' as const),
          address,
        }),
        attendance: fc.constantFrom(
          { status: 'present' as const },
          { status: 'late' as const, joinedAt: '2026-10-23T17:09:00-05:00' },
        ),
      })
      .map(({ patientPaid, telehealth, ...rest }) => ({
        ...rest,
        telehealth: telehealth && takenBy(rest.coverages, telehealth),
        billing: eap ? ('eap' as const) : ('insurance' as const),
        chargeAmount: cent(cents),
        patientPaidAmount: cent(patientPaid),
        interactiveComplexity:
          addOn === null ? null : { factor: 2, rationale: 'A report had to be made in the group.', chargeAmount: cent(addOn) },
      }));
  });

const clinician = (npi: string) => fc.record({ npi: fc.constant(npi), lastName: names, firstName: firstNames });
const sessionChanges = fc.record({
  supervised: fc.constantFrom(null, null, 'rendering_with_2310D' as const, 'bill_as_supervisor' as const),
  supervisor: clinician(NPI.supervising),
  referringProvider: maybe(clinician(NPI.referring)),
  facility: maybe(
    fc.record({
      id: fc.constant('site-2'),
      name: fc.constantFrom('Eastside Community Center', 'Zentrum für Gruppen'),
      npi: fc.constantFrom(null, NPI.facility),
      placeOfServiceCode: fc.constantFrom('53', '11', '22'),
      address: streetAddress,
    }),
  ),
});

const NUMBERED = ['60054', 'bcbs_wi', '62308', 'medicaid_wi'];
const practiceChanges: fc.Arbitrary<Overrides<Practice>> = fc.record(
  {
    payToAddress: address,
    part2Program: fc.boolean(),
    secondaryIds: fc.uniqueArray(
      fc.record({
        payerId: fc.constantFrom(...NUMBERED),
        qualifier: fc.constantFrom('G2' as const, 'LU' as const, '0B' as const, '1G' as const),
        value: identifiers,
        npi: fc.constantFrom(null, NPI.rendering, NPI.supervising, NPI.referring, NPI.facility),
      }),
      { maxLength: 12, selector: ({ payerId, qualifier, npi }) => `${payerId} ${qualifier} ${npi}` },
    ),
  },
  { requiredKeys: [] },
);
const billingProvider: fc.Arbitrary<BillingProvider> = fc.record({
  entityType: fc.constant('individual' as const),
  lastName: names,
  firstName: firstNames,
  npi: fc.constantFrom(NPI.soleProprietor, NPI.rendering),
  taxId: fc.constantFrom({ type: 'SY' as const, value: '987-65-4320' }, { type: 'EI' as const, value: '391234567' }),
  taxonomyCode: fc.constantFrom(null, '103TC0700X'),
  address: streetAddress,
  contact: fc.constantFrom(null, { name: 'Büro', phone: '(608) 555-0177 x12', email: null }),
});

const CONSENT = { consentId: 'consent-1', signedOn: '2026-01-05', revokedOn: null };

/** No two have one record number, nor one that is another's group or authorization number (A27), as drawn strings may. */
const withOwnRecord = <A extends Pick<Attendee, 'claim'>>(attendee: A | undefined, i: number): A | undefined =>
  attendee?.claim?.medicalRecordNumber
    ? { ...attendee, claim: { ...attendee.claim, medicalRecordNumber: `Q${i}${attendee.claim.medicalRecordNumber}` } }
    : attendee;

export const coveredSession: fc.Arbitrary<CoveredSession> = fc
  .record({
    seed: fc.nat(899),
    attendees: fc.array(attendeeChanges, { minLength: 3, maxLength: 6 }),
    session: sessionChanges,
    practice: practiceChanges,
    billing: maybe(billingProvider, 1),
  })
  .map(({ seed, attendees, session, practice, billing }): CoveredSession => {
    const [base] = manySessions(1, seed, { attendees: attendees.length });
    if (base === undefined) throw new Error('one session was asked for');
    const shifted = shiftSession(base, SERVICE_DAY);
    const { supervised, supervisor, referringProvider, facility } = session;
    const policyOverrides = supervised === null ? {} : { supervisedBilling: supervised };
    return {
      body: {
        ...shifted,
        renderingProvider: { ...shifted.renderingProvider, npi: NPI.rendering },
        finalized: { ...shifted.finalized, byNpi: NPI.rendering },
        supervised: supervised !== null,
        supervisingProvider: supervised === null ? null : supervisor,
        referringProvider: referringProvider ?? null,
        serviceFacility: facility ?? null,
        attendees: shifted.attendees.map((a, i) => ({ ...a, ...withOwnRecord(attendees[i], i), part2: CONSENT })),
      },
      options: {
        now: JUDGED_AT,
        practice,
        ...(billing === undefined ? {} : { billingProvider: billing }),
        payers: Object.fromEntries(Object.keys(memberIds).map((id) => [id, { policyOverrides }])),
      },
    };
  });
