import { z } from 'zod';

/** A delivered (or about to be delivered) file, as `GET /v1/drops/{id}` answers it: identifiers, times and counts only. */
export const dropDetail = z
  .object({
    id: z.string(),
    laneId: z.string(),
    state: z.string().describe('frozen | staged | transmitted | picked_up | unknown | recalled'),
    reason: z.string().nullable(),
    fileName: z.string(),
    interchangeControlNumber: z.string(),
    groupControlNumber: z.string(),
    sha256: z.string(),
    bytes: z.number().int(),
    attempts: z.number().int(),
    frozenAt: z.string(),
    transmittedAt: z.string().nullable(),
    pickedUpAt: z.string().nullable(),
    claims: z.array(
      z.object({
        claimId: z.string(),
        transactionSetControlNumber: z.string(),
        batchReference: z.string().describe('BHT03'),
      }),
    ),
  })
  .meta({ id: 'DropDetail' });
export type DropDetail = z.infer<typeof dropDetail>;

export const auditEntry = z
  .object({
    id: z.string(),
    at: z.string(),
    actor: z.string().describe('id of the key, or "system"'),
    action: z.string(),
    target: z.string(),
    detail: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntry>;
