import { Fragment, type VNode } from 'preact';
import type { LaneView } from '../../schemas/claim.ts';
import { claimState } from '../../schemas/common.ts';
import { STATE_GUIDE } from '../claim/states.ts';
import type { OpsView } from '../pipeline/service.ts';
import { Decisions } from './decisions.tsx';
import type { Viewer } from './layout.tsx';
import { LiftAction } from './lifting.tsx';
import { Badge, ClaimLink, StateBadge, TableSection, When } from './parts.tsx';
import { fieldInWords, inWords, reasonsInWords } from './words.ts';

function LaneState({ lane, now }: { lane: LaneView; now: string }): VNode {
  if (lane.stopped) {
    return (
      <>
        <Badge tone="bad">stopped</Badge> <span>{lane.stopped.reason}</span> <When at={lane.stopped.since} now={now} />
      </>
    );
  }
  if (lane.paused) {
    return (
      <>
        <Badge tone="warn">paused</Badge> <span>{lane.paused.reason}</span>{' '}
        <small>
          by <code>{lane.paused.by}</code>
        </small>
      </>
    );
  }
  return <Badge tone="good">running</Badge>;
}

function Circuit({ lane, now }: { lane: LaneView; now: string }): VNode {
  const { state, failures, nextProbeAt } = lane.circuit;
  if (state === 'closed') return <span>{failures === 0 ? 'closed' : `closed, ${failures} failed`}</span>;
  return (
    <>
      <Badge tone={state === 'open' ? 'bad' : 'warn'}>{inWords(state)}</Badge> <small>{failures} failed, next try</small>{' '}
      <When at={nextProbeAt} now={now} />
    </>
  );
}

function LaneRow({ lane, now, viewer }: { lane: LaneView; now: string; viewer: Viewer }): VNode {
  const action = lane.paused ? 'resume' : 'pause';
  return (
    <tr>
      <th scope="row">
        <span class="lane">
          {lane.senderId} → {lane.receiverId}
        </span>
        <small>
          {lane.clearinghouseId} · {lane.usage === 'P' ? 'production' : 'test'}
        </small>
      </th>
      <td>
        <LaneState lane={lane} now={now} />
      </td>
      <td>
        <Circuit lane={lane} now={now} />
      </td>
      <td class="number">{lane.inFlight}</td>
      <td class="number">{lane.scheduled}</td>
      <td class="number">{lane.overdue > 0 ? <strong>{lane.overdue}</strong> : 0}</td>
      <td>
        <When at={lane.nextReleaseAt} now={now} />
      </td>
      <td class="action">
        {viewer.operates && (
          <a class="button" id={`${action}-${lane.id}`} href={`/ops/lanes/${encodeURIComponent(lane.id)}/${action}`}>
            {action === 'pause' ? 'Pause' : 'Resume'}
            <span class="hidden"> lane {lane.id}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

function StateTable({ view }: { view: OpsView }): VNode {
  const present = claimState.options.filter((state) => (view.claimsByState[state] ?? 0) > 0);
  return (
    <TableSection
      id="states"
      title="Claims by state"
      head={['State', 'Claims', 'Owner', 'Next action']}
      empty="No claims yet."
      rows={present.map((state) => (
        <tr key={state}>
          <th scope="row">
            <a id={`state-${state}`} href={`/ops/claims?state=${state}`}>
              <StateBadge state={state} />
            </a>
          </th>
          <td class="number">{view.claimsByState[state]}</td>
          <td>{STATE_GUIDE[state].owner}</td>
          <td class="prose">{STATE_GUIDE[state].nextAction}</td>
        </tr>
      ))}
    />
  );
}

function HeldRow({
  claim,
  view,
  viewer,
  now,
}: {
  claim: OpsView['held'][number];
  view: OpsView;
  viewer: Viewer;
  now: string;
}): VNode {
  return (
    <tr>
      <th scope="row">
        <ClaimLink id={claim.claimId} place="held" />
        <small>{claim.payerId === null ? 'no payer' : `payer ${claim.payerId}`}</small>
      </th>
      <td class="prose">
        <ul class="holds">
          {claim.holds.map((hold) => (
            <li key={`${hold.rule}-${hold.path}-${hold.message}`}>
              <code>{hold.rule}</code> <Badge tone={hold.severity === 'block' ? 'bad' : 'warn'}>{hold.severity}</Badge>{' '}
              {fieldInWords(hold.path) && <strong>{fieldInWords(hold.path)}: </strong>}
              {hold.message}{' '}
              <small>
                since <When at={hold.since} now={now} />
              </small>
            </li>
          ))}
        </ul>
      </td>
      <td class="action">
        <LiftAction claimId={claim.claimId} holds={claim.holds} overrides={view.overrides} viewer={viewer} short />
      </td>
    </tr>
  );
}

/** The part of the page that the script replaces. Ids on links let it give the focus back. */
export function OverviewFragment({ view, viewer }: { view: OpsView; viewer: Viewer }): VNode {
  const { now } = view;
  return (
    <>
      <p class="clock">
        As of <time dateTime={now}>{now.slice(0, 19).replace('T', ' ')} UTC</time>
      </p>
      <section aria-labelledby="alerts">
        <h2 id="alerts">Alerts</h2>
        {view.alerts.length === 0 ? (
          <p class="empty good">Nothing needs you.</p>
        ) : (
          <ul class="alerts">
            {view.alerts.map((alert) => (
              <li key={alert}>{alert}</li>
            ))}
          </ul>
        )}
      </section>
      <TableSection
        id="lanes"
        title="Lanes"
        note="Everything one sender sends to one receiver; one release at a time."
        head={['Lane', 'State', 'Circuit', 'In flight', 'Scheduled', 'Overdue', 'Next release', 'Action']}
        empty="No lanes yet: one appears with the first claim for a clearinghouse."
        rows={view.lanes.map((lane) => <LaneRow key={lane.id} lane={lane} now={now} viewer={viewer} />)}
      />
      <div class="columns">
        <div>
          <TableSection
            id="upcoming"
            title="What goes when, and why then"
            note="Times are estimates; the release gate decides, and it never goes below a gap."
            head={['Planned', 'Claim', 'Why then']}
            empty="Nothing is scheduled."
            rows={view.upcoming.map((claim) => (
              <tr key={claim.claimId}>
                <td>
                  <When at={claim.plannedReleaseAt} now={now} />
                </td>
                <th scope="row">
                  <ClaimLink id={claim.claimId} place="next" />
                  <small>
                    payer {claim.payerId} · {claim.laneId}
                  </small>
                </th>
                <td class="prose">{reasonsInWords(claim.reasons)}</td>
              </tr>
            ))}
          />
        </div>
        <div>
          <StateTable view={view} />
          <TableSection
            id="held"
            title="What is held, and why"
            note="A hold is lifted with a reason, or by two people where a service could be billed twice; a block goes only when the session is amended."
            head={['Claim', 'Rules and why', 'Action']}
            empty="Nothing is held."
            rows={view.held.map((claim) => <HeldRow key={claim.claimId} claim={claim} view={view} viewer={viewer} now={now} />)}
          />
          <Decisions view={view} viewer={viewer} />
          <TableSection
            id="drops"
            title="Recent drops"
            head={['File and claims', 'State', 'Transmitted']}
            empty="Nothing was delivered yet."
            rows={view.recentDrops.map((drop) => (
              <tr key={drop.dropId}>
                <th scope="row">
                  <code>{drop.fileName}</code>
                  <small>
                    {drop.claimIds.map((id, index) => (
                      <Fragment key={id}>
                        {index > 0 && ' '}
                        <ClaimLink id={id} place={`drop-${drop.dropId}`} />
                      </Fragment>
                    ))}
                  </small>
                </th>
                <td>{inWords(drop.state)}</td>
                <td>
                  <When at={drop.transmittedAt} now={now} />
                </td>
              </tr>
            ))}
          />
          {viewer.seesQueues && (
            <section aria-labelledby="queue">
              <h2 id="queue">Queue</h2>
              <p class="note">Alarms only: a claim’s state is in the ledger, never here.</p>
              <dl class="counts">
                {Object.entries(view.queue).map(([state, count]) => (
                  <div key={state}>
                    <dt>{state}</dt>
                    <dd>{count}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
        </div>
      </div>
    </>
  );
}

export function OverviewPage({ view, viewer, done }: { view: OpsView; viewer: Viewer; done: string | null }): VNode {
  return (
    <>
      <div class="title">
        <h1>Operations</h1>
        <p id="live-status" role="status" />
      </div>
      {done && (
        <p class="done" role="status">
          {done}
        </p>
      )}
      <div id="live" data-source="/ops/live" data-seconds="3">
        <OverviewFragment view={view} viewer={viewer} />
      </div>
    </>
  );
}
