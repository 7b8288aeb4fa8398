import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Scope } from '../../schemas/common.ts';
import { allows } from '../http/auth.ts';
import { ProblemError } from '../pipeline/problem.ts';
import type { Principal, RollcallService } from '../pipeline/service.ts';
import type { Viewer } from './layout.tsx';
import { type ConsoleSession, csrfMatches, type SessionStore } from './session-store.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where a cookie signed the request in; null for a key in the header. */
    consoleSession: ConsoleSession | null;
  }
}

export const cookieName = 'rollcall_console';

/** Any of these may look; `ops` may act. */
export const viewScopes: readonly Scope[] = ['ops', 'claims:read'];

export const mayOperate = (who: Principal): boolean => allows(who, ['ops']);

/** The queue holds every practice's alarms, so only the operator's own keys see it. */
export const maySeeQueues = (who: Principal): boolean => who.practiceId === null && allows(who, viewScopes);

export const viewerOf = (request: FastifyRequest, who: Principal): Viewer => ({
  keyId: who.keyId,
  practiceId: who.practiceId,
  operates: mayOperate(who),
  seesQueues: maySeeQueues(who),
  csrf: request.consoleSession?.csrf ?? '',
});

/** A cookie names a session, the session a key, and the key is asked about anew each time. */
export function installSessions(app: FastifyInstance, deps: { service: RollcallService; sessions: SessionStore }): void {
  app.decorateRequest('consoleSession', null);
  app.addHook('onRequest', async (request) => {
    if (!request.routeOptions.config.console || request.principal !== null) return;
    const session = deps.sessions.find(request.cookies[cookieName] ?? '');
    if (!session) return;
    request.principal = await deps.service.authenticate(session.bearer, { intake: false });
    if (request.principal === null) deps.sessions.close(session.id);
    else request.consoleSession = session;
  });
}

const forged = (): ProblemError =>
  new ProblemError(403, 'cross_site', 'Forbidden', {
    detail: 'This form did not come from the console. Reload the page and try again.',
  });

/**
 * A change asked by a browser must come from our own pages: by the browser's word (`Sec-Fetch-Site`) or, over plain
 * HTTP where browsers do not say, by the `Origin`. `SameSite=Strict` and the form token are the other two locks.
 */
export function refuseCrossSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw forged();
    return;
  }
  const { origin } = request.headers;
  if (origin === undefined) return;
  const from = hostOf(origin);
  if (from === null || from !== hostOf(`${request.protocol}://${request.host}`)) throw forged();
}

/** Host and port, without a port that goes without saying. */
const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : null);

/** Forms of a signed-in browser carry the session's token; a key in the header is no ambient authority and needs none. */
export function refuseForgedForm(request: FastifyRequest, form: { csrf?: string | undefined }): void {
  if (request.consoleSession !== null && !csrfMatches(request.consoleSession, form.csrf)) throw forged();
}
