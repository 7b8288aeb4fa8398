import { z } from 'zod';
import { address, ident, money, npi, x12Id, x12Name } from './common.ts';

/** Ten digits, however they are written, with an optional extension; an `x` begins the extension and nothing else. */
const PHONE = /^[^\dx]*1?(?:[^\dx]*\d){10}[^\dx]*(?:(?:x|ext\.?)\s*\d{1,10})?$/i;
const contact = z.strictObject({
  name: x12Name(60),
  phone: z.string().max(30).regex(PHONE, 'ten digits, with an extension where there is one'),
  email: z.string().max(120).nullish(),
});

export const billingProvider = z
  .discriminatedUnion('entityType', [
    z.strictObject({
      entityType: z.literal('organization'),
      organizationName: z.string().min(1).max(120),
      npi,
      taxonomyCode: z.string().max(20).nullish(),
      taxId: z.strictObject({ type: z.enum(['EI', 'SY']), value: z.string() }),
      address,
      contact: contact.nullish(),
    }),
    z.strictObject({
      entityType: z.literal('individual'),
      lastName: z.string().min(1).max(120),
      firstName: z.string().min(1).max(120),
      middleName: z.string().max(60).nullish(),
      suffix: z.string().max(20).nullish(),
      npi,
      taxonomyCode: z.string().max(20).nullish(),
      taxId: z.strictObject({ type: z.enum(['EI', 'SY']), value: z.string() }),
      address,
      contact: contact.nullish(),
    }),
  ])
  .meta({ id: 'BillingProvider' });
export type BillingProvider = z.infer<typeof billingProvider>;

/** Body of `PUT /v1/practices/{id}`. */
export const practice = z
  .strictObject({
    name: z.string().min(1).max(120),
    timezone: z.string().max(64),
    billingProvider,
    payToAddress: address.nullish(),
    submitter: z.strictObject({ name: x12Name(60), id: x12Id(2, 80), contact }),
    feeSchedule: z.record(z.string().regex(/^[A-Z0-9]{5}$/), money),
    placeOfServiceCode: z.string().length(2),
    claimDefaults: z
      .strictObject({
        providerSignatureOnFile: z.enum(['Y', 'N']).default('Y'),
        acceptAssignment: z.enum(['A', 'B', 'C']).default('A'),
        benefitsAssigned: z.enum(['Y', 'N', 'W']).default('Y'),
        releaseOfInformation: z.enum(['Y', 'I']).default('Y'),
      })
      .prefault({}),
    secondaryIds: z
      .array(
        z.strictObject({
          payerId: ident,
          qualifier: z.enum(['G2', 'LU', '0B', '1G']),
          value: x12Id(1, 50),
          npi: npi.nullish(),
        }),
      )
      .default([]),
    enrollments: z
      .array(
        z.strictObject({
          payerId: ident,
          claims: z.enum(['active', 'pending', 'not_required']),
          remittance: z.string().max(40).nullish(),
        }),
      )
      .default([]),
    individualSession: z.strictObject({ procedureCode: z.string().max(5), collectedPerHour: money.nullish() }).nullish(),
    part2Program: z.boolean().default(false),
    clearinghouseId: ident,
  })
  .meta({ id: 'Practice' });
export type Practice = z.infer<typeof practice>;
