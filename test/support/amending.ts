import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { ClaimState } from '../../schemas/common.ts';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import type { Cause } from '../../src/claim/states.ts';
import { findClaim, moveClaims } from '../../src/ledger/claims.ts';
import { seedWith, startApp, type TestApp, until } from './app.ts';
import { type Databases, describeWith } from './services.ts';
import { manySessions } from './sessions.ts';
import { sharedPostgres } from './shared-postgres.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Opens in three days for a minute, which no test runs long enough to see: what is scheduled stays scheduled. */
export const CLOSED = [{ days: [DAYS[(new Date().getUTCDay() + 3) % 7]], from: '03:00', to: '03:01' }];

/** Ways of a claim from `scheduled` to each state, as the transition table allows them. */
const TRANSMITTED: readonly [ClaimState, Cause][] = [
  ['released', 'gate'],
  ['transmitted', 'system'],
];
const WAYS: Readonly<Partial<Record<ClaimState, readonly [ClaimState, Cause][]>>> = {
  scheduled: [],
  held: [['held', 'operator']],
  cancelled: [['cancelled', 'operator']],
  not_billable: [['not_billable', 'system']],
  released: TRANSMITTED.slice(0, 1),
  transmit_unknown: [
    ['released', 'gate'],
    ['transmit_unknown', 'system'],
  ],
  transmitted: TRANSMITTED,
  picked_up: [...TRANSMITTED, ['picked_up', 'system']],
  acknowledged: [...TRANSMITTED, ['acknowledged', 'evidence']],
  stalled: [...TRANSMITTED, ['stalled', 'system']],
  accepted: [...TRANSMITTED, ['accepted', 'evidence']],
  rejected: [...TRANSMITTED, ['rejected', 'evidence']],
  duplicate_flagged: [...TRANSMITTED, ['duplicate_flagged', 'evidence']],
  paid: [...TRANSMITTED, ['paid', 'evidence']],
  partially_paid: [...TRANSMITTED, ['partially_paid', 'evidence']],
  denied: [...TRANSMITTED, ['denied', 'evidence']],
  reversed: [...TRANSMITTED, ['reversed', 'evidence']],
  voided: [...TRANSMITTED, ['paid', 'evidence'], ['voided', 'evidence']],
};

export interface Bench {
  readonly t: TestApp;
  post(body: unknown): Promise<SessionAnswer>;
  amend(session: SessionAnswer, body: object, headers?: Record<string, string>): ReturnType<TestApp['request']>;
  amended(session: SessionAnswer, body: object): Promise<SessionAnswer>;
  view(id: string): Promise<ClaimView>;
  /** One by one along the transition table; with a payer claim control number where the payer has decided. */
  drive(id: string, to: ClaimState): Promise<void>;
  /** What an 835 does: the payer's number and its decision. */
  adjudicate(id: string, to: ClaimState): Promise<void>;
  /** A further step from the present state. */
  step(id: string, to: ClaimState, cause: Cause): Promise<void>;
  /** Everything that the ledger holds of these claims: rows, open holds, keys, events. */
  rows(ids: readonly string[]): Promise<string>;
}

export async function startBench(options: Parameters<typeof startApp>[0] = {}): Promise<Bench> {
  const t = await startApp({ seed: await seedWith({ windows: CLOSED }), ...options });
  const { ledger } = t.app.core;
  const step = async (id: string, to: ClaimState, cause: Cause) => {
    const claim = await findClaim(ledger.db, id, null);
    await ledger.transaction((tx) => moveClaims(tx, [{ id, from: claim?.state as ClaimState, to }], { actor: 'test', cause }));
  };
  const bench: Bench = {
    t,
    step,
    async post(body) {
      const answer = await t.request('POST', '/v1/group-sessions', body);
      expect(answer.status, answer.text).toBe(202);
      return answer.body as SessionAnswer;
    },
    amend: (session, body, headers = {}) =>
      t.request(
        'POST',
        `/v1/group-sessions/${session.id}/amendments`,
        { reason: 'corrected in the EHR', ...body },
        {
          'if-match': `"${session.version}"`,
          ...headers,
        },
      ),
    async amended(session, body) {
      const answer = await bench.amend(session, body);
      expect(answer.status, answer.text).toBe(202);
      return answer.body as SessionAnswer;
    },
    view: async (id) => (await t.request('GET', `/v1/claims/${id}`)).body as ClaimView,
    async drive(id, to) {
      const way = WAYS[to];
      if (way === undefined) throw new Error(`no way to ${to}`);
      for (const [state, cause] of way.slice(0, -1)) await step(id, state, cause);
      if (['paid', 'partially_paid', 'denied'].includes(to)) return bench.adjudicate(id, to);
      const last = way.at(-1);
      if (last !== undefined) await step(id, ...last);
    },
    async adjudicate(id, to) {
      const number = `ICN${id.slice(-10).toUpperCase()}`;
      await sql`update claim set payer_claim_control_number = ${number} where id = ${id}`.execute(ledger.db);
      await step(id, to, 'evidence');
    },
    async rows(ids) {
      const found = await sql<{ all: unknown }>`select jsonb_build_object(
        'claims', (select jsonb_agg(to_jsonb(c) order by id) from claim c where id in (${sql.join(ids)})),
        'holds', (select jsonb_agg(to_jsonb(h) order by id) from claim_hold h where claim_id in (${sql.join(ids)})),
        'keys', (select jsonb_agg(to_jsonb(k) order by kind, hash) from claim_key k where claim_id in (${sql.join(ids)})),
        'events', (select jsonb_agg(to_jsonb(e) order by id) from ledger_event e where subject in (${sql.join(ids)}))) as all`.execute(
        ledger.db,
      );
      return JSON.stringify(found.rows[0]?.all);
    },
  };
  return bench;
}

/** A session of its own that passes every edit. */
export function oneSession(seed: number, attendees = 3, payerIds: readonly string[] = ['60054']): GroupSession {
  const [session] = manySessions(1, seed, { attendees, payerIds });
  if (session === undefined) throw new Error('no session was made');
  return session;
}

type Attendee = GroupSession['attendees'][number];

/** The session with one attendee changed; `null` takes them off the roster. */
export function withAttendee(session: GroupSession, index: number, change: Partial<Attendee> | null): GroupSession {
  const attendees = session.attendees.flatMap((a, i) => (i !== index ? [a] : change === null ? [] : [{ ...a, ...change }]));
  return counted({ ...session, attendees });
}

/** `attendeeCount` as the roster has it. */
export function counted(session: GroupSession): GroupSession {
  const present = session.attendees.filter((a) => ['present', 'late', 'left_early', 'partial'].includes(a.attendance.status));
  return { ...session, groupNote: { ...session.groupNote, attendeeCount: present.length } };
}

export const claimOf = (session: SessionAnswer, index: number): string => {
  const id = session.attendees[index]?.claimId;
  if (id == null) throw new Error(`attendee ${index} has no claim`);
  return id;
};

export interface Suite {
  readonly bench: Bench;
  /** A session of its own, accepted without a hold; `ids` are its claims by place on the roster. */
  posted(
    attendees?: number,
    payerIds?: readonly string[],
  ): Promise<{ session: GroupSession; first: SessionAnswer; ids: string[] }>;
  /** For sessions that a test makes itself: a seed that no other uses. */
  seed(): number;
  state(id: string): Promise<ClaimState>;
  successor(id: string): Promise<string>;
  claims(sessionId: string): Promise<string[]>;
}

/** Polls for what the sweeper does. */
export const settled = (what: string, done: () => Promise<boolean>): Promise<void> => until(what, done, 90_000, 100);

export const at = (list: readonly string[], i: number): string => list[i] as string;

function suiteOver(bench: () => Bench, first: number): Suite {
  let seed = first;
  return {
    get bench() {
      return bench();
    },
    seed() {
      seed += 1;
      return seed;
    },
    async posted(attendees = 3, payerIds) {
      const session = oneSession(this.seed(), attendees, payerIds);
      const answer = await bench().post(session);
      expect(answer.summary.held, JSON.stringify(answer.attendees.map((a) => a.findings))).toBe(0);
      return { session, first: answer, ids: session.attendees.map((_, i) => claimOf(answer, i)) };
    },
    state: async (id) => (await bench().view(id)).state,
    async successor(id) {
      await settled(`${id} gets a successor`, async () => (await bench().view(id)).replacedBy !== null);
      return (await bench().view(id)).replacedBy as string;
    },
    async claims(sessionId) {
      const page = await bench().t.request('GET', `/v1/claims?sessionId=${sessionId}&limit=200`);
      return (page.body as { items: { id: string }[] }).items.map((c) => c.id);
    },
  };
}

/** The same tests on the embedded ledger and, where there is one, on PostgreSQL. */
export function onBothLedgers(name: string, tests: (suite: Suite) => void): void {
  let b: Bench;
  const suite = suiteOver(() => b, 400);
  describe(`${name}, embedded ledger`, () => {
    beforeAll(async () => {
      b = await startBench();
    });
    afterAll(() => b.t.stop());
    tests(suite);
  });
  describeWith('postgres', `${name}, PostgreSQL`, () => {
    let postgres: Databases;
    beforeAll(async () => {
      postgres = sharedPostgres();
      b = await startBench({
        env: { DATABASE_URL: await postgres.createDatabase(), MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
        overrides: { seedAnyLedger: true },
      });
    });
    afterAll(() => b.t.stop());
    tests(suite);
  });
}
