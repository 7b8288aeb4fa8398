import type { VNode } from 'preact';
import type { HoldLift } from '../../schemas/claim.ts';
import type { OverrideView } from '../../schemas/override.ts';
import { claimActions, decisionActions, liftNeeded, overrideAction } from './actions.ts';
import type { Viewer } from './layout.tsx';
import { When } from './parts.tsx';

interface Held {
  readonly claimId: string;
  readonly holds: readonly { readonly rule: string; readonly lift: HoldLift }[];
  /** Overrides of any claim that wait for their second person. */
  readonly overrides: readonly OverrideView[];
  readonly viewer: Viewer;
}

const waiting = ({ claimId, overrides }: Held): OverrideView | undefined => overrides.find((o) => o.claimId === claimId);

/** The one thing that a person can do towards letting a held claim go; null where nothing is theirs to do. */
export function LiftAction(props: Held & { readonly short?: boolean }): VNode | null {
  const { claimId, holds, viewer, short } = props;
  const needed = liftNeeded(holds);
  if (!viewer.operates || needed === 'amendment' || needed === 'consent') return null;
  const claim = `/ops/claims/${encodeURIComponent(claimId)}`;
  if (needed === 'reason') {
    return (
      <a class="button" id={`unhold-${claimId}`} href={`${claim}/unhold`}>
        {short ? 'Lift' : claimActions.unhold.verb}
        <span class="hidden"> of {claimId}</span>
      </a>
    );
  }
  const override = waiting(props);
  if (override === undefined) {
    return (
      <a class="button" id={`override-${claimId}`} href={`${claim}/override`}>
        {overrideAction.verb}
        <span class="hidden"> of {claimId}</span>
      </a>
    );
  }
  // Whoever asked sees why there is no button; the pipeline refuses the same key anyway.
  if (override.requestedBy === viewer.keyId) return <small>needs another person</small>;
  return (
    <a class="button" id={`approve-for-${claimId}`} href={`/ops/overrides/${encodeURIComponent(override.id)}/approve`}>
      {short ? 'Approve' : decisionActions.approve.verb}
      <span class="hidden"> of {claimId}</span>
    </a>
  );
}

/** What it takes to let a held claim go, in a sentence. */
export function LiftNote(props: Held & { readonly now: string }): VNode | null {
  const { holds, now } = props;
  const needed = liftNeeded(holds);
  if (holds.length === 0 || needed === 'reason') return null;
  if (needed === 'amendment')
    return <p class="note">A block goes only when the session is amended; then what else holds the claim can be looked at.</p>;
  if (needed === 'consent')
    return (
      <p class="note">
        Only the patient’s consent lets this claim go: on record with the patient’s privacy, or sent with an amendment.
      </p>
    );
  const rules = holds.filter((h) => h.lift === 'override').map((h) => h.rule);
  const override = waiting(props);
  return (
    <p class="note" id="lifting">
      {rules.join(', ')}: this could be billed twice, so two people decide. One asks for an override with a reason and an expiry,
      another approves it with a key of their own.{' '}
      {props.viewer.operates && (
        <>
          Where the other claim is gone by now,{' '}
          <a href={`/ops/claims/${encodeURIComponent(props.claimId)}/unhold`}>lifting it with a reason</a> is enough.{' '}
        </>
      )}
      {override === undefined ? (
        'Nobody has asked yet.'
      ) : (
        <>
          <code>{override.requestedBy}</code> has asked (“{override.reason}”); it waits for another person until{' '}
          <When at={override.expiresAt} now={now} />.
        </>
      )}
    </p>
  );
}
