import type { z } from 'zod';

/** One fault of shape. Neither field ever holds a value or an unknown key of the request: both could be patient data. */
export interface ShapeFault {
  /** JSON pointer into the body; for an unknown field, of the object that holds it. */
  readonly pointer: string;
  readonly code: ShapeCode;
  readonly message: string;
}

export type ShapeCode = 'missing' | 'type' | 'value' | 'format' | 'too_long' | 'too_short' | 'out_of_range' | 'unknown_field';

type Issue = z.core.$ZodIssue;

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be an existing calendar day, YYYY-MM-DD',
  datetime: 'must be a time with an explicit offset, such as 2026-11-20T17:00:00-06:00',
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

const valueAt = (body: unknown, path: readonly PropertyKey[]): unknown => {
  let at = body;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
};

export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const describeSize = (issue: Extract<Issue, { code: 'too_big' | 'too_small' }>): Pick<ShapeFault, 'code' | 'message'> => {
  const limit = issue.code === 'too_big' ? issue.maximum : issue.minimum;
  if (issue.origin === 'string' || issue.origin === 'array') {
    const things = issue.origin === 'string' ? 'characters' : 'items';
    if (issue.code === 'too_big') return { code: 'too_long', message: `must have at most ${limit} ${things}` };
    return { code: 'too_short', message: limit === 1 ? 'must not be empty' : `must have at least ${limit} ${things}` };
  }
  const direction = issue.code === 'too_big' ? 'at most' : issue.inclusive === false ? 'more than' : 'at least';
  return { code: 'out_of_range', message: `must be ${direction} ${limit}` };
};

const describe = (issue: Issue, body: unknown): Pick<ShapeFault, 'code' | 'message'> => {
  if (issue.code === 'unrecognized_keys') {
    const n = issue.keys.length;
    return { code: 'unknown_field', message: n === 1 ? 'has a field that is not known' : `has ${n} fields that are not known` };
  }
  if (valueAt(body, issue.path) === undefined) return { code: 'missing', message: 'is required' };
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'type', message: TYPES[issue.expected] ?? 'has the wrong type' };
    case 'invalid_value':
      return { code: 'value', message: `must be one of: ${issue.values.map(String).join(', ')}` };
    case 'invalid_format':
      return { code: 'format', message: FORMATS[issue.format] ?? 'has the wrong format' };
    case 'too_big':
    case 'too_small':
      return describeSize(issue);
    default:
      return { code: 'value', message: 'has a value that is not allowed' };
  }
};

/**
 * zod's issues → faults without values. zod's own messages are never used: they quote keys and could quote values.
 * `body` tells a missing field from a mistyped one; `base` is put before each path.
 */
export function shapeFaults(issues: readonly Issue[], body: unknown, base: readonly PropertyKey[] = []): readonly ShapeFault[] {
  return issues.map((issue) => ({ pointer: jsonPointer([...base, ...issue.path]), ...describe(issue, body) }));
}
