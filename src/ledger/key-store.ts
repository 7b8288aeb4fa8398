import { sql } from 'kysely';
import { type NamedKey, open, SealError, seal } from '../ops/crypto.ts';
import { type KeyPurpose, type Keyring, type KeyStore, openKeyring, type StoredKey } from '../ops/keyring.ts';
import { loadMasterKey, type MasterKeySource } from '../ops/master-key.ts';
import { StartRefused } from '../ops/refusal.ts';
import type { Executor } from './executor.ts';
import { readSetting, settleSetting } from './settings.ts';

const CHECK = 'master_key_check';
const CHECK_CONTEXT = { practiceId: '', recordId: CHECK, kind: 'setting' };
const CHECK_TEXT = 'rollcall';

/** Wrapped data keys in the ledger. */
export function createKeyStore(db: Executor): KeyStore {
  const load = async (purpose: KeyPurpose, practiceId: string | null): Promise<readonly StoredKey[]> => {
    const rows = await db
      .selectFrom('data_key')
      .select(['id', 'wrapped', 'retired_at'])
      .where('purpose', '=', purpose)
      .where(sql<boolean>`practice_id is not distinct from ${practiceId}::text`)
      .execute();
    return rows.map((row) => ({ id: row.id, wrapped: row.wrapped, retired: row.retired_at !== null }));
  };
  return {
    load,
    async create(purpose, practiceId, key) {
      await db
        .insertInto('data_key')
        .values({ id: key.id, purpose, practice_id: practiceId, wrapped: key.wrapped })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const live = (await load(purpose, practiceId)).find((stored) => !stored.retired);
      if (live === undefined) throw new Error('the data key was retired while it was made');
      return live;
    },
  };
}

/** False on a ledger that has never been opened with a master key: only then may one be generated. */
export async function hasMasterKey(db: Executor): Promise<boolean> {
  return (await readSetting(db, CHECK)) !== null;
}

/** Ties the ledger to the first master key it sees; afterwards throws `StartRefused` for any other. */
export async function verifyMasterKey(db: Executor, master: NamedKey): Promise<void> {
  const mine = seal(master, Buffer.from(CHECK_TEXT), CHECK_CONTEXT).toString('base64');
  const stands = await settleSetting(db, CHECK, mine);
  try {
    if (open(master, Buffer.from(stands, 'base64'), CHECK_CONTEXT).toString() === CHECK_TEXT) return;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
  }
  throw new StartRefused(
    'master_key',
    'The master key is not the one this ledger was set up with; nothing in it could be read. Give the right MASTER_KEY or MASTER_KEY_FILE.',
  );
}

/**
 * Everything from the environment's key to a keyring that works: loads or generates the master key, checks that it is
 * this ledger's, opens the installation's hash key. Migrations must have run. Throws `StartRefused`.
 */
export async function openVault(deps: {
  readonly db: Executor;
  readonly source: MasterKeySource;
  readonly newKeyId: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
}): Promise<Keyring> {
  const master = await loadMasterKey(deps.source, !(await hasMasterKey(deps.db)));
  await verifyMasterKey(deps.db, master);
  return openKeyring({ master, store: createKeyStore(deps.db), newKeyId: deps.newKeyId, randomBytes: deps.randomBytes });
}
