import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createApiKey,
  hashApiKey,
  keyedHash,
  masterKey,
  namedKey,
  open,
  SealError,
  sameSecret,
  seal,
  sealedKeyId,
  unwrapKey,
  wrapKey,
} from '../../../src/ops/crypto.ts';
import { createIds } from '../../../src/ops/ids.ts';

const newId = createIds({ clock: { now: () => 1_790_000_000_000 }, randomBytes });
const key = namedKey(newId('key'), randomBytes(32));
const context = { practiceId: 'prac_a', recordId: 'clm_1', kind: 'claim' };
const plain = Buffer.from('Moreno, Sarah 1988-04-12');

describe('seal and open', () => {
  it('round-trips, also the empty text', () => {
    expect(open(key, seal(key, plain, context), context)).toEqual(plain);
    expect(open(key, seal(key, Buffer.alloc(0), context), context)).toEqual(Buffer.alloc(0));
  });

  it('shows nothing of the text and never repeats itself', () => {
    const [a, b] = [seal(key, plain, context), seal(key, plain, context)];
    expect(a.includes('Moreno')).toBe(false);
    expect(a.equals(b)).toBe(false);
    const ivs = new Set(Array.from({ length: 2_000 }, () => seal(key, plain, context).subarray(17, 29).toString('hex')));
    expect(ivs.size).toBe(2_000);
  });

  it.each([
    ['practice', { ...context, practiceId: 'prac_b' }],
    ['record', { ...context, recordId: 'clm_2' }],
    ['kind', { ...context, kind: 'attendee' }],
    ['shifted border between parts', { practiceId: 'prac_a"', recordId: ',clm_1', kind: 'claim' }],
  ])('refuses another %s', (_, other) => {
    const sealed = seal(key, plain, context);
    expect(() => open(key, sealed, other)).toThrow(SealError);
  });

  it('refuses any changed, missing or added byte', () => {
    const sealed = seal(key, plain, context);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = changed[at]! ^ 1;
      expect(() => open(key, changed, context), `byte ${at}`).toThrow(SealError);
    }
    expect(() => open(key, sealed.subarray(0, -1), context)).toThrow(SealError);
    expect(() => open(key, Buffer.concat([sealed, Buffer.alloc(1)]), context)).toThrow(SealError);
    expect(() => open(key, Buffer.alloc(0), context)).toThrow(SealError);
  });

  it('refuses another key, also one of the same name', () => {
    const sealed = seal(key, plain, context);
    expect(() => open(namedKey(newId('key'), randomBytes(32)), sealed, context)).toThrow(SealError);
    expect(() => open(namedKey(key.id, randomBytes(32)), sealed, context)).toThrow(SealError);
  });

  it('names its key, and says nothing of the text in an error', () => {
    const sealed = seal(key, plain, context);
    expect(sealedKeyId(sealed)).toBe(key.id);
    expect(new SealError().message).not.toContain('Moreno');
  });

  it('seals and opens claim-sized records fast enough for the hot path', () => {
    const record = randomBytes(2_000);
    const count = 5_000;
    for (let i = 0; i < 500; i++) open(key, seal(key, record, context), context);
    // Processor time: a busy machine gives this process less of itself, and that says nothing of sealing.
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) open(key, seal(key, record, context), context);
    const { user, system } = process.cpuUsage(before);
    const pairsPerSecond = (count / (user + system)) * 1_000_000;
    // Measured about 50 000 pairs/s on a 2-core machine; an eighth of it still notices an accidental key derivation per call.
    expect(pairsPerSecond).toBeGreaterThan(6_000);
  });
});

describe('data keys', () => {
  const master = masterKey(randomBytes(32));

  it('are wrapped and unwrapped by the master key for their purpose and practice only', () => {
    const wrapped = wrapKey(master, key, 'record', 'prac_a');
    const back = unwrapKey(master, key.id, wrapped, 'record', 'prac_a');
    expect(open(back, seal(key, plain, context), context)).toEqual(plain);
    expect(() => unwrapKey(masterKey(randomBytes(32)), key.id, wrapped, 'record', 'prac_a')).toThrow(SealError);
    expect(() => unwrapKey(master, key.id, wrapped, 'record', 'prac_b')).toThrow(SealError);
    expect(() => unwrapKey(master, key.id, wrapped, 'hash', 'prac_a')).toThrow(SealError);
    expect(() => unwrapKey(master, newId('key'), wrapped, 'record', 'prac_a')).toThrow(SealError);
  });

  it('have 32 bytes', () => {
    expect(() => namedKey(newId('key'), randomBytes(31))).toThrow(RangeError);
    expect(() => masterKey(randomBytes(33))).toThrow(RangeError);
  });
});

describe('keyed hashes', () => {
  it('depend on key, domain and text', () => {
    const hash = keyedHash(key, 'patient', 'prac_a/pt-1001');
    expect(hash).toHaveLength(32);
    expect(keyedHash(key, 'patient', 'prac_a/pt-1001')).toEqual(hash);
    expect(keyedHash(key, 'K1', 'prac_a/pt-1001')).not.toEqual(hash);
    expect(keyedHash(key, 'patient', 'prac_a/pt-1002')).not.toEqual(hash);
    expect(keyedHash(namedKey(newId('key'), randomBytes(32)), 'patient', 'prac_a/pt-1001')).not.toEqual(hash);
    expect(createHash('sha256').update('prac_a/pt-1001').digest()).not.toEqual(hash);
  });

  it('do not let a domain run into the text', () => {
    expect(keyedHash(key, 'ab', 'c')).not.toEqual(keyedHash(key, 'a', 'bc'));
    expect(keyedHash(key, 'a', '/b')).not.toEqual(keyedHash(key, 'a/', 'b'));
  });
});

describe('API keys', () => {
  it('show their id, hide nothing else that is stored', () => {
    const id = newId('key');
    const made = createApiKey(id, randomBytes);
    expect(made.token).toMatch(/^rk_[0-9a-z]{26}_[0-9a-z]{26}$/);
    expect(made.token.split('_')[1]).toBe(id.slice(4));
    expect(made.hash).toEqual(hashApiKey(made.token));
    expect(hashApiKey(`${made.token}x`)).not.toEqual(made.hash);
    expect(createApiKey(id, randomBytes).token).not.toBe(made.token);
  });

  it('compare in constant time whatever their lengths', () => {
    expect(sameSecret(Buffer.from('abc'), Buffer.from('abc'))).toBe(true);
    expect(sameSecret(Buffer.from('abc'), Buffer.from('abcd'))).toBe(false);
  });
});
