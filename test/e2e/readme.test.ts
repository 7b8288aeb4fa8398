import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { loadConfig, VARIABLE_NAMES } from '../../src/config.ts';
import { freePort, until } from '../support/server-process.ts';
import { fakeIo } from '../unit/cli/fake-io.ts';
import { difference, type ShownCommand, shownCommands } from './console-blocks.ts';
import { cleanEnv, MAIN, type Running, rollcall } from './process.ts';

const SHOWN_ELSEWHERE = 'npm ci && npm run demo';
const STARTS = 'npm ci && npm start';

let readme: string;
let folder: string;
let commands: readonly ShownCommand[];
let service: Running;
let port: number;
let env: Record<string, string>;

beforeAll(async () => {
  readme = await readFile('README.md', 'utf8');
  commands = shownCommands(readme);
  folder = await realpath(await mkdtemp(join(tmpdir(), 'rollcall-readme-')));
  // `npx rollcall` of the checkout, wherever the shell is: the real npx is tested in cli.test.ts.
  const npx = join(folder, 'bin', 'npx');
  await mkdir(join(folder, 'bin'));
  await writeFile(npx, `#!/bin/sh\n[ "$1" = rollcall ] || exit 64\nshift\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(npx, 0o755);
  port = await freePort();
  env = { PORT: String(port), PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` };
  service = rollcall(['serve'], env, folder);
  await service.said(/^ {2}console .*\n/m);
});

afterAll(async () => {
  service.child.kill('SIGTERM');
  await service.ended;
  await rm(folder, { recursive: true, force: true });
});

/** As typed: a shell in the folder in which the service was started. */
function typed(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: cleanEnv(env), timeout: 120_000 };
    execFile('bash', ['-c', command.replaceAll('127.0.0.1:8370', `127.0.0.1:${port}`)], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command}\n${stdout}${stderr}`));
    });
  });
}

test('the two commands are there as they are meant to be typed', () => {
  expect(commands.map((c) => c.command)).toEqual(expect.arrayContaining([SHOWN_ELSEWHERE, STARTS]));
  expect(readme).toMatch(/^```sh\nnpm ci && npm test\n```$/m);
});

test('what the service says at its start is what is shown', async () => {
  const shown = commands.find((c) => c.command === STARTS) as ShownCommand;
  const said = await service.said(/^[\s\S]*console .*\n/);
  expect(difference(shown.output, said)).toBeNull();
  env['KEY'] = /rk_\S+/.exec(said)?.[0] as string;
});

test('every other command answers what is shown', async () => {
  const others = commands.filter((c) => c.command !== STARTS && c.command !== SHOWN_ELSEWHERE);
  expect(others.length).toBeGreaterThan(8);
  const sent = async (): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/claims?state=transmitted`, {
      headers: { authorization: `Bearer ${env['KEY']}` },
    });
    return ((await answer.json()) as { items?: unknown[] }).items?.length ?? 0;
  };
  for (const { command, output } of others) {
    // Five seconds are a reader's; a slow machine may need more until the first has left.
    if (command.startsWith('sleep ')) await until('the first has left', async () => (await sent()) > 0);
    let wrong = difference(output, await typed(command));
    // Who is told to come back (503) asks again.
    const again = () => wrong !== null && /found:\n503$/.test(wrong);
    for (let tries = 1; again() && tries < 12; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      wrong = difference(output, await typed(command));
    }
    expect(wrong, command).toBeNull();
  }
});

/** First cells of the table under a heading, code marks taken off. */
function firstColumn(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell]) => cell as string);
}

test('the configuration table has every variable, and its defaults are the program’s', () => {
  expect(firstColumn('Configuration').sort()).toEqual([...VARIABLE_NAMES].sort());
  const defaults = Object.fromEntries(
    [...readme.matchAll(/^\| `([A-Z_]+)` +\| `([^`]+)` +\|/gm)].map(([, name, value]) => [name, value]),
  );
  const { DATA_DIR, ...plain } = defaults as Record<string, string>;
  expect(DATA_DIR).toBe('./data');
  expect(Object.keys(plain).length).toBeGreaterThan(6);
  expect({ ...loadConfig(plain), dataDir: '' }).toEqual({ ...loadConfig({}), dataDir: '' });
});

test('the command table has every command, and every one of them is there', async () => {
  const listed = async (...path: string[]): Promise<string[]> => {
    const io = fakeIo();
    await runCli([...path, '--help'], io);
    const section = io.written.out.split('\nCommands:\n')[1] ?? '';
    return [...section.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name as string).filter((name) => name !== 'help');
  };
  const all: string[] = [];
  for (const name of await listed()) {
    const below = await listed(name);
    all.push(...(below.length === 0 ? [name] : below.map((sub) => `${name} ${sub}`)));
  }
  const shown = firstColumn('Commands').map((cell) => cell.replace(/^rollcall /, '').replace(/ [-<].*$/, ''));
  expect(shown.sort()).toEqual(all.sort());
});
