import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { Queue } from 'bullmq';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { consoleRoutes } from '../console/routes.ts';
import type { Metrics } from '../ops/metrics.ts';
import { packageRoot } from '../ops/package-info.ts';
import { ProblemError } from '../pipeline/problem.ts';
import type { RollcallService } from '../pipeline/service.ts';
import { installAuth } from './auth.ts';
import { loadExamples } from './examples.ts';
import { installJsonBody } from './json-body.ts';
import { defaultLimits, type HttpLimits } from './limits.ts';
import { docsRoutes, installOpenApi } from './openapi.ts';
import { closedPolicy, helmetPolicy } from './policy.ts';
import { installPressure } from './pressure.ts';
import { handleError, installNotFound, problemBody } from './problem.ts';
import { installRequestLog } from './request-log.ts';
import { claimRoutes } from './routes/claims.ts';
import { governanceRoutes } from './routes/governance.ts';
import { groupSessionRoutes } from './routes/group-sessions.ts';
import { healthRoutes } from './routes/health.ts';
import { operationsRoutes } from './routes/operations.ts';
import { configRoutes } from './routes/set-up.ts';
import { x12Routes } from './routes/x12.ts';
import { installTextGuard, validatorCompiler } from './validation.ts';

export interface ServerDeps {
  readonly service: RollcallService;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly version: string;
  /** The alarm queue, for `/ops/queues`; without it that address does not exist. */
  readonly bullBoardQueue?: Queue;
  readonly limits?: Partial<HttpLimits>;
  /** Believe `X-Forwarded-*`: true, or the proxies' addresses. Needed behind TLS termination for secure cookies. */
  readonly trustProxy?: boolean | string;
}

/**
 * The HTTP side of the service, ready to listen or to be injected into. Everything it knows of claims comes through
 * `service`. Closing it drains: readiness turns 503 first (`startDraining()`), then answers carry `Connection: close`.
 */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { service, metrics, version } = deps;
  const limits: HttpLimits = { ...defaultLimits, ...deps.limits };
  const root = packageRoot();

  const app: FastifyInstance = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustProxy ?? false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    forceCloseConnections: 'idle',
    // What still arrives while closing is answered like while draining: intake 503, the rest as usual.
    return503OnClosing: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: (error, request, reply) => {
      handleError(error, request, reply);
    },
    clientErrorHandler: (error, socket) => {
      if (!socket.writable || error.code === 'ECONNRESET') {
        socket.destroy();
        return;
      }
      const [status, title] = clientErrors[error.code] ?? [400, 'Bad Request'];
      const problem = new ProblemError(status, 'bad_http', title, {
        detail: 'The request is not well-formed HTTP, too large or too slow.',
      });
      const body = JSON.stringify(problemBody(problem, randomUUID()));
      socket.end(
        `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);

  await app.register(helmet, {
    ...helmetPolicy(closedPolicy),
    frameguard: { action: 'deny' },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/v1/') || request.url.startsWith('/ops')) reply.header('cache-control', 'no-store');
  });
  await app.register(cookie);
  installAuth(app, service);
  await app.register(rateLimit, {
    timeWindow: 60_000,
    max: (request) => (request.principal === null ? limits.perAddressPerMinute : limits.perKeyPerMinute),
    keyGenerator: (request) => (request.principal === null ? `address:${request.ip}` : `key:${request.principal.keyId}`),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, context) =>
      new ProblemError(429, 'too_many_requests', 'Too many requests', {
        detail: 'This client sends more requests than it may; wait as long as Retry-After says.',
        headers: { 'retry-after': String(Math.max(1, Math.ceil(context.ttl / 1000))) },
      }),
  });
  await installPressure(app, service, limits);
  installRequestLog(app, metrics);
  installJsonBody(app, limits);
  installTextGuard(app);
  installNotFound(app);
  await installOpenApi(app, { version, examples: loadExamples(join(root, 'schemas', 'examples')) });

  healthRoutes(app, { service, metrics, version });
  groupSessionRoutes(app, service);
  claimRoutes(app, service);
  configRoutes(app, service);
  governanceRoutes(app, service);
  operationsRoutes(app, service);
  await x12Routes(app, service, limits);
  await docsRoutes(app);
  await app.register(consoleRoutes, { prefix: '/ops', service, limits, root, queue: deps.bullBoardQueue ?? null });
  await app.ready();
  return app;
}

const clientErrors: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};
