import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { runCli } from '../../src/cli.ts';
import { seedWith, startApp, type TestApp, tempDir, until } from '../support/app.ts';
import { exampleSession, manySessions } from '../support/sessions.ts';
import { fakeIo } from '../unit/cli/fake-io.ts';

let t: TestApp;
afterEach(async () => {
  await t.stop();
});
const view = async (id: string): Promise<ClaimView> => (await t.request('GET', `/v1/claims/${id}`)).body as ClaimView;
const get = async (path: string): Promise<Record<string, unknown>> =>
  (await t.request('GET', path)).body as Record<string, unknown>;

describe('set-up', () => {
  it('a payer configured afterwards frees the claims that waited for it', async () => {
    const seed = await seedWith({ fileGapSeconds: 1 });
    const payer = seed.payers.find((p) => p['id'] === '60054');
    t = await startApp({ seed: { ...seed, payers: seed.payers.filter((p) => p['id'] !== '60054') } });
    const posted = await t.request('POST', '/v1/group-sessions', exampleSession());
    const session = posted.body as SessionAnswer;
    const waiting = session.attendees.filter((a) => a.findings.some((f) => f.rule === 'A07')).map((a) => a.claimId as string);
    expect(waiting.length).toBeGreaterThan(0);
    expect((await view(waiting[0] as string)).state).toBe('held');
    expect((await t.request('PUT', '/v1/payers/60054', payer)).status).toBe(201);
    await until(
      'freed and sent',
      async () => (await Promise.all(waiting.map(view))).every((v) => v.state === 'transmitted'),
      90_000,
      200,
    );
    const freed = await view(waiting[0] as string);
    expect(freed.holds).toEqual([]);
    expect(freed.history.map((h) => h.event)).toContain('claim.regated');
    expect((await t.request('GET', `/v1/claims/${waiting[0]}/x12`)).text).toContain('*PI*60054~');
  });

  it('a practice that becomes wrong holds what is not sent; mended, it goes on', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    const [session] = manySessions(1, 51, { attendees: 3 });
    const ids = ((await t.request('POST', '/v1/group-sessions', session)).body as SessionAnswer).attendees.map(
      (a) => a.claimId as string,
    );
    await until('one sent', async () => (await Promise.all(ids.map(view))).filter((v) => v.state === 'scheduled').length === 2);
    const practice = await get('/v1/practices/prac_northside');
    const billing = practice['billingProvider'] as Record<string, unknown>;
    // What would block every claim is refused, and nothing moves.
    const address = { ...(billing['address'] as object), line1: 'PO Box 7', postalCode: '53703' };
    const unbillable = { ...practice, billingProvider: { ...billing, npi: '1457382914', address } };
    const refused = await t.request('PUT', '/v1/practices/prac_northside', unbillable);
    expect(refused.status).toBe(422);
    expect((refused.body as { errors: { pointer: string; code: string }[] }).errors.map((e) => `${e.code} ${e.pointer}`)).toEqual(
      ['A13 /billingProvider/npi', 'A13 /billingProvider/address/postalCode', 'A13 /billingProvider/address'],
    );
    expect(await get('/v1/practices/prac_northside')).toEqual(practice);
    const wrong = { ...practice, part2Program: true };
    expect((await t.request('PUT', '/v1/practices/prac_northside', wrong)).status).toBe(200);
    await until(
      'held',
      async () => (await Promise.all(ids.map(view))).filter((v) => v.state === 'held').length === 2,
      90_000,
      200,
    );
    expect((await t.request('PUT', '/v1/practices/prac_northside', practice)).status).toBe(200);
    await until(
      'scheduled again',
      async () => (await Promise.all(ids.map(view))).filter((v) => v.state === 'scheduled').length === 2,
      90_000,
      200,
    );

    // Another gap plans them anew; the time that a claim has had is no obstacle to itself.
    const waiting = (await Promise.all(ids.map(view))).filter((v) => v.state === 'scheduled');
    const { payerId } = waiting[0] as ClaimView;
    const payer = await get(`/v1/payers/${payerId}`);
    const regated = (v: ClaimView) => v.history.filter((h) => h.event === 'claim.regated').length;
    await t.request('PUT', `/v1/payers/${payerId}`, { ...payer, policyOverrides: { lookAlikeGapMinutes: 1 } });
    const anew = waiting.filter((v) => v.payerId === payerId);
    const planned = async () => await Promise.all(anew.map((v) => view(v.id)));
    await until('planned anew', async () => (await planned()).every((v, i) => regated(v) > regated(anew[i] as ClaimView)));
    for (const claim of await planned()) {
      expect(claim.planReasons).not.toContain('collision');
      expect(Date.parse(claim.plannedReleaseAt ?? '')).toBeLessThan(Date.now() + 3 * 3_600_000);
    }
  });

  it('a bundle is refused for the faults of all that is in it, each with its place, and nothing of it is applied', async () => {
    t = await startApp();
    const practice = await get('/v1/practices/prac_northside');
    const payer = await get('/v1/payers/60054');
    const bundle = {
      practices: [{ ...practice, billingProvider: { ...(practice['billingProvider'] as object), npi: '123' } }],
      payers: [
        { ...payer, name: 'Renamed' },
        { ...payer, id: '00950', policyOverrides: { overrides: { A05: 'off' } } },
      ],
    };
    const dir = await tempDir();
    await writeFile(join(dir, 'bundle.json'), JSON.stringify(bundle));
    const io = fakeIo();
    expect(await runCli(['--data-dir', t.dataDir, 'config', 'apply', join(dir, 'bundle.json')], io)).toBe(EXIT.badInput);
    expect(io.written.err).toContain('/payers/1/policyOverrides/overrides/A05');
    expect(io.written.err).toContain('/practices/0/billingProvider/npi');
    expect(await get('/v1/payers/60054')).toEqual(payer);
  });

  it('usage, ids and receiver stand still while claims are unsent; faults are named all at once', async () => {
    t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    await t.request('POST', '/v1/group-sessions', exampleSession());
    const clearinghouse = await get('/v1/clearinghouses/sandbox');
    const refused = await t.request('PUT', '/v1/clearinghouses/sandbox', { ...clearinghouse, usage: 'P' });
    expect(refused.status).toBe(409);
    expect((await t.request('PUT', '/v1/clearinghouses/sandbox', { ...clearinghouse, minFileGapSeconds: 30 })).status).toBe(200);
    const faulty = await t.request('PUT', '/v1/clearinghouses/sandbox', {
      ...clearinghouse,
      timezone: 'Mars/Olympus',
      profile: 'nobody',
    });
    expect(faulty.status).toBe(422);
    const pointers = (faulty.body as { errors: { pointer: string }[] }).errors.map((e) => e.pointer);
    expect(pointers).toContain('/profile');
    const payer = await get('/v1/payers/60054');
    const policy = await t.request('PUT', '/v1/payers/60054', {
      ...payer,
      policyOverrides: { lookAlikeGapMinutes: -1, nonsense: 1 },
    });
    expect((policy.body as { errors: { pointer: string }[] }).errors.map((e) => e.pointer).sort()).toEqual([
      '/policyOverrides/lookAlikeGapMinutes',
      '/policyOverrides/nonsense',
    ]);
    const rules = await t.request('PUT', '/v1/payers/60054', {
      ...payer,
      policyOverrides: { overrides: { A13: 'off', Q99: 'off', S04: 'warn' } },
    });
    expect(rules.status).toBe(422);
    expect((rules.body as { errors: { pointer: string; code: string }[] }).errors.map((e) => `${e.code} ${e.pointer}`)).toEqual([
      'not_overridable /policyOverrides/overrides/A13',
      'unknown_rule /policyOverrides/overrides/Q99',
    ]);
    const allowed = { ...payer, policyOverrides: { overrides: { S04: 'warn' } } };
    expect((await t.request('PUT', '/v1/payers/60054', allowed)).status).toBe(200);
    const dangling = await t.request('PUT', '/v1/payers/60054', { ...payer, clearinghouseId: 'nowhere' });
    expect(dangling.status).toBe(422);
    const practice = await get('/v1/practices/prac_northside');
    const both = await t.request('PUT', '/v1/practices/prac_northside', {
      ...practice,
      clearinghouseId: 'nowhere',
      timezone: 'Mars/Olympus',
    });
    expect(both.status).toBe(422);
    expect((both.body as { errors: { pointer: string }[] }).errors.map((e) => e.pointer)).toEqual([
      '/timezone',
      '/clearinghouseId',
    ]);
    const bundle = {
      practices: [{ ...practice, timezone: 'Mars/Olympus', clearinghouseId: 'nowhere' }],
      payers: [
        { ...payer, clearinghouseId: 'new' },
        { ...payer, id: '00951', clearinghouseId: 'elsewhere' },
      ],
      clearinghouses: [{ ...clearinghouse, id: 'new' }],
    };
    const dir = await tempDir();
    await writeFile(join(dir, 'bundle.json'), JSON.stringify(bundle));
    const io = fakeIo();
    expect(await runCli(['--data-dir', t.dataDir, 'config', 'apply', join(dir, 'bundle.json')], io)).toBe(EXIT.badInput);
    for (const place of ['/practices/0/timezone', '/practices/0/clearinghouseId', '/payers/1/clearinghouseId'])
      expect(io.written.err).toContain(place);
    expect(io.written.err).not.toContain('/payers/0/');
  });
});
