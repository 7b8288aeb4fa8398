import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, readlink, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartRefused } from '../ops/refusal.ts';

/**
 * Short mutual exclusion between processes that start on one data directory, by files that are created exclusively
 * (`link` fails with EEXIST) and carry their holder. The section lasts milliseconds, but a process may be killed in it.
 *
 * A dead holder's file is never deleted by a waiter, since two waiters could then delete each other's. Instead the right
 * to succeed holder X is itself a file, `control.takeover-X`, created exclusively: a chain whose last living holder owns
 * the section. On leaving, the owner removes the first file first; a waiter that read the chain before that finds out
 * by reading it again after its own `link`.
 */
const BASE = 'control.takeover';
const NAME = /^control\.takeover(-[0-9a-f]{16})?(\.tmp-[0-9a-f]{16})?$/;
/** A holder in another pid namespace (a container) cannot be probed; the section takes far less than this. */
const FOREIGN_HOLDER_LIFETIME_MS = 30_000;
const WAIT_LIMIT_MS = 45_000;

interface Holder {
  readonly nonce: string;
  readonly pid: number;
  /** Start time of the process in clock ticks: tells a reused pid from its holder. Empty where /proc is not there. */
  readonly started: string;
  readonly boot: string;
  readonly namespace: string;
}

const orEmpty = (reading: Promise<string>): Promise<string> => reading.then((text) => text.trim()).catch(() => '');

async function startTime(pid: number): Promise<string> {
  const line = await orEmpty(readFile(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the command in parentheses and may contain spaces; start time is the 22nd of all.
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function describeSelf(): Promise<Holder> {
  return {
    nonce: randomBytes(8).toString('hex'),
    pid: process.pid,
    started: await startTime(process.pid),
    boot: await orEmpty(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    namespace: await orEmpty(readlink('/proc/self/ns/pid')),
  };
}

async function isDead(holder: Holder, file: string, self: Holder): Promise<boolean> {
  if (holder.boot !== self.boot) return true;
  if (holder.namespace !== self.namespace) {
    const age = await stat(file).then(
      (s) => Date.now() - s.mtimeMs,
      () => 0,
    );
    return age > FOREIGN_HOLDER_LIFETIME_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return (await startTime(holder.pid)) !== holder.started;
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Files of the chain from the first to the last, each named by the nonce of the holder before it. */
async function readChain(dir: string): Promise<readonly { file: string; holder: Holder }[]> {
  const chain: { file: string; holder: Holder }[] = [];
  for (let file = join(dir, BASE); ; file = join(dir, `${BASE}-${chain.at(-1)!.holder.nonce}`)) {
    const holder = await readHolder(file);
    if (holder === null) return chain;
    chain.push({ file, holder });
  }
}

async function linked(temp: string, file: string): Promise<boolean> {
  try {
    await link(temp, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeAll(files: readonly string[]): Promise<void> {
  for (const file of files) await unlink(file).catch(() => {});
}

/** Runs `section` while no other process on this machine is inside one for the same directory. */
export async function withTakeoverMutex<T>(dir: string, section: () => Promise<T>): Promise<T> {
  const self = await describeSelf();
  const temp = join(dir, `${BASE}.tmp-${self.nonce}`);
  await writeFile(temp, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
  try {
    const started = performance.now();
    for (;;) {
      const chain = await readChain(dir);
      const last = chain.at(-1);
      if (last === undefined || (await isDead(last.holder, last.file, self))) {
        const mine = join(dir, last === undefined ? BASE : `${BASE}-${last.holder.nonce}`);
        if (await linked(temp, mine)) {
          const now = await readChain(dir);
          if (now.at(-1)?.holder.nonce === self.nonce) {
            try {
              return await section();
            } finally {
              const files = now.map((entry) => entry.file);
              await removeLeftovers(dir, self, new Set(files));
              await removeAll(files);
            }
          }
          await removeAll([mine]);
        }
      }
      if (performance.now() - started > WAIT_LIMIT_MS) {
        throw new StartRefused(
          'data_dir_busy',
          `Another process is starting on ${dir} and does not get on; stop it and try again.`,
        );
      }
      await sleep(10);
    }
  } finally {
    await removeAll([temp]);
  }
}

/** What killed starters left beside the chain. Run by the owner, when no other chain can exist; `keep` is its own. */
async function removeLeftovers(dir: string, self: Holder, keep: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(dir)) {
    const file = join(dir, name);
    if (!NAME.test(name) || keep.has(file)) continue;
    const holder = await readHolder(file).catch(() => null);
    if (holder !== null && (await isDead(holder, file, self))) await removeAll([file]);
  }
}
