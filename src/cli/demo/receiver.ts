import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

const LOOK_EVERY_MS = 400;

export interface Receiver {
  readonly inbox: string;
  stop(): Promise<void>;
}

/**
 * Plays the clearinghouse's side of the drop: takes each 837 file out of the outbound folder once it has lain there for
 * `leaveMs`, as a real one polls. Moves it, as its SFTP client's get and delete would.
 */
export async function startReceiver(outbound: string, inbox: string, leaveMs: number): Promise<Receiver> {
  await mkdir(inbox, { recursive: true });
  let stopped = false;
  let wake: () => void = () => {};
  const pickUp = async (): Promise<void> => {
    const names = await readdir(outbound).catch((error: NodeJS.ErrnoException) => {
      // The folder is made with the first drop.
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names.filter((n) => n.endsWith('.837'))) {
      const { ctimeMs } = await stat(join(outbound, name));
      if (Date.now() - ctimeMs >= leaveMs) await rename(join(outbound, name), join(inbox, name));
    }
  };
  const loop = (async () => {
    while (!stopped) {
      await pickUp();
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, LOOK_EVERY_MS);
      });
    }
  })();
  // A failure is thrown by `stop`; without this it would end the process before that.
  loop.catch(() => {});
  return {
    inbox,
    async stop() {
      stopped = true;
      wake();
      await loop;
    },
  };
}
