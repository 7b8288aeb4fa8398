import type { VNode } from 'preact';
import type { ProblemError } from '../pipeline/problem.ts';
import { ErrorBox } from './parts.tsx';

/** Second step of every action: what will happen, and why the person wants it. */
export function ConfirmPage(props: {
  verb: string;
  effect: string;
  danger: boolean;
  subject: string;
  situation: string;
  action: string;
  back: string;
  csrf: string;
  reason: string;
  refusal: ProblemError | null;
}): VNode {
  const { verb, effect, danger, subject, situation, action, back, csrf, reason, refusal } = props;
  return (
    <div class="narrow">
      <h1>
        {verb} <code>{subject}</code>
      </h1>
      {refusal && (
        <ErrorBox
          title={`Not done. ${refusal.name}`}
          detail={refusal.message === refusal.name ? '' : refusal.message}
          errors={refusal.errors}
        />
      )}
      <p>
        {situation} {effect}
      </p>
      <form method="post" action={action}>
        <input type="hidden" name="csrf" value={csrf} />
        <label for="reason">Reason</label>
        <p id="reason-hint" class="note">
          Kept in the audit list with your key. At least three letters; no patient names or birth dates.
        </p>
        <textarea
          id="reason"
          name="reason"
          rows={3}
          required
          minLength={3}
          maxLength={500}
          aria-describedby="reason-hint"
          aria-invalid={refusal?.status === 422 ? 'true' : undefined}
        >
          {reason}
        </textarea>
        <div class="actions">
          <button type="submit" class={danger ? 'danger' : 'primary'}>
            {verb}
          </button>
          <a href={back}>Back, change nothing</a>
        </div>
      </form>
    </div>
  );
}

export function SignInPage({ refusal }: { refusal: string | null }): VNode {
  return (
    <div class="narrow">
      <h1>Sign in</h1>
      {refusal && <ErrorBox title={refusal} />}
      <p>The console takes an API key. With the scope “ops” it can pause, hold and cancel; with “claims:read” it can look.</p>
      <form method="post" action="/ops/sign-in">
        <label for="key">API key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required maxLength={256} spellcheck={false} />
        <div class="actions">
          <button type="submit" class="primary">
            Sign in
          </button>
        </div>
      </form>
    </div>
  );
}

export function ProblemPage({ problem, requestId }: { problem: ProblemError; requestId: string }): VNode {
  return (
    <div class="narrow">
      <h1>{problem.name}</h1>
      <ErrorBox title={`${problem.status}`} detail={problem.message} errors={problem.errors} />
      <p class="note">
        Request <code>{requestId}</code>
      </p>
      <p>
        <a href="/ops">Back to the overview</a>
      </p>
    </div>
  );
}
