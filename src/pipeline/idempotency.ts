import { ident } from '../../schemas/common.ts';
import { findIdempotent, type IdempotentAnswer, insertIdempotent } from '../ledger/idempotency.ts';
import { canonicalJson } from './canonical.ts';
import type { PipelineDeps } from './deps.ts';
import { ProblemError } from './problem.ts';
import type { Answer, KeyedChange, KeyedRequest, Principal } from './service.ts';

export const SESSION_ROUTE = 'POST /v1/group-sessions';

/**
 * Practice and external id that a body names, as the parser would read them; null where it would refuse. Looked up before
 * the body is parsed as a whole, and a database takes no NUL and no half of a surrogate pair.
 */
export function namedIn(body: unknown): { readonly practiceId: string | null; readonly externalId: string | null } {
  const { practiceId, externalId } = (body ?? {}) as { practiceId?: unknown; externalId?: unknown };
  const read = (value: unknown): string | null => ident.safeParse(value).data ?? null;
  return { practiceId: read(practiceId), externalId: read(externalId) };
}

/** Keys are scoped to (practice, route); an operator's key acts in the practice that the body names. */
export function ownerOf(who: Principal, body: unknown): string {
  return who.practiceId ?? namedIn(body).practiceId ?? 'operator';
}

export function keyReused(): ProblemError {
  return new ProblemError(422, 'idempotency_key_reused', 'This Idempotency-Key was used with another body');
}

export function answerTo(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body: JSON.stringify(body), headers, replayed: false };
}

/** An answer to a session's POST as it is stored under its key; the owner must be warm. */
export function answerRow(
  deps: Pick<PipelineDeps, 'vault'>,
  request: { readonly owner: string; readonly key: string; readonly contentHash: Uint8Array; readonly route?: string },
  answer: Answer,
): IdempotentAnswer {
  const { owner, key, contentHash, route = SESSION_ROUTE } = request;
  return {
    owner,
    route,
    key,
    bodyHash: contentHash,
    status: answer.status,
    sealed: deps.vault.seal(owner, 'answer', `${route} ${key}`, answer.body),
    headers: answer.headers,
  };
}

/** The stored answer to this key, byte for byte; 422 when the key came with another body; null when the key is new. */
export async function replayOf(
  deps: Pick<PipelineDeps, 'ledger' | 'vault'>,
  owner: string,
  route: string,
  key: string,
  bodyHash: Uint8Array,
): Promise<Answer | null> {
  const row = await findIdempotent(deps.ledger.db, owner, route, key);
  if (row === undefined) return null;
  if (!Buffer.from(bodyHash).equals(row.body_hash)) throw keyReused();
  await deps.vault.warm(owner);
  const body = deps.vault.open<string>(owner, 'answer', `${route} ${key}`, row.sealed);
  return { status: row.status, body, headers: row.headers, replayed: true };
}

const WAIT_MS = 10_000;

const stillRunning = () =>
  new ProblemError(409, 'in_flight', 'A request with this Idempotency-Key is still running', { headers: { 'Retry-After': '5' } });

/** A look that fails does not hide the refusal that it was to explain; another body under the key is a refusal of its own. */
const unlessRefused = (error: unknown): null => {
  if (error instanceof ProblemError) throw error;
  return null;
};

/**
 * For the other POSTs: runs `change` once per key. It stores its answer by `keep`, in its own transaction, so whatever dies
 * when, effect and answer are both there or both not. Requests with the same key in this process wait for each other up to
 * ten seconds; of two in different processes the ledger lets one commit. A refusal (4xx) does not use the key up.
 */
export function createIdempotentRunner(deps: Pick<PipelineDeps, 'ledger' | 'vault'>) {
  const inFlight = new Map<string, Promise<unknown>>();
  return async function idempotent(who: Principal, request: KeyedRequest, change: KeyedChange): Promise<Answer> {
    const { route, key, status } = request;
    const owner = who.practiceId ?? 'operator';
    const contentHash = deps.vault.hash('request-body', canonicalJson(request.body));
    const id = `${owner} ${route} ${key}`;
    const replay = () => replayOf(deps, owner, route, key, contentHash);
    const busy = inFlight.get(id);
    if (busy !== undefined && !(await settlesWithin(busy, WAIT_MS))) throw stillRunning();
    const before = await replay();
    if (before !== null) return before;
    const run = (async () => {
      await deps.vault.warm(owner);
      let kept: Answer | null = null;
      try {
        await change(async (tx, body) => {
          const answer = answerTo(status, body);
          if (!(await insertIdempotent(tx, answerRow(deps, { owner, route, key, contentHash }, answer)))) throw stillRunning();
          kept = answer;
        });
      } catch (refusal) {
        // Another process may have been first: what it did is why this one was refused.
        const theirs = refusal instanceof ProblemError ? await replay().catch(unlessRefused) : null;
        if (theirs === null) throw refusal;
        return theirs;
      }
      if (kept === null) throw new Error(`${route} stored no answer under its key`);
      return kept;
    })();
    inFlight.set(id, run);
    try {
      return await run;
    } finally {
      if (inFlight.get(id) === run) inFlight.delete(id);
    }
  };
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([settled, late]);
  clearTimeout(timer);
  return result;
}
