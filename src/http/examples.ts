import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A committed request body and the operation it belongs to. */
export interface Example {
  readonly method: 'post' | 'put';
  readonly path: string;
  readonly name: string;
  readonly value: unknown;
}

const operations: readonly { readonly prefix: string; readonly method: 'post' | 'put'; readonly path: string }[] = [
  { prefix: 'group-session', method: 'post', path: '/v1/group-sessions' },
  { prefix: 'practice', method: 'put', path: '/v1/practices/{id}' },
  { prefix: 'payer', method: 'put', path: '/v1/payers/{id}' },
  { prefix: 'clearinghouse', method: 'put', path: '/v1/clearinghouses/{id}' },
];

/** The folder that holds `package.json`, from the sources as from `dist/`. */
export function packageRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = join(folder, '..');
    if (parent === folder) throw new Error('package root not found');
    folder = parent;
  }
  return folder;
}

/** Reads `schemas/examples/*.json`; a file's name up to the first dot or second hyphen says which operation it is for. */
export function loadExamples(folder: string): Example[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const operation = operations.find(({ prefix }) => file.startsWith(prefix));
      if (!operation) return [];
      return [
        {
          method: operation.method,
          path: operation.path,
          name: file.replace(/\.json$/, ''),
          value: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
        },
      ];
    });
}
