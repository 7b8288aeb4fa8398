import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { masterKey, SealError } from '../../../src/ops/crypto.ts';
import { createIds } from '../../../src/ops/ids.ts';
import { type KeyPurpose, type KeyStore, openKeyring, rememberingHashes, type StoredKey } from '../../../src/ops/keyring.ts';

const newId = createIds({ clock: { now: () => 1_790_000_000_000 }, randomBytes });
const newKeyId = () => newId('key');

/** Behaves as the table does: one live key per purpose and practice. */
function memoryStore(): KeyStore & { rows: Map<string, StoredKey[]>; created: number; failOnce: boolean } {
  const rows = new Map<string, StoredKey[]>();
  const place = (purpose: KeyPurpose, practiceId: string | null) => `${purpose}/${practiceId ?? ''}`;
  const store = {
    rows,
    created: 0,
    failOnce: false,
    async load(purpose: KeyPurpose, practiceId: string | null) {
      if (store.failOnce) {
        store.failOnce = false;
        throw new Error('database down');
      }
      return [...(rows.get(place(purpose, practiceId)) ?? [])];
    },
    async create(purpose: KeyPurpose, practiceId: string | null, key: { id: string; wrapped: Uint8Array }) {
      store.created += 1;
      const there = rows.get(place(purpose, practiceId)) ?? [];
      const live = there.find((row) => !row.retired);
      if (live !== undefined) return live;
      const row = { ...key, retired: false };
      rows.set(place(purpose, practiceId), [...there, row]);
      return row;
    },
  };
  return store;
}

describe('keyring', () => {
  const master = masterKey(randomBytes(32));
  let store = memoryStore();
  const ring = () => openKeyring({ master, store, newKeyId, randomBytes });

  beforeEach(() => {
    store = memoryStore();
  });

  it('seals JSON for one record and opens it in another process', async () => {
    const first = await ring();
    await first.warm('prac_a');
    const sealed = first.seal('prac_a', 'claim', 'clm_1', { lastName: 'Moreno', lines: [1, 2] });
    const second = await ring();
    await second.warm('prac_a');
    expect(second.open('prac_a', 'claim', 'clm_1', sealed)).toEqual({ lastName: 'Moreno', lines: [1, 2] });
    expect(second.hashKeyId).toBe(first.hashKeyId);
    expect(second.hash('patient', 'x')).toEqual(first.hash('patient', 'x'));
  });

  it('does not open under another practice, kind or record', async () => {
    const keys = await ring();
    await keys.warm('prac_a');
    await keys.warm('prac_b');
    const sealed = keys.seal('prac_a', 'claim', 'clm_1', { a: 1 });
    expect(() => keys.open('prac_b', 'claim', 'clm_1', sealed)).toThrow(SealError);
    expect(() => keys.open('prac_a', 'session', 'clm_1', sealed)).toThrow(SealError);
    expect(() => keys.open('prac_a', 'claim', 'clm_2', sealed)).toThrow(SealError);
  });

  it('agrees on one key when two processes warm a new practice at once', async () => {
    const [a, b] = await Promise.all([ring(), ring()]);
    await Promise.all([a.warm('prac_a'), b.warm('prac_a')]);
    expect(b.open('prac_a', 'claim', 'clm_1', a.seal('prac_a', 'claim', 'clm_1', 'text'))).toBe('text');
    expect(store.rows.get('record/prac_a')).toHaveLength(1);
  });

  it('loads a practice once for many concurrent calls, and again after a failure', async () => {
    const keys = await ring();
    store.created = 0;
    await Promise.all(Array.from({ length: 20 }, () => keys.warm('prac_a')));
    expect(store.created).toBe(1);
    store.failOnce = true;
    await expect(keys.warm('prac_b')).rejects.toThrow('database down');
    expect(keys.isWarm('prac_b')).toBe(false);
    await keys.warm('prac_b');
    expect(keys.isWarm('prac_b')).toBe(true);
    expect(keys.open('prac_b', 'k', 'r', keys.seal('prac_b', 'k', 'r', 1))).toBe(1);
  });

  it('opens what a retired key sealed and seals with the live one', async () => {
    const before = await ring();
    await before.warm('prac_a');
    const old = before.seal('prac_a', 'claim', 'clm_1', 'old');
    const [row] = store.rows.get('record/prac_a')!;
    store.rows.set('record/prac_a', [{ ...row!, retired: true }]);
    const after = await ring();
    await after.warm('prac_a');
    const fresh = after.seal('prac_a', 'claim', 'clm_1', 'new');
    expect(after.open('prac_a', 'claim', 'clm_1', old)).toBe('old');
    expect(after.open('prac_a', 'claim', 'clm_1', fresh)).toBe('new');
    expect(() => before.open('prac_a', 'claim', 'clm_1', fresh)).toThrow(SealError);
  });

  it('refuses a wrong master key and a practice that is not warm', async () => {
    const keys = await ring();
    expect(() => keys.seal('prac_a', 'k', 'r', 1)).toThrow(/warmed/);
    expect(() => keys.seal('prac_a', 'k', 'r', undefined)).toThrow(TypeError);
    await expect(openKeyring({ master: masterKey(randomBytes(32)), store, newKeyId, randomBytes })).rejects.toThrow(SealError);
  });

  it('asks for a hash once per domain and text when it remembers', async () => {
    const keys = await ring();
    const asked: string[] = [];
    const remembering = rememberingHashes({
      ...keys,
      hash: (domain, text) => {
        asked.push(`${domain} ${text}`);
        return keys.hash(domain, text);
      },
    });
    for (const [domain, text] of [
      ['patient', 'a'],
      ['patient', 'b'],
      ['member', 'a'],
    ] as const) {
      expect(remembering.hash(domain, text)).toEqual(keys.hash(domain, text));
      expect(remembering.hash(domain, text)).toEqual(keys.hash(domain, text));
    }
    expect(asked).toEqual(['patient a', 'patient b', 'member a']);
  });
});
