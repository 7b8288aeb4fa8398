import { describe, expect, it } from 'vitest';
import { sipHash, sipHashText, sipKey } from '../../../../src/session/notes/sip-hash.ts';

const key = sipKey(Uint8Array.from({ length: 16 }, (_, i) => i));

describe('SipHash-2-4', () => {
  // `openssl mac -macopt hexkey:000102…0f -macopt size:8 SIPHASH` of the bytes 00 01 02 …, low half, little-endian.
  it.each([
    [[], 0xdd0e0e31],
    [[0x03020100], 0x277187b7],
    [[0x03020100, 0x07060504], 0x9a932462],
    [[0x03020100, 0x07060504, 0x0b0a0908], 0x860ee5fb],
  ])('of %j', (message, hash) => expect(sipHash(key, message)).toBe(hash));
  it('of a text depends on every letter, the length and the key', () => {
    const texts = ['', 'a', 'ab', 'abc', 'abd', 'abc\0', 'ábc'];
    expect(new Set(texts.map((t) => sipHashText(key, t))).size).toBe(texts.length);
    expect(sipHashText(sipKey(new Uint8Array(16)), 'abc')).not.toBe(sipHashText(key, 'abc'));
  });
  it('needs a whole key', () => expect(() => sipKey(new Uint8Array(15))).toThrow(RangeError));
});
