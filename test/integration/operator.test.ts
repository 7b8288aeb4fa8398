import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimView, LaneView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { occupyLane } from '../support/ledgered.ts';
import { exampleSession, manySessions } from '../support/sessions.ts';

let t: TestApp;
afterEach(async () => {
  await t.stop();
});

const claimIdsOf = (session: SessionAnswer): string[] =>
  session.attendees.flatMap((a) => (a.claimId === null ? [] : [a.claimId]));
const view = async (id: string): Promise<ClaimView> => (await t.request('GET', `/v1/claims/${id}`)).body as ClaimView;
const lane = async (): Promise<LaneView> =>
  ((await t.request('GET', '/v1/lanes')).body as { items: LaneView[] }).items[0] as LaneView;
const post = async (body: unknown): Promise<SessionAnswer> => {
  const answer = await t.request('POST', '/v1/group-sessions', body);
  expect(answer.status, answer.text).toBe(202);
  return answer.body as SessionAnswer;
};
const act = (id: string, action: string) => t.request('POST', `/v1/claims/${id}/${action}`, { reason: 'looked at by a test' });
const allTransmitted = async (ids: readonly string[]): Promise<boolean> =>
  (await Promise.all(ids.map(view))).every((v) => v.state === 'transmitted' || v.state === 'picked_up');

describe('an expedited claim', () => {
  it('is given the time at which it can go: after the floor of the lane, and after what was expedited before it', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 600 }) });
    const [session] = manySessions(1, 96, { attendees: 5 });
    const ids = claimIdsOf(await post(session));
    await until('the first has left', async () => (await Promise.all(ids.map(view))).some((v) => v.state === 'transmitted'));
    const views = await Promise.all(ids.map(view));
    const sentAt = Date.parse(views.find((v) => v.state === 'transmitted')?.drop?.transmittedAt ?? '');
    const waiting = views.filter((v) => v.state === 'scheduled').map((v) => v.id);
    const [first, second] = waiting.slice(-2).reverse() as [string, string];
    const expedited = async (id: string) => {
      const answer = await act(id, 'expedite');
      expect(answer.status, answer.text).toBe(200);
      const { plannedReleaseAt, planReasons } = answer.body as ClaimView;
      return { after: (Date.parse(plannedReleaseAt ?? '') - sentAt) / 1000, planReasons };
    };
    const one = await expedited(first);
    expect(one.planReasons).toEqual(['lane_gap', 'operator']);
    expect(one.after).toBeGreaterThan(590);
    expect(one.after).toBeLessThan(620);
    const two = await expedited(second);
    expect(two.after - one.after).toBeCloseTo(600, 0);
  });
});

describe('what people may do to a claim', () => {
  it('hold, unhold, expedite and cancel, each with its reason in the history', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600, lookAlikeGapMinutes: 15 }) });
    await occupyLane(t);
    const ids = claimIdsOf(await post(exampleSession()));
    const [a, b, c] = ids.slice(-3) as [string, string, string];
    expect((await act(a, 'hold')).status).toBe(200);
    expect(await view(a)).toMatchObject({
      state: 'held',
      holds: [{ rule: 'OPERATOR', severity: 'hold', path: '', message: 'looked at by a test' }],
    });
    expect((await act(a, 'unhold')).status).toBe(200);
    const back = await view(a);
    expect(back.state).toBe('scheduled');
    expect(back.holds).toEqual([]);
    expect(back.plannedReleaseAt).not.toBeNull();
    expect((await act(a, 'unhold')).status).toBe(409);

    const before = Date.parse((await view(b)).plannedReleaseAt ?? '');
    expect((await act(b, 'expedite')).status).toBe(200);
    const expedited = await view(b);
    expect(expedited).toMatchObject({ state: 'scheduled', planReasons: expect.arrayContaining(['operator']) });
    expect(Date.parse(expedited.plannedReleaseAt ?? '')).toBeLessThanOrEqual(before);
    expect((await act(c, 'cancel')).status).toBe(200);
    expect((await view(c)).state).toBe('cancelled');
    const refused = await act(c, 'hold');
    expect(refused.status).toBe(409);
    expect((await view(c)).history.at(-1)).toMatchObject({ to: 'cancelled' });
    expect((await t.request('POST', `/v1/claims/${a}/hold`, {})).status).toBe(422);
    expect((await act('clm_00000000000000000000000000', 'hold')).status).toBe(404);
  });

  it('a second service of one patient on one day is held; cancelling the first frees the key', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600, lookAlikeGapMinutes: 15 }) });
    await occupyLane(t);
    const body = exampleSession();
    const first = await post(body);
    const again = await post({ ...body, externalId: 'another-session-same-day' });
    expect(again.summary.held).toBe(8);
    const [firstId, secondId] = [claimIdsOf(first)[7] as string, claimIdsOf(again)[7] as string];
    const second = await view(secondId);
    expect(second.holds.map((h) => h.rule)).toEqual(expect.arrayContaining(['A05']));
    expect(second.reason).toMatch(/^duplicate_/);
    const refused = await act(secondId, 'unhold');
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('override');
    expect((await act(firstId, 'cancel')).status).toBe(200);
    const keys = await sql<{ n: number }>`select count(*)::int as n from claim_key where claim_id = ${firstId}`.execute(
      t.app.core.ledger.db,
    );
    expect(keys.rows[0]?.n).toBe(0);
  });

  it('one member under two patient ids: the second is held as suspect', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    const [session] = manySessions(1, 31);
    if (session === undefined) throw new Error('no session');
    await post(session);
    const renamed = {
      ...session,
      externalId: 'other',
      attendees: session.attendees.map((a) => ({ ...a, externalId: `${a.externalId}-new` })),
    };
    const answer = await post(renamed);
    expect(answer.summary.held).toBe(answer.summary.billable);
    expect(answer.attendees[0]?.findings.map((f) => f.rule)).toEqual(expect.arrayContaining(['K1', 'K3']));
  });
});

describe('lanes', () => {
  it('a paused lane releases nothing, a resumed one goes on', async () => {
    t = await startApp();
    await post(exampleSession());
    await until('lane', async () => (await lane()) !== undefined);
    const id = (await lane()).id;
    expect((await t.request('POST', `/v1/lanes/${id}/pause`, { reason: 'month end' })).status).toBe(200);
    const before = (await t.drops()).length;
    const [session] = manySessions(1, 5);
    const ids = claimIdsOf(await post(session));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await Promise.all(ids.map(view))).map((v) => v.state)).toEqual(ids.map(() => 'scheduled'));
    expect((await t.drops()).length).toBeGreaterThanOrEqual(before);
    expect((await lane()).paused).toMatchObject({ reason: 'month end' });
    expect((await t.request('POST', `/v1/lanes/${id}/resume`, { reason: 'done' })).status).toBe(200);
    await until('sent after resume', () => allTransmitted(ids));
  });

  it('look-alikes keep their floor, and no two drops come closer than the lane gap', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 0.3, lookAlikeGapMinutes: 1.5 / 60 }) });
    const [session] = manySessions(1, 8, { attendees: 6, payerIds: ['60054', '87726'] });
    const ids = claimIdsOf(await post(session));
    await until('all sent', () => allTransmitted(ids));
    const views = await Promise.all(ids.map(view));
    const times = (only: (v: ClaimView) => boolean) =>
      views
        .filter(only)
        .map((v) => Date.parse(v.drop?.transmittedAt ?? ''))
        .sort((x, y) => x - y);
    const least = (list: readonly number[]) => Math.min(...list.slice(1).map((at, i) => at - (list[i] ?? 0)));
    expect(least(times(() => true))).toBeGreaterThanOrEqual(300);
    expect(least(times((v) => v.payerId === '60054'))).toBeGreaterThanOrEqual(1200);
    expect(least(times((v) => v.payerId === '87726'))).toBeGreaterThanOrEqual(1200);
  });

  it('a drop folder without its marker stops the lane; claims stay until the volume is back', async () => {
    t = await startApp();
    const [one, two] = manySessions(2, 12);
    const sent = claimIdsOf(await post(one));
    await until('first session sent', () => allTransmitted(sent));
    const outbound = join(t.dataDir, 'drop', 'sandbox', 'outbound');
    await rename(outbound, `${outbound}.away`);
    await mkdir(outbound);
    const ids = claimIdsOf(await post(two));
    await until('lane stopped', async () => (await lane()).stopped !== null);
    expect((await lane()).stopped?.reason).toBe('marker_missing');
    expect((await t.drops()).length).toBe(0);
    await rm(outbound, { recursive: true });
    await rename(`${outbound}.away`, outbound);
    expect((await t.request('POST', `/v1/lanes/${(await lane()).id}/resume`, { reason: 'volume is mounted again' })).status).toBe(
      200,
    );
    await until('second session sent', () => allTransmitted(ids));
    expect((await t.drops()).length).toBe(sent.length + ids.length);
  });

  it("somebody else's file under the final name is never overwritten", async () => {
    t = await startApp();
    const [one, two] = manySessions(2, 13, { attendees: 2 });
    const sent = claimIdsOf(await post(one));
    await until('first session sent', () => allTransmitted(sent));
    const next = `NORTHSIDE_${String(sent.length + 1).padStart(9, '0')}.837`;
    const foreign = join(t.dataDir, 'drop', 'sandbox', 'outbound', next);
    await writeFile(foreign, 'not ours');
    const ids = claimIdsOf(await post(two));
    await until('one parked, one sent', async () => {
      const states = (await Promise.all(ids.map(view))).map((v) => v.state).sort();
      return states.join() === 'transmit_unknown,transmitted';
    });
    expect(await readFile(foreign, 'utf8')).toBe('not ours');
    const parked = (await Promise.all(ids.map(view))).find((v) => v.state === 'transmit_unknown');
    expect(parked?.reason).toBe('damaged');
  });

  it('a clock set back waits one full gap and is recorded, never a burst', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 1 }) });
    const { db } = t.app.core.ledger;
    await sql`insert into setting (key, value) values ('clock_offset_ms', '3600000')`.execute(db);
    const [one, two] = manySessions(2, 14, { attendees: 2 });
    const sent = claimIdsOf(await post(one));
    await until('first session sent', () => allTransmitted(sent));
    await sql`update setting set value = '0' where key = 'clock_offset_ms'`.execute(db);
    const ids = claimIdsOf(await post(two));
    await until('second session sent', () => allTransmitted(ids));
    const stepped = await sql<{ n: number }>`select count(*)::int as n from ledger_event where kind = 'clock_stepped'`.execute(
      db,
    );
    expect(stepped.rows[0]?.n).toBeGreaterThan(0);
    const times = (await Promise.all(ids.map(view))).map((v) => Date.parse(v.drop?.transmittedAt ?? '')).sort((x, y) => x - y);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1000);
  });
});
