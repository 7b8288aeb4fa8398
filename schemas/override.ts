import { z } from 'zod';
import { ident, instant, isoDate } from './common.ts';

const base = {
  claimId: z.string().min(1).max(64),
  reason: z.string().trim().min(3).max(500),
  expiresAt: instant.describe('After this moment it counts for nothing: a claim that has not left is held again'),
};
const number = z
  .number()
  .int()
  .min(1)
  .max(99)
  .nullish()
  .describe('Number of this further service on its day; without it the next that is free');

/** Modifiers that tell a second service of the day from the first (R7, A23). */
export const secondServiceModifier = z.enum(['59', 'XE', 'XP', 'XS', 'XU', '76', '77', '91']);
/** Holds that stand for a possible second original: keys that another claim owns, or ours under a number of its own. */
export const duplicateRule = z.enum(['K1', 'A05', 'K3']);

/** What the first person asks for. It changes nothing before another person, or key, approves it. */
export const overrideRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('lift_holds'),
      ...base,
      rules: z
        .array(z.enum(['A04', 'A05', 'A19', 'A21', 'A23', 'K1', 'K3', 'S10', 'S11']))
        .min(1)
        .describe(
          'Open holds of the claim that it lifts; for A05, K1 and K3 the claim takes keys of its own number. A19 is always refused (409): only a consent on record clears it',
        ),
    }),
    z.strictObject({
      kind: z.literal('second_service'),
      ...base,
      overrideNumber: number,
      modifier: secondServiceModifier.nullish().describe('The modifier that this payer wants'),
    }),
    z.strictObject({
      kind: z.literal('wrong_payer'),
      ...base,
      originalClaimId: z.string().min(1).max(64).describe('The original to the other payer: rejected, voided or denied'),
      carc: z.string().min(1).max(5).nullish().describe('Why it was denied; not needed when it was rejected or voided'),
    }),
  ])
  .meta({ id: 'OverrideRequest' });
export type OverrideRequest = z.infer<typeof overrideRequest>;

export const overrideView = z
  .object({
    id: z.string(),
    claimId: z.string(),
    kind: z.string(),
    status: z
      .enum(['pending', 'approved', 'expired', 'lapsed'])
      .describe('lapsed: the claim was amended into one with other duplicate keys'),
    rules: z.array(z.string()).describe('holds that it lifts'),
    overrideNumber: z.number().int().describe('0: the claim keeps its own keys'),
    modifier: z.string().nullable(),
    originalClaimId: z.string().nullable(),
    carc: z.string().nullable(),
    reason: z.string(),
    expiresAt: z.string(),
    requestedBy: z.string(),
    requestedAt: z.string(),
    approvedBy: z.string().nullable(),
    approvedAt: z.string().nullable(),
  })
  .meta({ id: 'Override' });
export type OverrideView = z.infer<typeof overrideView>;

/** Something that a person has to look into although the claim has left. */
export const taskView = z
  .object({
    id: z.number().int(),
    kind: z.string(),
    claimId: z.string(),
    rule: z.string().nullable(),
    relatedClaimId: z.string().nullable(),
    message: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'Task' });
export type TaskView = z.infer<typeof taskView>;

/** What a patient has laid down: effective at once on everything unsent, and for every session to come. */
export const patientPrivacy = z
  .strictObject({
    restrictDisclosure: z.boolean().describe('45 CFR 164.522(a)(1)(vi): no claim, absolutely'),
    part2: z
      .strictObject({ consentId: ident.nullish(), signedOn: isoDate.nullish(), revokedOn: isoDate.nullish() })
      .nullish()
      .describe('Consent or revocation under 42 CFR Part 2; null: nothing on record, what a session says counts'),
  })
  .meta({ id: 'PatientPrivacy' });
export type PatientPrivacyBody = z.infer<typeof patientPrivacy>;

export const patientPrivacyView = z
  .object({
    version: z.number().int(),
    restrictDisclosure: z.boolean(),
    part2: z
      .object({ consentId: z.string().nullable(), signedOn: z.string().nullable(), revokedOn: z.string().nullable() })
      .nullable(),
    claims: z
      .array(z.object({ claimId: z.string(), state: z.string(), reason: z.string().nullable() }))
      .describe('Unsent claims that it has changed, as they are now'),
  })
  .meta({ id: 'PatientPrivacyView' });
export type PatientPrivacyView = z.infer<typeof patientPrivacyView>;
