import type { Alarm } from '../pipeline/ports.ts';

interface Batch {
  readonly alarms: Alarm[];
  readonly lanes: Set<string>;
  readonly done: Promise<void>;
}

/**
 * Adds alarms in one call at a time: what comes while a call is under way goes together in the next, and of alarms that
 * stand for a whole lane the first carries the others. It is added after all of them were asked for, so it fires when what
 * they stand for is in the ledger. A call that fails fails for all that it carried.
 */
export function coalescing(add: (alarms: readonly Alarm[]) => Promise<void>): (alarms: readonly Alarm[]) => Promise<void> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Batch | null = null;

  function begin(): Batch {
    const alarms: Alarm[] = [];
    const done = underWay.then(() => {
      next = null;
      return add(alarms);
    });
    underWay = done.catch(() => undefined);
    return { alarms, lanes: new Set(), done };
  }

  return (alarms) => {
    next ??= begin();
    for (const alarm of alarms) {
      if (alarm.lane !== undefined) {
        if (next.lanes.has(alarm.lane)) continue;
        next.lanes.add(alarm.lane);
      }
      next.alarms.push(alarm);
    }
    return next.done;
  };
}
