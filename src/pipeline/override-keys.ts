import { othersOwn } from '../ledger/claim-keys.ts';
import { ancestorsOf } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { overriddenDraft } from './override-draft.ts';
import type { ReadSession } from './rejudge-stored.ts';
import type { SealedClaim } from './sealed.ts';

/** More than so many services of one patient, code and day are no oversight any more. */
const LAST_NUMBER = 9;

/**
 * The override number under which a claim's duplicate keys are free: the one asked for, else the lowest from `wanted.first`:
 * 0 is that of a service which nobody else owns any more, a further service of the day has 1 or more (R7). Null when
 * there is none, or the claim cannot be built with the modifier. What it corrects is the same service (R4). Nothing is taken:
 * at the approval the keys decide.
 */
export async function keysFreeUnder(
  deps: Pick<PipelineDeps, 'vault'>,
  tx: Executor,
  read: ReadSession,
  claim: Row<'claim'>,
  modifier: string | null,
  wanted: { readonly asked: number | null; readonly first: 0 | 1 },
): Promise<number | null> {
  const sealed = deps.vault.open<SealedClaim>(claim.practice_id, 'claim', claim.id, claim.sealed);
  const { asked, first } = wanted;
  const numbers = asked === null ? Array.from({ length: LAST_NUMBER + 1 - first }, (_, i) => i + first) : [asked];
  const service = [claim.id, ...(await ancestorsOf(tx, [claim.id]))];
  for (const number of numbers) {
    const draft = overriddenDraft(read.gated, claim, sealed, { number, modifier });
    if (draft === null) return null;
    const keys = draft.duplicateKeys.map((k) => ({ kind: k.kind, hash: deps.vault.hash(k.kind, k.canonical) }));
    if (!(await othersOwn(tx, service, keys))) return number;
  }
  return null;
}
