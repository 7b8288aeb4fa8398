import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patternExpression } from '../../../src/cli/input-files.ts';
import { runCli } from '../../../src/cli.ts';
import { BODY, fileOf, replaced } from '../x12/validate/file.ts';
import { fakeIo } from './fake-io.ts';

let folder: string;
const GOOD = fileOf(BODY);
const BAD = fileOf(replaced('DMG', ['DMG*D8*20110228*X']));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-validate-'));
  await mkdir(join(folder, 'in/deep'), { recursive: true });
  await writeFile(join(folder, 'in/good.837'), GOOD);
  await writeFile(join(folder, 'in/bad.837'), BAD);
  await writeFile(join(folder, 'in/deep/bad.837'), BAD);
  await writeFile(join(folder, 'in/.hidden'), 'no claim');
  await symlink(join(folder, 'in'), join(folder, 'in/deep/round'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const io = fakeIo();
  const code = await runCli(argv, io);
  return { code, ...io.written };
}
const at = (name: string): string => join(folder, name);

describe('rollcall validate', () => {
  test('0 when nothing is wrong, 1 when something is, 2 when a file cannot be read', async () => {
    expect(await run('validate', '--snip', '1,2', at('in/good.837'))).toEqual({
      code: 0,
      out: '1 file: 1 without an error, 0 with errors; 0 errors, 0 warnings\n',
      err: '',
    });
    const bad = await run('validate', '--snip', '1,2', at('in/bad.837'), at('in/good.837'));
    expect(bad.code).toBe(1);
    expect(bad.out.split('\n').slice(0, 3)).toEqual([
      at('in/bad.837'),
      '  error    2  element.code             set 0001 segment 24, 2010CA DMG03: DMG03 (Patient Gender Code) of Patient Demographic Information, loop 2010CA, has a code that the guide does not allow here; allowed: F, M, U.',
      '  1 error, 0 warnings in 1 transaction set, 1 claim',
    ]);
    expect(bad.out).toContain('2 files: 1 without an error, 1 with errors; 1 error, 0 warnings');
    const none = await run('validate', at('in/none.837'), at('in/bad.837'));
    expect(none.code).toBe(2);
    expect(none.err).toBe(`${at('in/none.837')} cannot be read (ENOENT).\n`);
    expect(none.out).toContain('1 unreadable');
  });

  test('folders with what is below them, but nothing hidden and no links in circles; patterns', async () => {
    const names = async (...args: string[]): Promise<string[]> =>
      (JSON.parse((await run('validate', '--json', ...args)).out) as { files: { file: string }[] }).files.map((f) =>
        f.file.slice(folder.length + 1),
      );
    expect(await names(at('in'))).toEqual(['in/bad.837', 'in/deep/bad.837', 'in/good.837']);
    expect(await names(at('in/*.837'))).toEqual(['in/bad.837', 'in/good.837']);
    expect(await names(at('in/**/b?d.837'))).toEqual(['in/bad.837', 'in/deep/bad.837']);
    expect((await run('validate', at('in/*.x12'))).code).toBe(2);
  });

  test('patterns stay within a folder unless they say otherwise', () => {
    expect(patternExpression('a/*.837').test('a/b/c.837')).toBe(false);
    expect(patternExpression('a/**/*.837').test('a/b/c.837')).toBe(true);
    expect(patternExpression('a/**/*.837').test('a/c.837')).toBe(true);
    expect(patternExpression('./a+b(?).837').test('a+b(1).837')).toBe(true);
    expect(patternExpression('a?.837').test('aab.837')).toBe(false);
  });

  test('--json gives every finding, whole, and the sums', async () => {
    const { code, out } = await run('validate', '--json', '--snip', '1,2', at('in/bad.837'), at('in/none'), at('in/good.837'));
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      files: [
        { file: at('in/bad.837'), findings: [{ snip: 2, rule: 'element.code', ik4: '7' }], summary: { errors: 1, claims: 1 } },
        { file: at('in/none'), findings: [], unreadable: 'ENOENT' },
        { file: at('in/good.837'), findings: [], summary: { errors: 0 } },
      ],
      totals: { files: 3, refused: 1, unreadable: 1, errors: 1, warnings: 0 },
    });
  });

  test('all types run without --snip, and --today moves the day by which dates are judged', async () => {
    const future = at('future.837');
    await writeFile(future, GOOD.replaceAll('D8*20261120', 'D8*20261122').replaceAll('261121', '261123'));
    const rules = async (...args: string[]): Promise<string[]> =>
      (JSON.parse((await run('validate', '--json', ...args, future)).out) as { files: { findings: { snip: number }[] }[] }).files
        .flatMap((f) => f.findings)
        .filter((f) => f.snip > 2)
        .map((f) => JSON.stringify(f));
    const today = await rules();
    const later = await rules('--today', '2026-12-01');
    expect(today.length).toBeGreaterThan(later.length);
  });

  test('--max bounds what is shown, not what is counted', async () => {
    const many = at('many.837');
    await writeFile(many, fileOf([...BODY, ...Array.from({ length: 5 }, (_, i) => `ZZ${i}*1`)]));
    const { out } = await run('validate', '--snip', '1', '--max', '2', many);
    expect(out.match(/segment\.unknown/g)).toHaveLength(2);
    expect(out).toContain('… and 3 more findings');
    expect(out).toContain('5 errors');
  });

  test.each([
    [['--snip', '1,9']],
    [['--snip', '']],
    [['--max', 'x']],
    [['--999-control-number', '0', '--999', '-']],
    [['--999', '-', '--json']],
    [['--today', '2026-02-30']],
    [['--today', 'today']],
  ])('%j is a wrong argument', async (args) => {
    const { code, out, err } = await run('validate', ...args, at('in/good.837'));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });

  test('--999 writes the answers beside the names, or all to stdout with the table on stderr', async () => {
    const answers = at('acks');
    expect((await run('validate', '--snip', '1,2', '--999', answers, at('in'))).code).toBe(1);
    expect((await readdir(answers)).sort()).toEqual(['bad.837.999', 'bad.837.2.999', 'good.837.999'].sort());
    expect(await readFile(join(answers, 'bad.837.999'), 'utf8')).toContain('AK9*R*1*1*0~');
    expect(await readFile(join(answers, 'good.837.999'), 'utf8')).toContain('AK9*A*1*1*1~');
    const both = await run(
      'validate',
      '--snip',
      '1,2',
      '--999',
      '-',
      '--999-control-number',
      '500',
      at('in/bad.837'),
      at('in/good.837'),
    );
    expect(both.out.match(/IEA\*1\*\d+/g)).toEqual(['IEA*1*000000500', 'IEA*1*000000501']);
    expect(both.err).toContain('element.code');
  });

  test('a folder for answers that cannot be written is said in one sentence', async () => {
    const { code, err } = await run('validate', '--999', at('in/good.837'), at('in/good.837'));
    expect(code).toBe(1);
    expect(err).toBe(`${at('in/good.837')} cannot be written (EEXIST).\n`);
  });
});

describe('rollcall explain', () => {
  test('shows the tree, elements and findings on request', async () => {
    const plain = await run('explain', at('in/bad.837'));
    expect(plain.code).toBe(0);
    expect(plain.out).toContain('2010CA Patient Name\n');
    expect(plain.out).not.toContain('element.code');
    const full = await run('explain', '--elements', '--findings', at('in/bad.837'));
    expect(full.out).toContain('DMG03    X  (Patient Gender Code)');
    expect(full.out).toContain('!! SNIP 2 element.code, segment 24 of the set');
  });

  test('1 for what is no interchange, 2 for what cannot be read', async () => {
    await writeFile(at('text'), 'hello');
    expect(await run('explain', at('text'))).toMatchObject({ code: 1, out: expect.stringContaining('no ISA segment') });
    expect(await run('explain', at('nothing'))).toMatchObject({ code: 2, out: '', err: expect.stringContaining('ENOENT') });
  });
});
