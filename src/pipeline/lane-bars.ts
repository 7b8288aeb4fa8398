import type { LanePolicy } from '../claim/stagger/types.ts';
import { capRoom, capUntil, nextWindow } from '../claim/stagger/windows.ts';
import type { DropMember } from '../ledger/drops.ts';
import type { Executor } from '../ledger/executor.ts';
import { spacingKey } from '../ledger/planning.ts';
import { type DueClaim, dropsSince, type GateLane } from '../ledger/release.ts';
import type { Row } from '../ledger/types.ts';

/** Files in flight at once in a lane without a gap (`03` §3.1). */
export const BATCH_FILES = 32;
const DAY_MS = 86_400_000;
/** The circuit waits at most 30 minutes. */
const MAX_CIRCUIT_MS = 31 * 60_000;
const SIBLING_GAP_MS = DAY_MS;
/** A look-alike is never closer than this share of its gap: jitter may shorten the plan by a fifth, not more. */
const LOOK_ALIKE_FLOOR = 0.8;

export type Bar =
  | { readonly kind: 'wait'; readonly until: number | null; readonly reason: string }
  | { readonly kind: 'open'; readonly room: number };

/** Why nothing may leave this lane now, or how many files its caps still allow. All of it is ledger rows, not process state. */
export async function laneBar(tx: Executor, lane: GateLane, policy: LanePolicy, now: number): Promise<Bar> {
  if (lane.paused_at !== null || lane.stopped_at !== null) return { kind: 'wait', until: null, reason: 'operator' };
  const circuitUntil = lane.circuit_until?.getTime() ?? 0;
  // Further ahead than the circuit ever waits: written before the clock was set back.
  if (lane.circuit_state === 'open' && circuitUntil > now && circuitUntil <= now + MAX_CIRCUIT_MS)
    return { kind: 'wait', until: circuitUntil, reason: 'circuit_open' };
  const window = nextWindow(policy, now);
  if (window > now) return { kind: 'wait', until: window, reason: 'window' };
  if (policy.maxPerHour === null && policy.maxPerDay === null) return { kind: 'open', room: BATCH_FILES };
  const drops = await dropsSince(tx, lane.id, now - DAY_MS);
  const opens = capUntil(policy, drops, now);
  if (opens > now) return { kind: 'wait', until: opens, reason: 'cap' };
  return { kind: 'open', room: capRoom(policy, drops, now) };
}

/** Spacing rows that a claim answers to, beside its lane's. */
export function keysOf(claim: SpacedClaim): string[] {
  const lookAlike = 'look_alike_key' in claim ? claim.look_alike_key : claim.lookAlikeKey;
  const gapMs = 'look_alike_gap_ms' in claim ? claim.look_alike_gap_ms : claim.lookAlikeGapMs;
  const sibling = 'sibling_key' in claim ? claim.sibling_key : claim.siblingKey;
  return [
    ...(lookAlike !== null && gapMs > 0 ? [spacingKey.lookAlike(lookAlike)] : []),
    ...(sibling !== null ? [spacingKey.sibling(sibling)] : []),
  ];
}

/** A claim as the gate reads it, or as a row of its drop. */
type SpacedClaim =
  | Pick<DueClaim, 'lookAlikeKey' | 'lookAlikeGapMs' | 'siblingKey'>
  | Pick<Row<'claim'>, 'look_alike_key' | 'look_alike_gap_ms' | 'sibling_key'>;

/** Next permitted time of every key that these claims touch, counted from `at`. */
export function slotsFor(
  claims: readonly Pick<DropMember, 'lookAlikeKey' | 'lookAlikeGapMs' | 'siblingKey'>[],
  laneId: string,
  policy: Pick<LanePolicy, 'gapMs'>,
  at: number,
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  const raise = (key: string, next: number) => slots.set(key, Math.max(next, slots.get(key) ?? 0));
  raise(spacingKey.lane(laneId), at + policy.gapMs);
  for (const c of claims) {
    if (c.lookAlikeKey !== null && c.lookAlikeGapMs > 0)
      raise(spacingKey.lookAlike(c.lookAlikeKey), at + Math.ceil(c.lookAlikeGapMs * LOOK_ALIKE_FLOOR));
    if (c.siblingKey !== null) raise(spacingKey.sibling(c.siblingKey), at + SIBLING_GAP_MS);
  }
  return slots;
}
