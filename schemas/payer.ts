import { z } from 'zod';
import { address, ident } from './common.ts';

/** Body of `PUT /v1/payers/{id}`. `policyOverrides` is checked against the declared policy properties (`src/claim/payers/policy.ts`). */
export const payer = z
  .strictObject({
    name: z.string().min(1).max(60),
    payerId: z.string().min(2).max(80),
    policy: ident.default('default'),
    claimFilingIndicatorCode: z.string().min(1).max(2),
    address: address.nullish(),
    clearinghouseId: ident.nullish(),
    wireIds: z.record(z.string(), z.string().min(2).max(80)).default({}),
    secondaryIds: z
      .array(z.strictObject({ qualifier: z.enum(['2U', 'EI', 'FY', 'NF']), value: z.string().max(50) }))
      .max(3)
      .default([]),
    submission: z.enum(['edi', 'portal', 'paper']).default('edi'),
    policyOverrides: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: 'Payer' });
export type Payer = z.infer<typeof payer>;
