import { BY_GATE, moveClaims } from '../ledger/claims.ts';
import { insertHolds, type NewHold } from '../ledger/holds.ts';
import type { DueClaim } from '../ledger/release.ts';
import type { X12Finding } from '../x12/837p/validate/finding.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { X12WriteError } from '../x12/write-error.ts';
import { checkFile, sentenceOf } from './check-file.ts';
import type { PipelineDeps } from './deps.ts';
import { type FreezeInput, type Frozen, freeze } from './freeze.ts';

/** A claim that does not leave, and why: one hold for each fault. */
export interface Refusal {
  readonly claimId: string;
  readonly holds: readonly Pick<NewHold, 'rule' | 'severity' | 'message'>[];
}

/** Thrown inside the gate's transaction: everything in it is undone, the numbers are abandoned, the claims are held. */
export class RefusedAtRelease extends Error {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super('claims refused at release');
    this.refusals = refusals;
  }
}

export type Checked =
  | { readonly ok: true; readonly frozen: Frozen }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

const MOST_HOLDS = 20;

/** A draft with too little in it to build a claim from. */
export const emptyDraft = (claimId: string): RefusedAtRelease =>
  new RefusedAtRelease([{ claimId, holds: [{ rule: 'RELEASE', severity: 'block', message: 'no_claim' }] }]);

/**
 * Renders one file and reads it back through the validator, types 1 to 7. `refusals` names every
 * claim of the file that the writer or the validator refuses: then nothing of it leaves, and the others go in the next round.
 */
export function freezeChecked(
  input: Omit<FreezeInput, 'members'> & {
    readonly members: readonly (FreezeInput['members'][number] & { readonly due: DueClaim })[];
  },
  codeSets: CodeSets,
): Checked {
  const rendered = render(input);
  if (!rendered.ok) return rendered;
  const { frozen } = rendered;
  const found = checkFile({ bytes: frozen.bytes, clearinghouse: input.clearinghouse, at: input.at, codeSets });
  const errors = found.filter((f) => f.severity === 'error');
  return errors.length === 0 ? rendered : { ok: false, refusals: refusalsOf(frozen, errors) };
}

/** A fault belongs to the claim whose set it stands in; one outside of any set is every claim's. */
function refusalsOf(frozen: Frozen, errors: readonly X12Finding[]): readonly Refusal[] {
  return frozen.claims.flatMap(({ claimId, st02 }) => {
    const mine = errors.filter((f) => f.place.set === null || f.place.set === st02).slice(0, MOST_HOLDS);
    if (mine.length === 0) return [];
    // An operator may let it go on once the cause is mended: the gate looks again and keeps what is still wrong.
    return [{ claimId, holds: mine.map((f) => ({ rule: f.rule, severity: 'hold' as const, message: sentenceOf(f) })) }];
  });
}

function render(input: FreezeInput): Checked {
  try {
    return { ok: true, frozen: freeze(input) };
  } catch (error) {
    // Which claims of a batch are at fault: those that cannot be rendered alone.
    const refusals = input.members.flatMap((member): Refusal[] => {
      try {
        freeze({ ...input, members: [member] });
        return [];
      } catch (alone) {
        return [{ claimId: member.due.id, holds: [refusedByWriter(alone)] }];
      }
    });
    if (refusals.length === 0) throw error;
    return { ok: false, refusals };
  }
}

function refusedByWriter(error: unknown): Refusal['holds'][number] {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  return { rule: error instanceof X12WriteError && /^E\d/.test(error.rule) ? error.rule : 'RELEASE', severity: 'block', message };
}

/** Parks what was refused, in a transaction of its own; the rest of the lane goes on. */
export async function holdRefused(deps: Pick<PipelineDeps, 'ledger'>, { refusals }: RefusedAtRelease): Promise<void> {
  await deps.ledger.transaction(async (tx) => {
    await moveClaims(
      tx,
      refusals.map((r) => ({ id: r.claimId, from: 'scheduled' as const, to: 'held' as const, reason: 'release_check' })),
      BY_GATE,
    );
    await insertHolds(
      tx,
      refusals.flatMap((r) => r.holds.map((hold) => ({ ...hold, claimId: r.claimId, path: '', actor: 'gate' }))),
    );
  });
}
