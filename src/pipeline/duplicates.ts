import type { ClaimDraft } from '../claim/draft.ts';
import { type DuplicateVerdict, duplicateVerdicts } from '../claim/duplicates.ts';
import { dropStaleKeys, type KeyConflict, type KeyToTake, takeKeys, takeMissingKeys } from '../ledger/claim-keys.ts';
import type { Executor } from '../ledger/executor.ts';
import { type PlanFacts, type PlanLook, takeKeysAndLook } from '../ledger/planning.ts';
import type { Vault } from './deps.ts';

/**
 * Takes the duplicate keys of claims that are about to be scheduled, all in one statement, and says which may not be.
 * The primary key of `claim_key` decides, so two intakes at once cannot both win.
 */
export async function takeDuplicateKeys(
  db: Executor,
  vault: Vault,
  claims: readonly { readonly claimId: string; readonly draft: ClaimDraft }[],
): Promise<ReadonlyMap<string, readonly DuplicateVerdict[]>> {
  return verdictsOf(await takeKeys(db, keysOf(vault, claims)));
}

/** The same on an intake's hot path, where the statement that takes the keys also reads what the planner needs. */
export async function takeDuplicateKeysAndLook(
  db: Executor,
  vault: Vault,
  claims: readonly { readonly claimId: string; readonly draft: ClaimDraft }[],
  look: PlanLook,
): Promise<{ readonly verdicts: ReadonlyMap<string, readonly DuplicateVerdict[]>; readonly facts: PlanFacts }> {
  const { conflicts, facts } = await takeKeysAndLook(db, keysOf(vault, claims), look);
  return { verdicts: verdictsOf(conflicts), facts };
}

/**
 * For a claim that was built again: gives up the keys that are not its own any more and, with `take`, takes the new ones;
 * both at once for everybody else, since it is one transaction. What it keeps through a hold (R1) is what still fits.
 */
export async function exchangeDuplicateKeys(
  db: Executor,
  vault: Vault,
  claim: { readonly claimId: string; readonly draft: ClaimDraft; readonly chain: readonly string[]; readonly take: boolean },
): Promise<readonly DuplicateVerdict[]> {
  const keys = keysOf(vault, [claim]);
  // A claim that cannot be built has none to compare with; what it owns stays.
  if (keys.length === 0) return [];
  await dropStaleKeys(db, claim.claimId, keys);
  if (!claim.take) return [];
  return verdictsOf(await takeMissingKeys(db, claim.claimId, keys, claim.chain)).get(claim.claimId) ?? [];
}

/** Only the first half: among claims that change keys with each other everybody gives up before anybody takes. */
export async function giveUpStaleKeys(
  db: Executor,
  vault: Vault,
  claim: { readonly claimId: string; readonly draft: ClaimDraft },
): Promise<void> {
  const keys = keysOf(vault, [claim]);
  if (keys.length > 0) await dropStaleKeys(db, claim.claimId, keys);
}

const keysOf = (vault: Vault, claims: readonly { readonly claimId: string; readonly draft: ClaimDraft }[]): KeyToTake[] =>
  claims.flatMap((c) =>
    c.draft.duplicateKeys.map((k) => ({
      kind: k.kind,
      hash: vault.hash(k.kind, k.canonical),
      keyId: vault.hashKeyId,
      claimId: c.claimId,
    })),
  );

const verdictsOf = (conflicts: readonly KeyConflict[]): ReadonlyMap<string, readonly DuplicateVerdict[]> =>
  duplicateVerdicts(conflicts.map(({ kind, claimId, ownerId }) => ({ kind, asker: claimId, ownerId })));
