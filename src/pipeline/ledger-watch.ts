import { isOutage } from '../ledger/outage.ts';
import type { Log } from '../ops/log.ts';
import { ProblemError } from './problem.ts';

export interface LedgerWatchLimits {
  /** An intake is refused when the ledger has settled none for so long. */
  readonly silenceMs: number;
  /** However busy the ledger is with others, nobody waits longer than this. */
  readonly patienceMs: number;
}

/** Two seconds: `06`, errors. */
export const LEDGER_WATCH_LIMITS: LedgerWatchLimits = { silenceMs: 2_000, patienceMs: 10_000 };

export interface WatchOptions {
  /** A settled `work` shows that the ledger answers (it may not have been asked at all otherwise). */
  readonly proves: boolean;
  /** Silence alone refuses nothing: for reads and claim actions, which stay up while intake gives way. */
  readonly waits?: boolean;
}

export interface LedgerWatch {
  /**
   * The outcome of `work`, or `ProblemError` 503 with `Retry-After` when the ledger is away, when it has settled no intake
   * for two seconds while this one waited, or after ten seconds in any case. A burst that the ledger works off is not
   * refused. `work` goes on alone after a 503 and may still commit: the unique keys decide when the client asks again.
   */
  within<T>(work: () => Promise<T>, options: WatchOptions): Promise<T>;
}

const away = (): ProblemError =>
  new ProblemError(503, 'ledger_unavailable', 'Service unavailable', {
    detail: 'The ledger does not answer just now. Send the same request again, with the same Idempotency-Key.',
    headers: { 'Retry-After': '5' },
  });

export function createLedgerWatch(
  deps: { readonly log: Log },
  limits: LedgerWatchLimits = LEDGER_WATCH_LIMITS,
  monotonic: () => number = () => performance.now(),
): LedgerWatch {
  let settledAt = Number.NEGATIVE_INFINITY;
  return {
    within<T>(work: () => Promise<T>, { proves, waits = false }: WatchOptions): Promise<T> {
      const startedAt = monotonic();
      const silenceMs = waits ? limits.patienceMs : limits.silenceMs;
      return new Promise<T>((resolve, reject) => {
        let refused = false;
        let timer: NodeJS.Timeout;
        const look = (): void => {
          const now = monotonic();
          const left = Math.min(Math.max(startedAt, settledAt) + silenceMs, startedAt + limits.patienceMs) - now;
          if (left > 0) {
            timer = setTimeout(look, left);
            return;
          }
          refused = true;
          reject(away());
        };
        timer = setTimeout(look, silenceMs);
        work().then(
          (value) => {
            clearTimeout(timer);
            if (proves) settledAt = monotonic();
            resolve(value);
          },
          (error: unknown) => {
            clearTimeout(timer);
            if (proves && error instanceof ProblemError) settledAt = monotonic();
            if (refused) deps.log.warn({ error }, 'the ledger failed a request that was refused already');
            reject(isOutage(error) ? away() : error);
          },
        );
      });
    },
  };
}
