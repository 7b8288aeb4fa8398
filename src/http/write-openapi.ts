import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractFiles } from './contract-files.ts';
import { packageRoot } from './examples.ts';

/** `npm run schemas`: writes the generated files into `schemas/`. A unit test fails while they differ from the code. */
const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
for (const [name, content] of await contractFiles(version)) {
  const path = join(root, 'schemas', name);
  writeFileSync(path, content);
  process.stdout.write(`${path}\n`);
}
