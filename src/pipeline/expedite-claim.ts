import type { PlanReason } from '../../schemas/common.ts';
import { createLaneSlots } from '../claim/stagger/slots.ts';
import { createSendCalendar } from '../claim/stagger/windows.ts';
import { ClaimMovedElsewhere, lockClaim } from '../ledger/claims.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { findLane } from '../ledger/lanes.ts';
import { armClaims, expeditedTimes, replanClaims, spacingKey } from '../ledger/planning.ts';
import { readSpacing } from '../ledger/spacing.ts';
import type { Row } from '../ledger/types.ts';
import type { Effect } from './carry-out.ts';
import type { PipelineDeps } from './deps.ts';
import { alarmOf, lanePolicyOf } from './plan-claims.ts';

/**
 * First in its lane, before what is planned: it goes as soon as the receiver, the lane's floor and the claims of its keys
 * that have left allow, and that is the time which it is given. The effect throws `ClaimMovedElsewhere` when the claim is
 * not scheduled any more.
 */
export async function expediteClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<Effect> {
  const clearinghouse = claim.clearinghouse_id === null ? null : await deps.configs.clearinghouse(claim.clearinghouse_id);
  const now = (await deps.ledger.now()).getTime();
  return async (tx) => {
    if (!(await lockClaim(tx, claim.id, 'scheduled'))) throw new ClaimMovedElsewhere([claim.id]);
    const lane = claim.lane_id === null ? undefined : await findLane(tx, claim.lane_id);
    if (clearinghouse === null || lane === undefined) throw new Error('a scheduled claim has no lane');
    const { at, reasons } = await earliest(tx, claim, lanePolicyOf(lane.clearinghouse_id, clearinghouse.body, lane), now);
    await replanClaims(tx, [{ claimId: claim.id, notBefore: now, estimate: at, reasons, expedited: true }]);
    await recordEvents(tx, [{ subject: claim.id, kind: 'claim.planned', actor, reason, detail: { reasons } }]);
    await recordAudit(tx, { actor, action: 'claim.expedite', target: claim.id, detail: { reason } });
    // The gate looks at once, whenever it can go: what has lapsed since (an override, a consent) is held now and not then.
    return (await armClaims(tx, [{ claimId: claim.id, at: now }])).map((a) => alarmOf(a, now));
  };
}

/** What the release gate will ask of it: the rows of lane and keys, the windows, and what was expedited before it. */
async function earliest(
  tx: Executor,
  claim: Row<'claim'>,
  policy: ReturnType<typeof lanePolicyOf>,
  now: number,
): Promise<{ readonly at: number; readonly reasons: readonly PlanReason[] }> {
  const { look_alike_key: alike, sibling_key: sibling } = claim;
  const keys: readonly (readonly [string, PlanReason])[] = [
    [spacingKey.lane(policy.laneId), 'lane_gap'],
    ...(alike !== null && claim.look_alike_gap_ms > 0 ? [[spacingKey.lookAlike(alike), 'look_alike_gap'] as const] : []),
    ...(sibling !== null ? [[spacingKey.sibling(sibling), 'collision'] as const] : []),
  ];
  const rows = await readSpacing(
    tx,
    keys.map(([key]) => key),
  );
  const waits = keys.flatMap(([key, why]): { readonly until: number; readonly why: PlanReason }[] => {
    const row = rows.find((r) => r.key === key);
    if (row === undefined) return [];
    // A row written in the clock's future: its wait is counted again from now, as the gate does.
    return [{ until: row.setAt > now ? now + Math.max(0, row.nextAt - row.setAt) : row.nextAt, why }];
  });
  waits.push({ until: policy.circuitOpenUntil ?? now, why: 'circuit_open' });
  const free = Math.max(now, ...waits.map((w) => w.until));
  const slots = createLaneSlots(policy, createSendCalendar(policy));
  for (const before of await expeditedTimes(tx, policy.laneId, claim.id)) slots.take(before);
  const { at, moved } = slots.earliest(free);
  const binding = waits.filter((w) => w.until > now && w.until === free).map((w) => w.why);
  return { at, reasons: [...new Set<PlanReason>([...binding, ...moved, 'operator'])] };
}
