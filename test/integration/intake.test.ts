import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaneView } from '../../schemas/claim.ts';
import type { Finding } from '../../schemas/common.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { insertApiKey } from '../../src/ledger/api-keys.ts';
import { hashApiKey } from '../../src/ops/crypto.ts';
import { LEDGER_WATCH_LIMITS } from '../../src/pipeline/ledger-watch.ts';
import type { OpsView } from '../../src/pipeline/service.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { occupyLane } from '../support/ledgered.ts';
import { describeWith } from '../support/services.ts';
import { exampleSession, manySessions } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** One embedded service for all; every test has sessions of its own. */
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
  await occupyLane(app);
});
afterAll(() => app.stop());

const post = (body: unknown, key?: string, to: TestApp = app) =>
  to.request('POST', '/v1/group-sessions', body, key === undefined ? {} : { 'idempotency-key': key });
const rulesOf = (answer: SessionAnswer): string[][] =>
  answer.attendees.filter((a) => a.claimId !== null || a.x12 != null).map((a) => stops(a.findings));
const stops = (findings: readonly Finding[]): string[] =>
  findings
    .filter((f) => f.severity === 'hold' || f.severity === 'block')
    .map((f) => f.rule)
    .sort();
const oneSession = (seed: number, attendees: number) => {
  const [session] = manySessions(1, seed, { attendees });
  if (session === undefined) throw new Error('no session was made');
  return session;
};

describe('what no database can keep', () => {
  it('a NUL or half of a surrogate pair anywhere in a session is refused, at intake and in a preview', async () => {
    const session = exampleSession();
    const [first, ...rest] = session.attendees;
    const spoilt = (text: string): unknown[] => [
      { ...session, externalId: text },
      { ...session, practiceId: text },
      { ...session, renderingProvider: { ...session.renderingProvider, npi: text } },
      { ...session, attendees: [{ ...first, externalId: text }, ...rest] },
      { ...session, attendees: [{ ...first, [text]: 1 }, ...rest] },
    ];
    for (const body of [...spoilt('a\0b'), ...spoilt('a\ud800b'), ...spoilt('\udc00')]) {
      for (const path of ['/v1/group-sessions', '/v1/group-sessions/preview']) {
        const answer = await app.request('POST', path, body);
        expect(answer.status, answer.text).toBe(422);
        expect((answer.body as { errors: unknown[] }).errors).toContainEqual(
          expect.objectContaining({ code: 'unstorable_text' }),
        );
      }
    }
    expect((await app.request('GET', '/v1/claims/%00')).status).toBe(400);
    expect((await app.request('GET', '/v1/claims?payerId=%00')).status).toBe(400);
    const whole = await post({ ...oneSession(60, 2), groupId: 'whole pair \u{1f600}' });
    expect(whole.status).toBe(202);
  });

  it('other control characters in the natural key are a 422', async () => {
    for (const field of ['externalId', 'practiceId']) {
      const answer = await post({ ...exampleSession(), [field]: 'a\u0007b' });
      expect(answer.status).toBe(422);
      expect((answer.body as { errors: unknown[] }).errors).toEqual([expect.objectContaining({ pointer: `/${field}` })]);
    }
  });

  it('an unknown practice is refused and gets no data key', async () => {
    const keys = async () =>
      (await sql<{ practice_id: string | null }>`select practice_id from data_key`.execute(app.app.core.ledger.db)).rows.map(
        (r) => r.practice_id,
      );
    const answer = await post({ ...exampleSession(), practiceId: 'nobody_knows_it' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('unknown_practice');
    expect(await keys()).not.toContain('nobody_knows_it');
    expect((await post({ ...oneSession(67, 2), practiceId: ' prac_northside ' })).status).toBe(202);
    expect(await keys()).toContain('prac_northside');
    expect(await keys()).not.toContain(' prac_northside ');
  });
});

describe('Idempotency-Key', () => {
  it('is kept with the 200 of a known session, too', async () => {
    const session = oneSession(61, 3);
    expect((await post(session, 'first-key')).status).toBe(202);
    const known = await post(session, 'second-key');
    expect([known.status, known.headers.get('idempotent-replayed')]).toEqual([200, null]);
    // The resource changes; the answer to the key does not.
    const [id] = (known.body as SessionAnswer).attendees.flatMap((a) => (a.claimId === null ? [] : [a.claimId])).slice(-1);
    expect((await app.request('POST', `/v1/claims/${id}/cancel`, { reason: 'not ours' })).status).toBe(200);
    const repeat = await post(session, 'second-key');
    expect([repeat.status, repeat.headers.get('idempotent-replayed'), repeat.text]).toEqual([200, 'true', known.text]);
    for (const name of ['location', 'etag']) expect(repeat.headers.get(name)).toBe(known.headers.get(name));
    const other = await post({ ...session, externalId: 'another' }, 'second-key');
    expect([other.status, other.text.includes('idempotency_key_reused')]).toEqual([422, true]);
    const third = await post(session, 'third-key');
    expect(third.text).not.toBe(known.text);
  });

  it('is not used up by a refusal', async () => {
    const session = oneSession(62, 3);
    expect((await post({ ...session, finalized: null }, 'mended')).status).toBe(422);
    expect((await post(session, 'mended')).status).toBe(202);
    expect((await post({ ...session, groupId: 'changed' }, 'changed')).status).toBe(409);
    expect((await post(session, 'changed')).status).toBe(200);
  });
});

describe('duplicates', () => {
  it('the same patient twice is no suspect of having two ids; two ids of one member are', async () => {
    const session = oneSession(63, 3);
    expect((await post(session)).status).toBe(202);
    const again = { ...session, externalId: 'again' };
    const twoIds = { ...again, attendees: session.attendees.map((a) => ({ ...a, externalId: `${a.externalId}-new` })) };
    const preview = (body: unknown) => app.request('POST', '/v1/group-sessions/preview', body);
    const keyedTwice = [1, 2, 3].map(() => ['A05', 'K1', 'N11', 'S10']);
    const otherPatients = [1, 2, 3].map(() => ['A05', 'K1', 'K3', 'N11', 'S11']);
    expect(rulesOf((await preview(again)).body as SessionAnswer)).toEqual(keyedTwice);
    expect(rulesOf((await preview(twoIds)).body as SessionAnswer)).toEqual(otherPatients);
    const same = (await post(again)).body as SessionAnswer;
    expect(rulesOf(same)).toEqual(keyedTwice);
    const other = (await post({ ...twoIds, externalId: 'two-ids' })).body as SessionAnswer;
    expect(rulesOf(other)).toEqual(otherPatients);
  });

  it('within one roster alike', async () => {
    const session = oneSession(64, 4);
    const [first, second, third, fourth] = session.attendees;
    const roster = [first, second, third, { ...fourth, patient: second?.patient, coverages: second?.coverages }, first];
    const answer = await post({
      ...session,
      attendees: roster,
      groupNote: { ...session.groupNote, attendeeCount: roster.length },
    });
    expect(answer.status).toBe(202);
    const [, , , otherId, sameId] = rulesOf(answer.body as SessionAnswer);
    expect(otherId).toEqual(['A05', 'K1', 'K3']);
    expect(sameId).toContain('A05');
    expect(sameId).not.toContain('K3');
  });
});

describe('lanes as a practice sees them', () => {
  it('only those that carry claims of its own, with its own counts', async () => {
    const { ledger } = app.app.core;
    const { id: _id, ...copy } = (await app.request('GET', '/v1/practices/prac_northside')).body as Record<string, unknown>;
    const made = await app.request('PUT', '/v1/practices/prac_south', copy);
    expect(made.status, made.text).toBe(201);
    expect((await post(oneSession(65, 4))).status).toBe(202);
    const keyOf = async (practiceId: string) => {
      const token = `rk_test_only_${practiceId}`;
      await insertApiKey(ledger.db, {
        id: `key_${practiceId}`,
        practiceId,
        name: 'test',
        hash: hashApiKey(token),
        scopes: ['admin'],
      });
      return { authorization: `Bearer ${token}` };
    };
    const [north, south] = [await keyOf('prac_northside'), await keyOf('prac_south')];
    const lanes = async (headers?: Record<string, string>) =>
      ((await app.request('GET', '/v1/lanes', undefined, headers)).body as { items: LaneView[] }).items;
    expect(await lanes(south)).toEqual([]);
    const own = { ...oneSession(66, 2), practiceId: 'prac_south' };
    expect((await post(own)).status).toBe(202);
    const waiting = async (headers?: Record<string, string>) =>
      (await lanes(headers)).map((l) => l.scheduled + l.inFlight).reduce((a, b) => a + b, 0);
    expect(await waiting(south)).toBe(2);
    expect((await lanes(south)).length).toBe(1);
    expect(await waiting()).toBeGreaterThan(await waiting(north));
    const { service } = app.app;
    const who = { keyId: 'key_prac_south', practiceId: 'prac_south', scopes: new Set(['admin'] as const) };
    const view: OpsView = await service.opsView(who);
    expect(view.lanes.map((l) => l.scheduled + l.inFlight)).toEqual([2]);
  });
});

describe('clearinghouse and practice', () => {
  it('ids and phones that the 837P cannot carry are refused at PUT', async () => {
    const { id: _id, ...house } = (await app.request('GET', '/v1/clearinghouses/sandbox')).body as {
      id: string;
      interchange: Record<string, string>;
    };
    expect((await app.request('PUT', '/v1/clearinghouses/elsewhere', house)).status).toBe(201);
    const put = async (interchange: Record<string, string>) =>
      (
        await app.request('PUT', '/v1/clearinghouses/elsewhere', {
          ...house,
          interchange: { ...house.interchange, ...interchange },
        })
      ).status;
    for (const field of ['senderId', 'receiverId', 'applicationSender', 'applicationReceiver']) {
      for (const id of ['NORTH_SIDE', 'NORTH*SIDE', 'NORTH:SIDE', 'north', 'NORTH ', 'É1', 'A123456789012345'])
        expect(await put({ [field]: id }), `${field} ${id}`).toBe(422);
    }
    expect(await put({ senderId: 'NORTH-SIDE 1./2' })).toBe(200);
    const practice = (await app.request('GET', '/v1/practices/prac_northside')).body as { submitter: { contact: object } };
    const phone = async (value: string) =>
      (
        await app.request('PUT', '/v1/practices/prac_northside', {
          ...practice,
          submitter: { ...practice.submitter, contact: { ...practice.submitter.contact, phone: value } },
        })
      ).status;
    for (const value of ['608-555-014', '608-555-01422', '', 'ask at the desk']) expect(await phone(value), value).toBe(422);
    for (const value of ['(608) 555-0142', '+1 608 555 0142 ext. 12']) expect(await phone(value), value).toBe(200);
  });
});

describeWith('postgres', 'a ledger that does not answer', () => {
  it('intake is refused with 503 and Retry-After within seconds; the same request goes through afterwards', async () => {
    const postgres = sharedPostgres();
    const proxy = await startTcpProxy({ port: postgres.port });
    let started: TestApp | null = null;
    try {
      const url = new URL(await postgres.createDatabase());
      url.port = String(proxy.port);
      started = await startApp({
        seed: await seedWith({ fileGapSeconds: 3600 }),
        env: { DATABASE_URL: url.href, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
        overrides: { seedAnyLedger: true, ledger: {}, settings: { ledgerWatch: LEDGER_WATCH_LIMITS } },
      });
      const there = started;
      await until('the first intake', async () => (await post(oneSession(71, 2), 'first', there)).status === 202);
      const refused = async (session: unknown) => {
        const began = stopwatch();
        const answer = await post(session, 'kept', there);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
        // Two seconds of silence; a request without that limit hangs for ten.
        expect(began.stop()).toBeLessThan(8_000);
      };
      const session = oneSession(72, 2);
      proxy.blackhole();
      // The key is remembered for a second, so that the first hangs in the intake and the next at the door.
      await refused(session);
      await refused(session);
      proxy.restore();
      proxy.cut();
      await refused(session);
      proxy.restore();
      // Connections come back one by one, and a busy machine is slower than the two seconds now and then.
      await until('the same request goes through', async () => (await post(session, 'kept', there)).status !== 503);
      const answer = await post(session, 'kept', there);
      expect(answer.status).toBe(202);
      expect((await post(session, 'kept', there)).text).toBe(answer.text);
    } finally {
      await started?.stop();
      await proxy.close();
    }
  });
});
