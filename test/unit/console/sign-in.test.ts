import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSessionStore, csrfMatches } from '../../../src/console/session-store.ts';
import { openBrowser, signIn } from '../../support/console-browser.ts';
import { fakeKeys } from '../../support/fake-service.ts';
import { bearer, type HttpHarness, startHttp } from '../../support/http-harness.ts';

let http: HttpHarness;
afterEach(() => http?.app.close());

describe('sign-in', () => {
  it('shows the form to whoever is not signed in, as 401 on a page and as a problem to programs', async () => {
    http = await startHttp();
    const page = await openBrowser(http.app).get('/ops');
    expect(page.statusCode).toBe(401);
    expect(page.body).toContain('action="/ops/sign-in"');
    const program = await http.app.inject('/ops');
    expect(program.statusCode).toBe(401);
    expect(program.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('sets an opaque cookie for /ops only: HttpOnly, SameSite=Strict, Secure where the page came over https', async () => {
    http = await startHttp({ trustProxy: true });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const plain = await http.app.inject({ method: 'POST', url: '/ops/sign-in', headers, payload: `key=${fakeKeys.ops}` });
    expect(plain.statusCode).toBe(303);
    expect(plain.headers['location']).toBe('/ops');
    const set = String(plain.headers['set-cookie']);
    expect(set).toMatch(/^rollcall_console=[\w-]{43}; Max-Age=28800; Path=\/ops; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(fakeKeys.ops);
    const secure = await http.app.inject({
      method: 'POST',
      url: '/ops/sign-in',
      headers: { ...headers, 'x-forwarded-proto': 'https' },
      payload: `key=${fakeKeys.ops}`,
    });
    expect(String(secure.headers['set-cookie'])).toContain('; Secure;');
  });

  it('refuses unknown keys and keys that may not look, without repeating them', async () => {
    http = await startHttp();
    const unknown = await openBrowser(http.app).post('/ops/sign-in', { key: 'rk_wrong_0000000000' });
    expect(unknown.statusCode).toBe(401);
    expect(unknown.body).toContain('This key is not known, or it was revoked.');
    expect(unknown.body).not.toContain('rk_wrong');
    expect(unknown.headers['set-cookie']).toBeUndefined();
    const blind = await openBrowser(http.app).post('/ops/sign-in', { key: fakeKeys.sessionsOnly });
    expect(blind.statusCode).toBe(403);
    expect(blind.body).toContain('lacks the scope ops or claims:read');
    expect((await openBrowser(http.app).post('/ops/sign-in', {})).statusCode).toBe(401);
  });

  it('limits guessing by address', async () => {
    http = await startHttp({ limits: { signInsPerMinute: 3 } });
    const browser = openBrowser(http.app);
    for (let i = 0; i < 3; i++) expect((await browser.post('/ops/sign-in', { key: `rk_guess_${i}` })).statusCode).toBe(401);
    const refused = await browser.post('/ops/sign-in', { key: fakeKeys.ops });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['set-cookie']).toBeUndefined();
  });

  it('ends with sign-out, with the key, and with time', async () => {
    http = await startHttp({ limits: { consoleSessionMs: 60_000 } });
    const first = await signIn(http.app, fakeKeys.ops);
    const stolen = first.cookie();
    const out = await first.submit('/ops', '/ops/sign-out');
    expect([out.statusCode, out.headers['location']]).toEqual([303, '/ops/sign-in']);
    expect((await http.app.inject({ url: '/ops', headers: { cookie: stolen } })).statusCode).toBe(401);

    const second = await signIn(http.app, fakeKeys.ops);
    expect((await second.get('/ops')).statusCode).toBe(200);
    http.service.state.revoked.add(fakeKeys.ops);
    expect((await second.get('/ops')).statusCode).toBe(401);
    http.service.state.revoked.clear();
    expect((await second.get('/ops')).statusCode).toBe(401);

    const third = await signIn(http.app, fakeKeys.ops);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    expect((await third.get('/ops')).statusCode).toBe(401);
    vi.restoreAllMocks();
  });

  it('does not let the cookie into the API', async () => {
    http = await startHttp();
    const browser = await signIn(http.app, fakeKeys.admin);
    const answer = await http.app.inject({ url: '/v1/claims', headers: { cookie: browser.cookie() } });
    expect(answer.statusCode).toBe(401);
  });
});

describe('forged forms', () => {
  it('refuses a form without the token, with another session’s, or from another site', async () => {
    http = await startHttp();
    const mine = await signIn(http.app, fakeKeys.ops);
    const other = await signIn(http.app, fakeKeys.ops);
    const token = /name="csrf" value="([^"]+)"/.exec((await mine.get('/ops')).body)?.[1] ?? '';
    const foreign = /name="csrf" value="([^"]+)"/.exec((await other.get('/ops')).body)?.[1] ?? '';
    const path = '/ops/claims/clm_01/hold';
    const before = http.service.state.calls.length;
    for (const csrf of ['', foreign, `${token}x`]) {
      expect((await mine.post(path, { csrf, reason: 'forged form' })).statusCode).toBe(403);
    }
    const sites: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of sites) {
      expect((await mine.post(path, { csrf: token, reason: 'forged form' }, headers)).statusCode, JSON.stringify(headers)).toBe(
        403,
      );
      expect((await mine.post('/ops/sign-in', { key: fakeKeys.ops }, headers)).statusCode, JSON.stringify(headers)).toBe(403);
    }
    expect(http.service.state.calls.slice(before).filter((call) => call.startsWith('actOnClaim'))).toEqual([]);
    expect((await mine.post(path, { csrf: token, reason: 'real form' }, { origin: 'http://localhost:80' })).statusCode).toBe(303);
  });

  it('needs no token from a key in the header', async () => {
    http = await startHttp();
    const answer = await http.app.inject({
      method: 'POST',
      url: '/ops/claims/clm_01/hold',
      headers: { ...bearer(fakeKeys.ops), 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'reason=by+a+program',
    });
    expect(answer.statusCode).toBe(303);
  });
});

describe('session store', () => {
  it('drops the oldest beyond its capacity and compares tokens of any shape', () => {
    let now = 0;
    const store = createSessionStore({ now: () => now, lifetimeMs: 100, capacity: 2 });
    const [a, b, c] = [store.open('a'), store.open('b'), store.open('c')];
    expect(store.find(a.id)).toBeNull();
    expect(store.find(b.id)?.bearer).toBe('b');
    now = 100;
    expect(store.find(c.id)).toBeNull();
    expect(csrfMatches(b, b.csrf)).toBe(true);
    for (const wrong of [c.csrf, '', undefined, null, ['x'], 'é']) expect(csrfMatches(b, wrong)).toBe(false);
  });
});
