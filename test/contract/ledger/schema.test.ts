import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate, migrationHash, pendingMigrations, schemaStatus } from '../../../src/ledger/migrate.ts';
import { MIGRATIONS } from '../../../src/ledger/migrations/index.ts';
import { CODE_VERSION, describeLedger } from './harness.ts';

const first = {
  name: '0001-one',
  sql: 'create table one (id int primary key); create index one_id on one (id);',
  minCodeVersion: '0.1.0',
};
const second = {
  name: '0002-two',
  sql: 'alter table one add column note text; insert into one values (1, $$;$$);',
  minCodeVersion: '0.1.0',
};
const broken = { name: '0003-three', sql: 'create table three (id int); select 1/0;', minCodeVersion: '0.1.0' };

describeLedger('migrations', (backend) => {
  it('bring an empty ledger to the schema, once', async () => {
    const ledger = await (await backend.create()).open();
    expect(await pendingMigrations(ledger, CODE_VERSION)).toEqual(MIGRATIONS.map((migration) => migration.name));
    expect(await migrate(ledger, CODE_VERSION)).toEqual(MIGRATIONS.map((migration) => migration.name));
    expect(await migrate(ledger, CODE_VERSION)).toEqual([]);
    expect(await schemaStatus(ledger, CODE_VERSION)).toEqual({ pending: [], unknown: [], refusal: null });
    const tables = await sql<{
      name: string;
    }>`select table_name as name from information_schema.tables where table_schema = 'public'`.execute(ledger.db);
    expect(tables.rows.map((row) => row.name)).toEqual(
      expect.arrayContaining(['claim', 'claim_key', 'spacing', 'drop_file', 'ledger_event', 'schema_migration']),
    );
    const stored = await ledger.db.selectFrom('schema_migration').select(['name', 'sha256']).execute();
    expect(stored).toEqual(MIGRATIONS.map((migration) => ({ name: migration.name, sha256: migrationHash(migration) })));
  });

  it('survive a restart and add only what is new', async () => {
    const place = await backend.create();
    const before = await place.open();
    await migrate(before, CODE_VERSION, { migrations: [first] });
    await before.close();
    const after = await place.open();
    expect(await migrate(after, CODE_VERSION, { migrations: [first, second] })).toEqual(['0002-two']);
    expect((await sql`select id, note from one`.execute(after.db)).rows).toEqual([{ id: 1, note: ';' }]);
  });

  it('refuse a changed text and name the migration', async () => {
    const ledger = await (await backend.create()).open();
    await migrate(ledger, CODE_VERSION, { migrations: [first] });
    const edited = { ...first, sql: `${first.sql} -- harmless` };
    await expect(migrate(ledger, CODE_VERSION, { migrations: [edited, second] })).rejects.toMatchObject({
      name: 'StartRefused',
      code: 'schema',
      message: expect.stringContaining('0001-one'),
    });
    expect((await schemaStatus(ledger, CODE_VERSION, [edited, second])).refusal).toContain('0001-one');
    expect(await pendingMigrations(ledger, CODE_VERSION, [first, second])).toEqual(['0002-two']);
  });

  it('refuse a ledger that a newer program has migrated, unless it only expanded', async () => {
    const ledger = await (await backend.create()).open();
    await migrate(ledger, '0.3.0', { migrations: [first, { ...second, minCodeVersion: '0.2.0' }] });
    for (const attempt of [
      () => migrate(ledger, '0.1.5', { migrations: [first] }),
      () => pendingMigrations(ledger, '0.1.5', [first]),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'schema', message: expect.stringContaining('needs at least 0.2.0') });
    }
    expect(await schemaStatus(ledger, '0.2.0', [first])).toEqual({ pending: [], unknown: ['0002-two'], refusal: null });
  });

  it('leave nothing of a migration that fails, and keep what ran before it', async () => {
    const ledger = await (await backend.create()).open();
    await expect(migrate(ledger, CODE_VERSION, { migrations: [first, second, broken] })).rejects.toMatchObject({ code: '22012' });
    expect(await pendingMigrations(ledger, CODE_VERSION, [first, second, broken])).toEqual(['0003-three']);
    expect((await sql`select to_regclass('three')::text as found`.execute(ledger.db)).rows).toEqual([{ found: null }]);
    expect(
      await migrate(ledger, CODE_VERSION, { migrations: [first, second, { ...broken, sql: 'create table three (id int)' }] }),
    ).toEqual(['0003-three']);
  });

  it('run what comes after them once they have run, and pass its failure on', async () => {
    const ledger = await (await backend.create()).open();
    const seen: unknown[] = [];
    const afterLocked = async () => {
      seen.push((await sql`select to_regclass('one')::text as found`.execute(ledger.db)).rows[0]);
    };
    await migrate(ledger, CODE_VERSION, { migrations: [first], afterLocked });
    expect(seen).toEqual([{ found: 'one' }]);
    await expect(
      migrate(ledger, CODE_VERSION, { migrations: [first], afterLocked: () => Promise.reject(new Error('queue')) }),
    ).rejects.toThrow('queue');
    expect(await migrate(ledger, CODE_VERSION, { migrations: [first] })).toEqual([]);
  });

  if (backend.kind === 'pglite') return;
  it('run once when several processes start together, one after the other', async () => {
    const place = await backend.create();
    const ledgers = await Promise.all(Array.from({ length: 4 }, () => place.open()));
    let inside = 0;
    let most = 0;
    const ran = await Promise.all(
      ledgers.map((ledger) =>
        migrate(ledger, CODE_VERSION, {
          afterLocked: async () => {
            inside += 1;
            most = Math.max(most, inside);
            await sql`select pg_sleep(0.05)`.execute(ledger.db);
            inside -= 1;
          },
        }),
      ),
    );
    expect(ran.flat()).toEqual(MIGRATIONS.map((migration) => migration.name));
    expect(most).toBe(1);
    const locks = await sql<{ n: number }>`select count(*)::int as n from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
      ledgers[0]!.db,
    );
    expect(locks.rows[0]!.n).toBe(0);
  });
});

describeLedger('plans', (backend) => {
  it('go by an index from the first row on: one that is kept must not read a table that grows', async () => {
    const ledger = await backend.fresh();
    const plan = await sql<{ 'QUERY PLAN': string }>`explain update claim set state_reason = null
      from jsonb_to_recordset('[]'::jsonb) as r(id text, f text) where claim.id = r.id and claim.state = r.f`.execute(ledger.db);
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(lines).not.toContain('Seq Scan');
    // Not all of an index either; what is barred counts as enormous, which the server's compiler would go by.
    if (backend.kind === 'postgres') expect(lines).toMatch(/Index Cond: .*id = r\.id/);
    expect(lines).not.toContain('JIT');
  });
});
