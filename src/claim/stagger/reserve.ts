import { byDeadline, type Draft, type LaneWork } from './lane-work.ts';
import { createLaneSlots, type LaneSlots } from './slots.ts';
import { OCCUPIED_LIMIT } from './types.ts';

/**
 * Keeps, backwards from the latest deadline, one slot per claim with a deadline: the latest that meets it. If that fails
 * with the planned claims in place, these give way: they are planned again behind the kept slots, as the gate will do it,
 * which takes pulled claims first. A claim that gets no slot at all is late and goes as soon as its lane allows.
 * Sets `reserved`, and `pulled` where a planned claim had to give way. Returns the lane with all of it taken.
 */
export function reserveDeadlines(work: LaneWork, drafts: readonly Draft[]): LaneSlots {
  const known = work.spacing.occupied.slice(0, OCCUPIED_LIMIT);
  const latestFirst = drafts
    .filter((draft) => draft.claim.deadlineAt !== null)
    .toSorted(byDeadline)
    .toReversed();
  const reserve = (slots: LaneSlots): boolean => {
    for (const draft of latestFirst) {
      draft.reserved = slots.latest(draft.claim.deadlineAt ?? work.opensAt, work.opensAt);
      if (draft.reserved !== null) slots.take(draft.reserved);
    }
    return latestFirst.every((draft) => draft.reserved !== null);
  };

  const around = createLaneSlots(work.policy, work.calendar);
  for (const at of known) if (at >= work.opensAt) around.take(at);
  // Overdue claims leave one by one at the floor: missed slots are not owed.
  for (const at of known) if (at < work.opensAt) around.take(around.earliest(work.opensAt).at);
  if (reserve(around) || known.length === 0) return around;

  const first = createLaneSlots(work.policy, work.calendar);
  reserve(first);
  for (const at of known) first.take(first.earliest(Math.max(at, work.opensAt)).at);
  const crowdedUntil = known[known.length - 1] ?? work.opensAt;
  for (const draft of latestFirst) if (draft.reserved !== null && draft.reserved <= crowdedUntil) draft.pulled = true;
  return first;
}
