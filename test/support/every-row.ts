import { sql } from 'kysely';
import type { Executor } from '../../src/ledger/executor.ts';

/** Every row of every table of the database as text, the queue's tables among them; sealed columns as hex. */
export async function everyRow(db: Executor): Promise<ReadonlyMap<string, string>> {
  const tables = await sql<{ schema: string; name: string }>`select table_schema as schema, table_name as name
    from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
    db,
  );
  const contents = new Map<string, string>();
  for (const { schema, name } of tables.rows) {
    const found = await sql<{
      rows: unknown;
    }>`select coalesce(jsonb_agg(to_jsonb(t)), '[]') as rows from ${sql.table(`${schema}.${name}`)} t`.execute(db);
    contents.set(`${schema}.${name}`, JSON.stringify(found.rows[0]?.rows));
  }
  return contents;
}
