import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/database.ts';
import { createKeyStore, hasMasterKey, openVault } from '../../../src/ledger/key-store.ts';
import { SealError } from '../../../src/ops/crypto.ts';
import { createIds } from '../../../src/ops/ids.ts';
import { describeLedger } from './harness.ts';

const newId = createIds({ clock: { now: () => Date.now() }, randomBytes });
const newKeyId = () => newId('key');
const patient = { lastName: 'Zyxwvut', firstName: 'Sarah', dateOfBirth: '1988-04-12', memberId: 'W123456789' };

describeLedger('vault', (backend) => {
  let ledger: Ledger;
  const value = randomBytes(32).toString('base64');
  const vault = (masterKey = value) =>
    openVault({ db: ledger.db, source: { value: masterKey, file: null, dataDir: null }, newKeyId, randomBytes });
  beforeEach(async () => {
    ledger = await backend.fresh();
  });

  it('round-trips a record through the table, in another process too, and shows nothing of it', async () => {
    const first = await vault();
    await first.warm('prac_a');
    await ledger.db
      .insertInto('config_version')
      .values({
        kind: 'practice',
        id: 'p',
        version: 1,
        body: '{}',
        sealed: first.seal('prac_a', 'practice', 'p', patient),
        actor: 'test',
      })
      .execute();
    const row = await ledger.db.selectFrom('config_version').select('sealed').executeTakeFirstOrThrow();
    const second = await vault();
    await second.warm('prac_a');
    expect(second.open('prac_a', 'practice', 'p', row.sealed!)).toEqual(patient);
    const raw = await sql<{ t: string }>`select encode(sealed, 'escape') as t from config_version`.execute(ledger.db);
    expect(raw.rows[0]!.t).not.toMatch(/Zyxwvut|Sarah|1988|W123456789/);
  });

  it('refuses a row that was changed or moved to another record, kind or practice', async () => {
    const keys = await vault();
    await Promise.all([keys.warm('prac_a'), keys.warm('prac_b')]);
    const sealed = keys.seal('prac_a', 'claim', 'clm_1', patient);
    await ledger.db
      .insertInto('config_version')
      .values({ kind: 'x', id: 'x', version: 1, body: '{}', sealed, actor: 'test' })
      .execute();
    await sql`update config_version set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)`.execute(ledger.db);
    const row = await ledger.db.selectFrom('config_version').select('sealed').executeTakeFirstOrThrow();
    expect(() => keys.open('prac_a', 'claim', 'clm_1', row.sealed!)).toThrow(SealError);
    expect(() => keys.open('prac_a', 'claim', 'clm_2', sealed)).toThrow(SealError);
    expect(() => keys.open('prac_a', 'attendee', 'clm_1', sealed)).toThrow(SealError);
    expect(() => keys.open('prac_b', 'claim', 'clm_1', sealed)).toThrow(SealError);
  });

  it('has one live key per practice, whoever makes it first', async () => {
    const [a, b] = await Promise.all([vault(), vault()]);
    await Promise.all([a.warm('prac_a'), b.warm('prac_a'), a.warm('prac_b')]);
    expect(b.open('prac_a', 'k', 'r', a.seal('prac_a', 'k', 'r', patient))).toEqual(patient);
    expect(a.hashKeyId).toBe(b.hashKeyId);
    expect(a.hash('K1', 'x')).toEqual(b.hash('K1', 'x'));
    const keys = await ledger.db
      .selectFrom('data_key')
      .select(['purpose', 'practice_id'])
      .orderBy('purpose')
      .orderBy('practice_id')
      .execute();
    expect(keys).toEqual([
      { purpose: 'hash', practice_id: null },
      { purpose: 'record', practice_id: 'prac_a' },
      { purpose: 'record', practice_id: 'prac_b' },
    ]);
  });

  it('keeps retired keys for reading and makes a new one for writing', async () => {
    const before = await vault();
    await before.warm('prac_a');
    const old = before.seal('prac_a', 'k', 'r', 'old');
    await ledger.db.updateTable('data_key').set({ retired_at: new Date() }).where('practice_id', '=', 'prac_a').execute();
    const after = await vault();
    await after.warm('prac_a');
    expect(after.open('prac_a', 'k', 'r', old)).toBe('old');
    expect(after.open('prac_a', 'k', 'r', after.seal('prac_a', 'k', 'r', 'new'))).toBe('new');
    const stored = await createKeyStore(ledger.db).load('record', 'prac_a');
    expect(stored.map((key) => key.retired).sort()).toEqual([false, true]);
  });

  it('refuses any other master key, before anything is written', async () => {
    expect(await hasMasterKey(ledger.db)).toBe(false);
    await vault();
    expect(await hasMasterKey(ledger.db)).toBe(true);
    const before = await ledger.db.selectFrom('data_key').selectAll().execute();
    await expect(vault(randomBytes(32).toString('base64'))).rejects.toMatchObject({
      name: 'StartRefused',
      code: 'master_key',
      message: expect.stringContaining('not the one this ledger was set up with'),
    });
    expect(await ledger.db.selectFrom('data_key').selectAll().execute()).toEqual(before);
  });

  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-vault-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('generates the embedded key once and does not replace a lost one', async () => {
    const source = { value: null, file: null, dataDir: dir };
    const first = await openVault({ db: ledger.db, source, newKeyId, randomBytes });
    const again = await openVault({ db: ledger.db, source, newKeyId, randomBytes });
    expect(again.hash('d', 'x')).toEqual(first.hash('d', 'x'));
    await rm(join(dir, 'master.key'));
    await expect(openVault({ db: ledger.db, source, newKeyId, randomBytes })).rejects.toMatchObject({
      code: 'master_key',
      message: expect.stringContaining('is missing'),
    });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('keeps the master key out of the database files', async () => {
    await vault();
    const dump = await ledger.db.selectFrom('setting').select('value').execute();
    expect(JSON.stringify(dump)).not.toContain(value);
  });
});
