import type { Ledger } from '../ledger/database.ts';

const TTL_MS = 1_000;

/**
 * The ledger's clock without a statement per look: read once a second and carried on by the monotonic clock between.
 * For what may be a little off (edits, plans, alarms); the gate reads the real one in its own transaction.
 */
export function createLedgerClock(ledger: Ledger, monotonic: () => number): () => Promise<number> {
  let read: { readonly at: number; readonly value: Promise<number> } | null = null;
  return async () => {
    const at = monotonic();
    if (read === null || at - read.at > TTL_MS) {
      const fresh = { at, value: ledger.now().then((now) => now.getTime()) };
      fresh.value.catch(() => {
        if (read === fresh) read = null;
      });
      read = fresh;
    }
    const { at: since, value } = read;
    return Math.floor((await value) + (monotonic() - since));
  };
}
