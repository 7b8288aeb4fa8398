import { z } from 'zod';
import { ident, isoDate } from '../../schemas/common.ts';
import { problem } from '../../schemas/problem.ts';

/** `{ items, nextCursor }`: ask again with `cursor=nextCursor` until it is null. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('null on the last page') });

/** Path parameter; what exists is decided by the ledger, this only bounds it. */
export const idParam = z.strictObject({ id: z.string().min(1).max(200) });
/** Ids of configured things end up in folder names and lane ids. */
export const configIdParam = z.strictObject({
  id: ident.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dot, hyphen, underscore'),
});

const cursor = z
  .string()
  .max(400)
  .regex(/^[A-Za-z0-9_-]+$/, 'not a cursor of ours')
  .optional()
  .describe('nextCursor of the page before');
const limit = z.coerce.number().int().min(1).max(200).default(50);

export const sessionQuery = z.strictObject({
  externalId: ident.optional(),
  from: isoDate.optional().describe('first date of service'),
  to: isoDate.optional().describe('last date of service'),
  cursor,
  limit,
});
export const auditQuery = z.strictObject({ cursor, limit });

const problemText: Readonly<Record<number, string>> = {
  400: 'Not JSON, a bad parameter, or a required header is missing',
  401: 'No valid API key',
  403: 'The key lacks the scope',
  404: 'Not there, or of another practice',
  409: 'The present state forbids it; the detail says what is right instead',
  412: 'The session is not at the version that If-Match names',
  413: 'The body is too large',
  415: 'Not application/json',
  422: 'The body does not match the contract, or a session-level edit blocks it',
  428: 'If-Match is missing',
  429: 'Too many requests; see Retry-After',
  503: 'Under pressure or shutting down; see Retry-After',
};

/** OpenAPI responses for refusals; every route may also answer 401, 403, 429. */
export function problems<const S extends number>(...statuses: readonly S[]) {
  const entry = (status: number) => ({
    description: problemText[status] ?? 'Refused',
    content: { 'application/problem+json': { schema: problem } },
  });
  return Object.fromEntries([...statuses, 401, 403, 429].sort().map((status) => [status, entry(status)]));
}

/** A JSON response with a description of its own; a described zod schema would lose its component name. */
export const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A documented header that hooks check by hand, so that its absence is named in words. */
export const idempotencyHeaders = (required: boolean) => {
  const key = z
    .string()
    .max(255)
    .describe('One value per intended change. A repeat gets the first answer, byte for byte; kept at least 24 h.');
  return z.object({ 'Idempotency-Key': required ? key : key.optional() });
};

/** Headers of an amendment. */
export const amendmentHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .max(255)
    .describe('One value per intended change. A repeat gets the first answer, byte for byte; kept at least 24 h.'),
  'If-Match': z.string().describe('The ETag of the version that was seen, or * for whatever is there.'),
});
