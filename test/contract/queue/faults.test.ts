import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { AlarmQueue } from '../../../src/pipeline/ports.ts';
import { ALARM_QUEUE } from '../../../src/queue/alarm-queue.ts';
import { openQueueBackend } from '../../../src/queue/backend.ts';
import { until } from '../../support/server-process.ts';
import { stopwatch } from '../../support/stopwatch.ts';
import { alarm, onBackends, recorder } from './backends.ts';

const QUICK = { lockMs: 400, stalledCheckMs: 250 };

const answers = (queue: AlarmQueue) => (): Promise<boolean> =>
  queue.ping().then(
    () => true,
    () => false,
  );

onBackends(['pglite', 'postgres', 'redis'], 'a dead worker', (backend) => {
  test('its alarm runs again elsewhere, also after it has died with several workers', async () => {
    // Who takes it last looks for the dead often, and keeps its own lock long: it is slow at most.
    const { queue, startWorker } = await backend.open({ tuning: { stalledCheckMs: QUICK.stalledCheckMs } });
    await queue.arm([alarm('clm_a', 1)]);
    // A worker that takes jobs by hand renews no lock: to the queue it is dead as soon as it has taken one.
    const doomed = openQueueBackend(backend.direct());
    const { worker } = doomed.openWorker(ALARM_QUEUE, async () => {}, {
      autorun: false,
      lockDuration: QUICK.lockMs,
      stalledInterval: QUICK.stalledCheckMs,
      maxStalledCount: 100,
    });
    await worker.startStalledCheckTimer();
    for (let death = 1; death <= 3; death += 1) {
      await until(`death ${death}`, async () => {
        const taken = await worker.getNextJob(`token-${death}`, { block: false });
        return taken?.id === 'clm_a-1';
      });
    }
    await worker.close();
    await doomed.close();
    const seen = recorder();
    await startWorker(seen.options);
    await until('the alarm', () => seen.calls.length > 0);
    expect(seen.ids()).toEqual(['clm_a']);
    await until('an empty queue', async () => Object.values(await queue.counts()).every((count) => count === 0));
  });
});

onBackends(['postgres', 'redis'], 'a lost connection', (backend) => {
  test('cut and back: arming fails at once and works again, the worker goes on, nothing is lost', async () => {
    const { queue, startWorker } = await backend.open({ connection: backend.proxied() });
    const seen = recorder();
    await startWorker(seen.options);
    await queue.arm([alarm('clm_before', 1), alarm('clm_during', 1, 2_000)]);
    await until('the first alarm', () => seen.calls.length === 1);
    // Recorded as done, too: what is in hand at the cut runs again (below).
    await until('idleness', async () => (await queue.counts()).active === 0);
    backend.proxy().cut();
    const cut = stopwatch();
    await expect(queue.arm([alarm('clm_lost', 1)])).rejects.toThrow();
    await expect(queue.ping()).rejects.toThrow();
    expect(cut.stop()).toBeLessThan(20_000);
    await sleep(500);
    backend.proxy().restore();
    await until('ping', answers(queue));
    await queue.arm([alarm('clm_after', 1)]);
    await until('all alarms', () => seen.calls.length >= 3);
    expect(seen.ids().sort()).toEqual(['clm_after', 'clm_before', 'clm_during']);
    // And idle again, the wake-up does not wait for a poll after five seconds: LISTEN and BZPOPMIN are back too, now or soon.
    const waits: number[] = [];
    const awake = (): boolean => waits.length >= 2 && Math.max(...waits.slice(-2)) < 1_000;
    for (let n = 1; n <= 20 && !awake(); n += 1) {
      await sleep(500);
      const armed = performance.now();
      await queue.arm([alarm('clm_idle', n)]);
      await until('the wake-up', () => seen.calls.length === 3 + n);
      waits.push(seen.calls[2 + n]!.at - armed);
    }
    // Two in a row: one may come just before a poll by chance.
    expect(awake()).toBe(true);
  });

  test.each(['idle', 'with an alarm in hand'])(
    'half-open, the worker %s: calls end in time, new connections take over',
    async (state) => {
      const { queue, startWorker } = await backend.open({ connection: backend.proxied(), tuning: { callTimeoutMs: 1_000 } });
      const seen = recorder();
      let finish = (): void => {};
      const gate = new Promise<void>((resolve) => {
        finish = resolve;
      });
      await startWorker({
        ...seen.options,
        concurrency: 1,
        onAlarm: async (claimId) => {
          await seen.options.onAlarm(claimId);
          if (claimId === 'clm_before') await gate;
        },
      });
      await queue.arm([alarm('clm_before', 1)]);
      await until('the first alarm', () => seen.calls.length === 1);
      if (state === 'idle') {
        finish();
        await until('idleness', async () => Object.values(await queue.counts()).every((count) => count === 0));
      }
      backend.proxy().blackhole();
      finish();
      const lost = stopwatch();
      await expect(queue.arm([alarm('clm_lost', 1)])).rejects.toThrow(/did not answer/);
      await expect(queue.counts()).rejects.toThrow(/did not answer/);
      // Two calls of a second each; without their limit they would hang for 10 to 15 s each.
      expect(lost.stop()).toBeLessThan(9_000);
      backend.proxy().restore();
      await until('ping', answers(queue));
      await queue.arm([alarm('clm_after', 1)]);
      // Postgres: twice 10 s for the statements that finish the alarm in hand; Redis: 15 s of silence.
      await until('the alarm', () => seen.ids().includes('clm_after'), 180_000);
    },
    300_000,
  );

  test('the network goes silent on a worker that begins to wait: it takes another connection', async () => {
    const { queue, startWorker } = await backend.open({ connection: backend.proxied(), tuning: { callTimeoutMs: 1_000 } });
    await queue.ping();
    const seen = recorder();
    const silent = backend.proxy().blackholeAt(backend.kind === 'redis' ? 'bzpopmin' : 'LISTEN');
    await startWorker(seen.options);
    await silent;
    backend.proxy().restore();
    await until('ping', answers(queue));
    await queue.arm([alarm('clm_a', 1)]);
    await until('the alarm', () => seen.ids().includes('clm_a'), 180_000);
  }, 300_000);

  test('an alarm in hand when the connection is lost runs to its end here and again elsewhere', async () => {
    const losing = await backend.open({ connection: backend.proxied(), tuning: QUICK });
    const first = recorder();
    let finish = (): void => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const worker = await losing.startWorker({
      ...first.options,
      onAlarm: async (claimId) => {
        await first.options.onAlarm(claimId);
        await gate;
      },
    });
    const { queue, startWorker } = await backend.open({ tuning: { stalledCheckMs: QUICK.stalledCheckMs } });
    await queue.arm([alarm('clm_a', 1)]);
    await until('the alarm', () => first.calls.length > 0);
    backend.proxy().cut();
    const second = recorder();
    await startWorker(second.options);
    await until('the alarm again', () => second.calls.length === 1);
    const closing = stopwatch();
    const closed = worker.close();
    finish();
    await closed;
    expect(closing.stop()).toBeLessThan(20_000);
    expect(second.ids()).toEqual(['clm_a']);
  });

  test('close on a lost connection ends in time, idle or never connected', async () => {
    const { queue, startWorker, close } = await backend.open({ connection: backend.proxied() });
    await queue.ping();
    await startWorker(recorder().options);
    await sleep(300);
    backend.proxy().cut();
    await sleep(300);
    const start = stopwatch();
    await close();
    expect(start.stop()).toBeLessThan(25_000);
    const never = await backend.open({ connection: backend.proxied() });
    await never.startWorker(recorder().options);
    const again = stopwatch();
    await never.close();
    expect(again.stop()).toBeLessThan(25_000);
  });
});
