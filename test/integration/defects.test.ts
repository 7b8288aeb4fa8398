import { access, appendFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimView, LaneView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { newDataDir } from '../support/data-dir.ts';
import { exampleSession, manySessions } from '../support/sessions.ts';

let t: TestApp;
const dirs: string[] = [];
afterEach(async () => {
  await t.stop();
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

const view = async (id: string): Promise<ClaimView> => (await t.request('GET', `/v1/claims/${id}`)).body as ClaimView;
const states = async (ids: readonly string[]): Promise<string[]> => (await Promise.all(ids.map(view))).map((v) => v.state);
const lane = async (): Promise<LaneView> =>
  ((await t.request('GET', '/v1/lanes')).body as { items: LaneView[] }).items[0] as LaneView;
const act = (id: string, action: string) => t.request('POST', `/v1/claims/${id}/${action}`, { reason: 'a test decided so' });
const post = async (body: unknown): Promise<string[]> => {
  const answer = await t.request('POST', '/v1/group-sessions', body);
  expect(answer.status, answer.text).toBe(202);
  return (answer.body as SessionAnswer).attendees.flatMap((a) => (a.claimId === null ? [] : [a.claimId]));
};

describe('no second original', () => {
  it('a claim that the restored ledger holds is parked by the journal, and unhold cannot send it', async () => {
    const dataDir = await newDataDir();
    dirs.push(dataDir);
    const seed = await seedWith({ fileGapSeconds: 3600 });
    t = await startApp({ dataDir, seed });
    const ids = await post(manySessions(1, 71, { attendees: 3 })[0]);
    await until('one sent', async () => (await states(ids)).includes('transmitted'));
    const held = ids.find((_, i) => i > 0 && ids[i] !== undefined) as string;
    const candidate = (await Promise.all(ids.map(view))).find((v) => v.state === 'scheduled')?.id ?? held;
    expect((await act(candidate, 'hold')).status).toBe(200);
    await t.stop();
    const line = {
      senderId: 'NORTHSIDE',
      receiverId: 'SANDBOXCH',
      interchangeControlNumber: '000000555',
      transactionSetControlNumbers: ['000000555'],
      claimIds: [candidate, 'clm_unknown'],
      dropId: 'drp_lost',
      fileName: 'NORTHSIDE_000000555.837',
      sha256: '1'.repeat(64),
      at: new Date().toISOString(),
    };
    await appendFile(join(dataDir, 'drops.journal'), `${JSON.stringify(line)}\n`);
    t = await startApp({ dataDir, seed });
    expect(await view(candidate)).toMatchObject({ state: 'transmit_unknown', reason: 'reconcile' });
    expect(await t.app.core.commands['recovery.status'](null)).toMatchObject({ active: true, claims: 1, lost: 1 });
    await t.app.core.commands['recovery.end']({ reason: 'looked at the drop folder' });
    expect((await act(candidate, 'unhold')).status).toBe(409);
  });

  it('what a process remembers of a clearinghouse cannot turn a test claim into a production one', async () => {
    t = await startApp({ seed: await seedWith() });
    await post(manySessions(1, 72, { attendees: 2 })[0]);
    await until('sent', async () => (await t.drops()).length === 2);
    const id = (await lane()).id;
    await t.request('POST', `/v1/lanes/${id}/pause`, { reason: 'for the test' });
    const waiting = await post(manySessions(1, 73, { attendees: 2 })[0]);
    // Another process changed usage between this claim's intake and its release.
    await sql`update config_version set body = jsonb_set(body, '{usage}', '"P"') where kind = 'clearinghouse'`.execute(
      t.app.core.ledger.db,
    );
    t.app.core.configs.forget();
    await t.request('POST', `/v1/lanes/${id}/resume`, { reason: 'for the test' });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await states(waiting)).toEqual(['scheduled', 'scheduled']);
    expect(await t.drops()).toHaveLength(2);
  });
});

describe('no lost claim', () => {
  it('holding one claim of a batch file sends the others back to their lane', async () => {
    t = await startApp({ seed: await seedWith({ batchMaxClaims: 3 }) });
    const sent = await post(manySessions(1, 74, { attendees: 2 })[0]);
    await until('sent', async () => (await states(sent)).every((s) => s === 'transmitted'));
    const outbound = join(t.dataDir, 'drop', 'sandbox', 'outbound');
    await rename(outbound, `${outbound}.away`);
    await mkdir(outbound);
    const ids = await post(manySessions(1, 75, { attendees: 3, payerIds: ['60054', '62308', '87726'] })[0]);
    await until('frozen and stuck', async () => (await states(ids)).every((s) => s === 'released'));
    await until('lane stopped', async () => (await lane()).stopped !== null);
    expect((await act(ids[0] as string, 'hold')).status).toBe(200);
    expect((await states(ids)).sort()).toEqual(['held', 'scheduled', 'scheduled']);
    await rm(outbound, { recursive: true });
    await rename(`${outbound}.away`, outbound);
    await t.request('POST', `/v1/lanes/${(await lane()).id}/resume`, { reason: 'volume is back' });
    await until('the others sent', async () => (await states(ids)).sort().join() === 'held,transmitted,transmitted');
  });

  it('a claim born held is planned in the same transaction that schedules it', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    const [session] = manySessions(1, 76, { attendees: 2 });
    if (session === undefined) throw new Error('no session');
    await post(session);
    const twin = {
      ...session,
      externalId: 'twin',
      attendees: session.attendees.map((a) => ({ ...a, externalId: `${a.externalId}-t` })),
    };
    const [heldId] = await post(twin);
    const { db } = t.app.core.ledger;
    await expect(sql`update claim set state = 'scheduled' where id = ${heldId}`.execute(db)).rejects.toThrow(
      /claim_scheduled_has_a_plan/,
    );
  });

  it('a clock set back by hours does not keep a drop in its backoff', async () => {
    t = await startApp({ seed: await seedWith() });
    const { db } = t.app.core.ledger;
    const sent = await post(manySessions(1, 77, { attendees: 2 })[0]);
    await until('sent', async () => (await states(sent)).every((s) => s === 'transmitted'));
    await sql`insert into setting (key, value) values ('clock_offset_ms', '21600000')`.execute(db);
    const outbound = join(t.dataDir, 'drop', 'sandbox', 'outbound');
    await rename(outbound, `${outbound}.away`);
    await mkdir(outbound);
    const ids = await post(manySessions(1, 78, { attendees: 2 })[0]);
    await until(
      'stopped with a drop in hand',
      async () => (await lane()).stopped !== null && (await states(ids)).includes('released'),
    );
    await sql`update setting set value = '0' where key = 'clock_offset_ms'`.execute(db);
    await rm(outbound, { recursive: true });
    await rename(`${outbound}.away`, outbound);
    await t.request('POST', `/v1/lanes/${(await lane()).id}/resume`, { reason: 'volume is back' });
    await until('sent in spite of the old backoff', async () => (await states(ids)).join() === 'transmitted,transmitted');
    await access(join(outbound, (await view(ids[0] as string)).drop?.fileName ?? ''));
  });
});

describe("people's decisions", () => {
  it('a lifted hold is not put back by a change of configuration', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    const body = exampleSession();
    const attendees = body.attendees.map((a, i) =>
      i === 0
        ? {
            ...a,
            interactiveComplexity: { factor: 2, rationale: null, chargeAmount: null },
            note: a.note && {
              ...a.note,
              text: 'Attended the whole hour in a calm mood, listened to peers, named a walk in the park and a letter to the bank as steps for the week ahead, and chose Tuesday for both.',
            },
          }
        : a,
    );
    const answer = (await t.request('POST', '/v1/group-sessions', { ...body, attendees })).body as SessionAnswer;
    const first = answer.attendees[0];
    expect(first?.findings.map((f) => f.rule)).toContain('A16');
    const id = first?.claimId as string;
    expect((await view(id)).state).toBe('held');
    expect((await act(id, 'unhold')).status).toBe(200);
    const practice = (await t.request('GET', '/v1/practices/prac_northside')).body as Record<string, unknown>;
    const changed = { ...practice, name: 'Northside Counseling' };
    expect((await t.request('PUT', '/v1/practices/prac_northside', changed)).status).toBe(200);
    await until('judged again', async () => (await view(id)).history.some((h) => h.event === 'claim.regated'));
    expect(['scheduled', 'released', 'transmitted']).toContain((await view(id)).state);
  });

  it('hold on a held claim and unhold of it go one after the other', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    const ids = await post(manySessions(1, 79, { attendees: 2 })[0]);
    await until('one left', async () => (await states(ids)).includes('transmitted'));
    const id = (await Promise.all(ids.map(view))).find((v) => v.state === 'scheduled')?.id as string;
    await act(id, 'hold');
    const [a, b] = await Promise.all([act(id, 'unhold'), act(id, 'hold')]);
    const after = await view(id);
    // Whichever came last decides; a claim with an open hold is never scheduled.
    expect([a.status, b.status].every((s) => s === 200 || s === 409)).toBe(true);
    expect(after.state === 'held' ? after.holds.length > 0 : after.holds.length === 0).toBe(true);
  });
});
