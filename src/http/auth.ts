import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Scope } from '../../schemas/common.ts';
import { ProblemError } from '../pipeline/problem.ts';
import type { Principal, RollcallService } from '../pipeline/service.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook of every request that shows a valid key, null otherwise. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Any one of these lets a key in; `admin` always does. Required on every route under `/v1`. */
    scopes?: readonly Scope[];
    /** Pages that take a session cookie or a key and guard themselves (`src/console/`). */
    console?: boolean;
    /** New work: refused first when the service is under pressure. */
    intake?: boolean;
  }
}

const bearerShape = /^Bearer +([\x21-\x7e]{8,256})$/i;

/** The key of an `Authorization: Bearer` header, or null. */
export function bearerOf(request: FastifyRequest): string | null {
  return bearerShape.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** True when the key may do what any one of `scopes` allows. */
export function allows(who: Principal, scopes: readonly Scope[]): boolean {
  return who.scopes.has('admin') || scopes.some((scope) => who.scopes.has(scope));
}

/** Who asks; a route that got this far without a key is a defect of ours. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('route reached without a principal');
  return request.principal;
}

export const unauthorized = (): ProblemError =>
  new ProblemError(401, 'unauthorized', 'Unauthorized', {
    detail: 'Send a valid API key as "Authorization: Bearer <key>".',
    headers: { 'www-authenticate': 'Bearer realm="rollcall"' },
  });

export const missingScope = (scopes: readonly Scope[]): ProblemError =>
  new ProblemError(403, 'missing_scope', 'Forbidden', {
    detail: `This key lacks the scope ${scopes.join(' or ')}.`,
    headers: { 'www-authenticate': `Bearer realm="rollcall", error="insufficient_scope", scope="${scopes[0]}"` },
  });

/**
 * Two hooks: the key is read before the rate limiter (which counts by key), and enforced after it but before the body
 * is read, so that nobody without a key can make the process buffer two megabytes.
 */
export function installAuth(app: FastifyInstance, service: RollcallService): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') && !route.config?.scopes?.length) throw new Error(`${route.url} declares no scope`);
  });
  app.addHook('onRequest', async (request) => {
    const { scopes, console, intake = false } = request.routeOptions.config;
    if (!scopes && !console) return;
    const bearer = bearerOf(request);
    request.principal = bearer === null ? null : await service.authenticate(bearer, { intake });
  });
  app.addHook('preParsing', async (request) => {
    const { scopes } = request.routeOptions.config;
    if (!scopes) return;
    if (request.principal === null) throw unauthorized();
    if (!allows(request.principal, scopes)) throw missingScope(scopes);
  });
}
