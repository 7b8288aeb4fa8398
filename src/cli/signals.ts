import { EXIT } from './exit.ts';

/** Ctrl-C under `npm start` comes twice at once: from the terminal and passed on by npm. */
const SAME_KEYSTROKE_MS = 300;
/** A drain that has not ended by then never will; the next start recovers what is left (`06`, one process). */
const FORCED_EXIT_MS = 25_000;

export interface StopSignal {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly asked: Promise<NodeJS.Signals>;
  isAsked(): boolean;
  dispose(): void;
}

/**
 * Listens for SIGTERM and SIGINT. From the first one on a second one, or 25 seconds, ends the process with 1: everything
 * irrevocable is on disk by then, so that is the crash path and nothing is lost.
 */
export function listenForStop(exit: (code: number) => void = (code) => process.exit(code)): StopSignal {
  let askedAt: number | null = null;
  let forced: NodeJS.Timeout | undefined;
  let resolve: (signal: NodeJS.Signals) => void = () => {};
  const promise = new Promise<NodeJS.Signals>((done) => {
    resolve = done;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    if (askedAt !== null) {
      if (signal !== 'SIGINT' || performance.now() - askedAt > SAME_KEYSTROKE_MS) exit(EXIT.failure);
      return;
    }
    askedAt = performance.now();
    forced = setTimeout(() => exit(EXIT.failure), FORCED_EXIT_MS);
    resolve(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return {
    asked: promise,
    isAsked: () => askedAt !== null,
    dispose() {
      clearTimeout(forced);
      process.removeListener('SIGTERM', onSignal);
      process.removeListener('SIGINT', onSignal);
    },
  };
}
