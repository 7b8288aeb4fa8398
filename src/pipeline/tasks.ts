import type { TaskView } from '../../schemas/override.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { closeTask, listOpenTasks } from '../ledger/tasks.ts';
import type { Row } from '../ledger/types.ts';
import { carryOut } from './carry-out.ts';
import type { PipelineDeps } from './deps.ts';
import { ProblemError } from './problem.ts';
import type { KeepAnswer, Principal } from './service.ts';

const LISTED = 200;

/** What waits for a person, oldest first; `practiceId` null = the operator. */
export async function openTaskViews(db: Executor, practiceId: string | null): Promise<readonly TaskView[]> {
  return (await listOpenTasks(db, practiceId, LISTED)).map(taskViewOf);
}

/** Throws 404 when there is no such open task of the caller's. */
export async function closeOpenTask(
  deps: PipelineDeps,
  who: Principal,
  closing: { readonly id: number; readonly reason: string; readonly keep: KeepAnswer | undefined },
): Promise<TaskView> {
  const { id, reason } = closing;
  return carryOut(deps, closing.keep, async (tx) => {
    const task = await closeTask(tx, id, who.practiceId, who.keyId, reason);
    if (task === undefined) throw new ProblemError(404, 'not_found', 'No such open task');
    await recordAudit(tx, {
      actor: who.keyId,
      action: 'task.close',
      target: String(id),
      detail: { claimId: task.claim_id, reason },
    });
    await recordEvents(tx, [
      { subject: task.claim_id, kind: 'claim.task_closed', actor: who.keyId, reason, detail: { task: task.kind } },
    ]);
    return { answer: taskViewOf(task) };
  });
}

function taskViewOf(t: Row<'task'>): TaskView {
  return {
    id: t.id,
    kind: t.kind,
    claimId: t.claim_id,
    rule: t.rule,
    relatedClaimId: t.related_claim_id,
    message: t.message,
    createdAt: t.created_at.toISOString(),
  };
}
