import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { runCli } from '../../src/cli.ts';
import { startApp, TEST_KEY, type TestApp, tempDir } from '../support/app.ts';
import { withAttendee } from '../support/gate.ts';
import { exampleSession } from '../support/sessions.ts';
import { fakeIo } from '../unit/cli/fake-io.ts';
import { fileOf, SELF_CLAIM, swap } from '../unit/x12/validate/good-files.ts';

let t: TestApp;
afterEach(async () => {
  await t.stop();
});

const line = (n: number, code: string, flag: string) => `${String(n).padStart(5, '0')} ${code.padEnd(7)} ${flag} Short`;

it('an official file is loaded into the running service, judges the next session and is audited; a faulty one is not', async () => {
  t = await startApp();
  const body = withAttendee(exampleSession(), 0, { diagnoses: ['F33.1', 'E11.9'] });
  const findings = async () => {
    const answer = (await t.request('POST', '/v1/group-sessions/preview', body)).body as SessionAnswer;
    return answer.attendees[0]?.findings.filter((f) => f.rule === 'A10').map((f) => f.severity);
  };
  expect(await findings()).toEqual(['info']);

  const dir = await tempDir();
  const good = join(dir, 'icd10cm_order_2027.txt');
  await writeFile(good, [line(1, 'F331', '1'), line(2, 'E119', '0'), line(3, 'F411', '1')].join('\n'));
  const bad = join(dir, 'icd10cm_order_2028.txt');
  await writeFile(bad, [line(1, 'F331', '1'), line(2, 'E119', '7')].join('\n'));
  const cli = async (...args: string[]) => {
    const io = fakeIo();
    return { code: await runCli(['--data-dir', t.dataDir, ...args], io), ...io.written };
  };
  const refused = await cli('tables', 'load', 'icd10cm', bad);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('line 2:');
  expect(await findings()).toEqual(['info']);

  // Three codes are no list: every other one would count as not existing.
  const tiny = await cli('tables', 'load', 'icd10cm', good);
  expect(tiny).toMatchObject({ code: 2, out: '' });
  expect(tiny.err).toContain('The file lists 2 codes; a whole icd10cm list has at least 70000.');
  expect(tiny.err).toContain('--force');
  expect(await findings()).toEqual(['info']);

  const loaded = await cli('tables', 'load', 'icd10cm', good, '--force');
  expect(loaded).toMatchObject({ code: 0, out: 'icd10cm version 1: 3 codes, 2026-10-01 to 2027-09-30.\n' });
  expect(await findings()).toEqual(['block']);

  const list = JSON.parse((await cli('tables', 'list', '--json')).out) as { set: string; sha256: string | null }[];
  expect(list[0]).toMatchObject({ set: 'icd10cm', version: 1, entries: 3, actor: 'cli', completeTo: '2027-03-31' });
  expect(list.slice(1).every((l) => l.sha256 === null)).toBe(true);
  const audit = (await t.request('GET', '/v1/audit')).body as { items: { action: string; target: string; detail: unknown }[] };
  expect(audit.items.find((a) => a.action === 'tables.load')).toMatchObject({
    target: 'icd10cm',
    detail: { version: 1, entries: 3, sha256: list[0]?.sha256 },
  });

  // What the service judges by, the command line judges by where it is asked to; a file of one claim has F411 and E119.
  const file = join(dir, 'claim.837');
  const claim = fileOf(swap(SELF_CLAIM, 'HI', 'F411', 'F411*ABF:E119'));
  await writeFile(file, claim);
  const told = async (...args: string[]) => {
    const { code, out } = await cli(...args, file);
    return [code, out.includes('The diagnosis is a category; a claim needs one of the codes below it.')];
  };
  const validate = ['validate', '--snip', '5', '--today', '2026-11-25'];
  expect(await told(...validate)).toEqual([0, false]);
  expect(await told(...validate, '--tables')).toEqual([1, true]);
  expect(await told('explain', '--findings')).toEqual([0, false]);
  expect(await told('explain', '--findings', '--tables')).toEqual([0, true]);
  const session = join(dir, 'session.json');
  await writeFile(session, JSON.stringify(body));
  const generated = async (...more: string[]) => {
    const { code, out } = await cli('generate', session, '--out', join(dir, `claims${more.length}`), '--json', ...more);
    const { findings: all } = JSON.parse(out) as { findings: { rule: string; severity: string; attendee?: string }[] };
    const first = all.filter((f) => f.rule === 'A10' && f.attendee === body.attendees[0]?.externalId);
    return [code, ...first.map((f) => f.severity)];
  };
  expect(await generated()).toEqual([0, 'info']);
  expect(await generated('--tables')).toEqual([2, 'block']);
  const nowhere = fakeIo();
  expect(await runCli(['--data-dir', join(dir, 'none'), ...validate, '--tables', file], nowhere)).toBe(2);
  expect(nowhere.written.err).toContain('there is no ledger in');
  expect(existsSync(join(dir, 'none'))).toBe(false);

  // Measured by what is in force: four fifths of it at least.
  const codes = (n: number) => Array.from({ length: n }, (_, i) => `F33${i}    Short`).join('\n');
  const whole = join(dir, 'icd10cm-codes-2027.txt');
  await writeFile(whole, `${codes(9)}\nE119    Short\n`);
  expect((await cli('tables', 'load', 'icd10cm', whole)).out).toBe(
    'icd10cm version 2: 10 codes, 2026-10-01 to 2027-09-30. Against version 1: 9 added, 1 removed.\n',
  );
  expect(await findings()).toEqual([]);
  await writeFile(whole, codes(7));
  expect((await cli('tables', 'load', 'icd10cm', whole)).err).toContain('the one in force (version 2) has 10');
  await writeFile(whole, codes(8));
  expect((await cli('tables', 'load', 'icd10cm', whole)).out).toContain('0 added, 2 removed');
  expect(await findings()).toEqual(['block']);

  // Taken back one after the other: the list before it, then the shipped one.
  expect(await cli('tables', 'unload', 'icd10cm', '9')).toMatchObject({ code: 2 });
  expect(await cli('tables', 'unload', 'pos', '3')).toMatchObject({ code: 2 });
  expect((await cli('tables', 'unload', 'icd10cm', 'v3')).out).toBe(
    'icd10cm version 3 (icd10cm-codes-2027.txt) is no longer in force.\n',
  );
  expect(await findings()).toEqual([]);
  for (const version of ['2', '1']) expect((await cli('tables', 'unload', 'icd10cm', version)).code).toBe(0);
  expect(await findings()).toEqual(['info']);
  const after = (await t.request('GET', '/v1/audit')).body as { items: { action: string; detail: unknown }[] };
  expect(after.items.filter((a) => a.action === 'tables.unload').map((a) => a.detail)).toContainEqual(
    expect.objectContaining({ version: 3, fileName: 'icd10cm-codes-2027.txt' }),
  );

  const places = join(dir, 'pos.csv');
  await writeFile(places, '11,Office\n');
  expect((await cli('tables', 'load', 'pos', places)).err).toContain('--effective-from');
  expect((await cli('tables', 'load', 'pos', places, '--effective-from', '2026-01-01', '--force')).code).toBe(0);
  expect((await cli('tables', 'load', 'cpt', places)).code).toBe(2);
});

it('the payers that are configured, and the shape of their member ids, are type 7 of POST /v1/x12/validate', async () => {
  t = await startApp();
  const said = async (...changed: [from: string, to: string]) => {
    const response = await fetch(`${t.url}/v1/x12/validate?snip=7`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/edi-x12' },
      body: fileOf(SELF_CLAIM).replace(...changed),
    });
    const answer = (await response.json()) as { findings: { rule: string; message: string }[] };
    return answer.findings.filter((f) => f.rule === 'E16').map((f) => f.message);
  };
  expect(await said('W123456789', 'W987654321')).toEqual([]);
  expect(await said('W123456789', 'SHORT')).toEqual(['The member id has not the shape that this payer gives out.']);
  expect(await said('PI*60054', 'PI*99999')).toEqual(['No payer with this id is configured.']);
});
