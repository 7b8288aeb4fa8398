import { z } from 'zod';

const severity = z.enum(['block', 'hold', 'warn']);
const posAndModifier = z.strictObject({
  pos: z.string().regex(/^\d{2}$/),
  modifier: z
    .string()
    .regex(/^[A-Z0-9]{2}$/)
    .nullable(),
  /** What a request may put there instead when the clinician works in a hospital's outpatient department (19, 22). */
  hospitalModifier: z
    .string()
    .regex(/^[A-Z0-9]{2}$/)
    .optional(),
});
/** null = the payer does not take that modality with the patient there. */
const byLocation = z.strictObject({ home: posAndModifier.nullable(), other: posAndModifier.nullable() });
const modifier = z.string().regex(/^[A-Z0-9]{2}$/);

/** As many as a request may ask for. */
const MOST_UNITS = 99;
/** CMS practitioner MUE 1; not time-based. */
const ONE_UNIT = '90853';

const filing = z.strictObject({
  /** null = the payer has no limit. */
  limit: z
    .union([z.strictObject({ days: z.number().int().positive() }), z.strictObject({ months: z.number().int().positive() })])
    .nullable(),
  from: z.enum(['date_of_service', 'primary_remittance', 'remittance']),
  roll: z.enum(['none', 'next_business_day']),
});

const compiles = (pattern: string): boolean => {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
};

/**
 * Everything a payer may differ in (`02` §2.2). Code asks for a property and never for a payer: a new payer is one file
 * of values, a new difference one property here.
 */
export const policySchema = z.strictObject({
  /** Persons present. `max` null = no own limit; `severity` for this payer's attendees beyond it. */
  groupSize: z.strictObject({ min: z.number().int().min(1), max: z.number().int().positive().nullable(), severity }),
  /** Duration of the session. */
  minutes: z.strictObject({ min: z.number().int().positive().nullable(), max: z.number().int().positive().nullable(), severity }),
  /** Least part of a session, in percent and in minutes, for which somebody who came late or left early is billed. */
  partialAttendance: z.strictObject({
    minPercent: z.number().int().min(0).max(100),
    minMinutes: z.number().int().min(0),
  }),
  /** Place of service and modifier by modality and location; null = the payer does not take that modality. */
  telehealthMap: z.strictObject({ audio_video: byLocation.nullable(), audio_only: byLocation.nullable() }),
  /**
   * Our procedure code → the payer's. `units`: that many per session, whatever its length. `minutesPerUnit`: as many as the
   * time makes. With neither (absent, null) one unit per session.
   */
  procedureMap: z.record(
    z.string().regex(/^[A-Z0-9]{5}$/),
    z
      .strictObject({
        code: z.string().regex(/^[A-Z0-9]{5}$/),
        modifiers: z.array(modifier).max(4),
        units: z.number().int().positive().max(MOST_UNITS).optional(),
        minutesPerUnit: z.number().int().positive().nullable(),
      })
      .refine((m) => m.units === undefined || m.minutesPerUnit === null, 'units are fixed or counted by time, not both')
      .refine((m) => m.code !== ONE_UNIT || (m.units ?? 1) === 1, '90853 is one unit per patient and day'),
  ),
  /** Modifiers in this order first, all others after them as they came. */
  modifierOrder: z.array(modifier),
  /** Credential of the rendering clinician → modifier on the group line. */
  credentialModifiers: z.record(z.string().regex(/^[A-Z0-9-]{1,20}$/), modifier),
  requiresPriorAuth: z.boolean(),
  /** null = not known; then `verified` on the coverage decides. */
  groupCovered: z.boolean().nullable(),
  timelyFiling: z.strictObject({ original: filing, secondary: filing, correction: filing }),
  /** Takes claim frequency 7 and 8. */
  supportsReplacement: z.boolean(),
  replaceBeforeAdjudication: z.boolean(),
  /** How the work of a supervised clinician is billed. */
  supervisedBilling: z.enum(['rendering_with_2310D', 'bill_as_supervisor', 'not_billable', 'unknown']),
  /** An organization's claim must name the clinician in 2310B. */
  requiresRendering: z.boolean(),
  requiresReferring: z.boolean(),
  /** SBR09 that claims to this kind of payer carry; null = any. */
  claimFilingIndicator: z.string().min(1).max(2).nullable(),
  memberIdPattern: z.string().max(200).refine(compiles, 'must be a regular expression').nullable(),
  /** Minutes; a fraction is allowed (the demo waits seconds). */
  lookAlikeGapMinutes: z.number().min(0).max(1440),
  /** Own limit of claims per file, null = the receiver's. */
  batch: z.strictObject({ maxClaims: z.number().int().positive().nullable() }),
  /** A Z code as principal diagnosis. */
  zPrincipal: z.enum(['allow', 'warn', 'hold', 'block']),
  /** Forwards its remittance to the next payer by itself. */
  autoCrossover: z.boolean(),
  /** AMT*F5 on the claim. */
  sendPatientPaid: z.boolean(),
  eap: z
    .strictObject({
      modifier: modifier.nullable(),
      appliesTo: z.enum(['eap_billing', 'all']),
      authorizationRequired: z.boolean(),
      /** How claims to this benefit go in; anything but `edi` is a task for a person. */
      submission: z.enum(['edi', 'portal', 'paper', 'unknown']).default('edi'),
    })
    .nullable(),
  enrollmentRequired: z.boolean(),
  /** Pays only after every other coverage. */
  lastResort: z.boolean(),
  /** Patients are always their own subscriber. */
  patientIsSubscriber: z.boolean(),
  /** Severity per rule id for this payer's attendees; a rule that no payer may switch off ignores it. */
  overrides: z.record(z.string().max(8), z.enum(['block', 'hold', 'warn', 'info', 'off'])),
});
export type Policy = z.infer<typeof policySchema>;

/** `policyOverrides` of a configured payer: any declared property, whole. */
export const policyOverridesSchema = policySchema.partial();

/** H read in a primary source or two independent ones · M one secondary source · K general knowledge · D our own choice (`02`). */
export type Confidence = 'H' | 'M' | 'K' | 'D';

export interface Sourced<T> {
  readonly value: T;
  readonly confidence: Confidence;
  readonly source: string;
}

export type PolicyValues = { readonly [K in keyof Policy]?: Sourced<Policy[K]> };

/** A shipped policy: versions in order of effect, each stating only what differs from those before it and from `default`. */
export interface PolicyFile {
  readonly id: string;
  readonly title: string;
  /** Another shipped policy whose values hold where this one says nothing, before `default`. */
  readonly basedOn?: string;
  readonly versions: readonly { readonly effectiveFrom: string; readonly values: PolicyValues }[];
}

/** Beginning of all data that is not known to have changed. */
export const ALWAYS = '0001-01-01';
