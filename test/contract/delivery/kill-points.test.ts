import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../../src/delivery/decide.ts';
import { openJournal, readJournal } from '../../../src/delivery/journal.ts';
import { DELIVERY_STEPS, type DeliveryStep } from '../../../src/delivery/steps.ts';
import type { DropFile, DropTarget, Transport } from '../../../src/delivery/transport.ts';
import { dropFile, makePlace, type Place } from './place.ts';

/** What the ledger knows of one drop. */
interface Row {
  token: number;
  staged: string | null;
  state: 'open' | 'transmitted' | 'unknown';
}

/** The pipeline's protocol of `03` §3.4 in its shortest form: look first, stage, record, journal, rename, record. */
async function attempt(
  place: Place,
  target: DropTarget,
  transport: Transport,
  row: Row,
  file: DropFile,
  step?: (name: DeliveryStep) => Promise<void> | void,
) {
  row.token += 1;
  const mine = { ...file, token: row.token };
  await transport.verifyMarker(target);
  const tempLook = row.staged === null ? { kind: 'absent' as const } : await transport.lookAtTemp(target, row.staged, mine);
  const finalLook = await transport.lookAtFinal(target, mine);
  await transport.verifyMarker(target);
  const verdict = decide({
    staged: row.staged !== null,
    tempLook,
    finalLook,
    markerBefore: true,
    markerAfter: true,
    transport: 'directory',
  });
  if (typeof verdict === 'object') row.state = 'unknown';
  if (verdict === 'record_transmitted' || verdict === 'record_taken') row.state = 'transmitted';
  if (verdict !== 'stage' && verdict !== 'rename') return;
  if (verdict === 'stage') row.staged = (await transport.stage(target, [mine]))[0] ?? null;
  const journal = await openJournal(join(place.root, 'drops.journal'), step === undefined ? {} : { step });
  await journal.append([
    {
      senderId: 'NORTHSIDE',
      receiverId: 'ACME',
      interchangeControlNumber: '000000001',
      transactionSetControlNumbers: ['000000001'],
      claimIds: ['clm_1'],
      dropId: file.dropId,
      fileName: file.fileName,
      sha256: file.sha256,
      at: '2026-11-18T20:00:00.000Z',
    },
  ]);
  await journal.close();
  const [result] = await transport.rename(target, [{ tempName: row.staged ?? '', fileName: file.fileName }]);
  if (result === 'renamed') row.state = 'transmitted';
}

/** Abandoned runs are held here, or their open files would be reported as forgotten. */
const abandoned: (() => void)[] = [];

/**
 * Runs until the step is reached and abandons the run there: nothing after it happens, no `finally` either, as with
 * SIGKILL. Resolves to false when the run ended without coming by.
 */
function killAt(
  step: DeliveryStep,
  run: (hook: (name: DeliveryStep) => Promise<void> | void) => Promise<unknown>,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    run((name) => {
      if (name !== step) return undefined;
      resolve(true);
      return new Promise<void>((proceed) => abandoned.push(proceed));
    }).then(() => resolve(false), reject);
  });
}

let place: Place;
let target: DropTarget;
const file = dropFile('drp_1');

beforeEach(async () => {
  place = await makePlace();
  target = await place.prepare();
});
afterEach(() => place.remove());

/** The most eager peer: takes whatever lies there. Returns how many files it got. */
async function peerTakes(): Promise<number> {
  const names = await place.transport.list(target);
  for (const name of names) await rm(join(target.outboundDir, name));
  return names.length;
}

describe.each(DELIVERY_STEPS)('killed at %s', (step) => {
  it.each([true, false])('the file arrives once; the peer takes at once: %s', async (eager) => {
    const row: Row = { token: 0, staged: null, state: 'open' };
    let taken = 0;
    const killed = await killAt(step, (hook) => attempt(place, target, place.open({ step: hook }), row, file, hook));
    expect(killed).toBe(true);
    if (eager) taken += await peerTakes();
    for (let n = 0; n < 5 && row.state === 'open'; n += 1) {
      await attempt(place, target, place.transport, row, file);
      if (eager) taken += await peerTakes();
    }
    taken += await peerTakes();
    expect(row.state).toBe('transmitted');
    expect(taken).toBe(1);
    const journal = await readJournal(join(place.root, 'drops.journal'));
    expect(journal.entries.length).toBeGreaterThanOrEqual(1);
    expect(journal.tornLines).toBe(0);
    // What is left in staging belongs to nobody: one cleaning and only the marker remains.
    await place.transport.clean(target, new Set(), -1);
    expect(await readdir(target.stagingDir)).toEqual(['.rollcall']);
  });
});

describe('a recorded temp', () => {
  it('that was spoilt after a crash stops the drop and is not deleted', async () => {
    const row: Row = { token: 0, staged: null, state: 'open' };
    await killAt('rename:before', (hook) => attempt(place, target, place.open({ step: hook }), row, file, hook));
    await writeFile(join(target.stagingDir, row.staged ?? ''), 'spoilt');
    await attempt(place, target, place.transport, row, file);
    expect(row.state).toBe('unknown');
    expect(await readdir(target.stagingDir)).toContain(row.staged);
    expect(await peerTakes()).toBe(0);
  });

  it('whose folder lost its marker stops before anything is concluded', async () => {
    const row: Row = { token: 0, staged: null, state: 'open' };
    await killAt('rename:renamed', (hook) => attempt(place, target, place.open({ step: hook }), row, file, hook));
    await rm(join(target.stagingDir, '.rollcall'), { recursive: true });
    await expect(attempt(place, target, place.transport, row, file)).rejects.toMatchObject({ class: 'marker_missing' });
    expect(row.state).toBe('open');
  });
});
