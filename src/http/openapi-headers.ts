import { isObject, type Json, type JsonObject } from './json-value.ts';

const header = (description: string): JsonObject => ({ description, schema: { type: 'string' } });

const retryAfter = header('seconds to wait before trying again');
const replayed = header('"true" when this is the stored answer to an earlier request with the same Idempotency-Key');
const etag = header('version of the resource');
const location = header('address of the session');

/** Operations whose success names a version. */
const versioned = /^(acceptSession|amendSession|getSession|(get|put)(Practice|Payer|Clearinghouse))$/;

function takesKey(operation: JsonObject): boolean {
  const { parameters } = operation;
  return Array.isArray(parameters) && parameters.some((entry) => isObject(entry) && entry['name'] === 'Idempotency-Key');
}

function headersOf(operation: JsonObject, status: number): JsonObject {
  const name = String(operation['operationId']);
  const success = status < 300;
  return {
    ...(status === 429 || status === 503 ? { 'Retry-After': retryAfter } : {}),
    ...(success && takesKey(operation) ? { 'Idempotent-Replayed': replayed } : {}),
    ...(success && versioned.test(name) ? { ETag: etag } : {}),
    ...(success && (name === 'acceptSession' || name === 'amendSession') ? { Location: location } : {}),
  };
}

/** Adds the response headers, which route schemas cannot carry. */
export function documentHeaders(paths: JsonObject): void {
  const operations = Object.values(paths)
    .filter(isObject)
    .flatMap((item): Json[] => Object.values(item));
  for (const operation of operations.filter(isObject)) {
    const responses = isObject(operation['responses']) ? operation['responses'] : {};
    for (const [status, response] of Object.entries(responses)) {
      const headers = headersOf(operation, Number(status));
      if (isObject(response) && Object.keys(headers).length > 0) response['headers'] = headers;
    }
  }
}
