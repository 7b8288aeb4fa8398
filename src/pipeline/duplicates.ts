import type { Finding } from '../../schemas/common.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { dropStaleKeys, type KeyConflict, type KeyToTake, keyOwners, takeKeys, takeMissingKeys } from '../ledger/claim-keys.ts';
import type { Executor } from '../ledger/executor.ts';
import { type PlanFacts, type PlanLook, takeKeysAndLook } from '../ledger/planning.ts';
import type { Vault } from './deps.ts';

export interface DuplicateVerdict {
  readonly rule: 'K1' | 'A05' | 'K3';
  readonly reason: 'duplicate_exact' | 'duplicate_service' | 'duplicate_suspect';
  readonly message: string;
  readonly ownerId: string;
}

const VERDICTS: Readonly<Record<string, Omit<DuplicateVerdict, 'ownerId'>>> = {
  K1: {
    rule: 'K1',
    reason: 'duplicate_exact',
    message: 'an identical claim (payer, member, providers, date, code, charge) is already live',
  },
  K2: { rule: 'A05', reason: 'duplicate_service', message: 'this patient already has a live claim for this service on this day' },
  K3: {
    rule: 'K3',
    reason: 'duplicate_suspect',
    message: 'the same member has a live claim for this service under another patient id',
  },
};

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

/** The same judgement without taking anything: what an intake would say now. `claimId` is any name the caller likes. */
export async function lookUpDuplicates(
  db: Executor,
  vault: Vault,
  claims: readonly { readonly claimId: string; readonly draft: ClaimDraft }[],
): Promise<ReadonlyMap<string, readonly DuplicateVerdict[]>> {
  return verdictsOf(await keyOwners(db, keysOf(vault, claims)));
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

function verdictsOf(conflicts: readonly KeyConflict[]): ReadonlyMap<string, readonly DuplicateVerdict[]> {
  const verdicts = new Map<string, DuplicateVerdict[]>();
  // K3 is about another patient id. Keys of one claim are taken together, so an owner with the same patient id, day, code
  // and rank owns K2a as well: then A05 has said it.
  const samePatient = new Set(conflicts.filter((c) => c.kind === 'K2a').map((c) => `${c.claimId} ${c.ownerId}`));
  for (const conflict of conflicts) {
    if (conflict.kind === 'K3' && samePatient.has(`${conflict.claimId} ${conflict.ownerId}`)) continue;
    addVerdict(verdicts, conflict);
  }
  return verdicts;
}

function addVerdict(verdicts: Map<string, DuplicateVerdict[]>, conflict: KeyConflict): void {
  const known = VERDICTS[conflict.kind.slice(0, 2)];
  if (known === undefined) throw new Error(`unknown duplicate key ${conflict.kind}`);
  const list = verdicts.get(conflict.claimId) ?? [];
  if (!list.some((v) => v.rule === known.rule)) list.push({ ...known, ownerId: conflict.ownerId });
  verdicts.set(conflict.claimId, list);
}

export function findingOf(v: DuplicateVerdict, externalId: string, index: number): Finding {
  return {
    rule: v.rule,
    severity: 'hold',
    scope: 'attendee',
    attendee: externalId,
    path: `/attendees/${index}`,
    message: v.message,
    ruleVersion: '1',
  };
}
