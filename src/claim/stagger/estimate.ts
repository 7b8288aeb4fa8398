import type { PlanReason } from '../../../schemas/common.ts';
import { SIBLING_GAP_MS } from './gaps.ts';
import type { Draft, LaneWork } from './lane-work.ts';
import type { LaneSlots } from './slots.ts';
import { OCCUPIED_LIMIT, type PlanClaim } from './types.ts';

/**
 * Estimated drops per key. Pulled claims are estimated before the others of their group but may come after them, so a
 * pulled drop counts only for claims that may not go before it.
 */
interface DropTimes {
  latest(key: string, notBefore: number): number | undefined;
  add(key: string, drop: { readonly notBefore: number; readonly at: number; readonly pulled: boolean }): void;
}

function createDropTimes(): DropTimes {
  const settled = new Map<string, number>();
  const ahead = new Map<string, readonly { readonly notBefore: number; readonly at: number }[]>();
  const settle = (key: string, at: number) => settled.set(key, Math.max(at, settled.get(key) ?? at));
  return {
    latest: (key, notBefore) => {
      const waiting = ahead.get(key);
      if (waiting !== undefined && waiting.length > 0) {
        for (const drop of waiting) if (drop.notBefore <= notBefore) settle(key, drop.at);
        ahead.set(
          key,
          waiting.filter((drop) => drop.notBefore > notBefore),
        );
      }
      return settled.get(key);
    },
    add: (key, drop) => {
      if (drop.pulled) ahead.set(key, [...(ahead.get(key) ?? []), drop]);
      else settle(key, drop.at);
    },
  };
}

/** A drop of this plan that has room for more claims (`batch.maxClaims` > 1). */
interface OpenFile {
  readonly at: number;
  readonly keys: Set<string>;
  claims: number;
}

const fileKeysOf = (claim: PlanClaim): readonly string[] =>
  claim.siblingKey === null ? [claim.lookAlikeKey] : [claim.lookAlikeKey, claim.siblingKey];

function findOpenFile(files: readonly OpenFile[], claim: PlanClaim, from: number, max: number): OpenFile | undefined {
  let best: OpenFile | undefined;
  for (const file of files) {
    if (file.at < from || file.claims >= max || (best !== undefined && best.at <= file.at)) continue;
    if (!fileKeysOf(claim).some((key) => file.keys.has(key))) best = file;
  }
  return best;
}

/** When lane and keys let a claim go, its own slot apart; a pulled claim has the lane floor only. */
function freeTimes(
  work: LaneWork,
  draft: Draft,
  drops: DropTimes,
): { readonly lane: number; readonly alike: number; readonly all: number } {
  const { claim } = draft;
  const lane = Math.max(draft.notBefore, work.opensAt);
  if (draft.pulled) return { lane, alike: lane, all: lane };
  const alike = draft.gapMs > 0 ? drops.latest(claim.lookAlikeKey, draft.notBefore) : undefined;
  const sibling = claim.siblingKey === null ? undefined : drops.latest(claim.siblingKey, draft.notBefore);
  const alikeFree = alike === undefined ? lane : alike + draft.gapMs;
  const siblingFree = sibling === undefined ? lane : sibling + SIBLING_GAP_MS;
  return { lane, alike: alikeFree, all: Math.max(lane, alikeFree, siblingFree) };
}

/** Walks the lane in plan order and gives every claim the earliest slot that is left: the estimate. */
export function estimateDrops(work: LaneWork, drafts: readonly Draft[], slots: LaneSlots): void {
  const { policy, spacing } = work;
  const drops = createDropTimes();
  const files: OpenFile[] = [];
  const full = spacing.occupied.length >= OCCUPIED_LIMIT;
  const knownUntil = spacing.occupied[OCCUPIED_LIMIT - 1] ?? 0;
  const behind = (spacing.occupied[0] ?? work.now) < work.now - policy.gapMs;

  const findSlot = (draft: Draft, from: number): { readonly at: number; readonly moved: ReadonlySet<PlanReason> } => {
    const found = slots.earliest(from);
    if (draft.pulled || !full || found.at <= knownUntil || found.at > spacing.tail) return found;
    // Beyond the known slots the lane is taken as full up to its last planned drop.
    return { at: slots.earliest(spacing.tail + policy.gapMs).at, moved: new Set(['lane_gap']) };
  };
  const place = (draft: Draft, from: number, slot: ReturnType<typeof findSlot>): number => {
    const shared = policy.batchMaxClaims > 1 ? findOpenFile(files, draft.claim, from, policy.batchMaxClaims) : undefined;
    if (shared !== undefined && shared.at <= slot.at) {
      shared.claims += 1;
      for (const key of fileKeysOf(draft.claim)) shared.keys.add(key);
      return shared.at;
    }
    slots.take(slot.at);
    if (policy.batchMaxClaims > 1) files.push({ at: slot.at, keys: new Set(fileKeysOf(draft.claim)), claims: 1 });
    for (const reason of slot.moved) draft.reasons.add(reason);
    if (behind && slot.moved.has('lane_gap')) draft.reasons.add('catch_up');
    return slot.at;
  };

  for (const draft of drafts) {
    if (draft.reserved !== null) slots.release(draft.reserved);
    const free = freeTimes(work, draft, drops);
    let from = free.all;
    let slot = findSlot(draft, from);
    if (!draft.pulled && draft.reserved !== null && slot.at > draft.reserved) {
      draft.pulled = true;
      draft.reasons.add('deadline_pull');
      from = free.lane;
      slot = findSlot(draft, from);
    }
    draft.estimate = place(draft, from, slot);
    if (from > free.lane && from === free.alike) draft.reasons.add('look_alike_gap');
    if (work.opensAt > draft.notBefore) {
      draft.reasons.add((policy.circuitOpenUntil ?? 0) >= work.opensAt ? 'circuit_open' : 'lane_gap');
    }
    const drop = { notBefore: draft.notBefore, at: draft.estimate, pulled: draft.pulled };
    if (draft.gapMs > 0) drops.add(draft.claim.lookAlikeKey, drop);
    if (draft.claim.siblingKey !== null) drops.add(draft.claim.siblingKey, drop);
  }
}
