import { fileURLToPath } from 'node:url';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupSession } from '../../../schemas/group-session.ts';
import { loadExamples } from '../../../src/http/examples.ts';
import { fakeKeys, fakeLane } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.app.close());

const ask = (
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  payload?: InjectOptions['payload'],
  headers: Record<string, string> = {},
) =>
  http.app.inject({
    method,
    url,
    headers: { ...bearer(fakeKeys.admin), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

describe('claims', () => {
  it('lists in pages with a cursor', async () => {
    const first = (await ask('GET', '/v1/claims?limit=3')).json();
    expect(first.items).toHaveLength(3);
    expect(first.items[0]).not.toHaveProperty('history');
    const rest = (await ask('GET', `/v1/claims?limit=3&cursor=${first.nextCursor}`)).json();
    expect(rest.items.map((claim: { id: string }) => claim.id)).toEqual(['clm_04', 'clm_05']);
    expect(rest.nextCursor).toBeNull();
    const held = (await ask('GET', '/v1/claims?state=held')).json();
    expect(held.items.every((claim: { state: string }) => claim.state === 'held')).toBe(true);
  });

  it('refuses unknown states and parameters with 400', async () => {
    const answer = await ask('GET', '/v1/claims?state=gone&colour=red&limit=1000&dateOfService=2026-02-30');
    expect(answer.statusCode).toBe(400);
    expect(
      answer
        .json()
        .errors.map((entry: { pointer: string }) => entry.pointer)
        .sort(),
    ).toEqual(['/colour', '/dateOfService', '/limit', '/state']);
  });

  it('shows one claim with history, drop and money', async () => {
    const claim = (await ask('GET', '/v1/claims/clm_05')).json();
    expect(claim.drop.fileName).toBe('NORTHSIDE_000000041.837');
    expect(claim.history).toHaveLength(1);
    expect(claim.money).toEqual({ paid: '0.00', patientResponsibility: '0.00', adjustments: [] });
    expect((await ask('GET', '/v1/claims/clm_99')).statusCode).toBe(404);
  });

  it('hands the 837P out as plain text', async () => {
    const answer = await ask('GET', '/v1/claims/clm_05/x12');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toMatch(/^ISA\*00/);
  });

  it('acts with a reason, once per idempotency key, and passes a refusal on with its advice', async () => {
    const held = await ask('POST', '/v1/claims/clm_01/hold', { reason: 'asked by the clinician' });
    expect(held.statusCode).toBe(200);
    expect(held.json().state).toBe('held');
    const key = { 'idempotency-key': 'once' };
    const first = await ask('POST', '/v1/claims/clm_02/expedite', { reason: 'deadline' }, key);
    const before = http.service.state.calls.length;
    const again = await ask('POST', '/v1/claims/clm_02/expedite', { reason: 'deadline' }, key);
    expect(again.body).toBe(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(http.service.state.calls.slice(before)).toEqual([]);
    const refused = await ask('POST', '/v1/claims/clm_05/cancel', { reason: 'too late' });
    expect(refused.statusCode).toBe(409);
    expect(refused.json().detail).toBe('The claim has left. Wait for its acknowledgement.');
  });

  it.each([
    [{}, '/reason', 'required'],
    [{ reason: '  a ' }, '/reason', 'too_small'],
    [{ reason: 'x'.repeat(501) }, '/reason', 'too_big'],
    [{ reason: 'fine', extra: 1 }, '/extra', 'unknown_field'],
    [{ reason: 'a\u0000b c' }, '/reason', 'unstorable_text'],
    ['[]', '', 'invalid_type'],
    ['null', '', 'invalid_type'],
  ])('refuses the action body %j with 422', async (payload, pointer, code) => {
    const answer = await ask('POST', '/v1/claims/clm_03/unhold', payload, { 'content-type': 'application/json' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([expect.objectContaining({ pointer, code })]);
  });

  it('refuses an action without a body', async () => {
    expect((await ask('POST', '/v1/claims/clm_03/unhold')).statusCode).toBe(422);
  });

  it('has none of the later actions yet', async () => {
    for (const action of ['resubmit', 'replace', 'void', 'resolve', 'force-original', 'patient-payments']) {
      expect((await ask('POST', `/v1/claims/clm_01/${action}`, { reason: 'later' })).statusCode, action).toBe(404);
    }
  });
});

describe('set-up', () => {
  const payer = { name: 'Aetna', payerId: '60054', claimFilingIndicatorCode: 'CI' };

  it('creates with 201, replaces with 200, and versions by ETag', async () => {
    expect((await ask('GET', '/v1/payers/60054')).statusCode).toBe(404);
    const created = await ask('PUT', '/v1/payers/60054', payer);
    expect([created.statusCode, created.headers['etag']]).toEqual([201, '"1"']);
    expect(created.json()).toMatchObject({ policy: 'default', submission: 'edi', policyOverrides: {} });
    const replaced = await ask('PUT', '/v1/payers/60054', { ...payer, policy: 'aetna' });
    expect([replaced.statusCode, replaced.headers['etag']]).toEqual([200, '"2"']);
    expect((await ask('GET', '/v1/payers/60054')).json().policy).toBe('aetna');
  });

  it('takes back what it answered, and no other id', async () => {
    expect((await ask('PUT', '/v1/payers/60054', { ...payer, id: '60054' })).statusCode).toBe(200);
    const other = await ask('PUT', '/v1/payers/60054', { ...payer, id: '60055' });
    expect(other.json().errors).toEqual([expect.objectContaining({ pointer: '/id', code: 'unknown_field' })]);
    expect((await ask('PUT', '/v1/payers/60054', 'null', { 'content-type': 'application/json' })).statusCode).toBe(422);
  });

  it('reports every fault of a body at once, with escaped pointers and without values', async () => {
    const answer = await ask('PUT', '/v1/payers/60054', {
      payerId: 7,
      claimFilingIndicatorCode: 'Moreno',
      wireIds: { 'a/b~c': '' },
      colour: 'red',
      'Sarah Moreno': 1,
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).not.toContain('Moreno');
    expect(
      answer
        .json()
        .errors.map((entry: { pointer: string }) => entry.pointer)
        .sort(),
    ).toEqual(['', '/claimFilingIndicatorCode', '/colour', '/name', '/payerId', '/wireIds/a~1b~0c']);
  });

  it('refuses ids that could leave a folder', async () => {
    for (const id of ['..%2Fetc', '.hidden', 'a%20b', 'x'.repeat(65)]) {
      const answer = await ask('PUT', `/v1/clearinghouses/${id}`, {});
      expect(answer.statusCode, id).toBe(400);
      expect(answer.json().errors[0].pointer).toBe('/id');
    }
  });

  it('takes the committed examples as they are', async () => {
    const examples = loadExamples(fileURLToPath(new URL('../../../schemas/examples', import.meta.url)));
    const configs = examples.filter(({ method }) => method === 'put');
    expect(configs.length).toBeGreaterThanOrEqual(3);
    for (const { path, name, value } of configs) {
      const answer = await ask('PUT', path.replace('{id}', name), value as object);
      expect(answer.statusCode, `${name} ${answer.body}`).toBeLessThan(300);
    }
    const session = examples.find(({ method }) => method === 'post');
    const accepted = await ask('POST', '/v1/group-sessions', session?.value as object, { 'idempotency-key': 'example' });
    expect(accepted.statusCode).toBe(202);
    expect(groupSession.safeParse(session?.value).error).toBeUndefined();
  });
});

describe('operations', () => {
  const lane = encodeURIComponent(fakeLane().id);

  it('lists lanes, pauses and resumes one', async () => {
    expect((await ask('GET', '/v1/lanes')).json().items).toEqual([fakeLane()]);
    const paused = await ask('POST', `/v1/lanes/${lane}/pause`, { reason: 'receiver maintenance' });
    expect(paused.json().paused).toMatchObject({ by: 'key_admin', reason: 'receiver maintenance' });
    const resumed = await ask('POST', `/v1/lanes/${lane}/resume`, { reason: 'they are back' }, { 'idempotency-key': 'r1' });
    expect(resumed.json().paused).toBeNull();
    expect((await ask('POST', '/v1/lanes/none/pause', { reason: 'whatever' })).statusCode).toBe(404);
  });

  it('shows a drop and the audit list', async () => {
    expect((await ask('GET', '/v1/drops/drp_01')).json().claims).toHaveLength(1);
    expect((await ask('GET', '/v1/drops/drp_99')).statusCode).toBe(404);
    const audit = (await ask('GET', '/v1/audit?limit=1')).json();
    expect(audit).toMatchObject({ items: [{ action: 'claim.hold' }], nextCursor: '9' });
  });
});
