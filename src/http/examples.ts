import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A committed request body and the operation it belongs to. */
export interface Example {
  readonly method: 'post' | 'put';
  readonly path: string;
  readonly name: string;
  readonly value: unknown;
}

const files = {
  'group-session.json': { method: 'post', path: '/v1/group-sessions' },
  'practice.json': { method: 'put', path: '/v1/practices/{id}' },
  'payers.json': { method: 'put', path: '/v1/payers/{id}' },
  'clearinghouse.json': { method: 'put', path: '/v1/clearinghouses/{id}' },
} as const;

/** Request bodies from `schemas/examples/`. A list holds several, each with the `id` it is put under. */
export function loadExamples(folder: string): Example[] {
  return Object.entries(files).flatMap(([file, { method, path }]) => {
    const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown;
    if (!Array.isArray(content)) return [{ method, path, name: file.replace('.json', ''), value: content }];
    return content.map(({ id, ...value }: { id: string }) => ({ method, path, name: id, value }));
  });
}
