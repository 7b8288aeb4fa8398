import type { PlanClaim } from './types.ts';

/** Thirteen digits hold epoch milliseconds until the year 2286. */
const DIGITS = 13;
const MAX_INSTANT = 10 ** DIGITS - 1;
const instantDigits = (at: number): string => String(Math.min(MAX_INSTANT, Math.max(0, Math.trunc(at)))).padStart(DIGITS, '0');

const PULLED = '0';
const IN_TURN = '1';

/** Order key of a claim pulled by its deadline: before all others of the lane, earliest deadline first. */
export const orderOfPulled = (deadlineAt: number, claimId: string): string => PULLED + instantDigits(deadlineAt) + claimId;

/** Order key of a claim that waits for its turn. */
export const orderOfTurn = (turn: number, claimId: string): string => IN_TURN + instantDigits(turn) + claimId;

/** The turn inside an order key, or null for a pulled claim: what `LaneSpacing.lastTurnByPractice` wants. */
export const turnOf = (order: string): number | null =>
  order.startsWith(IN_TURN) ? Number(order.slice(IN_TURN.length, IN_TURN.length + DIGITS)) : null;

type Waiting = Pick<PlanClaim, 'claimId' | 'practiceId' | 'lookAlikeKey'> & { readonly notBefore: number };

/**
 * Fair turns in one lane. A practice takes turns one lane gap apart, as if the lane were its own, so two practices that
 * both wait alternate whoever came first; inside a practice the look-alike groups take turns, so that the rest of a
 * small group is not behind the whole of a large one. A turn is an instant and never before `notBefore`.
 * Returns the turns in the order of `claims`.
 */
export function fairTurns(
  claims: readonly Waiting[],
  lane: { readonly now: number; readonly stepMs: number; readonly lastTurnByPractice?: ReadonlyMap<string, number> | undefined },
): readonly number[] {
  // At a gap of 0 a millisecond keeps the turns apart.
  const stepMs = Math.max(1, lane.stepMs);
  const sorted = claims
    .map((claim, index) => ({ claim, index, round: 0 }))
    .sort((a, b) => a.claim.notBefore - b.claim.notBefore || (a.claim.claimId < b.claim.claimId ? -1 : 1));
  const roundByGroup = new Map<string, number>();
  for (const entry of sorted) {
    const group = `${entry.claim.practiceId}\u0000${entry.claim.lookAlikeKey}`;
    entry.round = roundByGroup.get(group) ?? 0;
    roundByGroup.set(group, entry.round + 1);
  }
  const turns: number[] = claims.map(() => lane.now);
  const nextByPractice = new Map<string, number>();
  // The sort is stable: inside a round the earlier `notBefore` goes first.
  for (const { claim, index } of sorted.sort((a, b) => a.round - b.round)) {
    const last = lane.lastTurnByPractice?.get(claim.practiceId);
    const turn = nextByPractice.get(claim.practiceId) ?? Math.max(lane.now, last === undefined ? lane.now : last + stepMs);
    turns[index] = Math.max(turn, claim.notBefore);
    nextByPractice.set(claim.practiceId, turn + stepMs);
  }
  return turns;
}
