import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../ops/package-info.ts';
import { contractFiles } from './contract-files.ts';

/** `npm run schemas`: writes the generated files into `schemas/`. A unit test fails while they differ from the code. */
for (const [name, content] of await contractFiles(packageVersion())) {
  const path = join(packageRoot(), 'schemas', name);
  writeFileSync(path, content);
  process.stdout.write(`${path}\n`);
}
