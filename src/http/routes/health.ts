import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../../schemas/problem.ts';
import { describeError } from '../../ops/log.ts';
import type { Metrics } from '../../ops/metrics.ts';
import { ProblemError } from '../../pipeline/problem.ts';
import type { RollcallService } from '../../pipeline/service.ts';

const config = { rateLimit: false as const, quiet: true };
const tags = ['health'];
const ok = z.literal(true);

const notReady = (what: string): ProblemError =>
  new ProblemError(503, 'not_ready', 'Not ready', {
    detail: `Not ready: ${what}.`,
    errors: [{ pointer: '', code: what, message: `${what} is not ready` }],
    headers: { 'retry-after': '5' },
  });

/** For machines that watch: no key, no rate limit, no data. */
export function healthRoutes(app: FastifyInstance, deps: { service: RollcallService; metrics: Metrics; version: string }): void {
  const api = app.withTypeProvider<ZodTypeProvider>();

  api.route({
    method: 'GET',
    url: '/healthz',
    config,
    schema: {
      operationId: 'health',
      tags,
      security: [],
      summary: 'The process answers',
      response: { 200: z.object({ status: z.literal('ok'), version: z.string() }) },
    },
    handler: async () => ({ status: 'ok' as const, version: deps.version }),
  });

  api.route({
    method: 'GET',
    url: '/readyz',
    config,
    schema: {
      operationId: 'ready',
      tags,
      security: [],
      summary: 'Database, queue, migrations and key are usable and the process is not shutting down',
      response: {
        200: z.object({ status: z.literal('ready'), checks: z.object({ database: ok, queue: ok, migrations: ok, key: ok }) }),
        503: { description: 'Names what is not ready', content: { 'application/problem+json': { schema: problem } } },
      },
    },
    handler: async (request) => {
      if (app.isDraining()) throw notReady('draining');
      try {
        return { status: 'ready' as const, checks: await deps.service.ready() };
      } catch (error) {
        if (error instanceof ProblemError) throw notReady(error.code);
        request.log.error({ defect: describeError(error) }, 'readiness check failed');
        throw notReady('service');
      }
    },
  });

  app.route({
    method: 'GET',
    url: '/metrics',
    config,
    schema: { hide: true },
    handler: async (request, reply) => {
      const readings = await deps.service.metrics().catch((error: unknown) => {
        request.log.error({ defect: describeError(error) }, 'metrics could not be read');
        return null;
      });
      return reply.header('content-type', deps.metrics.contentType).send(await deps.metrics.render(readings));
    },
  });
}
