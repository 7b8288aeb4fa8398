import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { manySessions } from '../support/sessions.ts';

let t: TestApp;
afterEach(async () => {
  await t.stop();
});

const view = async (id: string): Promise<ClaimView> => (await t.request('GET', `/v1/claims/${id}`)).body as ClaimView;
const CODES = ['F411', 'F331', 'F4310', 'F4010', 'F330', 'F4323', 'F840', 'F5101', 'F422', 'F3181'];

/** An ICD-10-CM table in which these codes have become categories. */
const load = (...headers: string[]) =>
  t.app.core.commands['tables.load']({
    force: true,
    set: 'icd10cm',
    fileName: 'icd10cm_order_2027.txt',
    sha256: 'a'.repeat(64),
    compact: [
      `leaf - - ${CODES.filter((c) => !headers.includes(c)).join(' ')}`,
      ...(headers.length === 0 ? [] : [`header - - ${headers.join(' ')}`]),
    ].join('\n'),
    from: '2026-01-01',
    to: '2027-12-31',
  });

async function post(seed: number, attendees: number): Promise<readonly { id: string; code: string }[]> {
  const [session] = manySessions(1, seed, { attendees });
  if (session === undefined) throw new Error('no session');
  const body = { ...session, attendees: session.attendees.map((a, i) => ({ ...a, diagnoses: [CODES[i % CODES.length]] })) };
  const answer = (await t.request('POST', '/v1/group-sessions', body)).body as SessionAnswer;
  return answer.attendees.map((a, i) => ({ id: a.claimId as string, code: CODES[i % CODES.length] as string }));
}

describe('what the validator refuses does not leave', () => {
  it.each([
    ['one claim a file', 1],
    ['a batch', 10],
  ])('a code that was retired between intake and release: %s', async (_, batchMaxClaims) => {
    t = await startApp({ seed: await seedWith({ batchMaxClaims }) });
    const sentBefore = await post(90, 2);
    await until('the lane runs', async () =>
      (await Promise.all(sentBefore.map((c) => view(c.id)))).every((v) => v.state === 'transmitted'),
    );
    const [lane] = ((await t.request('GET', '/v1/lanes')).body as { items: { id: string }[] }).items;
    const path = `/v1/lanes/${lane?.id}`;
    expect((await t.request('POST', `${path}/pause`, { reason: 'until the table is loaded' })).status).toBe(200);
    const claims = await post(91, 4);
    expect((await Promise.all(claims.map((c) => view(c.id)))).map((v) => v.state)).toEqual(Array(4).fill('scheduled'));
    await load('F331', 'F4010');
    expect((await t.request('POST', `${path}/resume`, { reason: 'the table is loaded' })).status).toBe(200);

    const bad = claims.filter((c) => c.code === 'F331' || c.code === 'F4010');
    const good = claims.filter((c) => !bad.includes(c));
    await until('the others have left', async () => {
      const states = await Promise.all(good.map(async (c) => (await view(c.id)).state));
      return states.every((s) => s === 'transmitted');
    });
    for (const { id } of bad) {
      const parked = await view(id);
      expect(parked.state).toBe('held');
      expect(parked.holds).toMatchObject([{ rule: 'E21', severity: 'hold' }]);
      expect(parked.holds[0]?.message).toContain('2300 HI01-02');
    }
    // Nothing of a parked claim is in any file, and no file lacks its number.
    const sent = await Promise.all(
      (await t.drops()).map((name) => readFile(join(t.dataDir, 'drop', 'sandbox', 'outbound', name), 'latin1')),
    );
    expect(sent.join('').match(/CLM\*/g)).toHaveLength(sentBefore.length + good.length);
    expect(sent.join('').match(/F331|F4010/g)).toHaveLength(1);

    // Whoever lets it go on has it judged by the table of now: still wrong, still here.
    const [first] = bad;
    const unhold = await t.request('POST', `/v1/claims/${first?.id}/unhold`, { reason: 'the table was wrong' });
    expect(unhold.status).toBe(200);
    expect(unhold.body).toMatchObject({ state: 'held', holds: [{ rule: 'A10', severity: 'block' }] });
    // A better table frees what the worse one held, without anybody's doing.
    await load();
    await until('sent', async () => (await Promise.all(bad.map((c) => view(c.id)))).every((v) => v.state === 'transmitted'));
  });
});
