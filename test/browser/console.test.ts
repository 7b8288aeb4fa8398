import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimSummary, LaneView } from '../../schemas/claim.ts';
import { exampleSession } from '../../src/cli/example.ts';
import { seedWith, startApp, TEST_KEY, type TestApp, until } from '../support/app.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const missing = existsSync(executablePath) ? null : `no Chromium at ${executablePath}`;
const flags = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];

/** What is in the browser's console that should not be; `blocked` names what a policy must have stopped. */
function watch(page: Page): { readonly faults: string[] } {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  return { faults };
}

function tests(): void {
  let app: TestApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [...flags, 'disable-component-update', 'disable-sync'].map((f) => `--${f}`),
    });
    // One leaves at once, and no other while the tests last.
    app = await startApp({ seed: await seedWith({ lookAlikeGapMinutes: 240, fileGapSeconds: 3_600 }) });
    const answer = await app.request('POST', '/v1/group-sessions', await exampleSession({ now: () => Date.now() }));
    expect(answer.status, answer.text).toBe(202);
    await until('the first has left', async () => (await claims('transmitted')).length > 0);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
    context.setDefaultTimeout(120_000);
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const claims = async (state: string): Promise<ClaimSummary[]> =>
    ((await app.request('GET', `/v1/claims?state=${state}&limit=200`)).body as { items: ClaimSummary[] }).items;
  const lane = async (): Promise<LaneView> => {
    const { items } = (await app.request('GET', '/v1/lanes')).body as { items: LaneView[] };
    return items[0]!;
  };
  /** For people to look at, where SCREENSHOTS names a folder. */
  const keepShot = async (name: string): Promise<void> => {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };
  const signIn = async (key = TEST_KEY): Promise<void> => {
    await page.goto(`${app.url}/ops`);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  it('signs in and shows what the ledger holds, with ids only', async () => {
    await page.goto(`${app.url}/ops/sign-in`);
    const { faults } = watch(page);
    await signIn();
    await page.getByRole('heading', { name: 'Operations' }).waitFor();
    const scheduled = await claims('scheduled');
    const text = await page.locator('#live').textContent();
    for (const claim of scheduled) expect(text).toContain(claim.id);
    expect(text).toContain('kept apart from claims that differ only by patient');
    for (const name of ['Moreno', 'Sarah', '1988-04-12', 'W123456789', 'Alder']) expect(text).not.toContain(name);
    await page.getByText('Live').waitFor();
    await keepShot('overview');
    // The 401 of the page that asked for the key is the one line the browser writes.
    expect(faults.filter((fault) => !fault.includes('401'))).toEqual([]);
    const cookies = await context.cookies();
    expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Strict', path: '/ops' })]);
  });

  it('pauses and resumes a lane with a reason', async () => {
    await signIn();
    await page.getByRole('link', { name: /^Pause/ }).click();
    await page.getByRole('button', { name: 'Pause lane' }).click();
    // The browser itself insists on the reason.
    expect(new URL(page.url()).pathname).toMatch(/\/pause$/);
    await page.getByLabel('Reason').fill('receiver maintenance');
    await keepShot('pause');
    await page.getByRole('button', { name: 'Pause lane' }).click();
    await page.getByText('The lane is paused.').waitFor();
    expect((await lane()).paused).toMatchObject({ reason: 'receiver maintenance' });
    await page.getByRole('link', { name: /^Resume/ }).click();
    await page.getByLabel('Reason').fill('they are back');
    await page.getByRole('button', { name: 'Resume lane' }).click();
    await page.getByText('The lane runs again.').waitFor();
    expect((await lane()).paused).toBeNull();
  });

  it('holds a claim and lifts the hold, and the page says why and shows both moves', async () => {
    await signIn();
    const [claim] = await claims('scheduled');
    await page.locator('#live').getByRole('link', { name: claim!.id }).first().click();
    await page.getByRole('link', { name: 'Hold claim' }).click();
    await page.getByLabel('Reason').fill('clinician asked');
    await page.getByRole('button', { name: 'Hold claim' }).click();
    await page.getByText('The claim is held.').waitFor();
    expect((await claims('held')).map(({ id }) => id)).toContain(claim!.id);
    const section = (name: string) => page.locator('section', { has: page.getByRole('heading', { name, exact: true }) });
    expect(await section('Holds').textContent()).toContain('clinician asked');
    await keepShot('claim-held');
    await page.getByRole('link', { name: 'Lift hold' }).click();
    await page.getByLabel('Reason').fill('clinician is done');
    await page.getByRole('button', { name: 'Lift hold' }).click();
    await page.getByText('The hold is lifted.').waitFor();
    expect(await section('Holds').textContent()).toContain('No open hold.');
    const moves = await section('History').locator('tbody tr').allTextContents();
    expect(moves.filter((row) => /scheduledheld|heldscheduled/.test(row))).toHaveLength(2);
    expect((await claims('scheduled')).map(({ id }) => id)).toContain(claim!.id);
  });

  it('shows a refusal on the form', async () => {
    await signIn();
    const [sent] = await claims('transmitted');
    await page.goto(`${app.url}/ops/claims/${sent!.id}/cancel`);
    await page.getByLabel('Reason').fill('too late for that');
    await page.getByRole('button', { name: 'Cancel claim' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('cannot be cancelled');
    expect(await page.getByLabel('Reason').inputValue()).toBe('too late for that');
    await keepShot('refusal');
  });

  it('follows the ledger by itself, keeps the focus, and stops when asked', async () => {
    await signIn();
    const link = page.getByRole('link', { name: /^Pause/ });
    await link.focus();
    const id = (await lane()).id;
    await app.request('POST', `/v1/lanes/${encodeURIComponent(id)}/pause`, { reason: 'by somebody else' });
    await page.getByText('by somebody else').waitFor();
    expect(await page.locator('#live').evaluate((live) => live.contains(live.ownerDocument.activeElement))).toBe(false);
    const claimLink = page.locator('#upcoming').locator('xpath=..').getByRole('link').first();
    await claimLink.focus();
    const focused = await claimLink.getAttribute('id');
    const clock = await page.locator('.clock').textContent();
    await page.waitForFunction((before) => document.querySelector('.clock')?.textContent !== before, clock);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe(focused);
    await page.getByRole('button', { name: 'Stop updating' }).click();
    await app.request('POST', `/v1/lanes/${encodeURIComponent(id)}/resume`, { reason: 'seen enough' });
    await page.waitForTimeout(4_000);
    expect(await page.getByText('by somebody else').count()).toBe(1);
    await page.getByRole('button', { name: 'Update again' }).click();
    await page.getByText('by somebody else').waitFor({ state: 'detached' });
  });

  it('works without script', async () => {
    await context.close();
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    await signIn();
    const [claim] = await claims('scheduled');
    await page.goto(`${app.url}/ops/claims/${claim!.id}`);
    await page.getByRole('link', { name: 'Expedite claim' }).click();
    await page.getByLabel('Reason').fill('payer deadline');
    await page.getByRole('button', { name: 'Expedite claim' }).click();
    await page.getByText('The claim goes as soon as its lane allows.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.goto(`${app.url}/ops`);
    await page.getByLabel('API key').waitFor();
  });

  it('fits a phone without scrolling sideways, and a dark room', async () => {
    await context.close();
    context = await browser.newContext({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    page = await context.newPage();
    await signIn();
    await page.getByRole('heading', { name: 'Operations' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(16, 24, 25)');
    await keepShot('phone-dark');
  });

  it.each([1300, 900, 400])('keeps what can be done in sight at %i px', async (width) => {
    const [claim] = await claims('scheduled');
    const hold = await app.request('POST', `/v1/claims/${claim!.id}/hold`, { reason: 'to be looked at' });
    expect(hold.status).toBe(200);
    try {
      await page.setViewportSize({ width, height: 900 });
      await signIn();
      await page.getByRole('heading', { name: 'Operations' }).waitFor();
      for (const button of [page.getByRole('link', { name: /^Pause/ }), page.locator(`#unhold-${claim!.id}`)]) {
        const seen = await button.evaluate((link) => {
          link.scrollIntoView({ block: 'center', inline: 'nearest' });
          const { left, right, top, bottom } = link.getBoundingClientRect();
          const at = (x: number) => link.contains(document.elementFromPoint(x, (top + bottom) / 2));
          const scroller = link.closest('.scroll');
          return { start: at(left + 3), end: at(right - 3), scrolled: scroller?.scrollLeft };
        });
        expect(seen).toEqual({ start: true, end: true, scrolled: 0 });
      }
      const held = await page
        .locator('section', { has: page.locator('#held') })
        .locator('.scroll')
        .evaluate((s) => s.scrollWidth - s.clientWidth);
      expect(held).toBe(0);
      await keepShot(`overview-${width}`);
    } finally {
      await app.request('POST', `/v1/claims/${claim!.id}/unhold`, { reason: 'was looked at' });
    }
  });

  it('shows the raw queue in bull-board, where an operator can pause it', async () => {
    await signIn();
    const { faults } = watch(page);
    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByText('rollcall-alarms').first().waitFor();
    await page.goto(`${app.url}/ops/queues/queue/rollcall-alarms`);
    await page.getByText('rollcall-alarms').first().waitFor();
    await keepShot('queues');
    const paused = await page.evaluate(async () => {
      const answer = await fetch('/ops/queues/api/queues/rollcall-alarms/pause', { method: 'PUT' });
      return answer.status;
    });
    expect(paused).toBe(200);
    const resumed = await page.evaluate(
      async () => (await fetch('/ops/queues/api/queues/rollcall-alarms/resume', { method: 'PUT' })).status,
    );
    expect(resumed).toBe(200);
    // The web font of another site is all that the policy stops.
    expect(faults.filter((fault) => !fault.includes('fonts.googleapis.com'))).toEqual([]);
  });

  it('shows the API documentation under its policy', async () => {
    const { faults } = watch(page);
    await page.goto(`${app.url}/docs/`);
    await page.getByText('/v1/group-sessions/preview').waitFor();
    await page.locator('#operations-sessions-acceptSession').click();
    await page.getByText('Idempotency-Key').first().waitFor();
    await keepShot('docs');
    expect(faults).toEqual([]);
  });
}

if (missing === null) describe('console in Chromium', tests);
else if (process.env['REQUIRE_SERVICES'] === '1') {
  it('the machine has Chromium', () => {
    throw new Error(`REQUIRE_SERVICES=1, but ${missing}`);
  });
} else describe.skip(`console in Chromium (${missing})`, tests);
