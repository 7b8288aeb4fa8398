import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createIds, encodeBase32, idBytes, idFromBytes } from '../../../src/ops/ids.ts';

const idsAt = (now: number, random: (size: number) => Uint8Array = randomBytes) =>
  createIds({ clock: { now: () => now }, randomBytes: random });

describe('ids', () => {
  it('are a prefix and 26 lower-case base32 characters', () => {
    expect(idsAt(1_790_000_000_000)('clm')).toMatch(/^clm_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('sort by time whatever the random part is', () => {
    const older = idsAt(1_790_000_000_000, (size) => new Uint8Array(size).fill(0xff))('gs');
    const newer = idsAt(1_790_000_000_001, (size) => new Uint8Array(size).fill(0))('gs');
    expect(older < newer).toBe(true);
  });

  it('differ within one millisecond', () => {
    const newId = idsAt(1_790_000_000_000);
    expect(new Set(Array.from({ length: 1_000 }, () => newId('att'))).size).toBe(1_000);
  });

  it('carry time and randomness exactly', () => {
    const id = idsAt(0x0123456789ab, (size) => new Uint8Array(size).fill(0xcd))('drp');
    expect(idBytes(id).toString('hex')).toBe(`0123456789ab${'cd'.repeat(10)}`);
  });

  it('turn into bytes and back', () => {
    for (let i = 0; i < 200; i++) {
      const bytes = randomBytes(16);
      expect(idBytes(idFromBytes('key', bytes))).toEqual(bytes);
    }
  });

  it('refuse what is not an id: wrong alphabet, length, or more than 128 bits', () => {
    for (const bad of ['clm_', `clm_${'i'.repeat(26)}`, `clm_${'0'.repeat(25)}`, `clm_8${'0'.repeat(25)}`, '0'.repeat(26)]) {
      expect(() => idBytes(bad)).toThrow(RangeError);
    }
    expect(() => encodeBase32(new Uint8Array(15))).toThrow(RangeError);
  });

  it('refuse a clock that an id cannot hold', () => {
    expect(() => idsAt(Number.NaN)('gs')).toThrow(RangeError);
    expect(() => idsAt(-1)('gs')).toThrow(RangeError);
    expect(() => idsAt(2 ** 48)('gs')).toThrow(RangeError);
  });
});
