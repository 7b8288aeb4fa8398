import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { buildServer, type ServerDeps } from '../../src/http/server.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createFakeService, type FakeService } from './fake-service.ts';

export interface HttpHarness {
  readonly app: FastifyInstance;
  readonly service: FakeService;
  /** Every log line so far, parsed. */
  readonly lines: () => Record<string, unknown>[];
  readonly logText: () => string;
}

/** A server over the fake pipeline whose log lines are kept for inspection. */
export async function startHttp(over: Partial<Omit<ServerDeps, 'service' | 'log'>> = {}): Promise<HttpHarness> {
  const service = createFakeService();
  const kept: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => kept.push(line) });
  // Test machines stall for seconds; the guard against that has a test of its own.
  const limits = { eventLoopDelayMs: 600_000, ...over.limits };
  const app = await buildServer({ service, log, metrics: createMetrics(), version: '0.0.0-test', ...over, limits });
  return {
    app,
    service,
    lines: () => kept.map((line) => JSON.parse(line) as Record<string, unknown>),
    logText: () => kept.join(''),
  };
}

export const bearer = (key: string): { authorization: string } => ({ authorization: `Bearer ${key}` });
