import { Fragment, type VNode } from 'preact';
import type { OverrideView, TaskView } from '../../schemas/override.ts';
import type { OpsView } from '../pipeline/service.ts';
import type { Viewer } from './layout.tsx';
import { ClaimLink, TableSection, When } from './parts.tsx';
import { inWords } from './words.ts';

function OverrideRow({ override, now, viewer }: { override: OverrideView; now: string; viewer: Viewer }): VNode {
  // Whoever asked sees why there is no button; the pipeline refuses the same key anyway.
  const own = override.requestedBy === viewer.keyId;
  return (
    <tr>
      <th scope="row">
        <ClaimLink id={override.claimId} place={`override-${override.id}`} />
        <small>
          {inWords(override.kind)}: {override.rules.join(', ')}
          {override.modifier && `, modifier ${override.modifier}`}
        </small>
      </th>
      <td class="prose">{override.reason}</td>
      <td>
        <code>{override.requestedBy}</code>
      </td>
      <td>
        <When at={override.expiresAt} now={now} />
      </td>
      <td class="action">
        {viewer.operates && !own && (
          <a class="button" id={`approve-${override.id}`} href={`/ops/overrides/${encodeURIComponent(override.id)}/approve`}>
            Approve<span class="hidden"> the override of {override.claimId}</span>
          </a>
        )}
        {own && <small>needs another person</small>}
      </td>
    </tr>
  );
}

function TaskRow({ task, now, viewer }: { task: TaskView; now: string; viewer: Viewer }): VNode {
  return (
    <tr>
      <th scope="row">
        <ClaimLink id={task.claimId} place={`task-${task.id}`} />
        {task.relatedClaimId && (
          <small>
            with <ClaimLink id={task.relatedClaimId} place={`task-${task.id}-with`} />
          </small>
        )}
      </th>
      <td>{inWords(task.kind)}</td>
      <td class="prose">{task.message}</td>
      <td>
        <When at={task.createdAt} now={now} />
      </td>
      <td class="action">
        {viewer.operates && (
          <a class="button" id={`close-${task.id}`} href={`/ops/tasks/${task.id}/close`}>
            Close<span class="hidden"> the task about {task.claimId}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

/** What waits for a decision of people: overrides for their second person, tasks for somebody at all. */
export function Decisions({ view, viewer }: { view: OpsView; viewer: Viewer }): VNode {
  return (
    <Fragment>
      <TableSection
        id="overrides"
        title="Overrides to approve"
        note="Another key than the one that asked."
        head={['Claim', 'Reason', 'Asked by', 'Expires', '']}
        empty="No override waits."
        rows={view.overrides.map((o) => <OverrideRow key={o.id} override={o} now={view.now} viewer={viewer} />)}
      />
      <TableSection
        id="tasks"
        title="Tasks"
        head={['Claim', 'Task', 'Why', 'Since', '']}
        empty="No open task."
        rows={view.tasks.map((t) => <TaskRow key={t.id} task={t} now={view.now} viewer={viewer} />)}
      />
    </Fragment>
  );
}
