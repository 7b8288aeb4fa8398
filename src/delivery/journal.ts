import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { systemCode, toDeliveryError, withDeliveryErrors } from './errors.ts';
import type { DeliveryStepHook } from './steps.ts';
import type { JournalEntry } from './transport.ts';

/**
 * The journal of drops, outside the ledger: one JSON line per drop, on disk before the rename. It tells a restored or
 * torn ledger which interchange control numbers have been used and which claims may have left (`03` §3.4, recovery mode).
 */
export interface Journal {
  /** Returns when all lines are on disk: one write and one fdatasync for everything that waits. Throws `DeliveryError`. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Waits for what is under way and closes the file; nothing can be appended afterwards. */
  close(): Promise<void>;
}

export interface JournalContent {
  readonly entries: readonly JournalEntry[];
  /** Lines that a crash tore off. Their drops were not renamed: the rename waits for the fdatasync of its line. */
  readonly tornLines: number;
}

const NEWLINE = 0x0a;

const entrySchema = z.object({
  senderId: z.string(),
  receiverId: z.string(),
  interchangeControlNumber: z.string().regex(/^\d{9}$/),
  transactionSetControlNumbers: z.array(z.string()),
  claimIds: z.array(z.string()),
  dropId: z.string(),
  fileName: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string(),
});

async function endsTorn(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== NEWLINE;
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

interface Waiting {
  readonly text: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Opens (creates, 0600) the journal for appending. Several processes may append to one file: a batch is one write in
 * append mode. A torn end, left by a crash or a full disk, is closed by a newline first.
 */
export async function openJournal(path: string, options: { readonly step?: DeliveryStepHook } = {}): Promise<Journal> {
  const handle: FileHandle = await withDeliveryErrors(async () => {
    const opened = await open(path, 'a', 0o600);
    try {
      await syncFolder(dirname(path));
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  });
  let torn = await withDeliveryErrors(() => endsTorn(path));
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | null = null;
  let closed = false;

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    await options.step?.('journal:before_write');
    const text = batch.map((entry) => entry.text).join('');
    const lead = torn ? '\n' : '';
    torn = true;
    await handle.appendFile(lead + text);
    await options.step?.('journal:written');
    await handle.datasync();
    torn = false;
    await options.step?.('journal:synced');
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch);
        for (const entry of batch) entry.done();
      } catch (error) {
        for (const entry of batch) entry.failed(toDeliveryError(error));
      }
    }
    flushing = null;
  };
  return {
    append: async (entries) => {
      if (closed) throw new Error('the journal is closed');
      if (entries.length === 0) return;
      const text = entries.map((entry) => `${JSON.stringify(entrySchema.parse(entry))}\n`).join('');
      await new Promise<void>((done, failed) => {
        waiting.push({ text, done, failed });
        flushing ??= flush();
      });
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await flushing;
      await handle.close();
    },
  };
}

/**
 * Reads the whole journal; no file means no drop yet. Lines that do not parse (the last after a crash, or one before a
 * later append) are counted, not guessed at. Throws `DeliveryError` when the file cannot be read.
 */
export async function readJournal(path: string): Promise<JournalContent> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { entries: [], tornLines: 0 };
    throw toDeliveryError(error);
  }
  const entries: JournalEntry[] = [];
  let tornLines = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = parseLine(line);
    if (entry === null) tornLines += 1;
    else entries.push(entry);
  }
  return { entries, tornLines };
}

function parseLine(line: string): JournalEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = entrySchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
