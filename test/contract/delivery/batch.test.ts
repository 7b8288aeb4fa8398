import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../../src/delivery/journal.ts';
import type { DropTarget } from '../../../src/delivery/transport.ts';
import { dropFile, makePlace, type Place } from './place.ts';

const FILES = 32;
const BATCHES = 5;

let place: Place;
let target: DropTarget;
beforeAll(async () => {
  place = await makePlace();
  target = await place.prepare();
});
afterAll(() => place.remove());

it('a batch of 32 files is staged, journalled and renamed, all on disk, within a second', async () => {
  const journal = await openJournal(join(place.root, 'drops.journal'));
  const spent = { stage: Number.POSITIVE_INFINITY, journal: Number.POSITIVE_INFINITY, rename: Number.POSITIVE_INFINITY };
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const files = Array.from({ length: FILES }, (_, n) => dropFile(`drp_${batch}_${n}`, {}, 1_400));
    const times = [performance.now()];
    const names = await place.transport.stage(target, files);
    times.push(performance.now());
    await journal.append(
      files.map((file, n) => ({
        senderId: 'NORTHSIDE',
        receiverId: 'ACME',
        interchangeControlNumber: String(batch * FILES + n).padStart(9, '0'),
        transactionSetControlNumbers: ['000000001'],
        claimIds: [`clm_${n}`],
        dropId: file.dropId,
        fileName: file.fileName,
        sha256: file.sha256,
        at: '2026-11-18T20:00:00.000Z',
      })),
    );
    times.push(performance.now());
    const asked = files.map((file, n) => ({ tempName: names[n] ?? '', fileName: file.fileName }));
    expect(new Set(await place.transport.rename(target, asked))).toEqual(new Set(['renamed']));
    times.push(performance.now());
    const [a = 0, b = 0, c = 0, d = 0] = times;
    spent.stage = Math.min(spent.stage, b - a);
    spent.journal = Math.min(spent.journal, c - b);
    spent.rename = Math.min(spent.rename, d - c);
  }
  await journal.close();
  const [stage, line, rename] = [spent.stage, spent.journal, spent.rename].map((ms) => ms.toFixed(1));
  process.stdout.write(`32-file batch, best of ${BATCHES}: stage ${stage} ms, journal ${line} ms, rename ${rename} ms\n`);
  expect(await place.transport.list(target)).toHaveLength(FILES * BATCHES);
  expect(spent.stage + spent.journal + spent.rename).toBeLessThan(1_000);
});
