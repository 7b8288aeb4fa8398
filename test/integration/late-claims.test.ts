import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import { type Bench, claimOf, oneSession, startBench, withAttendee } from '../support/amending.ts';
import { seedWith, until } from '../support/app.ts';

describe('a claim that waits past its filing limit', () => {
  let bench: Bench;
  beforeAll(async () => {
    const seed = await seedWith({ fileGapSeconds: 3600 });
    bench = await startBench({ seed });
  });
  afterAll(() => bench.t.stop());

  it('is held while its lane is paused, once; one with a delay reason, or that a person lets go, leaves', async () => {
    // The first claim of the lane leaves at once, the others an hour after one another.
    const first = await bench.post(oneSession(640, 2));
    const firstStates = async () => (await Promise.all([0, 1].map((i) => bench.view(claimOf(first, i))))).map((v) => v.state);
    await until('the lane has sent its first', async () => (await firstStates()).includes('transmitted'));
    const session = withAttendee(oneSession(641, 3), 2, { claim: { delayReasonCode: '7' } });
    const posted = await bench.post(session);
    const ids = [0, 1, 2].map((i) => claimOf(posted, i)) as [string, string, string];
    const [{ id: laneId }] = ((await bench.t.request('GET', '/v1/lanes')).body as { items: [{ id: string }] }).items;
    const lane = (action: string) => bench.t.request('POST', `/v1/lanes/${laneId}/${action}`, { reason: 'for the test' });
    expect((await lane('pause')).status).toBe(200);
    const { db } = bench.t.app.core.ledger;
    const offset = (ms: number) =>
      sql`insert into setting (key, value) values ('clock_offset_ms', ${String(ms)})
        on conflict (key) do update set value = excluded.value`.execute(db);
    const fileBy = Date.parse((await bench.view(ids[0])).fileBy as string);
    // The whole day after the last one has passed everywhere.
    const late = fileBy + 37 * 3_600_000 - Date.now();
    await offset(late);
    const states = async () => (await Promise.all(ids.map(bench.view))).map((v) => v.state);
    await until('those without a delay reason are held', async () => (await states()).join() === 'held,held,scheduled');
    const held = await bench.view(ids[0]);
    expect(held).toMatchObject({ reason: 'timely_filing_expired', holds: [{ rule: 'A18', severity: 'hold' }] });
    const judged = (view: ClaimView) => view.history.filter((h) => h.event === 'claim.judged_late').length;
    expect(judged(held)).toBe(1);

    expect((await bench.t.request('POST', `/v1/claims/${ids[1]}/unhold`, { reason: 'the payer agreed' })).status).toBe(200);
    await sql`update setting set value = '0' where key = 'sweep.late'`.execute(db);
    const turn = async () =>
      (await sql<{ v: string }>`select value as v from setting where key = 'sweep.late'`.execute(db)).rows[0]?.v;
    await until('looked again', async () => (await turn()) !== '0');
    expect((await lane('resume')).status).toBe(200);
    const gone = async () => (await states()).filter((state) => state === 'transmitted').length;
    await until('one of the two that may go has left', async () => (await gone()) === 1);
    await offset(late + 2 * 3_600_000);
    await until('the other, an hour later', async () => (await gone()) === 2);
    expect(await states()).toEqual(['held', 'transmitted', 'transmitted']);
    expect((await Promise.all(ids.map(bench.view))).map(judged)).toEqual([1, 1, 1]);
  });
});

describe('late claims among others', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench({ seed: await seedWith({ fileGapSeconds: 3600 }) });
  });
  afterAll(() => bench.t.stop());

  it('are judged beside a session that cannot be read, and again when a moved limit has passed too', async () => {
    // The lane's first claim leaves at once; what comes after it waits for an hour.
    const first = await bench.post(oneSession(640, 2));
    const states = async () => (await Promise.all([0, 1].map((i) => bench.view(claimOf(first, i))))).map((v) => v.state);
    await until('the lane has sent its first', async () => (await states()).includes('transmitted'));
    const [damaged, sound] = [await bench.post(oneSession(642, 2)), await bench.post(oneSession(643, 2))];
    const [broken, id] = [claimOf(damaged, 0), claimOf(sound, 0)] as [string, string];
    const { db } = bench.t.app.core.ledger;
    await sql`update session set sealed = '\\x00' where id = ${damaged.id}`.execute(db);
    const look = async (limitInDays: number) => {
      await sql`update claim set state = 'scheduled', not_before = ledger_now() + interval '90 days',
          planned_release_at = ledger_now() + interval '90 days', file_by = (ledger_now() + make_interval(days => ${limitInDays}::int))::date
        where id in (${broken}, ${id})`.execute(db);
      await sql`update setting set value = '0' where key = 'sweep.late'`.execute(db);
    };
    const judged = async (claim: string) =>
      (await bench.view(claim)).history.filter((h) => h.event === 'claim.judged_late').length;
    await look(-3);
    await until('the sound one is judged', async () => (await judged(id)) === 1);
    await look(1);
    await sql`insert into setting (key, value) values ('clock_offset_ms', ${String(4 * 86_400_000)})`.execute(db);
    await sql`update setting set value = '0' where key = 'sweep.late'`.execute(db);
    await until('judged for the new limit', async () => (await judged(id)) === 2);
    expect(await judged(broken)).toBe(0);
    expect((await bench.view(broken)).state).toBe('scheduled');
  });
});
