import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editsDocument } from '../../../src/claim/edits/describe.ts';
import { EDITS } from '../../../src/claim/edits/registry.ts';
import { runCli } from '../../../src/cli.ts';
import { packageRoot } from '../../../src/ops/package-info.ts';
import { fakeIo } from './fake-io.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-lists-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const io = fakeIo();
  const code = await runCli(['--data-dir', folder, ...argv], io);
  return { code, ...io.written };
}

describe('rollcall edits', () => {
  test('lists every edit once, in order, with version and provenance', async () => {
    const { code, out } = await run('edits', '--json');
    expect(code).toBe(0);
    const listed = JSON.parse(out) as { id: string; title: string; provenance: { source: string } }[];
    expect(listed.map((e) => e.id)).toEqual(EDITS.map((e) => e.id));
    expect(listed.find((e) => e.id === 'A18')).toMatchObject({
      scope: 'attendee',
      severity: 'hold',
      overridable: true,
      version: '1',
      snip: 6,
      fixedBy: ['biller'],
      recheckAtRelease: false,
      provenance: { confidence: 'H' },
    });
    const table = (await run('edits')).out;
    for (const e of listed) {
      const line = table.split('\n').find((l) => l.startsWith(`${e.id} `));
      expect(line).toContain(e.title);
      expect(line).toContain(e.provenance.source);
    }
    expect(table).toMatch(/^A23 +attendee +hold +fixed /m);
  });
  test('docs/edits.md is what the code says: npm run docs:edits', async () => {
    expect(await readFile(join(packageRoot(), 'docs', 'edits.md'), 'utf8')).toBe(editsDocument(EDITS));
  });
});

describe('rollcall payers', () => {
  test('explains a shipped policy without a ledger, and makes none', async () => {
    const { code, out, err } = await run('payers', 'explain', 'medicare', '--on', '2026-11-20', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const explained = JSON.parse(out) as { values: { property: string }[] };
    expect(explained).toMatchObject({ id: 'medicare', payer: null, policy: 'medicare', on: '2026-11-20', faultyOverrides: [] });
    expect(explained.values.find((v) => v.property === 'telehealthMap')).toMatchObject({
      value: { audio_video: { home: { pos: '10', modifier: null } } },
      confidence: 'H',
      from: { policy: 'medicare', effectiveFrom: '2025-01-01' },
    });
    expect(await readdir(folder)).toEqual([]);
  });
  test('chooses by the date of service, today where none is given', async () => {
    const home = async (...on: string[]) => {
      const { values } = JSON.parse((await run('payers', 'explain', 'medicare', ...on, '--json')).out) as {
        values: { property: string; from: unknown }[];
      };
      return values.find((v) => v.property === 'telehealthMap')?.from;
    };
    expect(await home('--on', '2023-12-31')).toEqual({ policy: 'medicare', effectiveFrom: '0001-01-01' });
    expect(await home('--on', '2024-12-31')).toEqual({ policy: 'medicare', effectiveFrom: '2024-01-01' });
    expect(await home()).toEqual({ policy: 'medicare', effectiveFrom: '2025-01-01' });
  });
  test('as a table: value, origin, confidence, source', async () => {
    const { out } = await run('payers', 'explain', 'medicaid-ny', '--on', '2026-11-20');
    expect(out).toMatch(/^shipped policy medicaid-ny, for services on 2026-11-20$/m);
    expect(out).toMatch(/^minutes +\{"min":60,"max":null,"severity":"hold"\} +medicaid-ny from 0001-01-01 +H +14 NYCRR 588\.6/m);
    expect(out).toMatch(/^batch .+ default +D /m);
  });
  test('an unknown id and a day that does not exist are explained, exit 2', async () => {
    expect(await run('payers', 'explain', 'nobody')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('payers list'),
    });
    expect(await run('payers', 'explain', 'medicare', '--on', '2026-02-30')).toMatchObject({ code: 2, out: '' });
  });
  test('lists the shipped policies', async () => {
    const { policies, configured } = JSON.parse((await run('payers', 'list', '--json')).out) as Record<string, unknown>;
    expect(configured).toBeNull();
    expect(policies).toContainEqual({
      id: 'medicaid-tx',
      title: 'Texas Medicaid (TMHP)',
      basedOn: 'medicaid',
      versions: ['0001-01-01'],
    });
    expect((await run('payers', 'list')).out).toMatch(/^medicaid-tx +Texas Medicaid \(TMHP\) +medicaid +1$/m);
  });
});
