import { z } from 'zod';
import { address, claimFilingIndicator, ident, x12Id, x12Name } from './common.ts';

/** Body of `PUT /v1/payers/{id}`. `policyOverrides` is checked against the declared policy properties (`src/claim/payers/policy.ts`). */
export const payer = z
  .strictObject({
    name: x12Name(60),
    payerId: x12Id(2, 80),
    policy: ident.default('default'),
    claimFilingIndicatorCode: claimFilingIndicator,
    address: address.nullish(),
    clearinghouseId: ident.nullish(),
    wireIds: z.record(z.string(), x12Id(2, 80)).default({}),
    secondaryIds: z
      .array(z.strictObject({ qualifier: z.enum(['2U', 'EI', 'FY', 'NF']), value: x12Id(1, 50) }))
      .max(3)
      .default([]),
    submission: z.enum(['edi', 'portal', 'paper']).default('edi'),
    policyOverrides: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: 'Payer' });
export type Payer = z.infer<typeof payer>;
