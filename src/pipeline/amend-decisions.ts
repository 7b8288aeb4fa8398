import type { ClaimDraft } from '../claim/draft.ts';
import { PRESENCE_RULES } from '../claim/overrides.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import type { LiftedHold } from '../ledger/holds.ts';
import { lapseOverrides, overridesOf } from '../ledger/overrides.ts';
import type { Row } from '../ledger/types.ts';
import type { Amending, Wish } from './amending.ts';
import { draftUnderOverrides } from './override-draft.ts';

export interface Decisions {
  /** As it is now: without a number where the decision has lapsed. */
  readonly claim: Row<'claim'>;
  /** Whether what was lifted stays so. One person's lifting does not: it was about what the amendment has changed. */
  readonly stand: (lifted: LiftedHold) => boolean;
}

const keysOf = ({ duplicateKeys }: ClaimDraft): string => JSON.stringify(duplicateKeys.map((k) => [k.kind, k.canonical]).sort());

/**
 * What two people decided about an unsent claim, once it is amended. As long as its duplicate keys are the same it is the
 * claim that they looked at, and the decision stands; of overlaps only while the patient was there at the same times. Else
 * all of it lapses, number and modifier too, and the claim's history says so. `stored`: as it was built last.
 */
export async function decisionsOn(
  tx: Executor,
  a: Amending,
  wish: Wish,
  claim: Row<'claim'>,
  stored: ClaimDraft,
): Promise<Decisions> {
  const approved = (await overridesOf(tx, [claim.id])).filter((o) => o.approved_at !== null && o.lapsed_at === null);
  if (approved.length === 0 || wish.draft === null) return { claim, stand: () => false };
  const draft = await draftUnderOverrides(tx, a.gated, claim, { externalId: wish.externalId, draft: wish.draft });
  if (draft.duplicateKeys.length > 0 && keysOf(draft) === keysOf(stored)) {
    return { claim, stand: (l) => l.override_id !== null && (wish.samePresence || !PRESENCE_RULES.includes(l.rule)) };
  }
  const overrides = await lapseOverrides(tx, claim.id);
  const detail = { version: a.version, overrides };
  await recordEvents(tx, [{ subject: claim.id, kind: 'claim.override_lapsed', actor: a.actor, reason: 'amended', detail }]);
  return {
    claim: { ...claim, override_until: null, override_no: claim.frequency_code === '1' ? 0 : claim.override_no },
    stand: () => false,
  };
}
