import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../ops/metrics.ts';

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * One line per request, of ids and figures only: the route's pattern instead of the address, no query, no body, no
 * header of the client's but a well-formed trace id.
 */
export function installRequestLog(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    metrics.observeRequest({ method: request.method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    const trace = traceparent.exec(String(request.headers['traceparent'] ?? ''))?.[1];
    const line = { method: request.method, route, status: reply.statusCode, ms, keyId: request.principal?.keyId, trace };
    if (request.routeOptions.config.quiet) request.log.debug(line, 'request');
    else request.log.info(line, 'request');
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Polled by machines: logged at debug level. */
    quiet?: boolean;
  }
}
