import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import { pickDue } from '../claim/stagger/gate-order.ts';
import type { DropTarget } from '../delivery/transport.ts';
import { BY_GATE, ClaimMovedElsewhere } from '../ledger/claims.ts';
import { freezeDrops, type NewDrop } from '../ledger/drop-records.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { replanClaims, spacingKey } from '../ledger/planning.ts';
import type { UnsentClaim } from '../ledger/privacy.ts';
import { type DueClaim, dueInLane, enterLane, type GateLane, type LaneLook, type Taken, takeRelease } from '../ledger/release.ts';
import { mendSteppedClock, raiseSpacing, readSpacing } from '../ledger/spacing.ts';
import type { ProfessionalClaim } from '../x12/837p/model.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import type { FreshDrop } from './deliver-drop.ts';
import type { PipelineDeps } from './deps.ts';
import type { Frozen } from './freeze.ts';
import { BATCH_FILES, type Bar, keysOf, laneBar, slotsFor } from './lane-bars.ts';
import { laneIdOf, lanePolicyOf } from './plan-claims.ts';
import { barClaim, barOnRelease, holdLapsed, MustStay } from './release-bars.ts';
import { emptyDraft, freezeChecked, holdRefused, type Refusal, RefusedAtRelease } from './release-check.ts';
import type { SealedClaim } from './sealed.ts';

/** Due claims looked at per round: enough to pass over look-alikes that wait for each other. */
const DUE_LIMIT = 256;
const DUE_LIMIT_UNSPACED = 2 * BATCH_FILES;
/** A claim that waits so long past its plan has met an outage or a backlog, not a gap. */
const CATCH_UP_MS = 15 * 60_000;

export type ReleaseOutcome =
  | { readonly kind: 'released'; readonly drops: readonly FreshDrop[] }
  /** Nothing may leave before `until`; null = nothing to do until somebody acts. */
  | { readonly kind: 'wait'; readonly until: number | null; readonly reason: string }
  /** A claim must not leave, or was refused by writer or validator, and is held; look again. */
  | { readonly kind: 'again' };

class NotDueYet extends Error {}
/** A practice's key or configuration is not in memory yet; it is loaded outside the transaction. */
class NeedsPractice extends Error {
  readonly practiceId: string;
  readonly version: number;
  constructor(practiceId: string, version: number) {
    super('practice not loaded');
    this.practiceId = practiceId;
    this.version = version;
  }
}

export interface ReleaseInput {
  readonly seen: LaneLook;
  readonly clearinghouse: Clearinghouse;
  readonly target: DropTarget;
}

/**
 * The release gate, the only way out. In one transaction: spacing rows move for every key or for none, then pause,
 * stop, circuit, window, caps and what is in flight are read, then numbers are taken and bytes frozen. An alarm that
 * fires early, late or twice finds the same rows and changes nothing. `seen`, a look at the lane before, spares the
 * transaction where it would come to nothing.
 */
export async function releaseLane(deps: PipelineDeps, input: ReleaseInput): Promise<ReleaseOutcome> {
  const early = await barOf(deps.ledger.db, input.seen, input.clearinghouse);
  if (early.kind === 'wait') return early;
  if (!input.seen.anyDue) return { kind: 'wait', until: null, reason: 'nothing_due' };
  // Outside the transaction, where nothing else may be awaited.
  const codeSets = await deps.codeSets.current();
  try {
    const outcome = await deps.ledger.transaction(async (tx) => {
      const result = await releaseInTransaction(deps, tx, input, codeSets);
      if (result.kind === 'released') await deps.step?.('release:before_commit');
      return result;
    });
    if (outcome.kind === 'released') await deps.step?.('release:committed');
    return outcome;
  } catch (error) {
    if (error instanceof NotDueYet) return { kind: 'wait', until: (await deps.ledger.now()).getTime() + 250, reason: 'lane_gap' };
    if (error instanceof ClaimMovedElsewhere) return { kind: 'wait', until: null, reason: 'in_flight' };
    if (error instanceof NeedsPractice) {
      await deps.vault.warm(error.practiceId);
      await deps.configs.practiceAt(error.practiceId, error.version);
      return { kind: 'again' };
    }
    if (error instanceof MustStay) {
      const { claim, bar } = error;
      await deps.ledger.transaction((tx) => barClaim(tx, claim, 'scheduled', bar, BY_GATE.actor));
      return { kind: 'again' };
    }
    if (error instanceof RefusedAtRelease) {
      await holdRefused(deps, error);
      return { kind: 'again' };
    }
    throw error;
  }
}

async function barOf(db: Executor, { lane, now }: Pick<LaneLook, 'lane' | 'now'>, clearinghouse: Clearinghouse): Promise<Bar> {
  // What this process remembers of the clearinghouse may be older or newer than the lane: T must never leave as P.
  if (laneIdOf(lane.clearinghouse_id, clearinghouse) !== lane.id) return { kind: 'wait', until: null, reason: 'reconfigured' };
  return laneBar(db, lane, lanePolicyOf(lane.clearinghouse_id, clearinghouse, lane), now);
}

async function releaseInTransaction(
  deps: PipelineDeps,
  tx: Executor,
  { seen, clearinghouse, target }: ReleaseInput,
  codeSets: CodeSets,
): Promise<ReleaseOutcome> {
  const laneId = seen.lane.id;
  const entered = await enterLane(tx, laneId);
  if (entered === undefined) return { kind: 'wait', until: null, reason: 'unknown_lane' };
  const { lane, now } = entered;
  const barred = await barOf(tx, entered, clearinghouse);
  if (barred.kind === 'wait') return barred;
  const policy = lanePolicyOf(lane.clearinghouse_id, clearinghouse, lane);
  const limit = policy.gapMs > 0 || policy.batchMaxClaims > 1 ? DUE_LIMIT : DUE_LIMIT_UNSPACED;
  const inOrder = await dueInLane(tx, { laneId, now, limit, byDeadline: false });
  if (inOrder.busy) return { kind: 'wait', until: null, reason: 'in_flight' };
  // After an outage nothing bursts: what is overdue goes at the lane's pace, earliest deadline first.
  const catchUp = inOrder.due.some((c) => c.notBefore < now - CATCH_UP_MS);
  const { due, spacing } = catchUp ? await dueInLane(tx, { laneId, now, limit, byDeadline: true }) : inOrder;
  if (await holdLapsed(tx, due, now)) return { kind: 'again' };
  if (spacing.some((s) => s.setAt > now)) {
    return await clockStepped(tx, laneId, new Set([spacingKey.lane(laneId), ...due.flatMap(keysOf)]), now);
  }
  const nextAt = new Map(spacing.map((s) => [s.key, s.nextAt]));
  const laneNext = nextAt.get(spacingKey.lane(laneId)) ?? 0;
  if (laneNext > now) return { kind: 'wait', until: laneNext, reason: 'lane_gap' };

  const picked = pickDue({
    due: due.map((c) => ({
      claimId: c.id,
      // A space sorts before the digits that every planned order begins with.
      order: c.expedited ? ` ${c.order}` : c.order,
      lookAlikeKey: spacingKey.lookAlike(c.lookAlikeKey),
      lookAlikeGapMs: c.lookAlikeGapMs,
      siblingKey: c.siblingKey === null ? null : spacingKey.sibling(c.siblingKey),
      deadlineAt: c.deadlineAt,
      // A file has one submitter: practices, and versions of one, do not share it.
      fileGroup: `${c.practiceId}@${c.practiceVersion}`,
    })),
    nextAt,
    now,
    laneGapMs: policy.gapMs,
    catchUp: catchUp && !due.some((c) => c.expedited),
    maxFiles: policy.gapMs > 0 || lane.circuit_state !== 'closed' ? 1 : Math.min(BATCH_FILES, barred.room),
    maxClaimsPerFile: policy.batchMaxClaims,
  });
  const waiting = picked.deferred.filter((d) => d.until > now);
  await replanClaims(
    tx,
    waiting.map((d) => ({ claimId: d.claimId, notBefore: d.until, estimate: d.until, reasons: [d.reason] })),
  );
  if (picked.files.length === 0)
    return { kind: 'wait', until: Math.min(...waiting.map((d) => d.until)), reason: 'look_alike_gap' };

  const byId = new Map(due.map((c) => [c.id, c]));
  const files = picked.files.map((ids) => ids.map((id) => byId.get(id) as DueClaim));
  const pulled = new Set(picked.pulled);
  const slots = (claims: readonly DueClaim[]) => slotsFor(claims, laneId, policy, now);
  const members = files.flat();
  const taken = await takeRelease(tx, {
    lane,
    slots: slots(members.filter((c) => !pulled.has(c.id))),
    now,
    files: files.length,
    claims: members,
  });
  if (taken === null) throw new NotDueYet();
  if (pulled.size > 0) await raiseSpacing(tx, slots(members.filter((c) => pulled.has(c.id))));
  return { kind: 'released', drops: await freezeAll(deps, tx, { lane, files, clearinghouse, target, now, taken, codeSets }) };
}

async function clockStepped(tx: Executor, laneId: string, keys: ReadonlySet<string>, now: number): Promise<ReleaseOutcome> {
  const mended = await mendSteppedClock(tx, [...keys]);
  await recordEvents(tx, [{ subject: laneId, kind: 'clock_stepped', actor: 'gate', detail: { keys: mended.length } }]);
  const rows = await readSpacing(tx, mended);
  return { kind: 'wait', until: Math.max(now, ...rows.map((r) => r.nextAt)), reason: 'lane_gap' };
}

interface FreezeAllInput {
  readonly lane: GateLane;
  readonly files: readonly (readonly DueClaim[])[];
  readonly clearinghouse: Clearinghouse;
  readonly target: DropTarget;
  readonly now: number;
  readonly taken: Taken;
  readonly codeSets: CodeSets;
}

async function freezeAll(deps: PipelineDeps, tx: Executor, input: FreezeAllInput): Promise<readonly FreshDrop[]> {
  const { files, clearinghouse, now, taken, codeSets } = input;
  let isa13 = taken.firstIsa13;
  let st = taken.firstSt;
  const drops: (NewDrop & FreshDrop)[] = [];
  const refused: Refusal[] = [];
  for (const members of files) {
    const { practiceId, practiceVersion } = members[0]!;
    const practice = deps.configs.knownPracticeAt(practiceId, practiceVersion);
    if (practice === null || !deps.vault.isWarm(practiceId)) throw new NeedsPractice(practiceId, practiceVersion);
    const opened = members.map((due) => ({ due, claim: claimOf(deps, due, taken.unsent.get(due.id), now) }));
    const checked = freezeChecked({ isa13, firstSt: st, at: now, clearinghouse, practice, members: opened }, codeSets);
    if (checked.ok) drops.push(dropOf(deps, input, { isa13, members, frozen: checked.frozen }));
    else refused.push(...checked.refusals);
    isa13 += 1;
    st += members.length;
  }
  if (refused.length > 0) throw new RefusedAtRelease(refused);
  await freezeDrops(tx, drops, deps.settings.leaseMs);
  return drops;
}

function dropOf(
  deps: PipelineDeps,
  { lane, target }: FreezeAllInput,
  { isa13, members, frozen }: { readonly isa13: number; readonly members: readonly DueClaim[]; readonly frozen: Frozen },
): NewDrop & FreshDrop {
  const id = deps.newId('drp');
  return {
    id,
    laneId: lane.id,
    clearinghouseId: lane.clearinghouse_id,
    senderId: lane.sender_id,
    receiverId: lane.receiver_id,
    isa13,
    fileName: frozen.fileName,
    target,
    targetKey: `${target.transport} ${target.host} ${target.outboundDir}`,
    size: frozen.size,
    sha256: frozen.sha256,
    sealed: deps.vault.seal(members[0]!.practiceId, 'drop', id, { text: Buffer.from(frozen.bytes).toString('latin1') }),
    claims: frozen.claims,
    bytes: frozen.bytes,
    members: frozen.claims.map(({ claimId, st02 }, n) => {
      const { lookAlikeKey, lookAlikeGapMs, siblingKey } = members[n]!;
      return { dropId: id, claimId, st02, lookAlikeKey, lookAlikeGapMs, siblingKey };
    }),
  };
}

function claimOf(deps: PipelineDeps, due: DueClaim, unsent: UnsentClaim | undefined, now: number): ProfessionalClaim {
  if (unsent === undefined) throw new ClaimMovedElsewhere([due.id]);
  const sealed = deps.vault.open<SealedClaim>(due.practiceId, 'claim', due.id, unsent.sealed);
  const bar = barOnRelease(deps.vault, unsent, sealed.draft, now);
  if (bar !== null) throw new MustStay(unsent, bar);
  if (sealed.draft.claim === null) throw emptyDraft(due.id);
  return sealed.draft.claim;
}
