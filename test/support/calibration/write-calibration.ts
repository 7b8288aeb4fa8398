import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { calibrationTables } from './calibrate.ts';
import { withTables } from './document.ts';

/** `npm run calibrate`: measures the labelled set, prints the tables and puts them into docs/cloned-notes.md. */
const path = resolve(process.cwd(), 'docs/cloned-notes.md');
const tables = calibrationTables();
process.stdout.write(`${tables}\n`);
writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables));
