import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonDepth } from '../../../src/http/json-body.ts';
import { fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';
import { sessionBody } from '../../support/session-body.ts';

let http: HttpHarness;
afterEach(() => http?.app.close());

describe('health', () => {
  it('says that the process answers, and what is not ready', async () => {
    http = await startHttp();
    expect((await http.app.inject('/healthz')).json()).toEqual({ status: 'ok', version: '0.0.0-test' });
    expect((await http.app.inject('/readyz')).json()).toEqual({
      status: 'ready',
      checks: { database: true, queue: true, migrations: true, key: true },
    });
    http.service.state.notReady = 'queue';
    const waiting = await http.app.inject('/readyz');
    expect(waiting.statusCode).toBe(503);
    expect(waiting.json()).toMatchObject({ detail: 'Not ready: queue.', errors: [{ code: 'queue' }] });
    http.service.state.notReady = null;
    http.service.state.fail = new Error('password=hunter2 at db.internal');
    const failing = await http.app.inject('/readyz');
    expect(failing.statusCode).toBe(503);
    expect(failing.body + http.logText()).not.toContain('hunter2');
    http.service.state.fail = null;
    http.app.startDraining();
    expect((await http.app.inject('/readyz')).json().detail).toBe('Not ready: draining.');
    expect((await http.app.inject('/healthz')).statusCode).toBe(200);
  });

  it('answers metrics of the process, of requests by pattern, and of the ledger; and without the ledger still its own', async () => {
    http = await startHttp();
    await http.app.inject({ url: '/v1/claims/clm_01?hold=secret', headers: bearer(fakeKeys.reader) });
    const text = (await http.app.inject('/metrics')).body;
    expect(text).toContain('rollcall_http_requests_total{method="GET",route="/v1/claims/:id",status="200"} 1');
    expect(text).toContain('rollcall_claims{state="held"} 2');
    expect(text).toContain('rollcall_ledger_readable 1');
    expect(text).toContain('rollcall_process_resident_memory_bytes');
    expect(text).not.toMatch(/secret|clm_01/);
    http.service.state.fail = new Error('down');
    const without = await http.app.inject('/metrics');
    expect(without.statusCode).toBe(200);
    expect(without.body).toContain('rollcall_ledger_readable 0');
  });
});

describe('problems', () => {
  it('answers 404 and 405 as problem documents', async () => {
    http = await startHttp();
    const missing = await http.app.inject('/v1/nothing?name=Moreno');
    expect(missing.statusCode).toBe(404);
    expect(missing.json()).toEqual({
      type: 'urn:rollcall:problem:not_found',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing at this address.',
      instance: `urn:rollcall:request:${missing.headers['x-request-id']}`,
    });
    const wrong = await http.app.inject({ method: 'DELETE', url: '/v1/claims/clm_01' });
    expect(wrong.statusCode).toBe(405);
    expect(wrong.headers['allow']).toBe('GET, HEAD');
    const action = await http.app.inject({ url: '/v1/claims/clm_01/hold' });
    expect([action.statusCode, action.headers['allow']]).toEqual([405, 'POST']);
  });

  it('says nothing of the inside in a 500 and logs no message, only kind and place', async () => {
    http = await startHttp();
    http.service.state.fail = Object.assign(new TypeError('patient Sarah Moreno is undefined'), { code: 'E_CANARY' });
    const answer = await http.app.inject({ url: '/v1/claims', headers: bearer(fakeKeys.reader) });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ title: 'Internal server error', status: 500 });
    expect(answer.json().instance).toBe(`urn:rollcall:request:${answer.headers['x-request-id']}`);
    expect(answer.body + http.logText()).not.toContain('Moreno');
    const line = http.lines().find((entry) => entry['msg'] === 'request failed');
    expect(line).toMatchObject({ reqId: answer.headers['x-request-id'], defect: { errorClass: 'TypeError', code: 'E_CANARY' } });
  });

  it('answers 500 when the pipeline breaks the contract, without showing the value', async () => {
    http = await startHttp();
    const claim = http.service.claims.get('clm_01');
    http.service.claims.set('clm_01', { ...claim!, state: 'Moreno' as never });
    const answer = await http.app.inject({ url: '/v1/claims/clm_01', headers: bearer(fakeKeys.reader) });
    expect(answer.statusCode).toBe(500);
    expect(answer.body + http.logText()).not.toContain('Moreno');
  });

  it('refuses control characters and broken escapes in addresses with 400', async () => {
    http = await startHttp();
    for (const url of ['/v1/claims/%00', '/v1/claims?payerId=a%0Ab', '/v1/claims/%7f', '/v1/claims/%zz']) {
      const answer = await http.app.inject({ url, headers: bearer(fakeKeys.reader) });
      expect(answer.statusCode, url).toBe(400);
      expect(answer.headers['content-type'], url).toBe('application/problem+json; charset=utf-8');
    }
  });

  it('answers broken HTTP on the wire with a problem document', async () => {
    http = await startHttp();
    const address = await http.app.listen({ port: 0, host: '127.0.0.1' });
    const speak = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write(text));
        let heard = '';
        socket.on('data', (chunk) => {
          heard += chunk.toString();
        });
        socket.on('close', () => resolve(heard));
        socket.on('error', reject);
      });
    const nonsense = await speak('NONSENSE\r\n\r\n');
    expect(nonsense).toMatch(/^HTTP\/1\.1 400 /);
    expect(nonsense).toContain('application/problem+json');
    const large = await speak(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('survives a thousand broken bodies: always a 4xx problem, never a value of theirs', async () => {
    http = await startHttp();
    const good = JSON.stringify(sessionBody({ groupId: 'CANARY' }));
    let seed = 20261120;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed % below;
    };
    for (let round = 0; round < 1_000; round++) {
      const bytes = Buffer.from(good);
      const cut = 1 + random(bytes.length - 1);
      const mutated = [
        () => bytes.subarray(0, cut),
        () => Buffer.concat([bytes.subarray(0, cut), Buffer.from([random(256)]), bytes.subarray(cut)]),
        () => Buffer.concat([bytes.subarray(cut), bytes.subarray(0, cut)]),
        () => Buffer.from(`{"attendees": ${JSON.stringify([null, 1, 'CANARY', [], {}][random(5)])}}`),
      ][round % 4]!();
      const answer = await http.app.inject({
        method: 'POST',
        url: '/v1/group-sessions',
        headers: { ...bearer(fakeKeys.admin), 'content-type': 'application/json', 'idempotency-key': `f${round}` },
        payload: mutated,
      });
      if (answer.statusCode === 202) continue;
      expect([400, 422], `round ${round}`).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.body).not.toContain('CANARY');
    }
    expect(http.logText()).not.toContain('CANARY');
  });
});

describe('closing', () => {
  it('finishes what is under way, takes nothing new, and lets go of idle connections', async () => {
    http = await startHttp();
    const url = await http.app.listen({ port: 0, host: '127.0.0.1' });
    let finish = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      http.service.getClaim = async (_who, id) => {
        resolve();
        await new Promise<void>((done) => {
          finish = done;
        });
        return http.service.claims.get(id)!;
      };
    });
    const slow = fetch(`${url}/v1/claims/clm_01`, { headers: bearer(fakeKeys.reader) });
    await started;
    const closed = http.app.close();
    await expect(fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })).rejects.toThrow();
    finish();
    const answer = await slow;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    expect(((await answer.json()) as { id: string }).id).toBe('clm_01');
    await closed;
  });
});

describe('log and headers', () => {
  it('logs ids, the pattern and a well-formed trace id, and nothing else of the request', async () => {
    http = await startHttp();
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await http.app.inject({
      url: '/v1/claims?payerId=CANARY',
      headers: {
        ...bearer(fakeKeys.reader),
        traceparent: `00-${trace}-b7ad6b7169203331-01`,
        'user-agent': 'CANARY',
        cookie: 'a=CANARY',
      },
    });
    await http.app.inject({ url: '/v1/claims/CANARY', headers: { ...bearer(fakeKeys.reader), traceparent: 'CANARY' } });
    await http.app.inject({
      method: 'POST',
      url: '/v1/claims/clm_01/hold',
      headers: bearer(fakeKeys.admin),
      payload: { reason: 'CANARY' },
    });
    const lines = http.lines().filter((entry) => entry['msg'] === 'request');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ method: 'GET', route: '/v1/claims', status: 200, keyId: 'key_reader', trace });
    expect(http.logText()).not.toContain('CANARY');
    expect(http.logText()).not.toContain(fakeKeys.reader);
  });

  it('makes its own request ids', async () => {
    http = await startHttp();
    const answer = await http.app.inject({ url: '/healthz', headers: { 'request-id': 'CANARY', 'x-request-id': 'CANARY' } });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('forbids everything to whoever frames or scripts an API answer, and only own files to pages', async () => {
    http = await startHttp();
    const api = await http.app.inject('/healthz');
    expect(api.headers['content-security-policy']).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(api.headers['x-content-type-options']).toBe('nosniff');
    const page = await http.app.inject('/ops/sign-in');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';style-src 'self';");
    const docs = await http.app.inject('/docs/');
    expect(docs.headers['content-security-policy']).toContain("script-src 'self';");
    expect(docs.headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe-inline'");
  });
});

describe('jsonDepth', () => {
  it.each([
    ['{}', 1],
    ['[[1,[2]],3]', 3],
    ['"[[[["', 0],
    ['{"a":"\\"[[","b":[1]}', 2],
    ['{"a\\\\":[]}', 2],
    ['12', 0],
  ])('%s is %i deep', (text, depth) => {
    expect(jsonDepth(text, 32)).toBe(depth);
  });

  it('stops at the limit', () => {
    expect(jsonDepth('['.repeat(100_000), 32)).toBe(33);
  });
});
