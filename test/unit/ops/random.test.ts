import { describe, expect, it } from 'vitest';
import { createRandomBytes } from '../../../src/ops/random.ts';

/** A generator that counts: every byte pair of a block is new, so that one handed out twice shows. */
function counting() {
  let next = 0;
  let fills = 0;
  const fill = (block: Buffer): void => {
    fills += 1;
    for (let i = 0; i + 1 < block.length; i += 2) block.writeUInt16BE(next++ & 0xffff, i);
  };
  return { fill, fills: () => fills };
}

describe('random bytes in blocks', () => {
  it('never hand out a byte twice, whatever the sizes, across the ends of blocks', () => {
    const { fill, fills } = counting();
    const random = createRandomBytes(fill);
    const seen = new Set<number>();
    for (let i = 0; i < 2_000; i++) {
      const bytes = random([2, 10, 12, 14, 16, 32][i % 6]!);
      for (let at = 0; at < bytes.length; at += 2) {
        const pair = bytes.readUInt16BE(at);
        expect(seen.has(pair)).toBe(false);
        seen.add(pair);
      }
    }
    expect(fills()).toBeGreaterThan(3);
    expect(fills()).toBeLessThan(20);
  });

  it('give away copies: what a caller does with its bytes changes no others, and the next call no given ones', () => {
    const random = createRandomBytes(counting().fill);
    const first = random(16);
    const copy = Buffer.from(first);
    random(16);
    expect(first).toEqual(copy);
    first.fill(0xff);
    expect(random(16)).not.toContain(0xff);
  });

  it('serve what is larger than a block, and really come from the generator', () => {
    const random = createRandomBytes();
    expect(random(10_000).length).toBe(10_000);
    expect(new Set(Array.from({ length: 3_000 }, () => random(12).toString('hex'))).size).toBe(3_000);
  });
});
