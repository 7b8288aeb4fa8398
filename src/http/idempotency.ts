import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ProblemError } from '../pipeline/problem.ts';
import type { Answer } from '../pipeline/service.ts';
import { problemEntries } from './validation.ts';

/** The `Idempotency-Key` of a request, or null. Anything but 1 to 255 visible ASCII characters is a 400. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const value = request.headers['idempotency-key'];
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw new ProblemError(400, 'idempotency_key_invalid', 'Bad request', {
    detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.',
  });
}

export function requireIdempotencyKey(request: FastifyRequest): string {
  const key = idempotencyKeyOf(request);
  if (key !== null) return key;
  throw keyMissing([]);
}

/**
 * For routes whose body is checked before their handler runs: a missing key is a 400 whatever the body is, and what is
 * wrong with the body is told with it.
 */
export const keyBeforeBody = (body: z.ZodType) => async (request: FastifyRequest) => {
  if (idempotencyKeyOf(request) !== null) return;
  const parsed = body.safeParse(request.body);
  throw keyMissing(parsed.success ? [] : problemEntries(parsed.error.issues));
};

const keyMissing = (errors: ProblemError['errors']): ProblemError =>
  new ProblemError(400, 'idempotency_key_missing', 'Bad request', {
    detail: 'This request needs an Idempotency-Key header: one value per intended change.',
    errors,
  });

/** Sends the service's JSON text as it is: a replay must be the first answer byte for byte, so nothing re-serialises it. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers({ ...answer.headers });
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  const type = answer.status >= 400 ? 'application/problem+json' : 'application/json';
  return reply.header('content-type', `${type}; charset=utf-8`).send(answer.body);
}
