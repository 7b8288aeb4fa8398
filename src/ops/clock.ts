/** Millisecond instants of the process clock. Times that are stored come from the ledger's clock, never from here. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
