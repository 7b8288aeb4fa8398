import type { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signIn } from '../../support/console-browser.ts';
import { fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';

/** What bull-board asks of a queue, over two flags. The real thing is looked at in `test/browser`. */
function stubQueue() {
  const seen = { paused: false, calls: [] as string[] };
  const queue = {
    name: 'rollcall-alarms',
    opts: {},
    metaValues: { version: 'bullmq:6.7.0' },
    getJobCounts: async () => ({ waiting: 0, active: 0, delayed: 1, failed: 0, completed: 0 }),
    getJobs: async () => [],
    getWorkers: async () => [],
    getGlobalConcurrency: async () => null,
    isPaused: async () => seen.paused,
    pause: async () => {
      seen.paused = true;
    },
    resume: async () => {
      seen.paused = false;
    },
    add: async () => {
      seen.calls.push('add');
    },
    obliterate: async () => {
      seen.calls.push('obliterate');
    },
    getRateLimitTtl: async () => 0,
    getJobSchedulersCount: async () => 0,
  };
  return { seen, queue: queue as unknown as Queue };
}

const board = '/ops/queues';
const changes = [
  ['PUT', '/api/queues/pause'],
  ['PUT', '/api/queues/rollcall-alarms/pause'],
  ['PUT', '/api/queues/rollcall-alarms/empty'],
  ['PUT', '/api/queues/rollcall-alarms/obliterate'],
  ['PUT', '/api/queues/rollcall-alarms/promote'],
  ['POST', '/api/queues/rollcall-alarms/add'],
  ['PUT', '/api/queues/rollcall-alarms/clm_01-1/retry'],
  ['PATCH', '/api/queues/rollcall-alarms/clm_01-1/update-data'],
] as const;

let http: HttpHarness;
let stub: ReturnType<typeof stubQueue>;
beforeEach(async () => {
  stub = stubQueue();
  http = await startHttp({ bullBoardQueue: stub.queue });
});
afterEach(() => http.app.close());

const readOnlyOf = async (key: string): Promise<boolean> => {
  const answer = await http.app.inject({ url: `${board}/api/queues`, headers: bearer(key) });
  expect(answer.statusCode).toBe(200);
  return answer.json().queues[0].readOnlyMode;
};

describe('bull-board', () => {
  it('is for the operator’s keys: nobody else gets in', async () => {
    for (const [key, status] of [
      ['', 401],
      [fakeKeys.sessionsOnly, 403],
      [fakeKeys.practice, 403],
      [fakeKeys.reader, 200],
      [fakeKeys.ops, 200],
      [fakeKeys.admin, 200],
    ] as const) {
      for (const path of ['', '/', '/api/queues', '/queue/rollcall-alarms']) {
        const answer = await http.app.inject({ url: `${board}${path}`, headers: key === '' ? {} : bearer(key) });
        expect(answer.statusCode, `${key} ${path}`).toBe(status);
      }
    }
  });

  it('asks no other site for anything', async () => {
    const page = await http.app.inject({ url: `${board}/`, headers: bearer(fakeKeys.ops) });
    expect(page.body).toContain('<!DOCTYPE html>');
    expect(page.body).toContain('static/js/main');
    expect(page.body).not.toMatch(/(?:href|src)="https?:/);
  });

  it('is not counted for a practice, whose page says nothing of the queue of all', async () => {
    const overview = async (key: string) => (await http.app.inject({ url: '/ops', headers: bearer(key) })).body;
    expect(await overview(fakeKeys.ops)).toContain('id="queue"');
    expect(await overview(fakeKeys.practice)).not.toContain('id="queue"');
  });

  it('shows a read-only queue to a reader and a writable one to operators, in any order', async () => {
    expect(await readOnlyOf(fakeKeys.reader)).toBe(true);
    expect(await readOnlyOf(fakeKeys.ops)).toBe(false);
    expect(await readOnlyOf(fakeKeys.reader)).toBe(true);
    expect(await readOnlyOf(fakeKeys.admin)).toBe(false);
  });

  it('refuses every change by a reader, by key and by cookie', async () => {
    const reader = await signIn(http.app, fakeKeys.reader);
    for (const [method, path] of changes) {
      const auths: Record<string, string>[] = [
        bearer(fakeKeys.reader),
        { cookie: reader.cookie(), 'sec-fetch-site': 'same-origin' },
      ];
      for (const auth of auths) {
        const answer = await http.app.inject({ method, url: `${board}${path}`, headers: auth });
        expect(answer.statusCode, `${method} ${path}`).toBe(403);
        expect(answer.json().detail).toBe('This key lacks the scope ops.');
      }
    }
    expect(stub.seen).toEqual({ paused: false, calls: [] });
  });

  it('lets an operator pause, but not from another site', async () => {
    const ops = await signIn(http.app, fakeKeys.ops);
    const pause = (site: string) =>
      http.app.inject({
        method: 'PUT',
        url: `${board}/api/queues/rollcall-alarms/pause`,
        headers: { cookie: ops.cookie(), 'sec-fetch-site': site },
      });
    expect((await pause('cross-site')).statusCode).toBe(403);
    expect(stub.seen.paused).toBe(false);
    expect((await pause('same-origin')).statusCode).toBe(200);
    expect(stub.seen.paused).toBe(true);
  });

  it('hides what went wrong inside', async () => {
    (stub.queue as { getJobCounts: unknown }).getJobCounts = async () => {
      throw new Error('redis://user:hunter2@host');
    };
    const answer = await http.app.inject({ url: `${board}/api/queues`, headers: bearer(fakeKeys.ops) });
    expect(answer.statusCode).toBe(500);
    expect(answer.body + http.logText()).not.toContain('hunter2');
  });

  it('is linked from the console where it is there and the viewer may see it', async () => {
    const ops = await signIn(http.app, fakeKeys.ops);
    expect((await ops.get('/ops')).body).toContain('href="/ops/queues/"');
    const practice = await signIn(http.app, fakeKeys.practice);
    expect((await practice.get('/ops')).body).not.toContain('/ops/queues');
    const without = await startHttp();
    expect((await (await signIn(without.app, fakeKeys.ops)).get('/ops')).body).not.toContain('/ops/queues');
    expect((await without.app.inject({ url: board, headers: bearer(fakeKeys.ops) })).statusCode).toBe(404);
    await without.app.close();
  });
});
