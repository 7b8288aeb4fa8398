import type { ComponentChildren, VNode } from 'preact';
import type { ClaimView } from '../../schemas/claim.ts';
import type { OverrideView } from '../../schemas/override.ts';
import { STATE_GUIDE } from '../claim/states.ts';
import { claimActions, offered } from './actions.ts';
import type { Viewer } from './layout.tsx';
import { LiftAction, LiftNote } from './lifting.tsx';
import { Badge, ClaimLink, StateBadge, TableSection, When } from './parts.tsx';
import { fieldInWords, inWords, reasonsInWords } from './words.ts';

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Drop({ claim, now }: { claim: ClaimView; now: string }): VNode | null {
  const { drop } = claim;
  if (!drop) return null;
  return (
    <section aria-labelledby="drop">
      <h2 id="drop">File</h2>
      <dl class="facts">
        <Fact name="File name">
          <code>{drop.fileName}</code>
        </Fact>
        <Fact name="Interchange (ISA13)">
          <code>{drop.interchangeControlNumber}</code>
        </Fact>
        <Fact name="Group (GS06)">
          <code>{drop.groupControlNumber}</code>
        </Fact>
        <Fact name="Transaction set (ST02)">
          <code>{drop.transactionSetControlNumber}</code>
        </Fact>
        <Fact name="Batch (BHT03)">
          <code>{drop.batchReference}</code>
        </Fact>
        <Fact name="Size">{drop.bytes} bytes</Fact>
        <Fact name="SHA-256">
          <code class="long">{drop.sha256}</code>
        </Fact>
        <Fact name="Transmitted">
          <When at={drop.transmittedAt} now={now} />
        </Fact>
        <Fact name="Picked up">
          <When at={drop.pickedUpAt} now={now} />
        </Fact>
      </dl>
    </section>
  );
}

/** One claim: where it stands, why, what was done to it and what can be done. No names, no dates of birth, no codes. */
export function ClaimPage(props: {
  claim: ClaimView;
  /** Waiting for their second person. */
  overrides: readonly OverrideView[];
  viewer: Viewer;
  now: string;
  done: string | null;
}): VNode {
  const { claim, overrides, viewer, now, done } = props;
  const held = claim.state === 'held' ? { claimId: claim.id, holds: claim.holds, overrides, viewer } : null;
  const actions = viewer.operates ? offered(claim) : [];
  return (
    <>
      <div class="title">
        <h1>
          Claim <code>{claim.id}</code>
        </h1>
        <StateBadge state={claim.state} />
      </div>
      {done && (
        <p class="done" role="status">
          {done}
        </p>
      )}
      <p class="duty">
        Owner: <strong>{STATE_GUIDE[claim.state].owner}</strong>. {STATE_GUIDE[claim.state].nextAction}
      </p>
      {actions.length > 0 && (
        <ul class="actions" aria-label="Actions">
          {held && (
            <li>
              <LiftAction {...held} />
            </li>
          )}
          {actions.map((action) => (
            <li key={action}>
              <a
                class={claimActions[action].danger ? 'button danger' : 'button'}
                href={`/ops/claims/${encodeURIComponent(claim.id)}/${action}`}
              >
                {claimActions[action].verb}
              </a>
            </li>
          ))}
        </ul>
      )}
      {held && <LiftNote {...held} now={now} />}
      <section aria-labelledby="facts">
        <h2 id="facts">Where it stands</h2>
        <dl class="facts">
          <Fact name="State">
            {inWords(claim.state)}
            {claim.level && `, level ${claim.level}`}
            {claim.reason && `: ${inWords(claim.reason)}`}
          </Fact>
          <Fact name="Planned release">
            <When at={claim.plannedReleaseAt} now={now} />
          </Fact>
          {claim.plannedReleaseAt && <Fact name="Why then">{reasonsInWords(claim.planReasons)}</Fact>}
          <Fact name="File by">{claim.fileBy ?? '–'}</Fact>
          <Fact name="Payer">{claim.payerId}</Fact>
          <Fact name="Responsibility">{claim.responsibility}</Fact>
          <Fact name="Date of service">{claim.dateOfService}</Fact>
          <Fact name="Patient control number">
            <code>{claim.patientControlNumber}</code>
          </Fact>
          <Fact name="Revision, frequency">
            {claim.revision}, {claim.frequencyCode}
          </Fact>
          <Fact name="Session">
            <code>{claim.sessionId}</code>
          </Fact>
          <Fact name="Attendee (EHR’s id)">
            <code>{claim.attendeeExternalId}</code>
          </Fact>
          {claim.pendingAction && <Fact name="Pending">{inWords(claim.pendingAction)}</Fact>}
          {claim.replaces && (
            <Fact name="Replaces">
              <ClaimLink id={claim.replaces} place="replaces" />
            </Fact>
          )}
          {claim.replacedBy && (
            <Fact name="Replaced by">
              <ClaimLink id={claim.replacedBy} place="replaced-by" />
            </Fact>
          )}
        </dl>
      </section>
      <TableSection
        id="holds"
        title="Holds"
        head={['Rule', 'Severity', 'Field', 'Why', 'Since', 'By']}
        empty="No open hold."
        rows={claim.holds.map((hold) => (
          <tr key={`${hold.rule}-${hold.path}-${hold.message}`}>
            <th scope="row">
              <code>{hold.rule}</code>
            </th>
            <td>
              <Badge tone={hold.severity === 'block' ? 'bad' : 'warn'}>{hold.severity}</Badge>
            </td>
            <td>{fieldInWords(hold.path) || '–'}</td>
            <td>{hold.message}</td>
            <td>
              <When at={hold.since} now={now} />
            </td>
            <td>
              <code>{hold.by}</code>
            </td>
          </tr>
        ))}
      />
      <Drop claim={claim} now={now} />
      <TableSection
        id="history"
        title="History"
        head={['When', 'Event', 'From', 'To', 'By', 'Reason']}
        empty="No history."
        rows={claim.history.map((entry) => (
          <tr key={`${entry.at}-${entry.event}-${entry.to}`}>
            <td>
              <When at={entry.at} now={now} />
            </td>
            <th scope="row">{inWords(entry.event.replace(/^claim\./, ''))}</th>
            <td>{entry.from === null ? '–' : inWords(entry.from)}</td>
            <td>{entry.to === null ? '–' : <StateBadge state={entry.to} />}</td>
            <td>
              <code>{entry.actor}</code>
            </td>
            <td>{entry.reason ?? '–'}</td>
          </tr>
        ))}
      />
    </>
  );
}
