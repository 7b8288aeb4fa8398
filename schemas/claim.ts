import { z } from 'zod';
import { claimState, planReason, severity } from './common.ts';

export const holdLift = z
  .enum(['reason', 'override', 'consent', 'amendment'])
  .describe(
    'what lifts it: an unhold with a reason, an override of two people, a consent on record (42 CFR Part 2), or only an amendment of the session',
  );
export type HoldLift = z.infer<typeof holdLift>;

export const hold = z
  .object({
    rule: z.string(),
    severity: severity
      .extract(['block', 'hold'])
      .describe('a block goes only by an amendment; a hold also by unhold with a reason'),
    path: z.string().describe('JSON pointer into the session as it was sent; empty where no single field is meant'),
    message: z.string(),
    lift: holdLift,
    since: z.string().describe('when it was first found: judging again what is still wrong does not change it'),
    by: z.string(),
  })
  .meta({ id: 'Hold' });

export const historyEntry = z
  .object({
    at: z.string(),
    event: z.string(),
    from: claimState.nullable(),
    to: claimState.nullable(),
    actor: z.string(),
    reason: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'HistoryEntry' });

export const dropView = z
  .object({
    id: z.string(),
    fileName: z.string(),
    interchangeControlNumber: z.string(),
    groupControlNumber: z.string(),
    transactionSetControlNumber: z.string(),
    batchReference: z.string().describe('BHT03'),
    sha256: z.string(),
    bytes: z.number().int(),
    transmittedAt: z.string().nullable(),
    pickedUpAt: z.string().nullable(),
  })
  .meta({ id: 'Drop' });

export const claimSummary = z
  .object({
    id: z.string(),
    sessionId: z.string(),
    attendeeExternalId: z.string(),
    payerId: z.string(),
    responsibility: z.string(),
    state: claimState,
    level: z.string().nullable(),
    reason: z.string().nullable(),
    holds: z.array(hold).describe('open holds by rule id, then path'),
    patientControlNumber: z.string(),
    revision: z.number().int(),
    frequencyCode: z.string(),
    payerClaimControlNumber: z.string().nullable(),
    dateOfService: z.string(),
    chargeAmount: z.string(),
    plannedReleaseAt: z.string().nullable(),
    planReasons: z.array(planReason),
    fileBy: z.string().nullable().describe('last day of timely filing'),
  })
  .meta({ id: 'ClaimSummary' });
export type ClaimSummary = z.infer<typeof claimSummary>;

export const claimView = claimSummary
  .extend({
    drop: dropView.nullable(),
    acknowledgements: z.array(z.record(z.string(), z.unknown())),
    money: z.object({
      paid: z.string(),
      patientResponsibility: z.string(),
      adjustments: z.array(z.record(z.string(), z.unknown())),
    }),
    replaces: z.string().nullable(),
    replacedBy: z.string().nullable(),
    pendingAction: z.string().nullable(),
    history: z.array(historyEntry),
  })
  .meta({ id: 'Claim' });
export type ClaimView = z.infer<typeof claimView>;

export const claimAction = z.strictObject({ reason: z.string().trim().min(3).max(500) }).meta({ id: 'ClaimAction' });

export const claimQuery = z.strictObject({
  state: claimState.optional(),
  payerId: z.string().optional(),
  practiceId: z.string().optional(),
  dateOfService: z.iso.date().optional(),
  sessionId: z.string().optional(),
  hold: z.string().optional().describe('rule id of an open hold'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ClaimQuery = z.infer<typeof claimQuery>;

export const laneView = z
  .object({
    id: z.string(),
    clearinghouseId: z.string(),
    senderId: z.string(),
    receiverId: z.string(),
    usage: z.string(),
    paused: z.object({ by: z.string(), reason: z.string(), since: z.string() }).nullable(),
    stopped: z.object({ reason: z.string(), since: z.string() }).nullable(),
    circuit: z.object({
      state: z.enum(['closed', 'open', 'half_open']),
      failures: z.number().int(),
      nextProbeAt: z.string().nullable(),
    }),
    scheduled: z.number().int(),
    overdue: z.number().int(),
    inFlight: z.number().int(),
    nextReleaseAt: z.string().nullable(),
  })
  .meta({ id: 'Lane' });
export type LaneView = z.infer<typeof laneView>;
