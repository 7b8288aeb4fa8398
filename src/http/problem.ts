import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../schemas/problem.ts';
import { describeError } from '../ops/log.ts';
import { ProblemError } from '../pipeline/problem.ts';

const detailByCode: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'This address does not take a body of that media type.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this address accepts.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says.',
  FST_ERR_BAD_URL: 'The address is not a valid URL.',
};

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'statusCode' in error;

/**
 * The refusal to show for anything thrown. A defect becomes a bare 500: its message may quote data, so it is neither
 * answered nor logged.
 */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isFastifyError(error) && typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500) {
    const detail = detailByCode[error.code];
    const code = error.code.replace(/^FST_ERR_(CTP_)?/, '').toLowerCase();
    return new ProblemError(error.statusCode, code, STATUS_CODES[error.statusCode] ?? 'Refused', detail ? { detail } : {});
  }
  return new ProblemError(500, 'internal', 'Internal server error', {
    detail: 'Something went wrong on our side. Quote the instance when you ask about it.',
  });
}

/** RFC 9457 document. `instance` is the request id, which is in the log as well. */
export function problemBody(problem: ProblemError, requestId: string): Problem {
  return {
    type: `urn:rollcall:problem:${problem.code}`,
    title: problem.name,
    status: problem.status,
    ...(problem.message === problem.name ? {} : { detail: problem.message }),
    instance: `urn:rollcall:request:${requestId}`,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  };
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ ...problem.headers })
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem, request.id)));
}

/** Logs what is our fault, answers everything as a problem document. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asProblem(error);
  if (!(error instanceof ProblemError) && problem.status >= 500)
    request.log.error({ defect: describeError(error) }, 'request failed');
  return sendProblem(request, reply, problem);
}

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Remembers every route, so that a known address asked with another method is a 405 with `Allow`, and everything
 * else a 404. Call before the first route is registered.
 */
export function installNotFound(app: FastifyInstance): void {
  const known = new Map<string, KnownRoute>();
  app.addHook('onRoute', (route) => {
    if (route.url.includes('*')) return;
    const source = route.url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    const entry = known.get(route.url) ?? { pattern: new RegExp(`^${source}/?$`), methods: new Set<string>() };
    for (const method of [route.method].flat()) entry.methods.add(method);
    known.set(route.url, entry);
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const allowed = new Set<string>();
    for (const { pattern, methods } of known.values()) if (pattern.test(path)) for (const method of methods) allowed.add(method);
    if (allowed.size > 0 && !allowed.has(request.method)) {
      const allow = [...allowed].sort().join(', ');
      return sendProblem(
        request,
        reply,
        new ProblemError(405, 'method_not_allowed', 'Method not allowed', {
          detail: `This address answers ${allow}.`,
          headers: { allow },
        }),
      );
    }
    return sendProblem(
      request,
      reply,
      new ProblemError(404, 'not_found', 'Not found', { detail: 'There is nothing at this address.' }),
    );
  });
}
