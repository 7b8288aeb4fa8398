import { join } from 'node:path';
import formbody from '@fastify/formbody';
import type { Queue } from 'bullmq';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { h } from 'preact';
import { allows, missingScope, unauthorized } from '../http/auth.ts';
import type { HttpLimits } from '../http/limits.ts';
import { foreignPagePolicy, pagePolicy, setPolicy } from '../http/policy.ts';
import { asProblem, sendProblem } from '../http/problem.ts';
import { describeError } from '../ops/log.ts';
import { ProblemError } from '../pipeline/problem.ts';
import type { RollcallService } from '../pipeline/service.ts';
import { actionRoutes } from './action-routes.ts';
import { serveAssets } from './assets.ts';
import { mountBoard } from './board.ts';
import { ProblemPage, SignInPage } from './form-pages.tsx';
import { installSessions, mayOperate, maySeeQueues, refuseCrossSite, viewScopes } from './guard.ts';
import { overrideRoutes } from './override-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { createSessionStore } from './session-store.ts';
import { createShow } from './show.tsx';
import { signInRoutes } from './sign-in-routes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Console addresses that need no key: sign-in and the files every page loads. */
    signedOut?: boolean;
  }
}

const FOREIGN_FONT = /<link href="https:\/\/fonts\.googleapis\.com[^>]*>\s*/;

interface ConsoleOptions {
  readonly service: RollcallService;
  readonly limits: HttpLimits;
  /** Package root; the console's own files lie in `src/console/static` below it. */
  readonly root: string;
  readonly queue: Queue | null;
}

/** Everything under `/ops`: pages and forms for people, bull-board for raw jobs. Guards itself, since it also takes a cookie. */
export async function consoleRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const { service, limits, root, queue } = options;
  const sessions = createSessionStore({ now: () => Date.now(), lifetimeMs: limits.consoleSessionMs });

  app.addHook('onRoute', (route) => {
    route.config = { console: true, ...route.config };
    setPolicy(route, pagePolicy);
    route.schema = { ...route.schema, hide: true };
  });
  await app.register(formbody, { bodyLimit: 16 * 1024 });
  installSessions(app, { service, sessions });
  app.addHook('preParsing', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.headers.authorization === undefined)
      refuseCrossSite(request);
    if (request.routeOptions.config.signedOut) return;
    if (request.principal === null) throw unauthorized();
    if (!allows(request.principal, viewScopes)) throw missingScope(viewScopes);
  });

  const assets = serveAssets(app, join(root, 'src', 'console', 'static'));
  const show = createShow(assets, queue !== null);
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = asProblem(error);
    if (!(error instanceof ProblemError) && problem.status >= 500)
      request.log.error({ defect: describeError(error) }, 'page failed');
    if (!String(request.headers.accept ?? '').includes('text/html')) return sendProblem(request, reply, problem);
    reply.headers({ ...problem.headers });
    const body = problem.status === 401 ? h(SignInPage, { refusal: null }) : h(ProblemPage, { problem, requestId: request.id });
    return show(request, reply, { title: problem.status === 401 ? 'Sign in' : problem.name, status: problem.status, body });
  };
  app.setErrorHandler(answerError);

  signInRoutes(app, { service, sessions, show, limits });
  pageRoutes(app, { service, show });
  actionRoutes(app, { service, show });
  overrideRoutes(app, { service, show });

  if (queue === null) return;
  await app.register(
    async (board) => {
      board.addHook('onRoute', (route) => {
        route.config = { ...route.config, quiet: true };
        // bull-board's own handler would answer with the error's message, which may quote a connection string.
        route.errorHandler = answerError;
        setPolicy(route, foreignPagePolicy);
      });
      // Its page asks another site for a web font, which our policy blocks anyhow: nobody needs to be told.
      board.addHook('onSend', async (_request, _reply, payload) =>
        typeof payload === 'string' && payload.startsWith('<!DOCTYPE html>') ? payload.replace(FOREIGN_FONT, '') : payload,
      );
      board.addHook('preParsing', async (request) => {
        if (request.principal === null || !maySeeQueues(request.principal)) {
          throw new ProblemError(403, 'operator_key_needed', 'Forbidden', {
            detail: 'The queue holds the alarms of every practice; only an operator’s key may see it.',
          });
        }
        if (request.method !== 'GET' && request.method !== 'HEAD' && !mayOperate(request.principal)) throw missingScope(['ops']);
      });
      await mountBoard(board, queue, (request) => request.principal !== null && mayOperate(request.principal));
    },
    { prefix: '/queues' },
  );
}
