import type { PlanReason } from '../../../schemas/common.ts';
import { SIBLING_GAP_MS } from './gaps.ts';
import { personKeyOf } from './lane-work.ts';
import { DAY_MS } from './slots.ts';

/** A claim whose `notBefore` has come, as the gate reads it. */
export interface DueClaim {
  readonly claimId: string;
  readonly order: string;
  readonly lookAlikeKey: string | null;
  readonly lookAlikeGapMs: number;
  readonly siblingKey: string | null;
  /** See `PlanClaim.personKey`. */
  readonly personKey?: string | null;
  readonly deadlineAt: number | null;
  /** Claims of different groups never share a file (a file has one submitter); left out, all may. */
  readonly fileGroup?: string;
}

export interface PickInput {
  readonly due: readonly DueClaim[];
  /** `spacing.next_at` per look-alike and sibling key; a key without a row is free. */
  readonly nextAt: ReadonlyMap<string, number>;
  readonly now: number;
  /** The lane floor: what a gap shrinks to. */
  readonly laneGapMs: number;
  /** Files of this release round: 1, or up to 32 in a lane whose gap is 0. */
  readonly maxFiles: number;
  readonly maxClaimsPerFile: number;
  /** After an outage: earliest deadline first instead of plan order. */
  readonly catchUp?: boolean;
}

export interface Picked {
  /** Claim ids per file, in the order in which they go. */
  readonly files: string[][];
  /** Claims held back by a key, with the time at which it is free. A claim that only found the round full is in neither list. */
  readonly deferred: { claimId: string; until: number; reason: PlanReason }[];
  /**
   * Claims among `files` that go although a key of theirs is not yet due, since their deadline comes first: the caller
   * must not make the release depend on those keys' rows, only raise them.
   */
  readonly pulled: string[];
}

interface OpenFile {
  readonly group: string | undefined;
  readonly claimIds: string[];
  readonly keys: Set<string>;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byOrder = (a: DueClaim, b: DueClaim): number => byText(a.order, b.order) || byText(a.claimId, b.claimId);
const deadlineOf = (claim: DueClaim): number => claim.deadlineAt ?? Number.POSITIVE_INFINITY;
const byDeadline = (a: DueClaim, b: DueClaim): number =>
  deadlineOf(a) === deadlineOf(b) ? byOrder(a, b) : deadlineOf(a) < deadlineOf(b) ? -1 : 1;

/** A deadline this near goes before every turn, whatever the plan said when it was still far. */
const URGENT_MS = DAY_MS;

/** What must not meet in one file: look-alikes and siblings, whatever their gaps and deadlines. */
const fileKeys = (claim: DueClaim): readonly string[] => [claim.lookAlikeKey, claim.siblingKey].filter((key) => key !== null);

/** One key of a claim: free from `freeAt`, or from `floorAt` when a deadline shrinks its gap. */
interface Wait {
  readonly reason: PlanReason;
  readonly freeAt: number;
  readonly floorAt: number;
}

/**
 * Chooses what one release round of a lane takes (`03` §3.1). A key that is not yet due holds its claim back, unless the
 * wait would pass the deadline: then the gap shrinks to the lane floor. Two claims of one person under one sibling key
 * never shrink. Deadlines within a day go first, then plan order. At most one claim per look-alike group or sibling key goes in a file, and one per round where its gap is
 * above 0 and no deadline presses. Pure; O(n log n + n × maxFiles).
 */
export function pickDue(input: PickInput): Picked {
  const { now } = input;
  const takenUntil = new Map<string, number>();
  const files: OpenFile[] = [];
  const deferred: Picked['deferred'] = [];
  const pulled: string[] = [];
  const waitFor = (key: string, gapMs: number, reason: PlanReason): Wait => {
    const freeAt = Math.max(input.nextAt.get(key) ?? now, takenUntil.get(key) ?? now);
    return { reason, freeAt, floorAt: Math.min(freeAt, freeAt - gapMs + input.laneGapMs) };
  };
  const waitsOf = (claim: DueClaim): readonly Wait[] => {
    const person = personKeyOf(claim);
    const personFreeAt = person === null ? now : (takenUntil.get(person) ?? now);
    return [
      ...(claim.lookAlikeKey !== null && claim.lookAlikeGapMs > 0
        ? [waitFor(claim.lookAlikeKey, claim.lookAlikeGapMs, 'look_alike_gap')]
        : []),
      ...(claim.siblingKey === null ? [] : [waitFor(claim.siblingKey, SIBLING_GAP_MS, 'collision')]),
      { reason: 'collision', freeAt: personFreeAt, floorAt: personFreeAt },
    ];
  };
  const take = (claim: DueClaim, file: OpenFile): void => {
    file.claimIds.push(claim.claimId);
    for (const key of fileKeys(claim)) file.keys.add(key);
    const person = personKeyOf(claim);
    if (claim.lookAlikeKey !== null) takenUntil.set(claim.lookAlikeKey, now + claim.lookAlikeGapMs);
    if (claim.siblingKey !== null) takenUntil.set(claim.siblingKey, now + SIBLING_GAP_MS);
    if (person !== null) takenUntil.set(person, now + SIBLING_GAP_MS);
  };

  const isUrgent = (claim: DueClaim): boolean => input.catchUp === true || deadlineOf(claim) - now <= URGENT_MS;
  const urgent = input.due.filter(isUrgent).toSorted(byDeadline);
  const inTurn = input.due.filter((claim) => !isUrgent(claim)).toSorted(byOrder);
  for (const claim of [...urgent, ...inTurn]) {
    const waits = waitsOf(claim);
    const freeAt = Math.max(...waits.map((wait) => wait.freeAt));
    const shrinks = freeAt > now && freeAt > deadlineOf(claim);
    const until = shrinks ? Math.max(...waits.map((wait) => wait.floorAt)) : freeAt;
    if (until > now) {
      const binding = waits.find((wait) => (shrinks ? wait.floorAt : wait.freeAt) === until);
      deferred.push({ claimId: claim.claimId, until, reason: binding?.reason ?? 'look_alike_gap' });
      continue;
    }
    const keys = fileKeys(claim);
    const hasRoom = (open: OpenFile): boolean =>
      open.claimIds.length < input.maxClaimsPerFile && open.group === claim.fileGroup && !keys.some((key) => open.keys.has(key));
    let file = files.find(hasRoom);
    if (file === undefined && files.length < input.maxFiles) {
      file = { group: claim.fileGroup, claimIds: [], keys: new Set() };
      files.push(file);
    }
    if (file === undefined) continue;
    take(claim, file);
    if (shrinks) pulled.push(claim.claimId);
  }
  return { files: files.map((file) => file.claimIds), deferred, pulled };
}
