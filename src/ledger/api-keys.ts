import type { Executor } from './executor.ts';
import type { Row } from './types.ts';

export async function insertApiKey(
  db: Executor,
  key: { id: string; practiceId: string | null; name: string; hash: Uint8Array; scopes: readonly string[] },
): Promise<void> {
  await db
    .insertInto('api_key')
    .values({ id: key.id, practice_id: key.practiceId, name: key.name, hash: key.hash, scopes: [...key.scopes] })
    .execute();
}

export async function findApiKey(db: Executor, hash: Uint8Array): Promise<Row<'api_key'> | undefined> {
  return db
    .selectFrom('api_key')
    .selectAll()
    .where('hash', '=', Buffer.from(hash))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}

export async function listApiKeys(db: Executor): Promise<readonly Row<'api_key'>[]> {
  return db.selectFrom('api_key').selectAll().orderBy('id').execute();
}

export async function revokeApiKey(db: Executor, id: string, at: Date): Promise<boolean> {
  const done = await db
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  return done.length === 1;
}

export async function anyApiKey(db: Executor): Promise<boolean> {
  return (await db.selectFrom('api_key').select('id').limit(1).executeTakeFirst()) !== undefined;
}
