import { z } from 'zod';
import { address, claimFilingIndicator, ident, isoDate, money, personName, signedMoney } from './common.ts';

export const relationship = z.enum([
  'self',
  'spouse',
  'child',
  'employee',
  'unknown',
  'organ_donor',
  'cadaver_donor',
  'life_partner',
  'other',
]);
export type Relationship = z.infer<typeof relationship>;

/** CARC (`45`, `A1`) and RARC (`MA130`) as remittances print them. */
const reasonCode = z.string().regex(/^[A-Z]{0,2}\d{1,3}$/, 'expected a claim adjustment reason code');
const remarkCode = z.string().regex(/^(M|MA|N)\d{1,4}$/, 'expected a remark code');
const unitCount = z.number().min(0).max(99_999);

const adjustment = z.strictObject({
  group: z.enum(['CO', 'CR', 'OA', 'PI', 'PR']),
  reason: reasonCode,
  amount: signedMoney,
  quantity: unitCount.nullish(),
});

export const adjudication = z
  .strictObject({
    adjudicatedOn: isoDate,
    payerClaimControlNumber: z.string().max(50).nullish(),
    paidAmount: money,
    nonCoveredAmount: money.nullish(),
    remainingPatientLiability: money.nullish(),
    adjustments: z.array(adjustment).default([]),
    remarkCodes: z.array(remarkCode).default([]),
    lines: z
      .array(
        z.strictObject({
          procedureCode: z.string().regex(/^[A-Z0-9]{5}$/, 'expected a procedure code'),
          modifiers: z
            .array(z.string().regex(/^[A-Z0-9]{2}$/, 'expected a modifier'))
            .max(4)
            .default([]),
          units: unitCount.default(1),
          paidAmount: money,
          adjustments: z.array(adjustment).default([]),
          remarkCodes: z.array(remarkCode).default([]),
          adjudicatedOn: isoDate.nullish(),
        }),
      )
      .default([]),
    crossedOverTo: z.string().max(80).nullish(),
  })
  .meta({ id: 'Adjudication' });
export type Adjudication = z.infer<typeof adjudication>;

export const coverage = z
  .strictObject({
    payerId: ident,
    responsibility: z.enum(['P', 'S', 'T']),
    memberId: z.string().min(1).max(80),
    groupNumber: z.string().max(80).nullish(),
    planName: z.string().max(120).nullish(),
    claimFilingIndicatorCode: claimFilingIndicator.nullish(),
    relationshipToSubscriber: relationship,
    subscriber: z
      .strictObject({
        ...personName,
        dateOfBirth: isoDate.nullish(),
        gender: z.enum(['F', 'M', 'U', 'X']).nullish(),
        address: address.nullish(),
      })
      .nullish(),
    insuranceTypeCode: z.enum(['12', '13', '14', '15', '16', '41', '42', '43', '47']).nullish().describe('SBR05'),
    acceptAssignment: z.enum(['A', 'B', 'C']).nullish(),
    benefitsAssigned: z.enum(['Y', 'N', 'W']).nullish(),
    releaseOfInformation: z.enum(['Y', 'I']).nullish(),
    patientSignatureSource: z.literal('P').nullish(),
    priorAuthorization: z
      .strictObject({
        number: z.string().max(80),
        validFrom: isoDate.nullish(),
        validTo: isoDate.nullish(),
        unitsRemaining: z.number().int().nullish(),
      })
      .nullish(),
    verified: z.strictObject({ groupTherapyCovered: z.boolean(), on: isoDate }).nullish(),
    adjudication: adjudication.nullish(),
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.infer<typeof coverage>;
