import { deflateSync, inflateSync } from 'node:zlib';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { Row } from './types.ts';

export interface NewCodeTable {
  readonly codeSet: string;
  readonly fileName: string;
  /** Of the official file, hexadecimal. */
  readonly sha256: string;
  /** The days that the file speaks of, `YYYY-MM-DD`; null is open. */
  readonly from: string | null;
  readonly to: string | null;
  readonly vouchedTo: string | null;
  readonly entries: number;
  readonly text: string;
  readonly actor: string;
}

export type CodeTableFacts = Omit<Row<'code_table'>, 'body'>;
export type StoredCodeTable = CodeTableFacts & { readonly text: string };

/** Adds a load and returns its version; nothing is overwritten. */
export async function insertCodeTable(db: Executor, table: NewCodeTable): Promise<number> {
  const row = await db
    .insertInto('code_table')
    .values({
      code_set: table.codeSet,
      file_name: table.fileName,
      sha256: table.sha256,
      effective_from: table.from,
      effective_to: table.to,
      vouched_to: table.vouchedTo,
      entries: table.entries,
      body: deflateSync(Buffer.from(table.text)),
      actor: table.actor,
    })
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

/** Takes a load away and returns it without its codes; undefined when there is none. */
export async function removeCodeTable(db: Executor, codeSet: string, version: number): Promise<CodeTableFacts | undefined> {
  const removed = await sql<CodeTableFacts>`delete from code_table where code_set = ${codeSet} and version = ${version}
    returning version, code_set, file_name, sha256, effective_from, effective_to, vouched_to, entries, actor,
    loaded_at`.execute(db);
  return removed.rows[0];
}

/** Another text after every load and unload: what a process asks to learn whether its lists are still right. */
export async function codeTablesState(db: Executor): Promise<string> {
  const found = await sql<{ state: string }>`select count(*) || ' ' || coalesce(max(version), 0) as state
    from code_table`.execute(db);
  return found.rows[0]?.state ?? NO_CODE_TABLES;
}

/** Of a ledger into which nothing was ever loaded. */
export const NO_CODE_TABLES = '0 0';

/** The newest load of each list and window, newest first. */
const INFORCE: RawBuilder<unknown> = sql`version in (select max(version) from code_table group by code_set, effective_from, effective_to)`;

export async function codeTables(db: Executor): Promise<readonly StoredCodeTable[]> {
  const found = await sql<Row<'code_table'>>`select * from code_table where ${INFORCE} order by version desc`.execute(db);
  return found.rows.map(({ body, ...facts }) => ({ ...facts, text: inflateSync(body).toString() }));
}

/** The same without the codes. */
export async function codeTableFacts(db: Executor): Promise<readonly CodeTableFacts[]> {
  const found = await sql<CodeTableFacts>`select version, code_set, file_name, sha256, effective_from, effective_to, vouched_to,
    entries, actor, loaded_at from code_table where ${INFORCE} order by version desc`.execute(db);
  return found.rows;
}
