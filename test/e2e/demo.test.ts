import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { examplePath } from '../../src/cli/example.ts';
import { difference, shownCommands } from './console-blocks.ts';
import { rollcall, run, start } from './process.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const folderIn = (out: string): string => {
  const folder = /^Everything lies in (\S+):/m.exec(out)?.[1] as string;
  folders.push(folder);
  return folder;
};

// Again when the machine was too busy with something else for the 45 seconds, of which the drops alone take ten.
test('npm run demo: ten on the roster, eight files picked up with their gaps, under 45 seconds, exit 0', {
  retry: 2,
}, async () => {
  const started = performance.now();
  const { code, out, err } = await start('npm', ['run', 'demo'], {}).ended;
  const seconds = (performance.now() - started) / 1000;
  expect(err.replace(/^npm warn .*\n/gm, '')).toBe('');
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(45);
  expect(out).toContain('The gate: 10 on the roster, 8 claims, 2 not billable.');
  expect(out).toMatch(/^pt-1009 +not billable +no_show$/m);
  expect(out).toMatch(/^pt-1010 +not billable +cancelled_late$/m);
  for (const attendee of ['pt-1001', 'pt-1002', 'pt-1003', 'pt-1004', 'pt-1005', 'pt-1006', 'pt-1007', 'pt-1008']) {
    expect(out).toMatch(new RegExp(`^[\\d:]{8}  ${attendee}  \\S+  scheduled, planned [\\d:]{8}`, 'm'));
    expect(out).toMatch(new RegExp(`^[\\d:]{8}  ${attendee}  \\S+  transmitted -> picked_up$`, 'm'));
  }
  expect(out).toMatch(/planned [\d:]{8} \(look_alike_gap/);
  const shown = shownCommands(await readFile('README.md', 'utf8')).find((c) => c.command === 'npm ci && npm run demo');
  expect(difference(shown?.output ?? [], out)).toBeNull();

  const files = (await readdir(join(folderIn(out), 'clearinghouse'))).sort();
  expect(files).toHaveLength(8);
  const listed = [...out.matchAll(/^(NORTHSIDE_\d{9}\.837) .*?([\d:]{8})(?: {2}\+([\d.]+) s)?$/gm)];
  expect(listed.map(([, name]) => name)).toEqual(files);
  for (const [, name, , gap] of listed.slice(1)) expect(Number(gap), name).toBeGreaterThanOrEqual(0.9);
  expect(out).toContain('2010AA Billing Provider Name');
  expect(out).toMatch(/^ +\d+ +SV1\*HC:90785\*15\*UN\*1\*{3}1 +Professional Service$/m);
  expect(out).toMatch(/^ {2}console +http:\/\/127\.0\.0\.1:\d+\/ops$/m);
  expect(out).toMatch(/^ {2}key +rk_\S+$/m);
});

test('a broken session is answered with its findings, nothing of the patient, exit 2', async () => {
  const { code, out } = await run(['demo', '--session', examplePath('broken-session.json')], {});
  expect(code).toBe(2);
  expect(out).toContain('Answered 422');
  for (const rule of ['S03', 'S06', 'A07', 'A13', 'A14']) expect(out).toMatch(new RegExp(`^/\\S+ +${rule} `, 'm'));
  const body = JSON.parse(await readFile(examplePath('broken-session.json'), 'utf8')) as {
    attendees: { patient?: { lastName?: string } }[];
  };
  const names = body.attendees.flatMap((a) => ((a.patient?.lastName ?? '').length > 3 ? [a.patient?.lastName as string] : []));
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(out).not.toContain(name);
});

test('a session file that is not there or not JSON is bad input before anything is started', async () => {
  const { code, err, out } = await run(['demo', '--session', '/nowhere/session.json'], {});
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('/nowhere/session.json');
});

test('--keep leaves the service up until it is told to stop', async () => {
  const demo = rollcall(['demo', '--keep'], {});
  try {
    const url = await demo.said(/^Still running; Ctrl-C ends it\.\n {2}API docs +(\S+)\/docs$/m, 100_000);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    demo.child.kill('SIGINT');
    const ended = await demo.ended;
    folderIn(ended.out);
    expect(ended.code).toBe(0);
  } finally {
    demo.destroy();
  }
});
