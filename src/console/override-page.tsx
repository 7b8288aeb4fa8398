import type { ComponentChildren, VNode } from 'preact';
import type { ClaimView } from '../../schemas/claim.ts';
import { duplicateRule, type OverrideRequest, secondServiceModifier } from '../../schemas/override.ts';
import type { ProblemError } from '../pipeline/problem.ts';
import { overrideAction } from './actions.ts';
import { ErrorBox } from './parts.tsx';

/** The fields as they came, shown again with a refusal. */
export interface OverrideFields {
  readonly kind: string;
  readonly modifier: string;
  readonly originalClaimId: string;
  readonly carc: string;
  readonly reason: string;
  /** Calendar day, UTC: the override ends with it. */
  readonly expires: string;
}

/** Rules that two people must lift; `lift_holds` names them all. */
export const governedRules = (claim: ClaimView): readonly string[] =>
  claim.holds.filter((hold) => hold.lift === 'override').map((hold) => hold.rule);

/** A23 says that a claim calls itself a second service; the others that it may be one. */
const maySecond = (rules: readonly string[]): boolean =>
  rules.some((rule) => rule === 'A23' || duplicateRule.options.some((known) => known === rule));

function Kind(props: { value: OverrideRequest['kind']; chosen: string; label: string; children?: ComponentChildren }): VNode {
  const { value, chosen, label, children } = props;
  return (
    <div class="choice">
      <label>
        <input type="radio" name="kind" value={value} checked={chosen === value} required /> {label}
      </label>
      {children && <div class="fields">{children}</div>}
    </div>
  );
}

/** First step of an override: what it is, why, and until when. Works without script; fields of other kinds are not read. */
export function OverridePage(props: {
  claim: ClaimView;
  fields: OverrideFields;
  csrf: string;
  refusal: ProblemError | null;
}): VNode {
  const { claim, fields, csrf, refusal } = props;
  const rules = governedRules(claim);
  const page = `/ops/claims/${encodeURIComponent(claim.id)}`;
  return (
    <div class="narrow">
      <h1>
        {overrideAction.verb} <code>{claim.id}</code>
      </h1>
      {refusal && (
        <ErrorBox
          title={`Not done. ${refusal.name}`}
          detail={refusal.message === refusal.name ? '' : refusal.message}
          errors={refusal.errors}
        />
      )}
      <p>{overrideAction.effect} It would lift:</p>
      <ul>
        {claim.holds
          .filter((hold) => hold.lift === 'override')
          .map((hold) => (
            <li key={hold.rule}>
              <code>{hold.rule}</code> {hold.message}
            </li>
          ))}
      </ul>
      <form method="post" action={`${page}/override`}>
        <input type="hidden" name="csrf" value={csrf} />
        <fieldset>
          <legend>What it is</legend>
          {maySecond(rules) && (
            <Kind value="second_service" chosen={fields.kind} label="A further service of that day, by plan">
              <label for="modifier">Modifier that the payer wants</label>
              <select id="modifier" name="modifier">
                {['', ...secondServiceModifier.options].map((m) => (
                  <option key={m} value={m} selected={fields.modifier === m}>
                    {m === '' ? 'none' : m}
                  </option>
                ))}
              </select>
            </Kind>
          )}
          {maySecond(rules) && (
            <Kind value="wrong_payer" chosen={fields.kind} label="The right payer, after the wrong one has refused">
              <label for="original">Claim to the wrong payer</label>
              <input id="original" name="originalClaimId" value={fields.originalClaimId} maxLength={64} spellcheck={false} />
              <label for="carc">Its denial reason (CARC), if it was denied</label>
              <input id="carc" name="carc" value={fields.carc} maxLength={5} />
            </Kind>
          )}
          <Kind value="lift_holds" chosen={fields.kind} label={`The finding is mistaken: lift ${rules.join(', ')}`} />
        </fieldset>
        <label for="expires">Expires at the end of (UTC)</label>
        <input id="expires" name="expires" type="date" value={fields.expires} required />
        <label for="reason">Reason</label>
        <p id="reason-hint" class="note">
          Read by the person who approves, and kept in the audit list with your key. No patient names or birth dates.
        </p>
        <textarea id="reason" name="reason" rows={3} required minLength={3} maxLength={500} aria-describedby="reason-hint">
          {fields.reason}
        </textarea>
        <div class="actions">
          <button type="submit" class="primary">
            {overrideAction.verb}
          </button>
          <a href={page}>Back, change nothing</a>
        </div>
      </form>
    </div>
  );
}
