import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Payer } from '../../schemas/payer.ts';
import type { Practice } from '../../schemas/practice.ts';
import { faultsOfBody } from '../claim/body-faults.ts';
import type { GateVerdict } from '../claim/draft.ts';
import type { SessionSketches } from '../ledger/note-sketches.ts';
import { type ParsedSession, parseSession } from '../session/parse.ts';
import type { Configured, PipelineDeps } from './deps.ts';
import { usageOf } from './intake-facts.ts';
import { judgeSession } from './judge-session.ts';
import { earlierNotes, sketchesOf } from './note-sketches.ts';
import { ProblemError } from './problem.ts';
import type { Principal } from './service.ts';

export interface GatedSession {
  readonly session: ParsedSession;
  readonly verdict: GateVerdict;
  readonly practice: Configured<Practice>;
  readonly payers: ReadonlyMap<string, Configured<Payer>>;
  readonly clearinghouses: ReadonlyMap<string, Configured<Clearinghouse>>;
  /** The ledger's clock when the session was judged, epoch ms, at most a second old. */
  readonly now: number;
  /** Of the notes, salted; null when they were not there to be read. */
  readonly sketches: SessionSketches | null;
}

const bodies = <T>(found: ReadonlyMap<string, Configured<T>>): Map<string, T> =>
  new Map([...found].map(([id, c]) => [id, c.body]));

/**
 * Parses and judges one session; nothing is stored. Throws 400 when the body is no object, 422 with every error at once
 * when the session cannot be taken at all; an attendee's trouble is in the verdict.
 */
export async function gateSession(
  deps: Pick<PipelineDeps, 'configs' | 'clock' | 'codeSets' | 'vault' | 'ledger'>,
  who: Principal,
  body: unknown,
): Promise<GatedSession> {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new ProblemError(400, 'not_an_object', 'The body is not a JSON object');
  }
  const parsed = parseSession(body);
  if (!parsed.ok)
    throw new ProblemError(422, 'invalid_session', 'The session cannot be taken', { errors: faultsOfBody(body, parsed.errors) });
  const session = parsed.session;
  const practice =
    who.practiceId !== null && who.practiceId !== session.practiceId ? null : await deps.configs.practice(session.practiceId);
  if (practice === null) {
    throw new ProblemError(422, 'unknown_practice', 'The session cannot be taken', {
      errors: [
        { pointer: '/practiceId', code: 'unknown_practice', message: 'no practice with this id is configured for this key' },
      ],
    });
  }
  const configured = await configOf(deps, session, practice.body);
  const now = await deps.clock();
  const sketches = sketchesOf(deps.vault, session, usageOf({ practice, ...configured }));
  const verdict = judgeSession({
    session,
    practice: practice.body,
    payers: bodies(configured.payers),
    clearinghouses: bodies(configured.clearinghouses),
    now,
    codeSets: await deps.codeSets.current(),
    earlierNotes: await earlierNotes(deps.ledger.db, sketches, session.externalId),
  });
  return { session, verdict, practice, ...configured, now, sketches };
}

/** Findings of session scope that block: 422, nothing stored. */
export function refuseBlockedSession(verdict: GateVerdict): void {
  if (!verdict.findings.some((f) => f.severity === 'block')) return;
  const errors = [...verdict.findings, ...verdict.attendees.flatMap((a) => a.findings)]
    .filter((f) => f.severity === 'block')
    .map((f) => ({ pointer: f.path, code: f.rule, message: f.message }));
  throw new ProblemError(422, 'session_blocked', 'The session cannot be taken', { errors });
}

/** The payers that a session names and the clearinghouses that they and the practice send through, as far as configured. */
export async function configOf(
  deps: Pick<PipelineDeps, 'configs'>,
  session: ParsedSession,
  practice: Practice,
): Promise<{ payers: Map<string, Configured<Payer>>; clearinghouses: Map<string, Configured<Clearinghouse>> }> {
  const payerIds = new Set(
    session.attendees.flatMap((a) => [...(a.fields.coverages ?? []), ...(a.remains?.coverages ?? [])].map((c) => c.payerId)),
  );
  const payers = new Map<string, Configured<Payer>>();
  for (const id of payerIds) {
    const payer = await deps.configs.payer(id);
    if (payer !== null) payers.set(id, payer);
  }
  const clearinghouses = new Map<string, Configured<Clearinghouse>>();
  const wanted = [
    practice.clearinghouseId,
    ...[...payers.values()].flatMap((p) => (p.body.clearinghouseId ? [p.body.clearinghouseId] : [])),
  ];
  for (const id of new Set(wanted)) {
    const found = await deps.configs.clearinghouse(id);
    if (found !== null) clearinghouses.set(id, found);
  }
  return { payers, clearinghouses };
}
