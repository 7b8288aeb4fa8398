import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { validate } from '../../../../src/x12/837p/validate/validator.ts';
import { OWN } from './good-files.ts';

/** The latest day in the files' envelopes: no date in them lies beyond it, so that they stay clean for a year. */
const WRITTEN = '2026-11-21';
const folder = resolve(process.cwd(), 'test/golden');

test.each(readdirSync(folder).filter((name) => name.endsWith('.837')))('%s passes types 1 to 7 as a file of ours', (name) => {
  const { findings } = validate(readFileSync(join(folder, name)), { ...OWN, today: WRITTEN, receiver: null });
  expect(findings).toEqual([]);
});
