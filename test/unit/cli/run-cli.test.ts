import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Finding } from '../../../schemas/common.ts';
import { examplePath } from '../../../src/cli/example.ts';
import { defect, runCli } from '../../../src/cli.ts';
import { fakeIo } from './fake-io.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Session = Record<string, unknown> & { attendees: (Record<string, unknown> & { patient: Record<string, unknown> })[] };
const session = async (): Promise<Session> => JSON.parse(await readFile(examplePath('group-session.json'), 'utf8')) as Session;

/** Writes a file of this name into the test's folder and returns its path. */
async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(...argv: string[]) {
  const io = fakeIo();
  const code = await runCli(argv, io);
  return { code, ...io.written };
}

describe('the command line', () => {
  test('help and version are results: stdout, exit 0', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const command of ['serve', 'migrate', 'doctor', 'generate', 'demo', 'config', 'keys', 'recovery', 'example']) {
      expect(help.out).toContain(command);
    }
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run('keys', 'create', '--help')).code).toBe(0);
  });

  test.each([
    [['serv']],
    [['generate']],
    [['generate', 'x.json']],
    [['keys', 'create', '--name', 'a']],
    [['keys', 'revoke']],
    [['--nonsense']],
  ])('a wrong command line %j is explained on stderr, exit 2', async (argv) => {
    const { code, out, err } = await run(...argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('rollcall --help');
  });

  test.each([
    [['keys', 'list']],
    [['keys', 'revoke', 'key_1']],
    [['config', 'export']],
    [['tables', 'list']],
    [['tables', 'unload', 'icd10cm', '1']],
    [['recovery', 'status']],
    [['recovery', 'end', '--reason', 'looked at the folders']],
  ])('%j in a folder without a ledger: says so, exit 2, and makes none', async (argv) => {
    const dataDir = join(folder, 'nothing-here');
    const { code, out, err } = await run('--data-dir', dataDir, ...argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toBe(`There is no ledger in ${dataDir}; name its folder with --data-dir, or make one: rollcall migrate.\n`);
    expect(await readdir(folder)).not.toContain('nothing-here');
  });

  test('Windows is refused with one sentence, whatever the command', async () => {
    const io = fakeIo({ platform: 'win32' });
    expect(await runCli(['generate', 'x', '--out', 'y'], io)).toBe(2);
    expect(io.written).toEqual({ out: '', err: 'Rollcall does not run on native Windows; use WSL2 or Docker.\n' });
  });

  test('wrong settings are named all at once, without their values, exit 2', async () => {
    vi.stubEnv('PORT', '70000x');
    vi.stubEnv('ROLE', 'wörker');
    vi.stubEnv('DATABASE_URL', 'mysql://user:s3cret@db/x');
    try {
      const { code, out, err } = await run('serve');
      expect(code).toBe(2);
      expect(out).toBe('');
      for (const name of ['PORT', 'ROLE', 'DATABASE_URL']) expect(err).toContain(`  ${name}: `);
      expect(err).not.toMatch(/s3cret|70000x|wörker/);
      const doctor = await run('doctor', '--json');
      expect(doctor.code).toBe(1);
      expect(JSON.parse(doctor.out)).toMatchObject({ ok: false, checks: [{ name: 'settings', ok: false }] });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('a defect is told by class and place, never by its message', () => {
    const io = fakeIo();
    expect(defect(new TypeError('Sarah Moreno is not a function'), io)).toBe(1);
    expect(io.written.err).toContain('TypeError');
    expect(io.written.err).not.toContain('Moreno');
  });
});

describe('example', () => {
  test('prints the shipped session as of yesterday in its own zone', async () => {
    const { code, out } = await run('example');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ startedAt: '2026-11-20T17:00:00-06:00', timezone: 'America/Chicago' });
    const io = fakeIo({ now: () => Date.parse('2027-07-04T03:00:00Z') });
    await runCli(['example'], io);
    // Three in the morning of the fourth in UTC is still the third in Chicago, and summer there.
    expect(JSON.parse(io.written.out)).toMatchObject({ startedAt: '2027-07-02T17:00:00-05:00' });
  });
});

describe('generate', () => {
  test('one test file per attendee who was there, each a claim of its own', async () => {
    const out = join(folder, 'ready');
    const result = await run('generate', examplePath('group-session.json'), '--out', out);
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.out).toMatch(/^2026-11-20: 10 on the roster, 8 files in .+, 0 held, 2 not billable\n/);
    expect(result.out).toMatch(/^pt-1009 +not billable +no_show$/m);
    const names = (await readdir(out)).sort();
    expect(names).toEqual(Array.from({ length: 8 }, (_, i) => `NORTHSIDE_00000000${i + 1}.837`));
    const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'latin1')));
    for (const text of texts) {
      expect(text.length).toBeGreaterThan(500);
      expect(text.split('*')[15]).toBe('T');
      expect(text.match(/CLM\*/g)).toHaveLength(1);
    }
    expect(new Set(texts.map((t) => /CLM\*([A-Z0-9]+)\*/.exec(t)?.[1])).size).toBe(8);
  });

  test('marks its files as test even where the clearinghouse is set to production', async () => {
    const seed = JSON.parse(await readFile(examplePath('seed.json'), 'utf8')) as { clearinghouses: Record<string, unknown>[] };
    for (const c of seed.clearinghouses) c['usage'] = 'P';
    const out = join(folder, 'production');
    const result = await run('generate', examplePath('group-session.json'), '--out', out, '--config', await file('p.json', seed));
    expect(result.code).toBe(0);
    const [first] = await readdir(out);
    expect((await readFile(join(out, first as string), 'latin1')).split('*')[15]).toBe('T');
  });

  test('a bundle that no file can be written by is refused with every fault, exit 2', async () => {
    type Rows = Record<string, unknown>[];
    const seed = JSON.parse(await readFile(examplePath('seed.json'), 'utf8')) as { practices: Rows; clearinghouses: Rows };
    const [practice, clearinghouse] = [seed.practices[0] as Rows[number], seed.clearinghouses[0] as Rows[number]];
    Object.assign(practice, { timezone: 'Mars/Base' });
    Object.assign(clearinghouse, { profile: 'nobody', timezone: 'Mars/Base' });
    seed.clearinghouses.push({ ...clearinghouse, id: 'other', profile: 'generic' });
    const out = join(folder, 'refused-bundle');
    const result = await run('generate', examplePath('group-session.json'), '--out', out, '--config', await file('b.json', seed));
    expect(result).toMatchObject({ code: 2, out: '' });
    const told = [...result.err.matchAll(/^(\/\S+) +(\w+)/gm)].map((m) => `${m[1]} ${m[2]}`);
    expect(told).toEqual([
      '/practices/0/timezone unknown_zone',
      '/clearinghouses/0/profile unknown_profile',
      '/clearinghouses/0/timezone unknown_zone',
      '/clearinghouses/1/timezone unknown_zone',
    ]);
    expect(await readdir(folder)).not.toContain('refused-bundle');
  });

  test('a held attendee gets no file, the others do; exit 2 and the reason by rule, without the patient', async () => {
    const body = await session();
    (body.attendees[0] as Session['attendees'][number])['diagnoses'] = ['V01.00XA'];
    const out = join(folder, 'held');
    const result = await run('generate', await file('held.json', body), '--out', out, '--json');
    expect(result.code).toBe(2);
    const answer = JSON.parse(result.out) as { attendees: { outcome: string }[]; findings: Finding[] };
    expect(answer.attendees.map((a) => a.outcome).sort()).toEqual([
      'held',
      ...Array.from({ length: 2 }, () => 'not_billable'),
      ...Array.from({ length: 7 }, () => 'ready'),
    ]);
    expect(answer.findings).toContainEqual(expect.objectContaining({ rule: 'A10', attendee: 'pt-1001', severity: 'block' }));
    expect(await readdir(out)).toHaveLength(7);
    expect(result.out).not.toMatch(/Moreno|Sarah/);
    const text = await run('generate', join(folder, 'held.json'), '--out', join(folder, 'held-text'));
    expect(text.out).toMatch(/^pt-1001 +held +A10$/m);
  });

  test('holds what the ledger would hold within one session: two subscribers under one member id', async () => {
    const body = await session();
    const coverages = (i: number) => body.attendees[i]?.['coverages'] as { memberId: string }[];
    (coverages(7)[0] as { memberId: string }).memberId = coverages(0)[0]?.memberId ?? '';
    const out = join(folder, 'one-member-id');
    const result = await run('generate', await file('one-member-id.json', body), '--out', out, '--json');
    const answer = JSON.parse(result.out) as { attendees: { outcome: string }[]; findings: Finding[] };
    expect(answer.findings.filter((f) => f.rule === 'A21').map((f) => [f.attendee, f.severity])).toEqual([
      ['pt-1001', 'hold'],
      ['pt-1008', 'hold'],
    ]);
    expect(answer.attendees.filter((a) => a.outcome === 'held')).toHaveLength(2);
    expect(await readdir(out)).toHaveLength(6);
  });

  test('a refused session writes nothing and names every fault once, exit 2', async () => {
    const out = join(folder, 'refused');
    const result = await run('generate', examplePath('broken-session.json'), '--out', out);
    expect(result).toMatchObject({ code: 2, out: '' });
    for (const rule of ['S03', 'S06', 'A07', 'A10', 'A13', 'A14']) expect(result.err).toMatch(new RegExp(` ${rule} `));
    const lines = result.err.trim().split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    await expect(readdir(out)).rejects.toThrow('ENOENT');
    const json = await run('generate', examplePath('broken-session.json'), '--out', out, '--json');
    expect(json).toMatchObject({ code: 2, err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ refused: true });
  });

  test.each([
    ['no object', [], /WHAT IS WRONG/],
    ['no session', { externalId: 'x' }, /attendees +missing/],
    ['no JSON', '{"attendees": [', /is not JSON\./],
  ])('%s: exit 2', async (_, content, expected) => {
    const path = await file('bad.json', content);
    const result = await run('generate', path, '--out', join(folder, 'never'));
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toMatch(expected);
  });

  test('a session of a practice that is not configured is refused', async () => {
    const path = await file('other.json', { ...(await session()), practiceId: 'prac_elsewhere' });
    const result = await run('generate', path, '--out', join(folder, 'never'));
    expect(result.code).toBe(2);
    expect(result.err).toContain('unknown_practice');
    expect(result.err).not.toContain('elsewhere');
  });

  test('a wrong bundle is explained by place, exit 2', async () => {
    const bundle = { practices: [{ id: 'a', name: 5 }], payers: [{ name: 'x' }], lists: [] };
    const result = await run(
      'generate',
      examplePath('group-session.json'),
      '--out',
      'x',
      '--config',
      await file('b.json', bundle),
    );
    expect(result.code).toBe(2);
    expect(result.err).toContain('/payers/0/id');
  });

  test('files of an earlier run are never mixed up or overwritten', async () => {
    const out = join(folder, 'twice');
    await run('generate', examplePath('group-session.json'), '--out', out);
    const before = await readFile(join(out, 'NORTHSIDE_000000001.837'));
    const again = await run('generate', examplePath('group-session.json'), '--out', out);
    expect(again.code).toBe(2);
    expect(again.err).toContain('holds .837 files already');
    expect(await readFile(join(out, 'NORTHSIDE_000000001.837'))).toEqual(before);
  });

  test('a folder that cannot be made is a failure of I/O, exit 1', async () => {
    const path = await file('plain-file', 'x');
    const result = await run('generate', examplePath('group-session.json'), '--out', join(path, 'under'));
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain('cannot be written (ENOTDIR)');
  });

  test('a session file that is not there is bad input', async () => {
    const result = await run('generate', join(folder, 'nowhere.json'), '--out', join(folder, 'never'));
    expect(result.code).toBe(2);
    expect(result.err).toContain('ENOENT');
  });
});
