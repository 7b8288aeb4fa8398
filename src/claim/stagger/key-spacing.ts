import { SIBLING_GAP_MS } from './gaps.ts';
import { byDeadline, createKeyTimes, type Draft, type LaneWork, personKeyOf } from './lane-work.ts';
import type { PlanSpacing } from './types.ts';

/** Sets `notBefore`: look-alike gap, sibling distance and window; shrunk to the kept slot where a deadline demands it. */
export function spaceKeys(work: LaneWork, drafts: readonly Draft[], spacing: PlanSpacing): void {
  const times = createKeyTimes(spacing.lastByKey);
  // A sibling that must wait a day goes to the end of its look-alike group, or the whole group would wait with it.
  const siblingsBefore = new Map<string, number>();
  const rank = new Map<Draft, number>();
  for (const draft of drafts.toSorted(byDeadline)) {
    const key = draft.claim.siblingKey;
    const last = key === null ? undefined : (siblingsBefore.get(key) ?? spacing.lastByKey.get(key));
    const free = last === undefined ? work.now : Math.max(work.now, last + SIBLING_GAP_MS);
    rank.set(draft, free);
    if (key !== null) siblingsBefore.set(key, free);
  }
  const inTurn = drafts.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || byDeadline(a, b));
  for (const draft of inTurn) {
    const { claim } = draft;
    const alike = draft.gapMs > 0 ? times.latest(claim.lookAlikeKey) : undefined;
    const sibling = claim.siblingKey === null ? undefined : times.latest(claim.siblingKey);
    const alikeFree = alike === undefined ? work.now : alike + draft.gapMs;
    const siblingFree = sibling === undefined ? work.now : sibling + SIBLING_GAP_MS;
    const free = Math.max(work.now, alikeFree, siblingFree);
    draft.notBefore = work.calendar.next(free);
    if (siblingFree > work.now) draft.reasons.add('collision');
    const late = claim.deadlineAt !== null && draft.reserved === null;
    if (draft.pulled || late || (draft.reserved !== null && draft.notBefore > draft.reserved)) {
      // One lane gap ahead of the kept slot: what the lane has begun in that moment cannot make it late.
      const person = personKeyOf(claim);
      const samePerson = person === null ? undefined : times.latest(person);
      const earliest = Math.max(
        draft.reserved === null ? work.now : Math.max(work.now, draft.reserved - work.policy.gapMs),
        samePerson === undefined ? work.now : samePerson + SIBLING_GAP_MS,
      );
      draft.notBefore = Math.min(draft.notBefore, work.calendar.next(earliest));
      draft.pulled = true;
      draft.reasons.add('deadline_pull');
    } else {
      if (alikeFree > work.now && alikeFree >= siblingFree) draft.reasons.add('look_alike_gap');
      if (draft.notBefore > free) draft.reasons.add('window');
    }
    if (draft.gapMs > 0) times.raise(claim.lookAlikeKey, draft.notBefore);
    if (claim.siblingKey !== null) times.raise(claim.siblingKey, draft.notBefore);
    const person = personKeyOf(claim);
    if (person !== null) times.raise(person, draft.notBefore);
  }
}
