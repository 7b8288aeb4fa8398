/** Millisecond instants of the process clock. Times that are stored come from the ledger's clock, never from here. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock shifted by a fixed number of milliseconds (the demo and tests). */
export function shiftedClock(base: Clock, offsetMs: number): Clock {
  return { now: () => base.now() + offsetMs };
}
