import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Finding } from '../../schemas/common.ts';
import { asCorrection, relativePath } from '../claim/amend.ts';
import { dayOf } from '../claim/dates.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { findingOf } from '../claim/duplicates.ts';
import { findingsOfCorrection } from '../claim/timely-filing.ts';
import { type By, findClaim, moveClaims, rebuildClaim } from '../ledger/claims.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { exchangeHolds, type LiftedHold, liftedByPeople, type NewHold, openHolds } from '../ledger/holds.ts';
import { ensureLane } from '../ledger/lanes.ts';
import { updateClaimFacts } from '../ledger/roster.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { exchangeDuplicateKeys } from './duplicates.ts';
import type { GatedSession } from './gate-session.ts';
import { claimFacts } from './intake-facts.ts';
import { draftUnderOverrides } from './override-draft.ts';
import { deadlineOf, laneIdOf } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { armOne, planOne, schedule, storePlan } from './schedule-claim.ts';
import type { SealedClaim } from './sealed.ts';

/** Rule of the hold on a claim whose number has no revision left (`03` §3.3). */
export const NO_REVISION_LEFT = 'REVISION';
/** Rule of the hold on a new claim of an attendee whose former one a person ended. */
const ENDED_BY_PERSON = 'AMEND';
/** Holds that the gate did not set and does not lift. */
const KEPT_HOLDS = ['OPERATOR', 'TRANSPORT', NO_REVISION_LEFT, ENDED_BY_PERSON];

export interface Rejudged {
  /** Held or scheduled, and locked by the caller. */
  readonly claim: Row<'claim'>;
  readonly externalId: string;
  /** Place on the roster. */
  readonly index: number;
  readonly draft: ClaimDraft;
  /** All of this attendee's. */
  readonly findings: readonly Finding[];
  /** Claims that it corrects: they have the same service (R4). */
  readonly chain: readonly string[];
  /** CLM01's revision from now on; as it was when absent. */
  readonly revision?: number;
}

/** Why claims are judged again, and who says so. */
export interface Occasion {
  readonly by: By;
  readonly event: 'claim.regated' | 'claim.judged_late' | 'claim.amended' | 'claim.unhold' | 'claim.override' | 'claim.privacy';
  readonly reason: string;
  /** Word on a claim that comes to be held. */
  readonly heldReason: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Who lifts the gate's own holds; never the name of a person. */
  readonly lifter: 'regate' | 'amendment';
  /** Which of the holds that people lifted stay lifted: where the claim's content is the same, all. */
  readonly keepsLifted: (lifted: LiftedHold) => boolean;
}

export type ConfigInHand = Pick<GatedSession, 'practice' | 'payers' | 'clearinghouses' | 'now'>;

/**
 * Builds an unsent claim again in place, gives it the holds of its new findings, exchanges its duplicate keys and plans it:
 * one that passes is scheduled, one that does not is held. Returns the findings with those of duplicates, and the alarms
 * to hand to the queue after the commit.
 */
export async function rejudgeClaim(
  deps: PipelineDeps,
  tx: Executor,
  config: ConfigInHand,
  occasion: Occasion,
  input: Rejudged,
): Promise<{ readonly findings: readonly Finding[]; readonly alarms: readonly Alarm[] }> {
  const { claim } = input;
  const draft = await draftUnderOverrides(tx, config, claim, input);
  const today = dayOf(config.now, config.practice.body.timezone);
  const findings = [
    ...(claim.frequency_code === '7' ? findingsOfCorrection(input.findings, draft.fileBy, today) : input.findings),
  ];
  const place = await placeOf(deps, tx, config, draft);
  const open = await openHolds(tx, [claim.id]);
  const kept = open.filter((h) => KEPT_HOLDS.includes(h.rule));
  const lifted = (await liftedByPeople(tx, [claim.id])).filter(occasion.keepsLifted);
  const decided = (f: Finding) =>
    f.severity === 'hold' &&
    lifted.some((l) => l.rule === f.rule && l.message === f.message && relativePath(l.path) === relativePath(f.path));
  const stops = findings.filter((f) => (f.severity === 'block' || f.severity === 'hold') && !decided(f));
  if (kept.some((h) => h.rule === ENDED_BY_PERSON)) findings.push(endedByPerson(input.externalId, input.index));
  const asks = stops.length === 0 && kept.length === 0;
  const conflicts = await exchangeDuplicateKeys(tx, deps.vault, { claimId: claim.id, draft, chain: input.chain, take: asks });
  const duplicates = conflicts.map((v) => findingOf(v, input.externalId, input.index));
  stops.push(...duplicates);
  findings.push(...duplicates);
  const passes = stops.length === 0 && kept.length === 0 && place.clearinghouse !== null;

  if (!passes && claim.state === 'scheduled')
    await moveClaims(tx, [{ id: claim.id, from: 'scheduled', to: 'held', reason: occasion.heldReason }], occasion.by);
  const built = { ...claim, ...place.columns };
  // Planned before it is built again: what it is planned against must not have this claim under its new keys yet.
  const moved = passes && claim.state === 'scheduled' && !samePlace(claim, built);
  const plan =
    moved && place.clearinghouse !== null
      ? await planOne(deps, tx, { claim: built, clearinghouse: place.clearinghouse, now: config.now })
      : null;
  await rebuild(deps, tx, config, { ...input, draft }, place);
  const holds = stops.map(
    (f): NewHold => ({
      claimId: claim.id,
      rule: f.rule,
      severity: f.severity as 'block' | 'hold',
      message: f.message,
      path: f.path,
      actor: 'gate',
    }),
  );
  await exchangeHolds(tx, open, holds, { lifter: occasion.lifter, reason: occasion.reason, keep: KEPT_HOLDS });
  await recordEvents(tx, [
    {
      subject: claim.id,
      kind: occasion.event,
      actor: occasion.by.actor,
      reason: occasion.reason,
      detail: { ...occasion.detail, stops: stops.length },
    },
  ]);
  if (plan !== null) {
    await storePlan(tx, plan);
    return { findings, alarms: await armOne(deps, tx, plan, config.now) };
  }
  if (!passes || claim.state === 'scheduled' || place.clearinghouse === null) return { findings, alarms: [] };
  const alarms = await schedule(deps, tx, {
    claim: built,
    clearinghouse: place.clearinghouse,
    now: config.now,
    by: occasion.by,
    note: occasion.reason,
  });
  return { findings, alarms };
}

/** Said of that claim until a person lifts the hold. */
export const endedByPerson = (externalId: string, index: number): Finding => ({
  rule: ENDED_BY_PERSON,
  severity: 'hold',
  scope: 'attendee',
  attendee: externalId,
  path: `/attendees/${index}`,
  message: 'a person ended the claim that was made of this attendee before: lift this hold to bill the amended service',
  ruleVersion: '1',
});

/** A correction that is built again stays one of the claim that it corrects, with the filing limit that it has as such. */
export async function inFrequencyOf(
  tx: Executor,
  claim: Pick<Row<'claim'>, 'frequency_code' | 'replaces' | 'file_by'>,
  draft: ClaimDraft,
): Promise<ClaimDraft> {
  if (claim.replaces === null || claim.frequency_code !== '7') return draft;
  const number = (await findClaim(tx, claim.replaces, null))?.payer_claim_control_number;
  if (number == null) throw new Error('a replacement of a claim without a payer claim control number');
  const made = asCorrection(draft, '7', number);
  if (!made.ok) throw new Error(`a replacement that cannot be one: ${made.reason}`);
  return { ...made.draft, fileBy: claim.file_by };
}

interface Place {
  readonly columns: Pick<
    Row<'claim'>,
    'lane_id' | 'clearinghouse_id' | 'look_alike_key' | 'look_alike_gap_ms' | 'sibling_key' | 'file_by'
  >;
  readonly clearinghouse: Clearinghouse | null;
}

/** The same lane, keys, gap and deadline: the time that the claim has is still right. */
function samePlace(a: Place['columns'], b: Place['columns']): boolean {
  return (
    a.lane_id === b.lane_id &&
    a.look_alike_key === b.look_alike_key &&
    a.look_alike_gap_ms === b.look_alike_gap_ms &&
    a.sibling_key === b.sibling_key &&
    a.file_by === b.file_by
  );
}

async function placeOf(deps: PipelineDeps, tx: Executor, config: ConfigInHand, draft: ClaimDraft): Promise<Place> {
  const hex = (domain: string, canonical: string | null) =>
    canonical === null ? null : Buffer.from(deps.vault.hash(domain, canonical)).toString('hex');
  const id = draft.clearinghouseId;
  const clearinghouse = id === null ? undefined : config.clearinghouses.get(id);
  const laneId = id === null || clearinghouse === undefined ? null : laneIdOf(id, clearinghouse.body);
  if (laneId !== null && id !== null && clearinghouse !== undefined) {
    const { senderId, receiverId } = clearinghouse.body.interchange;
    await ensureLane(tx, { id: laneId, clearinghouseId: id, senderId, receiverId, usage: clearinghouse.body.usage });
  }
  return {
    columns: {
      lane_id: laneId,
      clearinghouse_id: id,
      look_alike_key: hex('look-alike', draft.lookAlikeKey),
      look_alike_gap_ms: Math.round(draft.lookAlikeGapMinutes * 60_000),
      sibling_key: hex('sibling', draft.siblingKey),
      file_by: draft.fileBy,
    },
    clearinghouse: clearinghouse?.body ?? null,
  };
}

async function rebuild(deps: PipelineDeps, tx: Executor, config: ConfigInHand, input: Rejudged, place: Place): Promise<void> {
  const { claim, draft, externalId } = input;
  const sealed: SealedClaim = { externalId, draft };
  const deadline = deadlineOf(draft.fileBy, config.now);
  const [line] = draft.claim?.lines ?? [];
  await rebuildClaim(tx, claim.id, {
    ...place.columns,
    payer_id: draft.payerId,
    procedure_code: draft.procedureCode,
    rendering_npi: draft.renderingNpi,
    billing_npi: draft.billingNpi,
    charge_cents: draft.chargeCents,
    ...(input.revision === undefined ? {} : { revision: input.revision }),
    date_of_service: line?.dateOfService ?? claim.date_of_service,
    deadline: deadline === null ? null : new Date(deadline),
    practice_version: config.practice.version,
    payer_version: draft.payerId === null ? null : (config.payers.get(draft.payerId)?.version ?? null),
    clearinghouse_version:
      draft.clearinghouseId === null ? null : (config.clearinghouses.get(draft.clearinghouseId)?.version ?? null),
    sealed: deps.vault.seal(claim.practice_id, 'claim', claim.id, sealed),
  });
  await updateClaimFacts(tx, [{ id: claim.id, facts: claimFacts(deps.vault, claim.practice_id, externalId, draft) }]);
}
