import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { validate } from '../../../../src/x12/837p/validate/validator.ts';
import { OWN } from './good-files.ts';

const folder = resolve(process.cwd(), 'test/golden');

test.each(readdirSync(folder).filter((name) => name.endsWith('.837')))('%s passes types 1 to 7 as a file of ours', (name) => {
  // The coordination files carry remittances of December 2026.
  const { findings } = validate(readFileSync(join(folder, name)), { ...OWN, today: '2027-01-31', receiver: null });
  expect(findings).toEqual([]);
});
