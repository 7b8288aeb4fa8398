import type { LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { scope } from '../../../schemas/common.ts';
import { fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';
import { sessionBody } from '../../support/session-body.ts';

let http: HttpHarness;
afterEach(() => http.app.close());

interface Operation {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly open: boolean;
}

async function documented(): Promise<Operation[]> {
  const document = (await http.app.inject('/openapi.json')).json();
  return Object.entries(document.paths as Record<string, Record<string, { security?: unknown[] }>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path: path.replace('{id}', 'clm_01'),
      method: method.toUpperCase() as Operation['method'],
      open: operation.security?.length === 0,
    })),
  );
}

describe('authentication', () => {
  it('tells intake from the rest, which waits its turn when the ledger is busy', async () => {
    http = await startHttp();
    const asked: boolean[] = [];
    const { authenticate } = http.service;
    http.service.authenticate = (token, request) => {
      asked.push(request.intake);
      return authenticate(token, request);
    };
    const headers = { ...bearer(fakeKeys.admin), 'idempotency-key': 'k1' };
    await http.app.inject({ method: 'POST', url: '/v1/group-sessions', headers, payload: sessionBody() });
    await http.app.inject({ url: '/v1/claims', headers });
    await http.app.inject({ method: 'POST', url: '/v1/claims/clm_01/hold', headers, payload: { reason: 'looked at' } });
    expect(asked).toEqual([true, false, false]);
  });

  it('refuses every documented operation under /v1 without a valid key, before reading the body', async () => {
    http = await startHttp();
    const operations = (await documented()).filter((operation) => operation.path.startsWith('/v1/'));
    expect(operations.length).toBeGreaterThanOrEqual(22);
    for (const { path, method, open } of operations) {
      expect(open, path).toBe(false);
      for (const headers of [
        {},
        bearer('rk_unknown_000000000'),
        { authorization: 'Basic cms6eA==' },
        { authorization: 'Bearer x' },
      ]) {
        const answer = await http.app.inject({
          method,
          url: path,
          headers: { ...headers, 'content-type': 'text/nonsense' },
          payload: '{',
        });
        expect(answer.statusCode, `${method} ${path}`).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="rollcall"');
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      }
    }
  });

  it('refuses a key without the scope with 403 that names it', async () => {
    http = await startHttp();
    const operations = (await documented()).filter(
      ({ path }) => path.startsWith('/v1/') && !/group-sessions(\/preview|\/[^/]+\/amendments)?$/.test(path),
    );
    for (const { path, method } of operations) {
      const answer = await http.app.inject({ method, url: path, headers: bearer(fakeKeys.sessionsOnly), payload: {} });
      expect(answer.statusCode, `${method} ${path}`).toBe(403);
      const named = /lacks the scope (\S+?)(?: or (\S+?))?\.$/.exec(answer.json().detail);
      expect(scope.options, path).toContain(named?.[1]);
      expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
    }
  });

  it('lets one scope in where it belongs and nowhere else', async () => {
    http = await startHttp();
    const ask = async (url: string, key: string): Promise<number> =>
      (await http.app.inject({ url, headers: bearer(key) })).statusCode;
    expect(await ask('/v1/claims/clm_01', fakeKeys.reader)).toBe(200);
    expect(await ask('/v1/claims/clm_01/x12', fakeKeys.reader)).toBe(403);
    expect(await ask('/v1/claims/clm_01/x12', fakeKeys.practice)).toBe(403);
    expect(await ask('/v1/claims/clm_01/x12', fakeKeys.admin)).toBe(200);
    expect(await ask('/v1/audit', fakeKeys.ops)).toBe(403);
    expect(await ask('/v1/audit', fakeKeys.practice)).toBe(200);
  });

  it('takes the scheme in any case and refuses a revoked key', async () => {
    http = await startHttp();
    const headers = { authorization: `bearer ${fakeKeys.reader}` };
    expect((await http.app.inject({ url: '/v1/claims', headers })).statusCode).toBe(200);
    http.service.state.revoked.add(fakeKeys.reader);
    expect((await http.app.inject({ url: '/v1/claims', headers })).statusCode).toBe(401);
  });
});

describe('rate limit', () => {
  it('counts by key: one busy key does not slow another', async () => {
    http = await startHttp({ limits: { perKeyPerMinute: 3 } });
    const ask = (key: string) => http.app.inject({ url: '/v1/claims', headers: bearer(key) });
    for (let i = 0; i < 3; i++) expect((await ask(fakeKeys.reader)).statusCode).toBe(200);
    const refused = await ask(fakeKeys.reader);
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ type: 'urn:rollcall:problem:too_many_requests', status: 429 });
    expect((await ask(fakeKeys.practice)).statusCode).toBe(200);
  });

  it('counts those without a key by address, unknown addresses included, and never health', async () => {
    http = await startHttp({ limits: { perAddressPerMinute: 2 } });
    expect((await http.app.inject({ url: '/v1/claims', headers: bearer('rk_guess_00000001') })).statusCode).toBe(401);
    expect((await http.app.inject('/nowhere')).statusCode).toBe(404);
    expect((await http.app.inject('/v1/claims')).statusCode).toBe(429);
    expect((await http.app.inject('/nowhere')).statusCode).toBe(429);
    for (let i = 0; i < 5; i++) expect((await http.app.inject('/healthz')).statusCode).toBe(200);
    expect((await http.app.inject({ url: '/v1/claims', headers: bearer(fakeKeys.reader) })).statusCode).toBe(200);
  });
});

describe('overload', () => {
  it('refuses intake while the event loop lags, and answers reads', async () => {
    http = await startHttp({ limits: { eventLoopDelayMs: 1 } });
    const intake = async (): Promise<LightMyRequestResponse> => {
      const until = Date.now() + 50;
      while (Date.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return http.app.inject({
        method: 'POST',
        url: '/v1/group-sessions',
        headers: { ...bearer(fakeKeys.practice), 'idempotency-key': 'o1' },
        payload: sessionBody(),
      });
    };
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await intake());
    const refused = answers.find((answer) => answer.statusCode === 503);
    expect(refused?.json().type).toBe('urn:rollcall:problem:overloaded');
    expect(refused?.headers['retry-after']).toBe('5');
    expect((await http.app.inject({ url: '/v1/claims', headers: bearer(fakeKeys.practice) })).statusCode).toBe(200);
  });
});

describe('draining', () => {
  it('refuses intake, answers the rest, and closes connections', async () => {
    http = await startHttp();
    http.app.startDraining();
    const intake = await http.app.inject({
      method: 'POST',
      url: '/v1/group-sessions',
      headers: { ...bearer(fakeKeys.practice), 'idempotency-key': 'd1' },
      payload: sessionBody(),
    });
    expect(intake.statusCode).toBe(503);
    expect(intake.headers['retry-after']).toBe('5');
    const read = await http.app.inject({ url: '/v1/claims', headers: bearer(fakeKeys.practice) });
    expect(read.statusCode).toBe(200);
    expect(read.headers['connection']).toBe('close');
  });
});
