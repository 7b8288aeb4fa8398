import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimView, LaneView } from '../../schemas/claim.ts';
import type { StepName } from '../../src/pipeline/deps.ts';
import { type Bench, CLOSED, claimOf, oneSession, startBench } from '../support/amending.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { asker } from '../support/ledgered.ts';
import { type Databases, describeWith } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** What happens at a step of the first process; set by a test, gone after it. */
let between: Partial<Record<StepName, () => Promise<void> | void>> = {};
const step = (name: StepName) => between[name]?.();
afterEach(() => {
  between = {};
});

let made = 0;
const newKey = () => ({ 'idempotency-key': `decision-${++made}` });
const soon = () => new Date(Date.now() + 3_600_000).toISOString();

interface Suite {
  readonly bench: Bench;
  /** A scheduled claim of its own. */
  claim(): Promise<string>;
  /** How often the audit list says that this was done. */
  done(action: string, target: string): Promise<number>;
}

function suiteOn(bench: () => Bench, seed: number): Suite {
  let next = seed;
  return {
    get bench() {
      return bench();
    },
    claim: async () => claimOf(await bench().post(oneSession(++next, 2)), 0),
    async done(action, target) {
      const found = await sql<{ n: number }>`select count(*)::int as n from audit
        where action = ${action} and (target = ${target} or detail ->> 'claimId' = ${target})`.execute(
        bench().t.app.core.ledger.db,
      );
      return found.rows[0]?.n ?? 0;
    },
  };
}

function tests(s: Suite): void {
  const act = (id: string, action: string, headers: Record<string, string>, reason = 'looked at') =>
    s.bench.t.request('POST', `/v1/claims/${id}/${action}`, { reason }, headers);
  const laneId = async () => ((await s.bench.t.request('GET', '/v1/lanes')).body as { items: LaneView[] }).items[0]?.id as string;
  const dies = (at: StepName) => {
    between[at] = () => {
      delete between[at];
      throw new Error('the process died here');
    };
  };

  for (const action of ['hold', 'cancel', 'expedite'] as const) {
    it(`${action}: what died before the commit is done by the repeat, what died after it is answered from the key`, async () => {
      const id = await s.claim();
      const key = newKey();
      dies('act:before_commit');
      expect((await act(id, action, key)).status).toBe(500);
      expect((await s.bench.view(id)).state).toBe('scheduled');
      expect(await s.done(`claim.${action}`, id)).toBe(0);
      dies('act:committed');
      expect((await act(id, action, key)).status).toBe(500);
      expect(await s.done(`claim.${action}`, id)).toBe(1);
      const again = await act(id, action, key);
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
      expect((again.body as ClaimView).state).toBe({ hold: 'held', cancel: 'cancelled', expedite: 'scheduled' }[action]);
      expect((await act(id, action, key)).text).toBe(again.text);
      expect(await s.done(`claim.${action}`, id)).toBe(1);
    });
  }

  it('two requests under one key at once have one effect and one answer', async () => {
    const id = await s.claim();
    const key = newKey();
    const both = await Promise.all([act(id, 'hold', key), act(id, 'hold', key)]);
    expect(both.map((a) => a.status)).toEqual([200, 200]);
    expect(both[0]?.text).toBe(both[1]?.text);
    expect(both.map((a) => a.headers.get('idempotent-replayed')).sort()).toEqual([null, 'true']);
    expect(await s.done('claim.hold', id)).toBe(1);
  });

  it('another body under the key is refused, whether the first is running or done', async () => {
    const id = await s.claim();
    const key = newKey();
    const both = await Promise.all([act(id, 'hold', key, 'one reason'), act(id, 'hold', key, 'another reason')]);
    expect(both.map((a) => a.status).sort()).toEqual([200, 422]);
    expect(both.find((a) => a.status === 422)?.body).toMatchObject({ type: expect.stringContaining('idempotency_key_reused') });
    expect((await act(id, 'hold', key, 'a third reason')).status).toBe(422);
    expect(await s.done('claim.hold', id)).toBe(1);
  });

  it('a refusal does not use the key up', async () => {
    const id = await s.claim();
    const key = newKey();
    expect((await act(id, 'hold', {})).status).toBe(200);
    expect((await act(id, 'expedite', key)).status).toBe(409);
    expect((await act(id, 'unhold', {})).status).toBe(200);
    const after = await act(id, 'expedite', key);
    expect([after.status, after.headers.get('idempotent-replayed')]).toEqual([200, null]);
  });

  it('lanes, overrides and tasks store their answers with their effects, too', async () => {
    const ask = asker(s.bench.t);
    const session = oneSession(990 + made, 2);
    await ask.post(session);
    const second = await ask.post({ ...session, externalId: `${session.externalId}-again` });
    const id = claimOf(second, 0);
    const approver = await ask.person(`approver${made}`);
    const rules = (await ask.claim(id)).holds.flatMap((h) => (h.lift === 'override' ? [h.rule] : []));
    const wanted = { kind: 'lift_holds', claimId: id, rules, reason: 'planned double group', expiresAt: soon() };
    const once = async (path: string, body: object, headers: Record<string, string>) => {
      const keyed = { ...headers, ...newKey() };
      dies('act:committed');
      const first = await s.bench.t.request('POST', path, body, keyed);
      expect(first.status, `${path} ${first.text}`).toBe(500);
      const again = await s.bench.t.request('POST', path, body, keyed);
      expect([again.status < 300, again.headers.get('idempotent-replayed')], `${path} ${again.text}`).toEqual([true, 'true']);
      return again.body;
    };
    const override = (await once('/v1/overrides', wanted, {})) as { id: string };
    expect(await s.done('override.request', id)).toBe(1);
    await once(`/v1/overrides/${override.id}/approve`, { reason: 'seen by two' }, approver);
    expect(await s.done('override.approve', id)).toBe(1);
    const { ledger } = s.bench.t.app.core;
    const task = await sql<{ id: number }>`insert into task (practice_id, kind, claim_id, message, created_by)
      values ('prac_northside', 'review_overlap', ${id}, 'look at it', 'test') returning id`.execute(ledger.db);
    await once(`/v1/tasks/${task.rows[0]?.id}/close`, { reason: 'looked into it' }, {});
    expect(await s.done('task.close', id)).toBe(1);
    const lane = encodeURIComponent(await laneId());
    await once(`/v1/lanes/${lane}/pause`, { reason: 'month end' }, {});
    expect(await s.done('lane.pause', await laneId())).toBe(1);
    await once(`/v1/lanes/${lane}/resume`, { reason: 'month end is over' }, {});
  });
}

describe('decisions under an Idempotency-Key, embedded ledger', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench({ overrides: { step } });
  });
  afterAll(() => bench.t.stop());
  tests(suiteOn(() => bench, 900));
});

describeWith('postgres', 'decisions under an Idempotency-Key, PostgreSQL', () => {
  let postgres: Databases;
  let bench: Bench;
  let other: TestApp;
  beforeAll(async () => {
    postgres = sharedPostgres();
    const env = { DATABASE_URL: await postgres.createDatabase() };
    bench = await startBench({ env, overrides: { seedAnyLedger: true, step } });
    other = await startApp({ env: { ...env, ROLE: 'api' }, seed: await seedWith({ windows: CLOSED }) });
  });
  afterAll(async () => {
    await other.stop();
    await bench.t.stop();
  });
  const suite = suiteOn(() => bench, 900);
  tests(suite);

  it.each(['hold', 'cancel'] as const)(
    '%s in two processes at once: one effect, and the second is given the answer',
    async (action) => {
      const id = await suite.claim();
      const key = newKey();
      let open = (): void => undefined;
      const mayCommit = new Promise<void>((resolve) => {
        open = resolve;
      });
      const atCommit = new Promise<void>((resolve) => {
        between['act:before_commit'] = async () => {
          resolve();
          await mayCommit;
        };
      });
      const path = `/v1/claims/${id}/${action}`;
      const first = bench.t.request('POST', path, { reason: 'looked at' }, key);
      await atCommit;
      const second = other.request('POST', path, { reason: 'looked at' }, key);
      const waiting = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
      await until(
        'the second waits for the first',
        async () => ((await waiting.execute(bench.t.app.core.ledger.db)).rows[0]?.n ?? 0) > 0,
      );
      open();
      const [one, two] = [await first, await second];
      expect([one.status, two.status], two.text).toEqual([200, 200]);
      expect(two.text).toBe(one.text);
      expect([one, two].map((a) => a.headers.get('idempotent-replayed'))).toEqual([null, 'true']);
      expect(await suite.done(`claim.${action}`, id)).toBe(1);
    },
  );
});
