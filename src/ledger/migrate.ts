import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { StartRefused } from '../ops/refusal.ts';
import type { Ledger } from './database.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import type { Database } from './types.ts';

/** Session-level advisory lock of all starters on one Postgres database: 'ROLL' as a number. */
const ADVISORY_LOCK = 0x524f4c4c;
const LOCK_WAIT_MS = 120_000;
const LOCK_POLL_MS = 100;
/** `jsonb_to_recordset`, generated identity and partial indexes are older; BullMQ asks for 14. */
const MIN_SERVER_VERSION = 140_000;

export interface SchemaStatus {
  /** Names of migrations that this program has and the ledger has not run. */
  readonly pending: readonly string[];
  /** Names of migrations that a newer program has run and this one may live with. */
  readonly unknown: readonly string[];
  /** Why this program must not use the ledger, or null. */
  readonly refusal: string | null;
}

export interface MigrateOptions {
  /** Runs after our own migrations, still under the lock on Postgres (BullMQ's migrations go here). */
  readonly afterLocked?: () => Promise<void>;
  /** Tests give other lists. */
  readonly migrations?: readonly Migration[];
}

type Applied = Pick<Database['schema_migration'], 'name' | 'sha256' | 'min_code_version'>;

export function migrationHash(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

/** Compares `major.minor.patch`; a pre-release tag counts as its release. Negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => {
    const found = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
    if (found === null) throw new Error(`not a version: ${version}`);
    return found.slice(1).map(Number);
  };
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Pure: what the applied rows mean for a program of `codeVersion` that knows `migrations`. */
export function judgeSchema(applied: readonly Applied[], migrations: readonly Migration[], codeVersion: string): SchemaStatus {
  const byName = new Map(applied.map((row) => [row.name, row]));
  const known = new Set(migrations.map((migration) => migration.name));
  const pending = migrations.filter((migration) => !byName.has(migration.name)).map((migration) => migration.name);
  const unknown = applied.filter((row) => !known.has(row.name)).map((row) => row.name);
  const tooNew = applied.find((row) => compareVersions(row.min_code_version, codeVersion) > 0);
  if (tooNew !== undefined) {
    const refusal = `The ledger was migrated by a newer Rollcall (${tooNew.name} needs at least ${tooNew.min_code_version}); this is ${codeVersion}. Start the newer version.`;
    return { pending, unknown, refusal };
  }
  const changed = migrations.find((migration) => {
    const row = byName.get(migration.name);
    return row !== undefined && row.sha256 !== migrationHash(migration);
  });
  if (changed !== undefined) {
    const refusal = `Migration ${changed.name} is not the text that ran on this ledger; a migration is never edited, add a new one.`;
    return { pending, unknown, refusal };
  }
  const lastApplied = migrations.findLastIndex((migration) => byName.has(migration.name));
  const skipped = migrations.slice(0, lastApplied + 1).find((migration) => !byName.has(migration.name));
  if (skipped !== undefined) {
    const refusal = `Migration ${skipped.name} has not run on this ledger although later ones have; the ledger and the program do not belong together.`;
    return { pending, unknown, refusal };
  }
  return { pending, unknown, refusal: null };
}

async function readApplied(db: Kysely<Database>): Promise<readonly Applied[]> {
  const found = await sql<{ found: string | null }>`select to_regclass('schema_migration')::text as found`.execute(db);
  if (found.rows[0]?.found === null) return [];
  return db.selectFrom('schema_migration').select(['name', 'sha256', 'min_code_version']).orderBy('name').execute();
}

/** For `/readyz` and the doctor; changes nothing. */
export async function schemaStatus(
  ledger: Ledger,
  codeVersion: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<SchemaStatus> {
  return judgeSchema(await readApplied(ledger.db), migrations, codeVersion);
}

/** Names of migrations still to run. Throws `StartRefused` when the ledger must not be used by this program. */
export async function pendingMigrations(
  ledger: Ledger,
  codeVersion: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> {
  const status = await schemaStatus(ledger, codeVersion, migrations);
  if (status.refusal !== null) throw new StartRefused('schema', status.refusal);
  return status.pending;
}

async function withAdvisoryLock<T>(db: Kysely<Database>, section: () => Promise<T>): Promise<T> {
  for (const started = performance.now(); ; ) {
    const result = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${ADVISORY_LOCK}) as taken`.execute(db);
    if (result.rows[0]!.taken) break;
    if (performance.now() - started > LOCK_WAIT_MS) {
      throw new StartRefused(
        'migrating',
        'Another process has been migrating this ledger for two minutes; look at it before starting more.',
      );
    }
    await sleep(LOCK_POLL_MS);
  }
  try {
    return await section();
  } finally {
    await sql`select pg_advisory_unlock(${ADVISORY_LOCK})`.execute(db);
  }
}

async function applyOne(db: Kysely<Database>, migration: Migration): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql.raw(migration.sql).execute(tx);
    await tx
      .insertInto('schema_migration')
      .values({ name: migration.name, sha256: migrationHash(migration), min_code_version: migration.minCodeVersion })
      .execute();
  });
}

/**
 * Brings the ledger to this program's schema and returns the names of what ran. Several starters may call it at once.
 * Throws `StartRefused` when a migration's text has changed, when a newer program has migrated the ledger, or when the
 * server is too old; nothing has been changed then.
 */
export async function migrate(ledger: Ledger, codeVersion: string, options: MigrateOptions = {}): Promise<readonly string[]> {
  const migrations = options.migrations ?? MIGRATIONS;
  const run = async (db: Kysely<Database>): Promise<readonly string[]> => {
    const status = judgeSchema(await readApplied(db), migrations, codeVersion);
    if (status.refusal !== null) throw new StartRefused('schema', status.refusal);
    if (status.pending.length > 0) {
      await sql`create table if not exists schema_migration (
        name text primary key, sha256 text not null, min_code_version text not null,
        applied_at timestamptz not null default clock_timestamp())`.execute(db);
    }
    for (const migration of migrations) {
      if (status.pending.includes(migration.name)) await applyOne(db, migration);
    }
    await options.afterLocked?.();
    return status.pending;
  };
  if (ledger.kind === 'pglite') return run(ledger.db);
  // One connection for lock and migrations; a migration may take longer than any statement of the running service.
  return ledger.withoutTimeLimit(async (db) => {
    const version = await sql<{ v: string }>`select current_setting('server_version_num') as v`.execute(db);
    if (Number(version.rows[0]!.v) < MIN_SERVER_VERSION) {
      throw new StartRefused('server_version', 'Rollcall needs PostgreSQL 14 or newer.');
    }
    return withAdvisoryLock(db, () => run(db));
  });
}
