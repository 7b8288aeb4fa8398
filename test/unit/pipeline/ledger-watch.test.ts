import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../src/ops/log.ts';
import { createLedgerWatch, type LedgerWatch } from '../../../src/pipeline/ledger-watch.ts';
import { ProblemError } from '../../../src/pipeline/problem.ts';

let watch: LedgerWatch;
beforeEach(() => {
  vi.useFakeTimers();
  watch = createLedgerWatch({ log: createLog({ level: 'silent' }) });
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);
/** How a request ended: `waits`, a status, or what it threw. */
function follow(outcome: Promise<unknown>): { now: unknown } {
  const seen: { now: unknown } = { now: 'waits' };
  outcome.then(
    (value) => {
      seen.now = value;
    },
    (error: unknown) => {
      seen.now = error instanceof ProblemError ? `${error.status} ${error.headers['Retry-After']}` : error;
    },
  );
  return seen;
}

describe('waiting for the ledger', () => {
  it('ends with 503 after two seconds without an answer to anybody', async () => {
    const seen = follow(watch.within(never, { proves: true }));
    await vi.advanceTimersByTimeAsync(1_990);
    expect(seen.now).toBe('waits');
    await vi.advanceTimersByTimeAsync(20);
    expect(seen.now).toBe('503 5');
  });

  it('silence alone ends no read or claim action: those wait ten seconds for their turn', async () => {
    const seen = follow(watch.within(never, { proves: true, waits: true }));
    await vi.advanceTimersByTimeAsync(9_990);
    expect(seen.now).toBe('waits');
    await vi.advanceTimersByTimeAsync(20);
    expect(seen.now).toBe('503 5');
  });

  it('goes on while the ledger answers others, for ten seconds at most', async () => {
    const seen = follow(watch.within(never, { proves: true }));
    for (let i = 0; i < 6; i++) {
      await vi.advanceTimersByTimeAsync(1_500);
      await watch.within(async () => 'stored', { proves: true });
    }
    expect(seen.now).toBe('waits');
    await vi.advanceTimersByTimeAsync(1_010);
    expect(seen.now).toBe('503 5');
  });

  it('takes a refusal for an answer, a defect or something that needs no ledger not', async () => {
    const refusal = () => Promise.reject(new ProblemError(409, 'session_changed', 'Changed'));
    const defect = () => Promise.reject(new TypeError('defect'));
    const [first, second] = [follow(watch.within(never, { proves: true })), follow(watch.within(never, { proves: true }))];
    await vi.advanceTimersByTimeAsync(1_500);
    await expect(watch.within(refusal, { proves: true })).rejects.toThrow('Changed');
    await vi.advanceTimersByTimeAsync(1_500);
    expect([first.now, second.now]).toEqual(['waits', 'waits']);
    await expect(watch.within(defect, { proves: true })).rejects.toThrow(TypeError);
    await watch.within(async () => 'remembered', { proves: false });
    await vi.advanceTimersByTimeAsync(510);
    expect([first.now, second.now]).toEqual(['503 5', '503 5']);
  });

  it('says 503 at once when the database is away, and leaves other errors as they are', async () => {
    const failing = (error: Error) => follow(watch.within(() => Promise.reject(error), { proves: true }));
    const coded = (code: string) => Object.assign(new Error('x'), { code });
    const outages = [
      ...['ECONNREFUSED', 'ECONNRESET', '57P01', '57014', '08006', '53300'].map(coded),
      new Error('Query read timeout'),
      new Error('Connection terminated unexpectedly'),
      new Error('timeout exceeded when trying to connect'),
    ].map(failing);
    const others = [coded('23505'), coded('22P05'), new Error('Connection to the payer')];
    const kept = others.map(failing);
    await vi.advanceTimersByTimeAsync(0);
    expect(outages.map((o) => o.now)).toEqual(outages.map(() => '503 5'));
    expect(kept.map((o) => o.now)).toEqual(others);
    expect(vi.getTimerCount()).toBe(0);
  });
});
