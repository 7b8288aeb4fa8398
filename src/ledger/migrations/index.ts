import { sql as core } from './0001-core.ts';
import { sql as hotPath } from './0002-hot-path.ts';
import { sql as codeTable } from './0003-code-table.ts';
import { sql as noteSketch } from './0004-note-sketch.ts';
import { sql as intakeFacts } from './0005-intake-facts.ts';
import { sql as amendment } from './0006-amendment.ts';

/**
 * Ordered and immutable: a migration that has run anywhere is never edited, its hash is checked at every start.
 * Expand first, contract a release later: `minCodeVersion` is the lowest program version that may still use a ledger
 * on which the migration has run.
 */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly minCodeVersion: string;
}

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-core', sql: core, minCodeVersion: '0.1.0' },
  { name: '0002-hot-path', sql: hotPath, minCodeVersion: '0.1.0' },
  { name: '0003-code-table', sql: codeTable, minCodeVersion: '0.1.0' },
  { name: '0004-note-sketch', sql: noteSketch, minCodeVersion: '0.1.0' },
  { name: '0005-intake-facts', sql: intakeFacts, minCodeVersion: '0.1.0' },
  { name: '0006-amendment', sql: amendment, minCodeVersion: '0.1.0' },
];
