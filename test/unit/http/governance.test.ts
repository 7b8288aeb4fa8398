import type { InjectOptions } from 'fastify';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeOverride, fakeTask } from '../../support/fake-governance.ts';
import { fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';

let http: HttpHarness = await startHttp();
beforeEach(async () => {
  await http.app.close();
  http = await startHttp();
});
afterAll(() => http.app.close());

const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: InjectOptions['payload'], key: string = fakeKeys.ops) =>
  http.app.inject({
    method,
    url,
    headers: { ...bearer(key), ...(method === 'POST' ? { 'idempotency-key': `k${Math.round(performance.now() * 1e6)}` } : {}) },
    ...(payload === undefined ? {} : { payload }),
  });
const request = { kind: 'second_service', claimId: 'clm_04', reason: 'two groups by plan', expiresAt: '2026-12-01T00:00:00Z' };

describe('overrides', () => {
  it('are asked for with a reason, an expiry and an idempotency key', async () => {
    const made = await ask('POST', '/v1/overrides', { ...request, modifier: '59' });
    expect([made.statusCode, made.json().status, made.json().requestedBy]).toEqual([201, 'pending', 'key_ops']);
    for (const broken of [
      { ...request, reason: 'x' },
      { ...request, expiresAt: 'tomorrow' },
      { ...request, modifier: '25' },
      { ...request, kind: 'force' },
      { ...request, rules: ['A05'] },
      { kind: 'lift_holds', claimId: 'clm_04', reason: 'why not', expiresAt: request.expiresAt, rules: ['N02'] },
      { kind: 'wrong_payer', claimId: 'clm_04', reason: 'why not', expiresAt: request.expiresAt },
    ]) {
      expect((await ask('POST', '/v1/overrides', broken)).statusCode, JSON.stringify(broken)).toBe(422);
    }
    const bare = await http.app.inject({ method: 'POST', url: '/v1/overrides', headers: bearer(fakeKeys.ops), payload: request });
    expect([bare.statusCode, bare.json().type]).toEqual([400, 'urn:rollcall:problem:idempotency_key_missing']);
    const neither = await http.app.inject({
      method: 'POST',
      url: '/v1/overrides',
      headers: bearer(fakeKeys.ops),
      payload: { ...request, reason: 'x', modifier: '25' },
    });
    expect([neither.statusCode, neither.json().type]).toEqual([400, 'urn:rollcall:problem:idempotency_key_missing']);
    expect(
      neither
        .json()
        .errors.map((e: { pointer: string }) => e.pointer)
        .sort(),
    ).toEqual(['/modifier', '/reason']);
    expect(http.service.state.calls).toEqual(['requestOverride second_service']);
  });

  it('are approved by another key, and refused for the same', async () => {
    http.service.state.overrides.push(fakeOverride());
    expect(
      (await ask('POST', '/v1/overrides/ovr_01/approve', { reason: 'looked at both notes' }, fakeKeys.admin)).statusCode,
    ).toBe(403);
    expect((await ask('GET', '/v1/overrides')).json().items).toHaveLength(1);
    const done = await ask('POST', '/v1/overrides/ovr_01/approve', { reason: 'looked at both notes' });
    expect([done.statusCode, done.json().approvedBy]).toEqual([200, 'key_ops']);
    expect((await ask('POST', '/v1/overrides/ovr_01/approve', { reason: 'again please' })).statusCode).toBe(404);
    expect((await ask('POST', '/v1/overrides/ovr_01/approve', { reason: 'no' })).statusCode).toBe(422);
  });

  it('need a scope that may change claims', async () => {
    expect((await ask('POST', '/v1/overrides', request, fakeKeys.reader)).statusCode).toBe(403);
    expect((await ask('GET', '/v1/overrides', undefined, fakeKeys.reader)).statusCode).toBe(200);
    expect((await ask('POST', '/v1/overrides', request, fakeKeys.practice)).statusCode).toBe(201);
  });
});

describe('tasks', () => {
  it('are listed and closed with a word of what was done', async () => {
    http.service.state.tasks.push(fakeTask());
    expect((await ask('GET', '/v1/tasks')).json().items).toEqual([fakeTask()]);
    expect((await ask('POST', '/v1/tasks/7/close', { reason: 'times were mistyped' })).statusCode).toBe(200);
    expect((await ask('POST', '/v1/tasks/7/close', { reason: 'times were mistyped' })).statusCode).toBe(404);
    for (const id of ['x', '0x7', '7e0', '07', '-7', '9'.repeat(20)]) {
      expect((await ask('POST', `/v1/tasks/${id}/close`, { reason: 'times were mistyped' })).statusCode, id).toBe(400);
    }
  });
});

describe('privacy of a patient', () => {
  const put = (payload: InjectOptions['payload'], key?: string) =>
    ask('PUT', '/v1/patients/prac_northside/pt-1/privacy', payload, key);
  it('takes the whole record and says what it has changed', async () => {
    const answer = await put({ restrictDisclosure: true, part2: { consentId: 'c1', signedOn: '2026-03-01', revokedOn: null } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ version: 1, restrictDisclosure: true, claims: [{ state: 'not_billable' }] });
    expect((await put({ restrictDisclosure: false })).json().part2).toBeNull();
    expect((await put({ part2: null })).statusCode).toBe(422);
    expect((await put({ restrictDisclosure: 'yes' })).statusCode).toBe(422);
    expect((await put({ restrictDisclosure: true }, fakeKeys.reader)).statusCode).toBe(403);
  });
  it('the patient’s id is in no log line', async () => {
    await put({ restrictDisclosure: true });
    expect(http.logText()).not.toContain('pt-1');
  });
});
