import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeAnswer, fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';
import { sessionBody } from '../../support/session-body.ts';

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.app.close());

let serial = 0;
const post = (payload: InjectOptions['payload'], headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
  http.app.inject({
    method: 'POST',
    url: '/v1/group-sessions',
    headers: {
      ...bearer(fakeKeys.practice),
      'content-type': 'application/json',
      'idempotency-key': `k-${++serial}`,
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  });

describe('POST /v1/group-sessions', () => {
  it('answers 202 with Location and ETag, and passes the text of the answer through byte for byte', async () => {
    const answer = await post(sessionBody());
    expect(answer.statusCode).toBe(202);
    expect(answer.headers).toMatchObject({
      location: '/v1/group-sessions/gs_01',
      etag: '"1"',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(answer.headers['idempotent-replayed']).toBeUndefined();
    expect(answer.body).toBe(JSON.stringify(fakeAnswer('ehr-gs-1'), null, 2));
  });

  it('replays the first answer for the same key and says so', async () => {
    const first = await post(sessionBody(), { 'idempotency-key': 'same' });
    const again = await post(sessionBody(), { 'idempotency-key': 'same' });
    expect(again.statusCode).toBe(202);
    expect(again.body).toBe(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.headers['location']).toBe('/v1/group-sessions/gs_01');
  });

  it('refuses another body under the same key with 422', async () => {
    await post(sessionBody(), { 'idempotency-key': 'reused' });
    const answer = await post(sessionBody({ groupId: 'g2' }), { 'idempotency-key': 'reused' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().type).toBe('urn:rollcall:problem:idempotency_key_reused');
  });

  it('answers 200 for a session that is known, 409 when its content changed', async () => {
    expect((await post(sessionBody({ externalId: 'known' }))).statusCode).toBe(200);
    const changed = await post(sessionBody({ externalId: 'changed' }));
    expect(changed.statusCode).toBe(409);
    expect(changed.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(changed.json()).toMatchObject({ type: 'urn:rollcall:problem:session_changed', title: 'Conflict', status: 409 });
  });

  it('needs an Idempotency-Key of visible characters', async () => {
    const { app } = http;
    const headers = { ...bearer(fakeKeys.practice), 'content-type': 'application/json' };
    const none = await app.inject({ method: 'POST', url: '/v1/group-sessions', headers, payload: sessionBody() });
    expect(none.statusCode).toBe(400);
    expect(none.json().type).toBe('urn:rollcall:problem:idempotency_key_missing');
    for (const key of ['', 'a b', 'é', 'x'.repeat(256)]) {
      const bad = await app.inject({
        method: 'POST',
        url: '/v1/group-sessions',
        headers: { ...headers, 'idempotency-key': key },
        payload: sessionBody(),
      });
      expect(bad.statusCode, JSON.stringify(key)).toBe(400);
    }
  });

  it('leaves the faults of one attendee to the pipeline and reports session-level faults with pointers', async () => {
    const attendees = [{ externalId: 'pt-1', attendance: { status: 'present' }, coverages: 'not a list', unknown: 1 }];
    expect((await post(sessionBody({ attendees }))).statusCode).toBe(202);
    const answer = await post(sessionBody({ timezone: 7, endedAt: 'soon' }));
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors.map((entry: { pointer: string }) => entry.pointer)).toEqual(['/timezone', '/endedAt']);
  });

  it.each([
    ['not JSON', '{"patient": "Moreno"', 'not_json'],
    ['empty', '', 'not_json'],
    ['a prototype', '{"__proto__": {"admin": true}}', 'not_json'],
    ['a constructor', '{"constructor": {"prototype": {"admin": true}}}', 'not_json'],
    ['too deep', `${'['.repeat(33)}${']'.repeat(33)}`, 'json_too_deep'],
    ['hostile depth', '['.repeat(500_000), 'json_too_deep'],
  ])('refuses a body that is %s with 400 and without quoting it', async (_name, payload, code) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().type).toBe(`urn:rollcall:problem:${code}`);
    expect(answer.body).not.toContain('Moreno');
  });

  it('refuses bytes that are not UTF-8 rather than putting a replacement character into a name', async () => {
    const bytes = Buffer.concat([Buffer.from('{"externalId": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const answer = await post(bytes);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().type).toBe('urn:rollcall:problem:not_utf8');
  });

  it('takes 32 levels, a byte order mark and a charset parameter', async () => {
    const deep = `{"a": ${'['.repeat(31)}${']'.repeat(31)}}`;
    expect((await post(deep)).statusCode).toBe(422);
    expect((await post(`\ufeff${JSON.stringify(sessionBody())}`)).statusCode).toBe(202);
    const typed = await post(JSON.stringify(sessionBody()), { 'content-type': 'application/json; charset=utf-8' });
    expect(typed.statusCode).toBe(202);
  });

  it('refuses more than 2 MiB with 413 and other media types with 415', async () => {
    const large = await post(JSON.stringify(sessionBody({ groupId: 'x'.repeat(2 * 1024 * 1024) })));
    expect(large.statusCode).toBe(413);
    expect(large.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/json-patch+json']) {
      const answer = await post(JSON.stringify(sessionBody()), { 'content-type': type });
      expect(answer.statusCode, type).toBe(415);
      expect(answer.json().status, type).toBe(415);
    }
    const encoded = (encoding: string) => post(JSON.stringify(sessionBody()), { 'content-encoding': encoding });
    const gzip = await encoded('gzip');
    expect([gzip.statusCode, gzip.json().type]).toEqual([415, 'urn:rollcall:problem:content_encoding']);
    expect((await encoded('identity')).statusCode).toBe(202);
  });

  it('gives way under pressure with 503 and Retry-After while reads stay up', async () => {
    http.service.state.pressure = 7.2;
    const before = http.service.state.calls.length;
    const refused = await post(sessionBody());
    const read = await http.app.inject({ url: '/v1/claims', headers: bearer(fakeKeys.practice) });
    http.service.state.pressure = null;
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('8');
    expect(http.service.state.calls.slice(before)).not.toContain('acceptSession');
    expect(read.statusCode).toBe(200);
  });
});

describe('the other session routes', () => {
  it('previews without an idempotency key', async () => {
    const answer = await http.app.inject({
      method: 'POST',
      url: '/v1/group-sessions/preview',
      headers: bearer(fakeKeys.practice),
      payload: sessionBody(),
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().attendees[0].x12).toMatch(/^ISA/);
  });

  it('reads one session with its ETag, or 404', async () => {
    const headers = bearer(fakeKeys.practice);
    const found = await http.app.inject({ url: '/v1/group-sessions/gs_01', headers });
    expect(found.statusCode).toBe(200);
    expect(found.headers['etag']).toBe('"1"');
    const missing = await http.app.inject({ url: '/v1/group-sessions/gs_99', headers });
    expect(missing.statusCode).toBe(404);
    expect(missing.json().title).toBe('Not found');
  });

  it('lists by query and reports every bad parameter at once', async () => {
    const headers = bearer(fakeKeys.practice);
    const listed = await http.app.inject({ url: '/v1/group-sessions?externalId=ehr-1&from=2026-11-01&to=2026-11-30', headers });
    expect(listed.json()).toMatchObject({ items: [{ id: 'gs_01' }], nextCursor: null });
    const bad = await http.app.inject({ url: '/v1/group-sessions?from=yesterday&limit=0&patient=Moreno', headers });
    expect(bad.statusCode).toBe(400);
    expect(
      bad
        .json()
        .errors.map((entry: { pointer: string }) => entry.pointer)
        .sort(),
    ).toEqual(['/from', '/limit', '/patient']);
    expect(bad.body).not.toContain('Moreno');
  });
});

describe('POST /v1/group-sessions/{id}/amendments', () => {
  const amend = (headers: Record<string, string>, id = 'gs_01') =>
    http.app.inject({
      method: 'POST',
      url: `/v1/group-sessions/${id}/amendments`,
      headers: { ...bearer(fakeKeys.practice), 'content-type': 'application/json', ...headers },
      payload: { ...sessionBody(), reason: 'attendance corrected' },
    });

  it('answers 202 with the new version, and repeats that under the same key', async () => {
    const headers = { 'idempotency-key': 'amend-once', 'if-match': '"1"' };
    const first = await amend(headers);
    expect([first.statusCode, first.headers['etag'], first.json().version]).toEqual([202, '"2"', 2]);
    const again = await amend(headers);
    expect([again.statusCode, again.headers['idempotent-replayed'], again.body]).toEqual([202, 'true', first.body]);
  });

  it('needs an Idempotency-Key (400) and If-Match (428), and names the current version with 412', async () => {
    expect((await amend({ 'if-match': '"1"' })).statusCode).toBe(400);
    const missing = await amend({ 'idempotency-key': 'a' });
    expect([missing.statusCode, missing.headers['content-type']]).toEqual([428, 'application/problem+json; charset=utf-8']);
    const stale = await amend({ 'idempotency-key': 'b', 'if-match': '"7"' });
    expect([stale.statusCode, stale.headers['etag']]).toEqual([412, '"1"']);
    expect((await amend({ 'idempotency-key': 'c', 'if-match': '"1"' }, 'gs_02')).statusCode).toBe(404);
  });

  it('lists who amended a session and why', async () => {
    const answer = await http.app.inject({ url: '/v1/group-sessions/gs_01/versions', headers: bearer(fakeKeys.practice) });
    expect(answer.json().items.map((v: { reason: string | null }) => v.reason)).toEqual([null, 'attendance corrected']);
  });
});
