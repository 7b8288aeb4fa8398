import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, readJournal } from '../../../src/delivery/journal.ts';
import type { DeliveryStep } from '../../../src/delivery/steps.ts';
import type { JournalEntry } from '../../../src/delivery/transport.ts';
import { canMount, mountSmall } from './place.ts';

const mountable = (await canMount()) || process.env['REQUIRE_SERVICES'] === '1';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-journal-'));
  path = join(folder, 'drops.journal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (n: number): JournalEntry => ({
  senderId: 'NORTHSIDE',
  receiverId: 'ACME',
  interchangeControlNumber: String(n).padStart(9, '0'),
  transactionSetControlNumbers: [String(n).padStart(9, '0')],
  claimIds: [`clm_${n}`],
  dropId: `drp_${n}`,
  fileName: `NORTHSIDE_${String(n).padStart(9, '0')}.837`,
  sha256: 'a'.repeat(64),
  at: '2026-11-18T20:00:00.000Z',
});

describe('drops.journal', () => {
  it('holds one line per drop, readable by its owner only', async () => {
    const journal = await openJournal(path);
    await journal.append([entry(1), entry(2)]);
    await journal.append([]);
    await journal.append([entry(3)]);
    await journal.close();
    expect(await readJournal(path)).toEqual({ entries: [entry(1), entry(2), entry(3)], tornLines: 0 });
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is empty before the first drop and goes on after a restart', async () => {
    expect(await readJournal(path)).toEqual({ entries: [], tornLines: 0 });
    for (const n of [1, 2]) {
      const journal = await openJournal(path);
      await journal.append([entry(n)]);
      await journal.close();
    }
    expect((await readJournal(path)).entries).toHaveLength(2);
  });

  it('writes what waits in one go', async () => {
    const steps: DeliveryStep[] = [];
    const journal = await openJournal(path, { step: (name) => void steps.push(name) });
    await Promise.all(Array.from({ length: 20 }, (_, n) => journal.append([entry(n)])));
    await journal.close();
    expect((await readJournal(path)).entries).toHaveLength(20);
    expect(steps.filter((name) => name === 'journal:synced').length).toBeLessThanOrEqual(2);
  });

  it('lets two processes append to one file', async () => {
    const journals = await Promise.all([openJournal(path), openJournal(path)]);
    await Promise.all(Array.from({ length: 40 }, (_, n) => journals[n % 2]!.append([entry(n)])));
    await Promise.all(journals.map((journal) => journal.close()));
    const read = await readJournal(path);
    expect(read.tornLines).toBe(0);
    expect(new Set(read.entries.map((e) => e.dropId)).size).toBe(40);
  });

  it('reads past a torn end and closes it before the next line', async () => {
    const journal = await openJournal(path);
    await journal.append([entry(1), entry(2)]);
    await journal.close();
    await truncate(path, (await stat(path)).size - 30);
    expect(await readJournal(path)).toEqual({ entries: [entry(1)], tornLines: 1 });
    const again = await openJournal(path);
    await again.append([entry(3)]);
    await again.close();
    expect(await readJournal(path)).toEqual({ entries: [entry(1), entry(3)], tornLines: 1 });
  });

  it('counts lines that are not entries', async () => {
    await writeFile(path, '{"senderId":1}\nnull\n');
    await appendFile(path, `${JSON.stringify(entry(1))}\n`);
    expect(await readJournal(path)).toEqual({ entries: [entry(1)], tornLines: 2 });
  });

  it('refuses an entry that could not be read back, and appending after its end', async () => {
    const journal = await openJournal(path);
    await expect(journal.append([{ ...entry(1), interchangeControlNumber: '1' }])).rejects.toThrow();
    await journal.append([entry(2)]);
    await journal.close();
    await journal.close();
    await expect(journal.append([entry(3)])).rejects.toThrow('closed');
    expect((await readJournal(path)).entries).toEqual([entry(2)]);
  });

  it('names a place that cannot be opened', async () => {
    await expect(openJournal(join(folder, 'none', 'drops.journal'))).rejects.toMatchObject({ name: 'DeliveryError' });
    await expect(readJournal(folder)).rejects.toMatchObject({ name: 'DeliveryError' });
  });

  it.skipIf(!mountable)('throws on a full disk and goes on when there is room again [needs mount]', async () => {
    const small = await mountSmall(64 * 1024);
    const there = join(small.path, 'drops.journal');
    const journal = await openJournal(there);
    await journal.append([entry(1)]);
    spawnSync('sh', ['-c', `head -c 200000 /dev/zero > ${small.path}/filler; true`], { stdio: 'ignore' });
    const long = { ...entry(2), claimIds: Array.from({ length: 2000 }, (_, n) => `clm_${n}`) };
    await expect(journal.append([long])).rejects.toMatchObject({ class: 'disk_full', retry: 'backoff' });
    await rm(join(small.path, 'filler'));
    await journal.append([entry(3)]);
    await journal.close();
    expect((await readJournal(there)).entries).toEqual([entry(1), entry(3)]);
    await small.unmount();
  });
});
