import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimView, LaneView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { putPrivacy } from '../../src/ledger/privacy.ts';
import type { StepName } from '../../src/pipeline/deps.ts';
import { patientHash } from '../../src/pipeline/intake-facts.ts';
import { dropsIn, seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { asker, changed, freshSession } from '../support/ledgered.ts';
import { type Databases, describeWith } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** What happens between two steps of the pipeline; set by a test, gone after it. */
let between: Partial<Record<StepName, () => Promise<void> | void>> = {};

function opening(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** The same on both databases. The lane is paused but while a test lets it run, so that it says what leaves when. */
function suite(kind: 'pglite' | 'postgres', start: (options: Parameters<typeof startApp>[0]) => Promise<TestApp>): void {
  let t: TestApp;
  let ask: ReturnType<typeof asker>;
  let laneId = '';
  beforeAll(async () => {
    const seed = await seedWith({ batchMaxClaims: 3 });
    const [sandbox, aetna] = [seed.clearinghouses[0], seed.payers.find((p) => p['id'] === '60054')];
    seed.clearinghouses.push({ ...sandbox, id: 'second', name: 'Second clearinghouse' });
    seed.payers.push({ ...aetna, id: 'elsewhere', name: 'Elsewhere', payerId: 'ELSE1', clearinghouseId: 'second' });
    t = await start({
      seed,
      overrides: { step: (name) => between[name]?.() },
    });
    ask = asker(t);
    const first = await ask.post(freshSession(360, 2));
    await until('the first session sent', async () => (await states(first)).every((s) => s === 'transmitted'));
    laneId = ((await t.request('GET', '/v1/lanes')).body as { items: LaneView[] }).items[0]?.id as string;
    await lane('pause');
  });
  afterEach(async () => {
    between = {};
    await lane('pause');
  });
  afterAll(() => t.stop());

  const lane = (action: 'pause' | 'resume') =>
    t.request('POST', `/v1/lanes/${encodeURIComponent(laneId)}/${action}`, { reason: 'for the test' });
  const claims = (answer: SessionAnswer): Promise<ClaimView[]> => Promise.all(answer.attendees.map((a) => ask.claim(a.claimId)));
  const states = async (answer: SessionAnswer) => (await claims(answer)).map((c) => c.state);
  const amend = (answer: SessionAnswer, body: object) =>
    t.request(
      'POST',
      `/v1/group-sessions/${answer.id}/amendments`,
      { ...body, reason: 'corrected in the EHR' },
      { 'if-match': `"${answer.version}"` },
    );
  /** The file of a claim, as the clearinghouse sees it. */
  const fileOf = (claim: ClaimView, clearinghouse = 'sandbox') =>
    readFile(join(t.dataDir, 'drop', clearinghouse, 'outbound', claim.drop?.fileName ?? 'none'), 'latin1');
  /** Names in the private staging folder beside its own marker. */
  const staged = async () =>
    (await readdir(join(t.dataDir, 'staging', 'sandbox'))).filter((name) => !name.startsWith('.rollcall'));
  /** Consent or restriction as the ledger has it, as if whoever wrote it had died before it was applied. */
  const onRecord = async (externalId: string, privacy: { restrictDisclosure: boolean; revokedOn?: string }) => {
    const { ledger, vault } = t.app.core;
    const hash = patientHash(vault, 'prac_northside', externalId);
    const sealed = vault.seal('prac_northside', 'privacy', Buffer.from(hash).toString('hex'), {
      restrictDisclosure: privacy.restrictDisclosure,
      part2: privacy.revokedOn === undefined ? null : { consentId: null, signedOn: null, revokedOn: privacy.revokedOn },
    });
    await ledger.transaction((tx) => putPrivacy(tx, { patientHash: hash, practiceId: 'prac_northside', sealed, actor: 'test' }));
  };
  const once = (step: StepName, what: () => Promise<void> | void): void => {
    between[step] = async () => {
      delete between[step];
      await what();
    };
  };
  /** Whoever has a drop in hand is dead: its lease is over, and the next sweep takes the drop up. */
  const dies = async (): Promise<never> => {
    await sql`update drop_file set lease_until = ledger_now() - interval '1 second' where lease_until is not null`.execute(
      t.app.core.ledger.db,
    );
    throw new Error('the process died here');
  };

  describe('an amendment and a release at once', () => {
    it('the amendment is first: the claim leaves where and as it was amended, and nothing of what it was', async () => {
      const session = freshSession(361, 3, ['60054', '87726', '62308']);
      const before = await ask.post(session);
      const [amending, mayCommit] = [opening(), opening()];
      once('amend:before_commit', async () => {
        amending.open();
        await mayCommit.opened;
      });
      const coverages = session.attendees[0]?.coverages.map((c) => ({ ...c, payerId: 'elsewhere' })) ?? [];
      const amended = amend(before, changed(session, 0, { coverages, diagnoses: ['F32.1'] }));
      await amending.opened;
      // The gate reads the claim as it was and is about to take it.
      const resumed = lane('resume');
      if (kind === 'postgres') {
        await resumed;
        const blocked = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%control_counter%'`;
        await until(
          'the gate waits for the claim',
          async () => ((await blocked.execute(t.app.core.ledger.db)).rows[0]?.n ?? 0) > 0,
        );
      }
      mayCommit.open();
      expect((await amended).status).toBe(202);
      await resumed;
      await until('all sent', async () => (await states(before)).every((s) => s === 'transmitted'));
      const [moved, ...others] = await claims(before);
      expect(moved).toMatchObject({ payerId: 'elsewhere', pendingAction: null, revision: 1 });
      expect(await fileOf(moved as ClaimView, 'second')).toContain('HI*ABK:F321');
      expect(await dropsIn(t.dataDir, 'second')).toEqual([moved?.drop?.fileName]);
      const inSandbox = (await Promise.all(others.map((c) => fileOf(c)))).join('');
      expect(inSandbox).not.toContain(moved?.patientControlNumber);
      expect(others.map((c) => c.drop?.interchangeControlNumber)).not.toContain(moved?.drop?.interchangeControlNumber);
    });

    it('the release is first: the claim leaves as it was, and the change waits on it', async () => {
      const session = freshSession(362, 3, ['60054', '87726', '62308']);
      const before = await ask.post(session);
      const [releasing, mayCommit] = [opening(), opening()];
      once('release:before_commit', async () => {
        releasing.open();
        await mayCommit.opened;
      });
      // Its answer reads the ledger, and may have to wait for the release.
      const resumed = lane('resume');
      await releasing.opened;
      const amended = amend(before, changed(session, 0, { diagnoses: ['F32.1'] }));
      // Long enough for it to have come as far as the claim; on PGlite it waits for the whole transaction.
      await new Promise((resolve) => setTimeout(resolve, 500));
      mayCommit.open();
      const answer = await amended;
      await resumed;
      expect(answer.status, answer.text).toBe(202);
      await until('all sent', async () => (await states(before)).every((s) => s === 'transmitted'));
      const [claim] = await claims(before);
      expect(claim).toMatchObject({ pendingAction: 'amend', revision: 1 });
      const file = await fileOf(claim as ClaimView);
      expect(file).not.toContain('HI*ABK:F321');
      expect(file).toContain(`CLM*${claim?.patientControlNumber}*`);
      expect((answer.body as SessionAnswer).attendees[0]?.claims?.[0]).toMatchObject({ pendingAction: 'amend' });
    });
  });

  describe('what a patient lays down while a claim is on its way', () => {
    const programme = (seed: number) => {
      const session = { ...freshSession(seed, 3, ['60054', '87726', '62308']), part2Program: true };
      return {
        ...session,
        attendees: session.attendees.map((a) => ({ ...a, part2: { consentId: 'c1', signedOn: '2026-01-05' } })),
      };
    };

    it('between freeze and first byte: taken back, and the rest of its file leaves', async () => {
      const session = freshSession(363, 3, ['60054', '87726', '62308']);
      const answer = await ask.post(session);
      const files = await t.drops();
      const before = (await claims(answer))[0] as ClaimView;
      let put = 0;
      once('deliver:leased', async () => {
        expect(await states(answer)).toEqual(['released', 'released', 'released']);
        put = (
          await t.request('PUT', `/v1/patients/prac_northside/${session.attendees[0]?.externalId}/privacy`, {
            restrictDisclosure: true,
          })
        ).status;
      });
      await lane('resume');
      await until('the others sent', async () => (await states(answer)).join() === 'not_billable,transmitted,transmitted');
      expect(put).toBe(200);
      const [barred, ...others] = await claims(answer);
      expect(barred).toMatchObject({ state: 'not_billable', reason: 'disclosure_restricted' });
      const mine = (await t.drops()).filter((name) => !files.includes(name));
      expect(mine).toEqual([...new Set(others.map((c) => c.drop?.fileName))]);
      for (const name of mine)
        expect(await readFile(join(t.dataDir, 'drop', 'sandbox', 'outbound', name), 'latin1')).not.toContain(
          before.patientControlNumber,
        );
      expect(await staged()).toEqual([]);
      const keys = await sql`select 1 from claim_key where claim_id = ${before.id}`.execute(t.app.core.ledger.db);
      expect(keys.rows).toEqual([]);
    });

    it('a first attempt that died before a byte was staged: the next one reads the consent, holds that claim and sends the rest', async () => {
      const session = programme(364);
      const answer = await ask.post(session);
      once('deliver:leased', async () => {
        await onRecord(session.attendees[1]?.externalId ?? '', { restrictDisclosure: false, revokedOn: '2026-11-20' });
        await dies();
      });
      await lane('resume');
      await until('the others sent', async () => (await states(answer)).join() === 'transmitted,held,transmitted');
      const [, held] = await claims(answer);
      expect(held?.holds).toMatchObject([{ rule: 'A19', severity: 'hold' }]);
      expect(held).toMatchObject({ reason: 'part2_consent', drop: null });
      expect(held?.history.map((h) => [h.from, h.to])).toContainEqual(['released', 'held']);
      // A consent signed since lets it go, under numbers of its own.
      const consent = { restrictDisclosure: false, part2: { consentId: 'c2', signedOn: '2026-11-21' } };
      await t.request('PUT', `/v1/patients/prac_northside/${session.attendees[1]?.externalId}/privacy`, consent);
      await until('sent after all', async () => (await states(answer)).join() === 'transmitted,transmitted,transmitted');
      const numbers = (await claims(answer)).map((c) => c.drop?.interchangeControlNumber);
      expect(numbers[1]).not.toBe(numbers[0]);
    });

    it('an attempt that died after its bytes were staged: nobody sends them any more', async () => {
      const session = programme(365);
      const answer = await ask.post(session);
      const files = await t.drops();
      once('deliver:staged_recorded', async () => {
        await onRecord(session.attendees[1]?.externalId ?? '', { restrictDisclosure: true });
        await dies();
      });
      await lane('resume');
      await until('parked', async () => (await states(answer)).every((s) => s === 'transmit_unknown'));
      expect((await claims(answer)).map((c) => c.reason)).toEqual(['recalled_late', 'recalled_late', 'recalled_late']);
      expect(await t.drops()).toEqual(files);
    });
  });
}

describe('under way, on PGlite', () => {
  suite('pglite', (options) => startApp(options));
});

describeWith('postgres', 'under way, on PostgreSQL', () => {
  let postgres: Databases;
  beforeAll(async () => {
    postgres = sharedPostgres();
  });
  suite('postgres', async (options) =>
    startApp({
      ...options,
      env: { DATABASE_URL: await postgres.createDatabase() },
      overrides: { ...options?.overrides, seedAnyLedger: true },
    }));
});
