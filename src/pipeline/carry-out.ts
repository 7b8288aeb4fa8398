import type { Executor } from '../ledger/executor.ts';
import type { PipelineDeps } from './deps.ts';
import { armAll } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import type { KeepAnswer } from './service.ts';

/** What a decision does to the ledger; returns the alarms to hand to the queue after the commit. */
export type Effect = (tx: Executor) => Promise<readonly Alarm[]>;

/**
 * What one person decides, in one transaction: the effect and, where the request came under an Idempotency-Key, the answer
 * to it, so that no crash leaves the one without the other. The alarms of `effect` are armed after the commit. Nothing but
 * the transaction may be used inside `effect`; what it throws undoes everything.
 */
export async function carryOut<T>(
  deps: PipelineDeps,
  keep: KeepAnswer | undefined,
  effect: (tx: Executor) => Promise<{ readonly answer: T; readonly alarms?: readonly Alarm[] }>,
): Promise<T> {
  const { answer, alarms } = await deps.ledger.transaction(async (tx) => {
    const done = await effect(tx);
    await keep?.(tx, done.answer);
    await deps.step?.('act:before_commit');
    return done;
  });
  await deps.step?.('act:committed');
  await armAll(deps, alarms ?? []);
  return answer;
}
