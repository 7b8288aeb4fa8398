import type { FastifySchemaCompiler } from 'fastify';
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

/** For bodies that the pipeline reads itself: documented in full, parsed there. */
export const passThroughCompiler = () => (data: unknown) => ({ value: data });
