import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeInterchange } from '../../src/x12/837p/writer.ts';
import { CASES } from './cases.ts';
import { SESSION_CASES } from './session-cases.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

const FILES: Readonly<Record<string, () => Uint8Array>> = {
  ...Object.fromEntries(Object.entries(CASES).map(([name, input]) => [name, () => writeInterchange(input)])),
  ...SESSION_CASES,
};

describe('837P golden files', () => {
  for (const [name, write] of Object.entries(FILES)) {
    it(`${name}.837, byte for byte`, () => {
      const path = `${folder}${name}.837`;
      const written = write();
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, written);
      expect(existsSync(path), `${name}.837 is missing: run with UPDATE_GOLDEN=1`).toBe(true);
      expect(new TextDecoder().decode(written)).toBe(readFileSync(path, 'utf8'));
    });
  }

  it('every file in the folder belongs to a case', () => {
    const files = readdirSync(folder).filter((f) => f.endsWith('.837'));
    expect(files.sort()).toEqual(
      Object.keys(FILES)
        .map((name) => `${name}.837`)
        .sort(),
    );
  });
});
