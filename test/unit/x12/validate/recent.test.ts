import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createRecent } from '../../../../src/x12/837p/validate/recent.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe('the values of a file so far', () => {
  it('are known again, from the second on too, and not after a clear', () => {
    const recent = createRecent();
    const values = ['', 'A', 'GK4TW7MQX2P01', 'GK4TW7MQX2P01L1GK4TW7MQX2P01L1'];
    expect(values.map((v) => recent.seenBefore(v))).toEqual([false, false, false, false]);
    expect(values.map((v) => recent.seenBefore(v))).toEqual([true, true, true, true]);
    recent.clear();
    expect(values.map((v) => recent.seenBefore(v))).toEqual([false, false, false, false]);
  });

  it('do not keep the text in memory that they were cut from', () => {
    const recent = createRecent();
    const before = heap();
    for (let i = 0; i < 1_000; i++) {
      const piece = `${String(i).padStart(20, '0')}${'*'.repeat(50_000)}`;
      recent.seenBefore(piece.slice(0, 20));
    }
    expect(heap() - before).toBeLessThan(10e6);
    expect(recent.seenBefore('00000000000000000999')).toBe(true);
  });
});
