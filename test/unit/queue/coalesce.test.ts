import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../src/pipeline/ports.ts';
import { coalescing } from '../../../src/queue/coalesce.ts';

const alarm = (n: number, lane?: string): Alarm => ({
  claimId: `clm_${n}`,
  jobId: `clm_${n}-1`,
  delayMs: 0,
  ...(lane === undefined ? {} : { lane }),
});

/** A backend whose calls end when the test says so. */
function backend() {
  const calls: { readonly ids: string[]; readonly end: (error?: Error) => void }[] = [];
  const arm = coalescing(
    (alarms) =>
      new Promise((resolve, reject) => {
        calls.push({ ids: alarms.map((a) => a.claimId), end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  );
  return { calls, arm };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('alarms of many intakes', () => {
  it('go in one call at a time, and of those that stand for a lane one is enough per call', async () => {
    const { calls, arm } = backend();
    const first = arm([alarm(1, 'a')]);
    await turn();
    const later = [arm([alarm(2, 'a')]), arm([alarm(3, 'a'), alarm(4, 'b')]), arm([alarm(5), alarm(6)])];
    await turn();
    expect(calls.map((c) => c.ids)).toEqual([['clm_1']]);
    calls[0]?.end();
    await first;
    await turn();
    // The call before was under way when the second intake asked: it may have fired already and carries nothing of it.
    expect(calls.map((c) => c.ids)).toEqual([['clm_1'], ['clm_2', 'clm_4', 'clm_5', 'clm_6']]);
    calls[1]?.end();
    await Promise.all(later);
  });

  it('fail for those that the failed call carried, and only for them', async () => {
    const { calls, arm } = backend();
    const first = arm([alarm(1, 'a')]);
    await turn();
    const second = arm([alarm(2, 'a')]);
    calls[0]?.end(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turn();
    calls[1]?.end();
    await second;
    expect(calls.map((c) => c.ids)).toEqual([['clm_1'], ['clm_2']]);
  });
});
