import type { SessionAnswer } from '../../schemas/group-session.ts';
import { findPrior, insertIdempotent } from '../ledger/idempotency.ts';
import { findSession } from '../ledger/sessions.ts';
import { rememberingHashes } from '../ops/keyring.ts';
import { canonicalJson } from './canonical.ts';
import type { PipelineDeps } from './deps.ts';
import { ensureLanes } from './ensure-lanes.ts';
import { type GatedSession, gateSession, refuseBlockedSession } from './gate-session.ts';
import { answerRow, answerTo, namedIn, ownerOf, replayOf, SESSION_ROUTE } from './idempotency.ts';
import { armAll } from './plan-claims.ts';
import { ProblemError } from './problem.ts';
import type { Answer, Principal } from './service.ts';
import { type SessionRequest, storeSession } from './store-session.ts';
import { sessionAnswers } from './views.ts';

/**
 * Takes one finalized session: judged, split into one claim per billable attendee, planned and stored in one
 * transaction, alarms armed after it. Idempotent twice over: by `Idempotency-Key` (first answer, byte for byte) and by the
 * natural key (practice, externalId), which lasts for ever. Throws `ProblemError` 400, 409, 422; a repeat under a known key
 * or of a known session gets its answer whatever would be thought of the body today.
 */
export async function acceptSession(
  service: PipelineDeps,
  who: Principal,
  body: unknown,
  idempotencyKey: string,
): Promise<Answer> {
  const deps = { ...service, vault: rememberingHashes(service.vault) };
  const contentHash = deps.vault.hash('session-content', canonicalJson(body));
  const request: SessionRequest = { owner: ownerOf(who, body), idempotencyKey, contentHash, actor: who.keyId };
  const prior = () => priorAnswer(deps, who, body, request);
  // Most sessions are new: what came before is looked for only when the body is refused or the ledger says that it is there.
  let gated: GatedSession;
  try {
    gated = await gateSession(deps, who, body);
    refuseBlockedSession(gated.verdict);
  } catch (refusal) {
    const theirs = refusal instanceof ProblemError ? await prior() : null;
    if (theirs === null) throw refusal;
    return theirs;
  }
  // Only now: the practice is known, and a name that somebody made up gets no data key. It is the owner, too.
  await deps.vault.warm(gated.session.practiceId);
  await ensureLanes(deps, gated);
  const stored = await deps.ledger.transaction(async (tx) => {
    const done = await storeSession(deps, tx, gated, request);
    if (done !== null) await deps.step?.('accept:before_commit');
    return done;
  });
  if (stored === null) {
    // This session is stored, perhaps while we judged it, or this key has its answer.
    const theirs = await prior();
    if (theirs === null)
      throw new ProblemError(409, 'in_flight', 'The same session is being stored', { headers: { 'Retry-After': '1' } });
    return theirs;
  }
  await deps.step?.('accept:committed');
  await armAll(deps, stored.alarms);
  await deps.step?.('accept:armed');
  return stored.answer;
}

/** The stored answer of this key, else the session of this natural key; null when both are new. One look in the ledger. */
async function priorAnswer(
  deps: PipelineDeps,
  who: Principal,
  body: unknown,
  { owner, idempotencyKey: key, contentHash }: SessionRequest,
): Promise<Answer | null> {
  const { practiceId, externalId } = namedIn(body);
  const natural = practiceId !== null && externalId !== null && (who.practiceId ?? practiceId) === practiceId;
  const prior = await findPrior(deps.ledger.db, {
    owner,
    route: SESSION_ROUTE,
    key,
    practiceId: natural ? practiceId : '',
    externalId: natural ? externalId : '',
  });
  const replay = () => replayOf(deps, owner, SESSION_ROUTE, key, contentHash);
  if (prior.answered) return replay();
  const answer = prior.sessionId === null ? null : await existing(deps, prior.sessionId, contentHash);
  if (answer === null) return null;
  // This key has its answer now, too; a request with the same key at the same time may have been first.
  return (await insertIdempotent(deps.ledger.db, answerRow(deps, { owner, key, contentHash }, answer))) ? answer : replay();
}

/** The natural key: the same content is the same resource, other content is an amendment. */
async function existing(deps: PipelineDeps, sessionId: string, contentHash: Uint8Array): Promise<Answer | null> {
  const row = await findSession(deps.ledger.db, sessionId, null);
  if (row === undefined) return null;
  if (!Buffer.from(contentHash).equals(row.content_hash)) {
    throw new ProblemError(409, 'session_changed', 'This session was stored with other content', {
      detail: `Send the change as an amendment: POST /v1/group-sessions/${row.id}/amendments`,
    });
  }
  const [answer] = await sessionAnswers(deps.ledger.db, deps.vault, [row]);
  return answerTo(200, answer as SessionAnswer, { Location: `/v1/group-sessions/${row.id}`, ETag: `"${row.version}"` });
}
