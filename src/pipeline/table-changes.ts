import { removeCodeTable } from '../ledger/code-tables.ts';
import type { Ledger } from '../ledger/database.ts';
import { recordAudit } from '../ledger/events.ts';
import { ledgerNow, writeSetting } from '../ledger/settings.ts';
import type { LoadableSet } from '../x12/code-sets/load/parsed.ts';
import type { CodeTable } from '../x12/code-sets/table.ts';
import { ProblemError } from './problem.ts';
import { CONFIG_CHANGED } from './regate.ts';

/**
 * Codes below which a file cannot be the whole list, where none has been loaded to measure it by. Well under the published
 * lists of 2026 (ICD-10-CM over 74 000 billable codes, CARC over 300, RARC over 1 100, taxonomy over 870, places 51; K).
 */
const FEWEST: Readonly<Record<LoadableSet, number>> = { icd10cm: 70_000, carc: 250, rarc: 900, taxonomy: 800, pos: 45 };
/** A list that shrinks to less than this part of the one before it was cut off, or is another file. */
const SHRINKS_TO = 0.8;

export interface TableChange {
  /** The list that it is measured by: the newest that was loaded. Null when there is none. */
  readonly against: number | null;
  readonly added: number;
  readonly removed: number;
}

/**
 * What a load changes against the newest list of its set, or 422 where it is implausibly small and not forced: unlisted
 * codes count as not existing, and every claim with one would be held. Counts billable codes.
 */
export function tableChange(
  set: LoadableSet,
  table: CodeTable,
  before: { readonly version: number; readonly table: CodeTable } | null,
  force: boolean,
): TableChange {
  const codes = billable(table);
  const known = before === null ? new Set<string>() : billable(before.table);
  const least = before === null ? FEWEST[set] : Math.ceil(known.size * SHRINKS_TO);
  if (codes.size < least && !force) {
    const measure =
      before === null
        ? `a whole ${set} list has at least ${least}`
        : `the one in force (version ${before.version}) has ${known.size}`;
    throw new ProblemError(422, 'implausible_table', 'The table cannot be loaded', {
      detail: `The file lists ${codes.size} codes; ${measure}. Codes that it lacks would count as not existing. Load it with --force if it is whole.`,
    });
  }
  let added = 0;
  for (const code of codes) if (!known.has(code)) added++;
  return { against: before?.version ?? null, added, removed: known.size - (codes.size - added) };
}

function billable(table: CodeTable): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const [code, spans] of table.codes) if (spans.some((span) => !span.header)) codes.add(code);
  return codes;
}

/** Takes one load back, audited; the list that it had replaced is in force again. 404 when there is no such load. */
export async function unloadTable(
  deps: { readonly ledger: Ledger; readonly codeSets: { forget(): void } },
  actor: string,
  { set, version }: { readonly set: LoadableSet; readonly version: number },
): Promise<{ readonly version: number; readonly fileName: string }> {
  const done = await deps.ledger.transaction(async (tx) => {
    const removed = await removeCodeTable(tx, set, version);
    if (removed === undefined) throw new ProblemError(404, 'not_found', `No load of ${set} has this version`);
    const { file_name: fileName, sha256, entries, effective_from: from, effective_to: to } = removed;
    // The sweeper looks again at what a code has held.
    await writeSetting(tx, CONFIG_CHANGED, `tables unload ${set} ${version} ${await ledgerNow(tx)}`);
    await recordAudit(tx, {
      actor,
      action: 'tables.unload',
      target: set,
      detail: { version, fileName, sha256, entries, from, to },
    });
    return { version, fileName };
  });
  deps.codeSets.forget();
  return done;
}
