import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editsDocument } from '../claim/edits/describe.ts';
import { EDITS } from '../claim/edits/registry.ts';
import { packageRoot } from '../ops/package-info.ts';

/** `npm run docs:edits`: writes `docs/edits.md`. A unit test fails while it differs from the code. */
const path = join(packageRoot(), 'docs', 'edits.md');
writeFileSync(path, editsDocument(EDITS));
process.stdout.write(`${path}\n`);
