import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { ClaimView, LaneView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { openCore } from '../../src/compose.ts';
import { configFor, seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { newDataDir } from '../support/data-dir.ts';
import { manySessions } from '../support/sessions.ts';

const view = async (t: TestApp, id: string): Promise<ClaimView> => (await t.request('GET', `/v1/claims/${id}`)).body as ClaimView;

async function post(t: TestApp, body: unknown): Promise<string[]> {
  const answer = await t.request('POST', '/v1/group-sessions', body);
  expect(answer.status).toBe(202);
  return (answer.body as SessionAnswer).attendees.flatMap((a) => (a.claimId === null ? [] : [a.claimId]));
}

describe('recovery mode', () => {
  it('a journal ahead of the ledger stops the lanes, raises the counters and parks the claim until an operator has looked', async () => {
    const dataDir = await newDataDir();
    const seed = await seedWith();
    const first = await startApp({ dataDir, seed });
    const [one, two, three] = manySessions(3, 61, { attendees: 2 });
    const sent = await post(first, one);
    await until('sent', async () =>
      (await Promise.all(sent.map((id) => view(first, id)))).every((v) => v.state === 'transmitted'),
    );
    const lane = ((await first.request('GET', '/v1/lanes')).body as { items: LaneView[] }).items[0] as LaneView;
    await first.request('POST', `/v1/lanes/${lane.id}/pause`, { reason: 'before the loss' });
    const scheduled = await post(first, two);
    await first.stop();

    // What a restored backup looks like: the journal knows a drop of a claim that the ledger still holds scheduled.
    const lost = {
      senderId: 'NORTHSIDE',
      receiverId: 'SANDBOXCH',
      interchangeControlNumber: '000000777',
      transactionSetControlNumbers: ['000000777'],
      claimIds: [scheduled[0]],
      dropId: 'drp_lost',
      fileName: 'NORTHSIDE_000000777.837',
      sha256: '0'.repeat(64),
      at: new Date().toISOString(),
    };
    await appendFile(join(dataDir, 'drops.journal'), `${JSON.stringify(lost)}\n`);

    const t = await startApp({ dataDir, seed });
    try {
      expect(await view(t, scheduled[0] as string)).toMatchObject({ state: 'transmit_unknown', reason: 'reconcile' });
      expect((await view(t, scheduled[1] as string)).state).toBe('scheduled');
      const stopped = ((await t.request('GET', '/v1/lanes')).body as { items: LaneView[] }).items[0] as LaneView;
      expect(stopped.stopped?.reason).toBe('recovery');
      const third = await post(t, three);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect((await view(t, third[0] as string)).state).toBe('scheduled');

      await t.app.core.commands['recovery.end']({ reason: 'looked at the drop folder' });
      await until('lanes run again', async () =>
        (await Promise.all(third.map((id) => view(t, id)))).every((v) => v.state === 'transmitted'),
      );
      for (const id of third) expect(Number((await view(t, id)).drop?.interchangeControlNumber)).toBeGreaterThan(777 + 1000);
      // Nobody resent the claim that may have left.
      expect((await view(t, scheduled[0] as string)).state).toBe('transmit_unknown');
    } finally {
      await t.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('another boot after an unclean stop of the embedded ledger is suspect; after a clean stop it is not', async () => {
    const dataDir = await newDataDir();
    const seed = await seedWith();
    const first = await startApp({ dataDir, seed });
    await first.stop();
    const clean = await startApp({ dataDir, seed });
    expect(await clean.app.core.commands['recovery.status'](null)).toMatchObject({ active: false });
    const { db } = clean.app.core.ledger;
    await sql`update setting set value = 'another-boot' where key = 'boot_id'`.execute(db);
    await clean.stop();
    const rebooted = await startApp({ dataDir, seed });
    expect(await rebooted.app.core.commands['recovery.status'](null)).toMatchObject({ active: false });
    await rebooted.stop();

    // A killed process leaves `clean_stop` at `no`: the service's own stop is undone before the next start.
    const core = await openCore(configFor(dataDir), { seed });
    await sql`update setting set value = 'no' where key = 'clean_stop'`.execute(core.ledger.db);
    await sql`update setting set value = 'another-boot' where key = 'boot_id'`.execute(core.ledger.db);
    await core.close();
    const suspect = await startApp({ dataDir, seed });
    try {
      expect(await suspect.app.core.commands['recovery.status'](null)).toMatchObject({ active: true, reason: 'unclean_reboot' });
    } finally {
      await suspect.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
