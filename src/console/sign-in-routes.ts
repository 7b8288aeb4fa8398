import type { FastifyInstance } from 'fastify';
import { h } from 'preact';
import { z } from 'zod';
import { allows } from '../http/auth.ts';
import type { HttpLimits } from '../http/limits.ts';
import type { RollcallService } from '../pipeline/service.ts';
import { SignInPage } from './form-pages.tsx';
import { cookieName, refuseForgedForm, viewScopes } from './guard.ts';
import type { SessionStore } from './session-store.ts';
import type { Show } from './show.tsx';

const signInForm = z.object({ key: z.string().trim().min(8).max(256) });
const signOutForm = z.object({ csrf: z.string().optional() });

/** A key goes in once, an opaque cookie comes out: HttpOnly, SameSite=Strict, Secure over https, for `/ops` only. */
export function signInRoutes(
  app: FastifyInstance,
  deps: { service: RollcallService; sessions: SessionStore; show: Show; limits: HttpLimits },
): void {
  const { service, sessions, show, limits } = deps;

  app.get('/sign-in', { config: { signedOut: true } }, async (request, reply) =>
    show(request, reply, { title: 'Sign in', body: h(SignInPage, { refusal: null }) }),
  );

  const rateLimit = { max: limits.signInsPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip };
  app.post('/sign-in', { config: { signedOut: true, rateLimit } }, async (request, reply) => {
    const form = signInForm.safeParse(request.body);
    const who = form.success ? await service.authenticate(form.data.key, { intake: false }) : null;
    if (!form.success || who === null) {
      const body = h(SignInPage, { refusal: 'This key is not known, or it was revoked.' });
      return show(request, reply, { title: 'Sign in', status: 401, body });
    }
    if (!allows(who, viewScopes)) {
      const body = h(SignInPage, { refusal: `This key lacks the scope ${viewScopes.join(' or ')}.` });
      return show(request, reply, { title: 'Sign in', status: 403, body });
    }
    if (request.consoleSession) sessions.close(request.consoleSession.id);
    const session = sessions.open(form.data.key);
    reply.setCookie(cookieName, session.id, {
      path: '/ops',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: Math.floor(limits.consoleSessionMs / 1000),
    });
    return reply.redirect('/ops', 303);
  });

  app.post('/sign-out', async (request, reply) => {
    refuseForgedForm(request, signOutForm.parse(request.body ?? {}));
    if (request.consoleSession) sessions.close(request.consoleSession.id);
    reply.clearCookie(cookieName, { path: '/ops' });
    return reply.redirect('/ops/sign-in', 303);
  });
}
