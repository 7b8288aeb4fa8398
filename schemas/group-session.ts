import { z } from 'zod';
import { address, claimState, finding, ident, instant, isoDate, money, npi, personName, planReason } from './common.ts';
import { coverage } from './coverage.ts';

export const provider = z
  .strictObject({ npi, ...personName, taxonomyCode: z.string().max(20).nullish(), credential: z.string().max(20).nullish() })
  .meta({ id: 'Provider' });
export type Provider = z.infer<typeof provider>;

export const serviceFacility = z
  .strictObject({ id: ident, name: z.string().max(120), npi: npi.nullish(), placeOfServiceCode: z.string().max(2), address })
  .meta({ id: 'ServiceFacility' });
export type ServiceFacility = z.infer<typeof serviceFacility>;

export const attendanceStatus = z.enum([
  'present',
  'late',
  'left_early',
  'partial',
  'no_show',
  'cancelled',
  'cancelled_late',
  'excused',
  'observer',
]);
export type AttendanceStatus = z.infer<typeof attendanceStatus>;

/** PWK01 and PWK02, 005010X222A1. */
const attachmentType = z.enum(
  (
    '03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB DG DJ DS EB HC HR I5 IR LA M1 MT NN OB OC OD ' +
    'OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG V5 XP'
  ).split(' ') as [string, ...string[]],
);
const attachmentTransmission = z.enum(['AA', 'BM', 'EL', 'EM', 'FT', 'FX']);

const optionalClaimData = z
  .strictObject({
    medicalRecordNumber: z.string().max(50),
    referralNumber: z.string().max(50),
    note: z.string().max(80),
    relatedCauses: z.array(z.enum(['AA', 'EM', 'OA'])).max(2),
    accidentState: z.string().regex(/^[A-Za-z]{2}$/),
    accidentDate: isoDate,
    onsetDate: isoDate,
    initialTreatmentDate: isoDate,
    lastSeenDate: isoDate,
    admissionDate: isoDate,
    dischargeDate: isoDate,
    delayReasonCode: z.enum(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '15']).describe('CLM20'),
    specialProgramCode: z.enum(['02', '03', '05', '09']).describe('CLM12'),
    attachments: z
      .array(
        z.strictObject({
          type: attachmentType,
          transmission: attachmentTransmission,
          controlNumber: z.string().max(80).nullish(),
        }),
      )
      .max(10),
    lineNote: z.string().max(80),
  })
  .partial();

/** One attendee as the gate reads it. Everything here is checked per attendee: a fault is a finding on that attendee alone. */
export const attendee = z
  .strictObject({
    externalId: ident,
    attendance: z.strictObject({ status: attendanceStatus, joinedAt: instant.nullish(), leftAt: instant.nullish() }),
    billing: z.enum(['insurance', 'self_pay', 'eap', 'no_charge', 'do_not_bill']).default('insurance'),
    restrictDisclosure: z.boolean().default(false),
    patient: z
      .strictObject({
        firstName: z.string().max(120),
        middleName: z.string().max(120).nullish(),
        lastName: z.string().max(120),
        suffix: z.string().max(40).nullish(),
        dateOfBirth: isoDate,
        gender: z.enum(['F', 'M', 'U', 'X']),
        address,
      })
      .nullish(),
    coverages: z.array(coverage).max(11).default([]),
    diagnoses: z.array(z.string().max(10)).max(100).default([]),
    chargeAmount: money.nullish(),
    telehealth: z
      .strictObject({ modality: z.enum(['audio_video', 'audio_only']), patientLocation: z.enum(['home', 'other']) })
      .nullish(),
    placeOfServiceCode: z.string().max(2).nullish(),
    modifiers: z.array(z.string().max(2)).max(8).default([]),
    interactiveComplexity: z
      .strictObject({
        factor: z.number().int().nullish(),
        rationale: z.string().max(2000).nullish(),
        chargeAmount: money.nullish(),
      })
      .nullish(),
    procedureCode: z.string().max(5).nullish(),
    units: z.number().int().positive().max(99).nullish(),
    renderingProvider: provider.nullish(),
    referringProvider: provider.nullish(),
    otherServicesSameDay: z
      .array(
        z.strictObject({
          procedureCode: z.string().max(5),
          modifiers: z.array(z.string().max(2)).default([]),
          startedAt: instant.nullish(),
          endedAt: instant.nullish(),
          renderingNpi: npi.nullish(),
        }),
      )
      .max(50)
      .default([]),
    treatmentPlan: z
      .strictObject({ id: ident, effectiveOn: isoDate.nullish(), reviewDueOn: isoDate.nullish(), signedOn: isoDate.nullish() })
      .nullish(),
    familyId: ident.nullish(),
    identifiedPatient: z.boolean().nullish(),
    claim: optionalClaimData.default({}),
    patientPaidAmount: money.nullish(),
    note: z
      .strictObject({
        text: z.string().max(40_000),
        moodAffect: z.string().max(2000).nullish(),
        participation: z.string().max(4000).nullish(),
        treatmentGoalIds: z.array(ident).max(50).default([]),
        progress: z.enum(['progressed', 'unchanged', 'regressed']).nullish(),
        riskReviewed: z.boolean().nullish(),
        plan: z.string().max(4000).nullish(),
      })
      .nullish(),
    part2: z.strictObject({ consentId: ident.nullish(), signedOn: isoDate.nullish(), revokedOn: isoDate.nullish() }).nullish(),
  })
  .meta({ id: 'Attendee' });
export type Attendee = z.infer<typeof attendee>;

const sessionFields = {
  externalId: ident,
  practiceId: ident,
  timezone: z.string().max(64),
  startedAt: instant,
  endedAt: instant,
  groupType: z.enum(['psychotherapy', 'multi_family', 'skills', 'support', 'education', 'recreation']),
  procedureCode: z.string().max(5).nullish(),
  renderingProvider: provider,
  supervisingProvider: provider.nullish(),
  referringProvider: provider.nullish(),
  supervised: z.boolean().default(false),
  coFacilitators: z
    .array(z.strictObject({ npi: npi.nullish(), ...personName, credential: z.string().max(20).nullish() }))
    .max(20)
    .default([]),
  groupId: ident.nullish(),
  part2Program: z.boolean().nullish(),
  serviceFacility: serviceFacility.nullish(),
  groupNote: z.strictObject({
    theme: z.string().max(2000),
    interventions: z.array(z.string().max(500)).max(50),
    dynamics: z.string().max(4000),
    attendeeCount: z.number().int().nonnegative(),
  }),
  finalized: z.strictObject({
    at: instant,
    byNpi: npi,
    byCredential: z.string().max(20).nullish(),
    coSigned: z.strictObject({ at: instant, byNpi: npi, byCredential: z.string().max(20).nullish() }).nullish(),
  }),
};

/** The request as documented: every field of `06-api`. */
export const groupSession = z
  .strictObject({ ...sessionFields, attendees: z.array(attendee).min(1).max(200) })
  .meta({ id: 'GroupSession' });
/** A finalized session whose attendees have been parsed one by one (see `src/session/parse.ts`). */
export type GroupSession = z.infer<typeof groupSession>;

/** The body of an amendment: the whole session as it is to be, and why. */
export const sessionAmendment = groupSession
  .extend({ reason: z.string().trim().min(3).max(500).describe('why the session is amended; kept sealed with the version') })
  .meta({ id: 'SessionAmendment' });

/** What session-level validation insists on: of an attendee only `externalId` and a known `attendance.status`. */
export const groupSessionEnvelope = z.strictObject({
  ...sessionFields,
  attendees: z
    .array(z.looseObject({ externalId: ident, attendance: z.looseObject({ status: attendanceStatus }) }))
    .min(1)
    .max(200),
});

export const attendeeAnswer = z
  .object({
    externalId: z.string(),
    state: claimState,
    claimId: z.string().nullable(),
    reason: z.string().optional().describe('why the attendee is not billable'),
    patientControlNumber: z.string().nullable().optional(),
    chargeAmount: z.string().nullable().optional(),
    plannedReleaseAt: z.string().nullable().optional(),
    planReasons: z.array(planReason).optional(),
    findings: z.array(finding),
    claims: z
      .array(
        z.object({
          claimId: z.string(),
          responsibility: z.string(),
          frequencyCode: z.string(),
          state: claimState,
          pendingAction: z.string().optional().describe('what an amendment has left for later'),
        }),
      )
      .optional(),
    x12: z.string().nullable().optional().describe('preview only: the 837P this attendee would get'),
  })
  .meta({ id: 'AttendeeAnswer' });
export type AttendeeAnswer = z.infer<typeof attendeeAnswer>;

export const sessionAnswer = z
  .object({
    id: z.string(),
    externalId: z.string(),
    version: z.number().int(),
    dateOfService: z.string(),
    summary: z.object({
      attendees: z.number().int(),
      billable: z.number().int(),
      scheduled: z.number().int(),
      held: z.number().int(),
      notBillable: z.number().int(),
    }),
    findings: z.array(finding),
    attendees: z.array(attendeeAnswer),
    removed: z.array(attendeeAnswer).optional().describe('attendees whom an amendment took off the roster, with their claims'),
  })
  .meta({ id: 'SessionAnswer' });
export type SessionAnswer = z.infer<typeof sessionAnswer>;

export const sessionVersions = z
  .object({
    items: z.array(
      z.object({
        version: z.number().int(),
        at: z.string(),
        actor: z.string(),
        reason: z.string().nullable().describe('null for the first version'),
      }),
    ),
  })
  .meta({ id: 'SessionVersions' });
export type SessionVersions = z.infer<typeof sessionVersions>;
