import { z } from 'zod';

/** Calendar day, `YYYY-MM-DD`, checked to exist. Never a Date: a date of service must not shift with a zone. */
export const isoDate = z.iso.date();
/** Instant with an explicit offset, RFC 3339. */
export const instant = z.iso.datetime({ offset: true });
/** Decimal string, up to two decimals; integer cents inside (see `src/claim/money.ts`). */
export const money = z.string().regex(/^\d{1,8}(\.\d{1,2})?$/, 'expected a decimal string such as "60.00"');
/** The same for an adjustment, which may be negative where a payer adds to what it pays. */
export const signedMoney = z.string().regex(/^-?\d{1,8}(\.\d{1,2})?$/, 'expected a decimal string such as "-4.50"');
/** Ten digits; the check digit is edit A13, so that a wrong one is reported beside everything else. */
export const npi = z.string().trim().min(1).max(10);
/** Free text of the caller's; control characters and lone surrogates are refused, since a database cannot keep them. */
export const ident = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters');

const BASIC_ID = /^[A-Za-z0-9 !"&'()+,\-./;?=]*$/;
/** An identifier as X12 can carry it: basic character set, no delimiter. Never altered on its way but for case and outer spaces. */
export const x12Id = (min: number, max: number) =>
  z.string().trim().min(min).max(max).regex(BASIC_ID, 'letters, digits and basic punctuation only');
/** A name of which something is left in the X12 basic set. */
export const x12Name = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/[A-Za-z0-9]/, 'must have a letter or digit');

/** SBR09, 005010X222A1. */
export const claimFilingIndicator = z.enum(
  '11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ'.split(' ') as [string, ...string[]],
);

export const address = z
  .strictObject({
    line1: z.string().max(120),
    line2: z.string().max(120).nullish(),
    city: z.string().max(60),
    state: z.string().max(2),
    postalCode: z.string().max(15),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof address>;

export const severity = z.enum(['block', 'hold', 'warn', 'info']);
export type Severity = z.infer<typeof severity>;

/** What one edit has to say. Never carries a value of the patient's. */
export const finding = z
  .object({
    rule: z.string(),
    severity,
    scope: z.enum(['session', 'attendee']),
    attendee: z.string().optional().describe('externalId of the attendee, for attendee scope'),
    path: z.string().describe('JSON pointer into the request body'),
    message: z.string(),
    ruleVersion: z.string(),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof finding>;

export const claimState = z
  .enum([
    'not_billable',
    'held',
    'scheduled',
    'released',
    'transmit_unknown',
    'transmitted',
    'picked_up',
    'acknowledged',
    'accepted',
    'rejected',
    'duplicate_flagged',
    'stalled',
    'paid',
    'partially_paid',
    'denied',
    'reversed',
    'replaced',
    'voided',
    'cancelled',
  ])
  .meta({ id: 'ClaimState' });
export type ClaimState = z.infer<typeof claimState>;

export const planReason = z
  .enum(['look_alike_gap', 'lane_gap', 'window', 'cap', 'collision', 'deadline_pull', 'circuit_open', 'operator', 'catch_up'])
  .meta({ id: 'PlanReason' });
export type PlanReason = z.infer<typeof planReason>;

export const scope = z.enum([
  'sessions:write',
  'sessions:read',
  'claims:read',
  'claims:write',
  'x12:read',
  'responses:write',
  'config:read',
  'config:write',
  'reports:read',
  'audit:read',
  'webhooks:write',
  'ops',
  'admin',
]);
export type Scope = z.infer<typeof scope>;

/** Name fields of a person, spread into the objects that have them. */
export const personName = {
  lastName: z.string().max(120),
  firstName: z.string().max(120).nullish(),
  middleName: z.string().max(120).nullish(),
  suffix: z.string().max(40).nullish(),
};
