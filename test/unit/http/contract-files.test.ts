import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractFiles } from '../../../src/http/contract-files.ts';

const folder = new URL('../../../schemas/', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };

describe('generated contract files', () => {
  it('are committed as the code generates them (npm run schemas)', async () => {
    const files = await contractFiles(version);
    for (const [name, content] of files) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(content);
    const committed = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(committed.sort()).toEqual([...files.keys()].sort());
  });
});
