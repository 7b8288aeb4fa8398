import type { ClaimDraft } from '../claim/draft.ts';
import type { PatientPrivacy } from '../claim/facts.ts';
import { type ReleaseBar, releaseBar } from '../claim/release-bar.ts';
import { BY_GATE, type By, moveClaims } from '../ledger/claims.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftHolds, openHolds } from '../ledger/holds.ts';
import { reviveHolds } from '../ledger/overrides.ts';
import type { UnsentClaim } from '../ledger/privacy.ts';
import type { DueClaim } from '../ledger/release.ts';
import type { Vault } from './deps.ts';
import { openPrivacy } from './intake-facts.ts';
import type { SealedClaim } from './sealed.ts';

/** The same for a claim whose body is still sealed. */
export const barOnUnsent = (vault: Vault, claim: UnsentClaim, now: number): ReleaseBar | null =>
  barOnRelease(vault, claim, vault.open<SealedClaim>(claim.practiceId, 'claim', claim.id, claim.sealed).draft, now);

/** Why this claim must not leave at `now` (epoch ms), or null. Its practice must be warm; `draft` is its body, opened. */
export function barOnRelease(vault: Vault, claim: UnsentClaim, draft: Pick<ClaimDraft, 'part2'>, now: number): ReleaseBar | null {
  const privacy: PatientPrivacy | null =
    claim.privacy === null ? null : openPrivacy(vault, claim.practiceId, claim.patientHash.toString('hex'), claim.privacy);
  return releaseBar({ draft, frequencyCode: claim.frequencyCode, privacy }, now);
}

/**
 * Keeps a claim here that must not leave: no claim any more, with its keys given up, or held for the consent. `from` is the
 * state that it is in, held or scheduled.
 */
export async function barClaim(
  tx: Executor,
  claim: Pick<UnsentClaim, 'id' | 'ordinal'>,
  from: 'held' | 'scheduled',
  bar: ReleaseBar,
  actor: string,
): Promise<void> {
  const by: By = { actor, cause: 'system' };
  if (bar.kind === 'not_billable') {
    await moveClaims(tx, [{ id: claim.id, from, to: 'not_billable', reason: bar.reason }], by);
    await liftHolds(tx, claim.id, actor, bar.reason);
    return;
  }
  if (from === 'scheduled') await moveClaims(tx, [{ id: claim.id, from, to: 'held', reason: bar.reason }], by);
  else await recordEvents(tx, [{ subject: claim.id, kind: 'claim.hold', actor, reason: bar.reason }]);
  if ((await openHolds(tx, [claim.id])).some((h) => h.rule === bar.rule && h.message === bar.message)) return;
  const { rule, message } = bar;
  const path = `/attendees/${claim.ordinal}/part2`;
  await insertHolds(tx, [{ claimId: claim.id, rule, severity: 'hold', message, path, actor }]);
}

/** Thrown in a release (roll back): consent or a restriction stands against a claim on this day. */
export class MustStay extends Error {
  readonly claim: UnsentClaim;
  readonly bar: ReleaseBar;
  constructor(claim: UnsentClaim, bar: ReleaseBar) {
    super('a claim must not leave');
    this.claim = claim;
    this.bar = bar;
  }
}

/**
 * Of due claims those whose override has expired: it counts for nothing, and what it had lifted lies on them again. Their
 * keys stay (R1). True when there were any, and the gate must look again.
 */
export async function holdLapsed(
  tx: Executor,
  due: readonly Pick<DueClaim, 'id' | 'overrideUntil'>[],
  now: number,
): Promise<boolean> {
  const lapsed = due.filter((c) => c.overrideUntil !== null && c.overrideUntil <= now);
  for (const { id } of lapsed) {
    const revived = await reviveHolds(tx, id);
    if (revived.length > 0) await moveClaims(tx, [{ id, from: 'scheduled', to: 'held', reason: 'override_expired' }], BY_GATE);
  }
  return lapsed.length > 0;
}
