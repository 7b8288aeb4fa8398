import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimState } from '../../../schemas/common.ts';
import { signIn } from '../../support/console-browser.ts';
import { fakeOverride, fakeTask } from '../../support/fake-governance.ts';
import { fakeClaim, fakeKeys, fakeLane } from '../../support/fake-service.ts';
import { type HttpHarness, startHttp } from '../../support/http-harness.ts';

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
  return () => http.app.close();
});

const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');

describe('overview', () => {
  it('says what goes when and why, what is held and why, and whose turn it is', async () => {
    http.service.state.alerts.push('queue paused outside the service');
    const text = textOf((await (await signIn(http.app, fakeKeys.ops)).get('/ops')).body);
    expect(text).toContain('NORTHSIDE → SANDBOXCH sandbox · test running closed 1 3 0 Nov 21, 15:04:00 in 4 min');
    expect(text).toContain('kept apart from claims that differ only by patient; waits for the gap between files on this lane');
    expect(text).toContain(
      'clm_03 payer 60054 N05 block note, treatment goal ids: the note links no treatment goal since Nov 21, 14:30:00 30 min ago',
    );
    expect(text).toContain('A09 hold coverage 1, prior authorization: prior authorization is required and missing');
    expect(text).toContain('held 2 biller Clear each hold');
    expect(text).toContain('NORTHSIDE_000000041.837 clm_05 transmitted Nov 21, 14:57:00 3 min ago');
    expect(text).toContain('queue paused outside the service');
    expect(text).toContain('completed 17');
  });

  it('shows a stopped, a paused and an open lane with reason and person', async () => {
    const { lanes } = http.service;
    lanes.set('a', fakeLane({ id: 'a', stopped: { reason: 'no marker file', since: '2026-11-21T14:00:00.000Z' } }));
    lanes.set(
      'b',
      fakeLane({ id: 'b', paused: { by: 'key_ops', reason: 'maintenance', since: '2026-11-21T14:00:00.000Z' }, overdue: 4 }),
    );
    lanes.set(
      'c',
      fakeLane({
        id: 'c',
        circuit: { state: 'open', failures: 3, nextProbeAt: '2026-11-21T15:01:30.000Z' },
        nextReleaseAt: null,
      }),
    );
    const text = textOf((await (await signIn(http.app, fakeKeys.ops)).get('/ops')).body);
    expect(text).toContain('stopped no marker file Nov 21, 14:00:00 1 h ago');
    expect(text).toContain('paused maintenance by key_ops');
    expect(text).toContain('open 3 failed, next try Nov 21, 15:01:30 in 1 min 30 s');
  });

  it('shows what waits for people: overrides for another key, tasks for anybody', async () => {
    http.service.state.overrides.push(fakeOverride(), fakeOverride({ id: 'ovr_own', requestedBy: 'key_ops' }));
    http.service.state.tasks.push(fakeTask());
    const browser = await signIn(http.app, fakeKeys.ops);
    const page = await browser.get('/ops');
    const text = textOf(page.body);
    expect(text).toContain('clm_04 second service: A05, modifier 59 two groups that day, by plan key_admin');
    expect(text).toContain('clm_05 with clm_04 review overlap The patient is recorded in another session');
    expect(page.body).toContain('href="/ops/overrides/ovr_01/approve"');
    expect(page.body).not.toContain('href="/ops/overrides/ovr_own/approve"');
    const asked = await browser.get('/ops/overrides/ovr_01/approve');
    expect(textOf(asked.body)).toContain('Claim clm_04, A05: “two groups that day, by plan”');
    const approved = await browser.submit('/ops', '/ops/overrides/ovr_01/approve', { reason: 'read both notes' });
    expect([approved.statusCode, approved.headers['location']]).toEqual([303, '/ops?done=approve']);
    expect(textOf((await browser.get('/ops?done=approve')).body)).toContain('The override is approved.');
    const own = await browser.submit('/ops', '/ops/overrides/ovr_own/approve', { reason: 'read both notes' });
    expect([own.statusCode, textOf(own.body).includes('Another person must approve it')]).toEqual([403, true]);
    expect((await browser.submit('/ops', '/ops/tasks/7/close', { reason: 'times mended' })).headers['location']).toBe(
      '/ops?done=close',
    );
    expect((await browser.get('/ops/tasks/7/close')).statusCode).toBe(404);
    expect(http.service.state.calls).toContain('closeTask 7 times mended');
  });

  it('offers to lift what one person may lift, never a block nor what two people decide', async () => {
    const late = {
      rule: 'S04',
      severity: 'hold' as const,
      path: '',
      message: 'late',
      lift: 'reason' as const,
      since: '2026-11-21T14:00:00.000Z',
      by: 'gate',
    };
    http.service.claims.set('clm_06', fakeClaim('clm_06', { state: 'held', plannedReleaseAt: null, holds: [late] }));
    const browser = await signIn(http.app, fakeKeys.ops);
    const page = await browser.get('/ops');
    expect(page.body).toContain('href="/ops/claims/clm_06/unhold"');
    expect((await browser.get('/ops/claims/clm_06')).body).toContain('href="/ops/claims/clm_06/unhold"');
    for (const id of ['clm_03', 'clm_04']) {
      expect(page.body).not.toContain(`href="/ops/claims/${id}/unhold"`);
      expect((await browser.get(`/ops/claims/${id}`)).body).not.toContain(`id="unhold-${id}"`);
    }
    expect((await browser.get('/ops/claims/clm_03')).body).not.toContain('/unhold');
    expect(textOf((await browser.get('/ops/claims/clm_04')).body)).toContain('Where the other claim is gone by now');
    expect(textOf((await browser.get('/ops/claims/clm_03')).body)).toContain('A block goes only when the session is amended');
  });

  it('a service that could be billed twice: one asks, in place; the other approves', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    expect((await browser.get('/ops')).body).toContain('href="/ops/claims/clm_04/override"');
    const claim = await browser.get('/ops/claims/clm_04');
    expect(claim.body).toContain('href="/ops/claims/clm_04/override"');
    expect(textOf(claim.body)).toContain('A05: this could be billed twice, so two people decide.');
    const asked = textOf((await browser.get('/ops/claims/clm_04/override')).body);
    expect(asked).toContain('A05 duplicate_service');
    const form = { kind: 'second_service', modifier: '59', reason: 'planned double group', expires: '2026-12-05' };
    const page = '/ops/claims/clm_04/override';
    const faulty = await browser.submit(page, page, { ...form, reason: '', expires: 'soon' });
    expect(faulty.statusCode).toBe(422);
    expect(faulty.body).toMatch(/value="59" selected/);
    expect(textOf((await browser.submit(page, page, { ...form, kind: 'unknown' })).body)).toContain('Not done.');
    expect((await browser.post(page, { ...form, csrf: 'forged' })).statusCode).toBe(403);
    expect(http.service.state.calls).not.toContain('requestOverride second_service');
    const made = await browser.submit(page, page, form);
    expect([made.statusCode, made.headers['location']]).toEqual([303, '/ops/claims/clm_04?done=override']);
    expect(http.service.state.calls).toContain('requestOverride second_service');

    const own = await browser.get('/ops/claims/clm_04?done=override');
    expect(textOf(own.body)).toContain('The override waits for another person to approve it.');
    expect(textOf(own.body)).toContain('key_ops has asked (“planned double group”)');
    expect(own.body).not.toContain('/approve');
    expect(own.body).not.toContain('href="/ops/claims/clm_04/override"');
    const other = await signIn(http.app, fakeKeys.admin);
    for (const path of ['/ops', '/ops/claims/clm_04'])
      expect((await other.get(path)).body).toContain('id="approve-for-clm_04" href="/ops/overrides/ovr_02/approve"');
    const lift = await browser.submit(page, page, { ...form, kind: 'lift_holds' });
    expect(lift.statusCode).toBe(303);
    const wrong = await browser.submit(page, page, { ...form, kind: 'wrong_payer' });
    expect(wrong.statusCode).toBe(422);
  });

  it('serves the same content as a fragment for the script', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const page = await browser.get('/ops');
    const fragment = await browser.get('/ops/live');
    expect(page.body).toContain(fragment.body);
    expect(fragment.body).not.toContain('<html');
    expect(page.body).toContain('data-source="/ops/live"');
  });

  it('offers actions to operators only', async () => {
    const reader = await signIn(http.app, fakeKeys.reader);
    const page = await reader.get('/ops');
    expect(page.body).not.toMatch(/class="button"/);
    expect(page.body).toContain('read only');
    expect((await reader.get('/ops/claims/clm_01')).body).not.toContain('/ops/claims/clm_01/hold');
    for (const path of ['/ops/claims/clm_01/hold', `/ops/lanes/${encodeURIComponent(fakeLane().id)}/pause`]) {
      expect((await reader.get(path)).statusCode).toBe(403);
      expect((await reader.submit('/ops', path, { reason: 'not mine to do' })).statusCode).toBe(403);
    }
    expect(http.service.state.calls.some((call) => /^(actOnClaim|pauseLane)/.test(call))).toBe(false);
  });

  it('is empty in words when there is nothing', async () => {
    http.service.claims.clear();
    http.service.lanes.clear();
    const text = textOf((await (await signIn(http.app, fakeKeys.ops)).get('/ops')).body);
    for (const phrase of ['No lanes yet', 'Nothing is scheduled', 'Nothing is held', 'No claims yet', 'Nothing needs you']) {
      expect(text).toContain(phrase);
    }
  });

  it('knows every state', async () => {
    http.service.claims.clear();
    for (const state of claimState.options) http.service.claims.set(state, fakeClaim(state, { state }));
    const browser = await signIn(http.app, fakeKeys.ops);
    const page = await browser.get('/ops');
    for (const state of claimState.options) {
      expect(page.body).toContain(`href="/ops/claims?state=${state}"`);
      expect((await browser.get(`/ops/claims/${state}`)).statusCode).toBe(200);
    }
  });
});

describe('claim pages', () => {
  it('shows where a claim stands, its file and history, and no detail of events', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const text = textOf((await browser.get('/ops/claims/clm_05')).body);
    expect(text).toContain('File name NORTHSIDE_000000041.837');
    expect(text).toContain('Interchange (ISA13) 000000041');
    expect(text).toContain('created – scheduled key_practice');
    expect(text).not.toContain('canary');
    expect((await browser.get('/ops/claims/clm_99')).statusCode).toBe(404);
  });

  it('lists by state, in pages, and shrugs at a state that is none', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const held = textOf((await browser.get('/ops/claims?state=held')).body);
    expect(held).toContain('Claims that are held');
    expect(held).not.toContain('clm_01');
    for (let i = 100; i < 160; i++) http.service.claims.set(`clm_${i}`, fakeClaim(`clm_${i}`));
    const first = await browser.get('/ops/claims?state=bogus');
    expect(first.statusCode).toBe(200);
    const next = /href="(\/ops\/claims\?cursor=50)"/.exec(first.body)?.[1];
    expect((await browser.get(next ?? '')).body).toContain('clm_159');
  });

  it('escapes what people wrote', async () => {
    const reason = '<script>alert(1)</script>"';
    http.service.claims.set(
      'clm_06',
      fakeClaim('clm_06', {
        state: 'held',
        holds: [
          {
            rule: 'OPERATOR',
            severity: 'hold',
            path: '',
            message: reason,
            lift: 'reason',
            since: '2026-11-21T14:00:00.000Z',
            by: 'key_ops',
          },
        ],
      }),
    );
    const browser = await signIn(http.app, fakeKeys.ops);
    for (const path of ['/ops', '/ops/live', '/ops/claims', '/ops/claims/clm_06']) {
      const page = await browser.get(path);
      expect(page.body, path).not.toContain('<script>alert');
      expect(page.body, path).toContain('&lt;script');
    }
    const refused = await browser.submit('/ops', '/ops/claims/clm_05/cancel', { reason: '</textarea><b>hm' });
    expect(refused.body).not.toContain('<b>hm');
  });
});

describe('actions', () => {
  it('asks for a reason, acts, and says that it is done', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const ask = await browser.get('/ops/claims/clm_01/hold');
    expect(textOf(ask.body)).toContain('Hold claim clm_01 It is scheduled now.');
    const done = await browser.submit('/ops/claims/clm_01/hold', '/ops/claims/clm_01/hold', { reason: 'clinician asked' });
    expect([done.statusCode, done.headers['location']]).toEqual([303, '/ops/claims/clm_01?done=hold']);
    const after = textOf((await browser.get('/ops/claims/clm_01?done=hold')).body);
    expect(after).toContain('The claim is held.');
    expect(after).toContain('clinician asked');
    expect((await browser.get('/ops/claims/clm_01?done=%3Cb%3E')).body).not.toContain('role="status"');
  });

  it.each(['hold', 'unhold', 'expedite', 'cancel'])('does %s', async (action) => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const id = action === 'unhold' ? 'clm_04' : 'clm_01';
    const path = `/ops/claims/${id}/${action}`;
    const page = await browser.get(`/ops/claims/${id}`);
    expect(page.body).toContain(`href="${path}"`);
    expect((await browser.submit(path, path, { reason: 'for a reason' })).statusCode).toBe(303);
    expect(http.service.state.calls).toContain(`actOnClaim ${id} ${action}`);
  });

  it('pauses and resumes a lane whose id needs escaping', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const pause = /href="(\/ops\/lanes\/[^"]+\/pause)"/.exec((await browser.get('/ops')).body)?.[1] ?? '';
    expect(pause).toBe('/ops/lanes/sandbox%3ANORTHSIDE%3ASANDBOXCH%3AT/pause');
    const done = await browser.submit(pause, pause, { reason: 'maintenance' });
    expect(done.headers['location']).toBe('/ops?done=pause');
    expect(textOf((await browser.get('/ops?done=pause')).body)).toContain('The lane is paused.');
    const resume = pause.replace('pause', 'resume');
    expect((await browser.submit(resume, resume, { reason: 'they are back' })).statusCode).toBe(303);
    expect(http.service.lanes.get(fakeLane().id)?.paused).toBeNull();
    expect((await browser.get('/ops/lanes/none/pause')).statusCode).toBe(404);
  });

  it('shows a refusal and a missing reason on the form, with what was typed', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    const path = '/ops/claims/clm_03/unhold';
    const refused = await browser.submit(path, path, { reason: 'please let it go' });
    expect(refused.statusCode).toBe(409);
    expect(textOf(refused.body)).toContain('Not done. Conflict A block is lifted by an amendment of the session.');
    expect(refused.body).toContain('please let it go</textarea>');
    const short = await browser.submit(path, path, { reason: ' a ' });
    expect(short.statusCode).toBe(422);
    expect(short.body).toContain('role="alert"');
    expect(short.body).toContain('aria-invalid="true"');
  });

  it('shows a defect as a page that says nothing of the inside', async () => {
    const browser = await signIn(http.app, fakeKeys.ops);
    http.service.state.fail = new Error('relation "claim" with Moreno');
    const page = await browser.get('/ops');
    expect(page.statusCode).toBe(500);
    expect(textOf(page.body)).toContain('Something went wrong on our side');
    expect(page.body + http.logText()).not.toContain('Moreno');
  });
});

describe('assets', () => {
  let app: HttpHarness;
  beforeAll(async () => {
    app = await startHttp();
  });
  afterAll(() => app.app.close());

  it('are named by content, cached for ever, and need no key', async () => {
    const page = await app.app.inject('/ops/sign-in');
    const paths = [...page.body.matchAll(/(?:href|src)="(\/ops\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths.length).toBeGreaterThanOrEqual(2);
    for (const path of new Set(paths)) {
      const asset = await app.app.inject(path);
      expect(asset.statusCode, path).toBe(200);
      expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      const again = await app.app.inject({ url: path, headers: { 'if-none-match': String(asset.headers['etag']) } });
      expect(again.statusCode).toBe(304);
    }
  });

  it('keeps pages free of inline script, style and handlers', async () => {
    const browser = await signIn(app.app, fakeKeys.ops);
    for (const path of ['/ops', '/ops/claims', '/ops/claims/clm_03', '/ops/claims/clm_03/unhold', '/ops/sign-in']) {
      const { body } = await browser.get(path);
      expect(body, path).not.toMatch(/<script(?![^>]+src=)|<style|\sstyle=|\son\w+=/i);
      expect(body.match(/<h1/g), path).toHaveLength(1);
      expect(body, path).toMatch(/<main id="main"/);
      expect(body, path).toMatch(/<html lang="en">/);
    }
  });
});
