import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { Problem } from '../../schemas/problem.ts';
import { ProblemError } from '../pipeline/problem.ts';

type Issue = z.core.$ZodIssue;
type ProblemEntry = NonNullable<Problem['errors']>[number];

const escapePointer = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** RFC 6901 pointer of a zod path; the empty string is the whole document. */
export const pointerOf = (path: readonly PropertyKey[]): string => path.map((part) => `/${escapePointer(part)}`).join('');

/** A field name is worth naming when it looks like one; anything else in key position may be data. */
const fieldName = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/**
 * One entry per fault, with a pointer and a message that never repeats what was sent. zod's own messages name types,
 * limits and allowed values only; unknown keys are the exception and are rewritten.
 */
export function problemEntries(issues: readonly Issue[]): ProblemEntry[] {
  return issues.flatMap((issue): ProblemEntry[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: pointerOf(fieldName.test(key) ? [...issue.path, key] : issue.path),
        code: 'unknown_field',
        message: 'this field is not part of the contract',
      }));
    }
    if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
      return [{ pointer: pointerOf(issue.path), code: 'required', message: `required: ${issue.expected}` }];
    }
    return [{ pointer: pointerOf(issue.path), code: issue.code, message: issue.message }];
  });
}

/**
 * Parses one part of a request. A fault in the body is 422, anywhere else 400; all faults are reported at once.
 * Used in place of the type provider's own compiler, whose pointers are not escaped and whose errors carry no status.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  // Documented headers are checked by hand, so that an absence is named in words.
  if (httpPart === 'headers') return (value: unknown) => ({ value });
  const inBody = httpPart === 'body';
  return (data: unknown) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    return {
      error: new ProblemError(inBody ? 422 : 400, 'invalid_request', inBody ? 'Unprocessable content' : 'Bad request', {
        detail: inBody ? 'The body does not match the contract.' : 'The address or its parameters do not match the contract.',
        errors: problemEntries(parsed.error.issues),
      }),
    };
  };
};

/** NUL and lone surrogates: JSON can carry them, a database cannot keep them. */
const unstorable = /[\0\p{Cs}]/u;

/** One entry per text in `value` (keys included) that the ledger could not store. */
export function unstorableTexts(value: unknown, path: readonly PropertyKey[] = []): ProblemEntry[] {
  if (typeof value === 'string') {
    if (!unstorable.test(value)) return [];
    return [{ pointer: pointerOf(path), code: 'unstorable_text', message: 'contains a NUL or half a character' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    if (unstorable.test(key)) return unstorableTexts(key, path);
    return unstorableTexts(entry, [...path, key]);
  });
}

/**
 * Two things that would otherwise surface as a database error: control characters in the address, and texts in a body
 * that no column can keep. They refuse a whole session, too: like broken UTF-8 they are a fault of the sender's encoding, not
 * of one attendee. JSON without an escape can hold neither and is spared the walk.
 */
export function installTextGuard(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (/%(?:0[0-9a-f]|1[0-9a-f]|7f)/i.test(request.url)) {
      throw new ProblemError(400, 'bad_address', 'Bad request', { detail: 'The address contains a control character.' });
    }
  });
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined || request.jsonWithoutEscapes) return;
    const errors = unstorableTexts(request.body);
    if (errors.length > 0) {
      throw new ProblemError(422, 'invalid_request', 'Unprocessable content', {
        detail: 'The body contains text that cannot be stored.',
        errors,
      });
    }
  });
}

/** For bodies that the pipeline reads itself: documented in full, parsed there. */
export const passThroughCompiler = () => (data: unknown) => ({ value: data });
