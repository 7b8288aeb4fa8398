import { z } from 'zod';
import type { SessionAnswer, SessionVersions } from '../../schemas/group-session.ts';
import { holdsVersion, versionsOf } from '../ledger/amendments.ts';
import { claimsOf } from '../ledger/claims.ts';
import { eventsOf } from '../ledger/events.ts';
import { insertIdempotent } from '../ledger/idempotency.ts';
import { attendeesOf, findSession } from '../ledger/sessions.ts';
import type { Row } from '../ledger/types.ts';
import type { Before } from './amend-roster.ts';
import { withConfigOf } from './amending.ts';
import { canonicalJson } from './canonical.ts';
import type { PipelineDeps } from './deps.ts';
import { ensureLanes } from './ensure-lanes.ts';
import { type GatedSession, gateSession, refuseBlockedSession } from './gate-session.ts';
import { answerRow, answerTo, keyReused, replayOf } from './idempotency.ts';
import { armAll } from './plan-claims.ts';
import { ProblemError } from './problem.ts';
import type { SealedVersion, StoredFinding } from './sealed.ts';
import type { Answer, Principal } from './service.ts';
import { storeAmendment } from './store-amendment.ts';
import { findingsBeside, judgeStored, openSession } from './stored-session.ts';

/** `reason` beside the fields of a POST; sealed with the version, because people write names into such fields. */
const reasonField = z.string().trim().min(3).max(500);

export interface AmendRequest {
  readonly idempotencyKey: string;
  /** The `If-Match` header, null when absent. */
  readonly ifMatch: string | null;
}

/** With `If-Match: *` an amendment that another one overtakes is judged again; a client that races itself is told. */
const MAX_OVERTAKEN = 5;

/**
 * Takes a new version of a stored session: judged as a whole, compared per attendee, stored with what it does to single
 * claims in one transaction. `If-Match` names the version that the client has seen (`*`: whatever is there). Throws
 * `ProblemError` 400, 404, 412, 422, 428; a repeat under a known Idempotency-Key gets the first answer, whatever the
 * version is by then.
 */
export async function amendSession(
  deps: PipelineDeps,
  who: Principal,
  id: string,
  body: unknown,
  request: AmendRequest,
): Promise<Answer> {
  const route = `POST /v1/group-sessions/${id}/amendments`;
  const contentHash = deps.vault.hash('amendment', canonicalJson(body));
  for (let overtaken = 0; ; overtaken++) {
    const row = await findSession(deps.ledger.db, id, who.practiceId);
    if (row === undefined) throw new ProblemError(404, 'not_found', 'No such session');
    const kept = { owner: row.practice_id, key: request.idempotencyKey, contentHash, route };
    const replay = () => replayOf(deps, kept.owner, route, kept.key, contentHash);
    const prior = await replay();
    if (prior !== null) return prior;
    const wanted = ifMatchOf(request.ifMatch);
    const done = wanted === '*' || wanted.includes(row.version) ? await amendOnce(deps, who, row, body, kept) : null;
    if (done !== null) return done;
    // Overtaken: by the same request, which then has its answer, or by another amendment.
    const theirs = await replay();
    if (theirs !== null) return theirs;
    if (wanted !== '*' || overtaken >= MAX_OVERTAKEN) throw stale(await findSession(deps.ledger.db, id, null));
  }
}

function stale(now: Row<'session'> | undefined): ProblemError {
  return new ProblemError(412, 'version_changed', 'The session is not at the version that If-Match names', {
    detail: 'Read the session again and amend what is there now.',
    ...(now === undefined ? {} : { headers: { ETag: `"${now.version}"` } }),
  });
}

/** Versions that an If-Match names; weak tags match nothing (RFC 9110 §13.1.1). 428 without one, 400 when it is none. */
function ifMatchOf(header: string | null): '*' | readonly number[] {
  if (header === null)
    throw new ProblemError(428, 'if_match_missing', 'An amendment needs If-Match', {
      detail: 'Send the ETag of the version that you have seen, or * to amend whatever is there.',
    });
  if (header.trim() === '*') return '*';
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag)))
    throw new ProblemError(400, 'if_match_invalid', 'If-Match is not a list of entity tags', {
      detail: 'An ETag is sent with its quotes, as it came.',
    });
  return tags.flatMap((tag) => (/^"[1-9]\d{0,8}"$/.test(tag) ? [Number(tag.slice(1, -1))] : []));
}

/** Null when somebody else's amendment came first. */
async function amendOnce(
  deps: PipelineDeps,
  who: Principal,
  row: Row<'session'>,
  body: unknown,
  kept: { readonly owner: string; readonly key: string; readonly contentHash: Uint8Array; readonly route: string },
): Promise<Answer | null> {
  const { reason, content, gated } = await judged(deps, who, row, body);
  await deps.vault.warm(row.practice_id);
  const before = await judgedBefore(deps, row, gated.now);
  if (before === null) return null;
  const after = await withConfigOf(deps, gated, await claimsOf(deps.ledger.db, [row.id]));
  await ensureLanes(deps, after);
  const stored = await deps.ledger.transaction(async (tx) => {
    const done = await storeAmendment(deps, tx, {
      row,
      before,
      after,
      contentHash: deps.vault.hash('session-content', canonicalJson(content)),
      reason,
      actor: who.keyId,
    });
    if (done === null) return null;
    const headers = { Location: `/v1/group-sessions/${row.id}`, ETag: `"${done.answer.version}"` };
    const answer = answerTo(202, done.answer satisfies SessionAnswer, headers);
    if (!(await insertIdempotent(tx, answerRow(deps, kept, answer)))) throw keyReused();
    await deps.step?.('amend:before_commit');
    return { answer, alarms: done.alarms };
  });
  if (stored === null) return null;
  await deps.step?.('amend:committed');
  await armAll(deps, stored.alarms);
  await deps.step?.('amend:armed');
  return stored.answer;
}

/** The amended session through the whole gate; everything that is wrong with the request at once. */
async function judged(
  deps: PipelineDeps,
  who: Principal,
  row: Row<'session'>,
  body: unknown,
): Promise<{ readonly reason: string; readonly content: unknown; readonly gated: GatedSession }> {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new ProblemError(400, 'not_an_object', 'The body is not a JSON object');
  const { reason: given, ...content } = body as Record<string, unknown>;
  const reason = reasonField.safeParse(given);
  const errors = reason.success
    ? []
    : [{ pointer: '/reason', code: given === undefined ? 'missing' : 'value', message: 'must say in 3 to 500 characters why' }];
  for (const [field, kept] of [
    ['practiceId', row.practice_id],
    ['externalId', row.external_id],
  ] as const) {
    const sent = content[field];
    if (typeof sent === 'string' && sent.trim() !== kept)
      errors.push({ pointer: `/${field}`, code: 'session_mismatch', message: 'is not that of the session that is amended' });
  }
  const refused = (more: ProblemError['errors'], code: string) =>
    new ProblemError(422, code, 'The amendment cannot be taken', { errors: [...errors, ...more] });
  let gated: GatedSession;
  try {
    gated = await gateSession(deps, who, content);
    refuseBlockedSession(gated.verdict);
  } catch (refusal) {
    if (refusal instanceof ProblemError && refusal.status === 422) throw refused(refusal.errors, refusal.code);
    throw refusal;
  }
  if (errors.length > 0 || !reason.success) throw refused([], 'invalid_amendment');
  return { reason: reason.data, content, gated };
}

/** The stored version under the same configuration and clock as the amended one; null when it is gone meanwhile. */
async function judgedBefore(deps: PipelineDeps, row: Row<'session'>, now: number): Promise<Before | null> {
  const attendees = await attendeesOf(deps.ledger.db, [row.id]);
  // Read in two statements: the roster must be of the version that the row is of.
  if (!(await holdsVersion(deps.ledger.db, row.id, row.version))) return null;
  const opened = openSession(deps, row, attendees);
  const gated = await judgeStored(deps, row.practice_id, opened, now);
  if (gated === null) throw new ProblemError(409, 'unknown_practice', 'The practice of this session is not configured any more');
  const verdicts = gated.verdict.attendees.map((v, i) => ({
    ...v,
    findings: findingsBeside(v, (attendees[i]?.findings ?? []) as StoredFinding[]),
  }));
  return { gated, attendees, opened: opened.attendees, verdicts };
}

/** The versions of a session with who made them and why, oldest first. Throws 404. */
export async function listVersions(deps: PipelineDeps, who: Principal, id: string): Promise<SessionVersions> {
  const row = await findSession(deps.ledger.db, id, who.practiceId);
  if (row === undefined) throw new ProblemError(404, 'not_found', 'No such session');
  await deps.vault.warm(row.practice_id);
  const kept = await versionsOf(deps.ledger.db, id);
  if (kept.length === 0) {
    const accepted = (await eventsOf(deps.ledger.db, id)).find((e) => e.kind === 'session.accepted');
    return { items: [{ version: 1, at: row.created_at.toISOString(), actor: accepted?.actor ?? '', reason: null }] };
  }
  return {
    items: kept.map((v) => ({
      version: v.version,
      at: v.created_at.toISOString(),
      actor: v.actor,
      reason: deps.vault.open<SealedVersion>(row.practice_id, 'version', `${id} ${v.version}`, v.sealed).reason,
    })),
  };
}
