import { deflateSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import {
  codeTableFacts,
  codeTables,
  codeTablesState,
  insertCodeTable,
  NO_CODE_TABLES,
  type StoredCodeTable,
} from '../ledger/code-tables.ts';
import type { Ledger } from '../ledger/database.ts';
import { recordAudit } from '../ledger/events.ts';
import { ledgerNow, writeSetting } from '../ledger/settings.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { daysOfIcd10cm } from '../x12/code-sets/load/icd10cm.ts';
import { loadedTable } from '../x12/code-sets/load/load.ts';
import { LOADABLE_SETS, type LoadableSet } from '../x12/code-sets/load/parsed.ts';
import { SHIPPED_CODE_SETS, SHIPPED_TABLES } from '../x12/code-sets/shipped.ts';
import { type CodeTable, createCodeSets } from '../x12/code-sets/table.ts';
import { ProblemError } from './problem.ts';
import { CONFIG_CHANGED } from './regate.ts';
import { type TableChange, tableChange } from './table-changes.ts';

const TTL_MS = 2_000;

export interface CodeSetReader {
  /** The lists in force, at most two seconds old: a look at one row when that time is up. Rejects when the ledger is away. */
  current(): Promise<CodeSets>;
  /** Asks the ledger next time (a load in this process). */
  forget(): void;
}

/** Shipped lists with the loaded ones over them; parsed once per load, held in memory. */
export function createCodeSetReader(ledger: Pick<Ledger, 'db'>, now: () => number): CodeSetReader {
  let held: { readonly state: string; readonly sets: CodeSets } = { state: NO_CODE_TABLES, sets: SHIPPED_CODE_SETS };
  let asked: { readonly at: number; readonly answer: Promise<CodeSets> } | null = null;

  async function look(): Promise<CodeSets> {
    const state = await codeTablesState(ledger.db);
    if (state === held.state) return held.sets;
    held = { state, sets: setsOver((await codeTables(ledger.db)).map(loadOf)) };
    return held.sets;
  }

  return {
    current() {
      if (asked === null || now() - asked.at >= TTL_MS) {
        const answer = look();
        asked = { at: now(), answer };
        answer.catch(() => {
          asked = null;
        });
      }
      return asked.answer;
    },
    forget() {
      asked = null;
    },
  };
}

/** One list in force, as it was loaded. */
export type LoadedList = Parameters<typeof loadedTable>[0];

const loadOf = (row: StoredCodeTable): LoadedList => ({
  set: row.code_set as LoadableSet,
  fileName: row.file_name,
  compact: row.text,
  from: row.effective_from,
  to: row.effective_to,
  vouched: row.vouched_to,
});

/** The shipped lists with loaded ones, newest first, over them. */
export const setsOver = (loads: readonly LoadedList[]): CodeSets =>
  createCodeSets([...loads.map(loadedTable), ...SHIPPED_TABLES]);

/** A list for the control channel, whose messages have 4 MiB at most: its codes deflated, in base64. */
export type ExportedList = Omit<LoadedList, 'compact'> & { readonly deflated: string };

/** Every loaded list in force with its codes, newest first, for a program beside the service; `importedList` reads them. */
export async function exportTables(ledger: Pick<Ledger, 'db'>): Promise<readonly ExportedList[]> {
  return (await codeTables(ledger.db)).map(loadOf).map(({ compact, ...list }) => ({
    ...list,
    deflated: deflateSync(Buffer.from(compact)).toString('base64'),
  }));
}

export const importedList = ({ deflated, ...list }: ExportedList): LoadedList => ({
  ...list,
  compact: inflateSync(Buffer.from(deflated, 'base64')).toString(),
});

export interface LoadedTable extends TableChange {
  readonly version: number;
  readonly entries: number;
  readonly from: string | null;
  readonly to: string | null;
}

const day = z.iso.date();
const loadArgs = z.strictObject({
  set: z.enum(LOADABLE_SETS),
  fileName: z.string().min(1).max(200),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Codes in the form of `compactList`. */
  compact: z.string().min(1),
  from: day.nullable(),
  to: day.nullable(),
  /** Also a list that is implausibly small. */
  force: z.boolean().default(false),
});

/**
 * Stores one parsed list, audited, all or nothing. Its window: as given; ICD-10-CM's from the file name where it is not;
 * X12's lists carry their own dates. 422 for one that is much smaller than the list before it, unless forced. Beyond a window given, the list is held to be complete until the next half-yearly
 * update (ICD-10-CM) or the day of loading. 422 when a window is missing or turned around.
 */
export async function loadTable(
  deps: { readonly ledger: Ledger; readonly codeSets: CodeSetReader },
  actor: string,
  args: unknown,
): Promise<LoadedTable> {
  const parsed = loadArgs.safeParse(args);
  if (!parsed.success) throw refused(parsed.error.issues.map((i) => ({ at: i.path.map(String).join('/'), message: i.message })));
  const { set, fileName, sha256, compact, force } = parsed.data;
  const named = set === 'icd10cm' ? daysOfIcd10cm(fileName) : null;
  const from = parsed.data.from ?? named?.from ?? null;
  const to = parsed.data.to ?? named?.to ?? null;
  if (from === null && set !== 'carc' && set !== 'rarc')
    throw refused([{ at: 'from', message: 'say with --effective-from from which day on the list is in effect' }]);
  if (from !== null && to !== null && to < from) throw refused([{ at: 'to', message: 'ends before it begins' }]);
  const result = await deps.ledger.transaction(async (tx) => {
    const now = await ledgerNow(tx);
    const today = new Date(now).toISOString().slice(0, 10);
    const vouchedTo = parsed.data.to ?? named?.vouched ?? today;
    const table = tableOf({ set, fileName, compact, from, to, vouched: vouchedTo });
    const newest = (await codeTables(tx)).find((row) => row.code_set === set);
    const before = newest === undefined ? null : { version: newest.version, table: loadedTable(loadOf(newest)) };
    const change = tableChange(set, table, before, force);
    const entries = table.codes.size;
    const version = await insertCodeTable(tx, {
      codeSet: set,
      fileName,
      sha256,
      from,
      to,
      vouchedTo,
      entries,
      text: compact,
      actor,
    });
    // The sweeper looks again at what a code has held.
    await writeSetting(tx, CONFIG_CHANGED, `tables ${set} ${version} ${now}`);
    await recordAudit(tx, {
      actor,
      action: 'tables.load',
      target: set,
      detail: { version, fileName, sha256, entries, from, to, vouchedTo, forced: force, ...change },
    });
    return { version, entries, from, to, ...change };
  });
  deps.codeSets.forget();
  return result;
}

function tableOf(load: Parameters<typeof loadedTable>[0]): CodeTable {
  try {
    return loadedTable(load);
  } catch {
    throw refused([{ at: 'compact', message: 'is not a parsed list' }]);
  }
}

function refused(errors: readonly { at: string; message: string }[]): ProblemError {
  return new ProblemError(422, 'invalid_table', 'The table cannot be loaded', {
    errors: errors.map((e) => ({ pointer: `/${e.at}`, code: 'invalid', message: e.message })),
  });
}

export interface TableListing {
  readonly set: string;
  readonly name: string;
  readonly entries: number;
  readonly from: string | null;
  readonly to: string | null;
  /** Until when an unlisted code is known not to exist; null where the list is not complete or has no end. */
  readonly completeTo: string | null;
  readonly complete: boolean;
  /** Null for a shipped list. */
  readonly version: number | null;
  readonly sha256: string | null;
  readonly actor: string | null;
  readonly loadedAt: string | null;
}

/** Every list in force, loaded ones first: the order in which they are asked. */
export async function listTables(ledger: Pick<Ledger, 'db'>): Promise<readonly TableListing[]> {
  const loaded = (await codeTableFacts(ledger.db)).map((t) => ({
    set: t.code_set,
    name: t.file_name,
    entries: t.entries,
    from: t.effective_from,
    to: t.effective_to,
    completeTo: t.vouched_to,
    complete: true,
    version: t.version,
    sha256: t.sha256,
    actor: t.actor,
    loadedAt: t.loaded_at.toISOString(),
  }));
  const shipped = SHIPPED_TABLES.map((t) => ({
    set: t.set,
    name: t.name,
    entries: t.codes.size,
    from: t.complete[0]?.from ?? null,
    to: null,
    completeTo: t.complete[0]?.to ?? null,
    complete: t.complete.length > 0,
    version: null,
    sha256: null,
    actor: null,
    loadedAt: null,
  }));
  return [...loaded, ...shipped];
}
