import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../pipeline/problem.ts';
import type { RollcallService } from '../pipeline/service.ts';
import type { HttpLimits } from './limits.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Readiness turns 503 and connections are closed after their answer; `close()` does it too. */
    startDraining(): void;
    isDraining(): boolean;
  }
}

const busy = (code: string, detail: string, seconds: number): ProblemError =>
  new ProblemError(503, code, 'Service unavailable', {
    detail,
    headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) },
  });

/**
 * What gives way first. Only intake does: reads and claim actions stay up, since they are how people get out of trouble.
 * Runs after authentication and before the body is read.
 */
export async function installPressure(app: FastifyInstance, service: RollcallService, limits: HttpLimits): Promise<void> {
  let draining = false;
  app.decorate('startDraining', () => {
    draining = true;
  });
  app.decorate('isDraining', () => draining);
  app.addHook('preClose', async () => {
    draining = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close');
  });
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMs,
    // Longer than the tolerated lag: one long turn of the loop is not yet pressure.
    sampleInterval: 2 * limits.eventLoopDelayMs,
    pressureHandler: async (request) => {
      if (request.routeOptions.config.intake) throw busy('overloaded', 'The service is overloaded; nothing was stored.', 5);
    },
  });
  app.addHook('preParsing', async (request) => {
    if (!request.routeOptions.config.intake) return;
    if (draining) throw busy('draining', 'The service is shutting down; nothing was stored.', 5);
    const seconds = await service.backpressure();
    if (seconds !== null)
      throw busy('backpressure', 'The service cannot take new sessions just now; nothing was stored.', seconds);
  });
}
