import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** Far more than what all test files hold at a time; below it a disk is used. */
const ROOM = 4 * 2 ** 30;

/** True where a file system in memory has room to spare: making the 1 200 files of a ledger there takes a tenth of the time. */
function memoryHasRoom(): boolean {
  if (process.platform !== 'linux' || freemem() < 2 * ROOM) return false;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ROOM;
  } catch {
    return false;
  }
}

/** A new folder for what a test writes much of and nobody needs after it. */
export function scratchDir(prefix: string): string {
  return mkdtempSync(join(memoryHasRoom() ? MEMORY : tmpdir(), prefix));
}
