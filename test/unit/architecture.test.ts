import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** `05` §5.1: who may import whom. `claim/states.ts` and `ledger/pglite-pool.ts` are the two single files that go further. */
const FOLDERS = ['session', 'claim', 'x12', 'ledger', 'delivery', 'queue', 'pipeline', 'http', 'console', 'ops', 'cli'] as const;
type Folder = (typeof FOLDERS)[number];
const MAY_IMPORT: Readonly<Record<Exclude<Folder, 'cli'>, readonly Folder[]>> = {
  x12: [],
  session: [],
  ops: [],
  claim: ['session', 'x12'],
  ledger: ['claim', 'ops'],
  delivery: ['ops'],
  queue: ['pipeline', 'ops'],
  pipeline: ['ledger', 'delivery', 'claim', 'session', 'x12', 'ops'],
  http: ['pipeline', 'console', 'ops'],
  console: ['pipeline', 'http', 'ops'],
};
const PURE = ['x12', 'session', 'claim'] as const;
const ROOT_FILES = ['compose.ts', 'cli.ts', 'main.ts', 'config.ts'] as const;
const MAX_LINES = 320;

const IMPURE: Readonly<Record<string, string>> = {
  'math-random': 'export const x = Math.random();\n',
  'math-index': "export const x = (Math as unknown as Record<string, unknown>)['random'];\nexport const y = Math['random']();\n",
  'math-taken-apart': 'const { random } = Math;\nexport const x = random;\n',
  'new-date': 'export const x = new Date();\n',
  'date-now': 'export const x = Date.now();\n',
  'global-date': 'export const x = globalThis.Date;\n',
  'temporal-now': "import { Temporal } from 'temporal-polyfill';\nexport const x = Temporal.Now.instant();\n",
  'performance-now': 'export const x = performance.now();\n',
  'random-uuid': 'export const x = crypto.randomUUID();\n',
  environment: "export const x = process.env['HOME'];\n",
  'node-module': "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
};

interface Case {
  readonly path: string;
  readonly source: string;
  readonly refused: boolean;
}

const importing = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;

function importCases(): Case[] {
  const cases: Case[] = [];
  for (const [from, allowed] of Object.entries(MAY_IMPORT)) {
    for (const to of FOLDERS.filter((f) => f !== from)) {
      const refused = !allowed.includes(to);
      cases.push({ path: `src/${from}/to-${to}.ts`, source: importing(`../${to}/a-file.ts`), refused });
      cases.push({ path: `src/${from}/deep/to-${to}.ts`, source: importing(`../../${to}/deep/a-file.ts`), refused });
      cases.push({ path: `src/${from}/type-${to}.ts`, source: `export type { X } from '../${to}/a-file.ts';\n`, refused });
      cases.push({
        path: `src/${from}/lazy-${to}.ts`,
        source: `export const y = () => import('../${to}/a-file.ts');\n`,
        refused,
      });
    }
    for (const file of ROOT_FILES) {
      cases.push({ path: `src/${from}/to-${file}`, source: importing(`../${file}`), refused: true });
    }
    cases.push({
      path: `src/${from}/to-schemas.ts`,
      source: importing('../../schemas/common.ts'),
      refused: from === 'x12' || from === 'ops',
    });
  }
  for (const name of ['bullmq', 'ioredis', 'fastify', 'kysely', 'pg']) {
    cases.push({ path: `src/pipeline/uses-${name}.ts`, source: importing(name), refused: true });
  }
  for (const folder of ['http', 'console']) {
    for (const name of ['kysely', 'pg'])
      cases.push({ path: `src/${folder}/uses-${name}.ts`, source: importing(name), refused: true });
    cases.push({ path: `src/${folder}/states.ts`, source: importing('../claim/states.ts'), refused: false });
  }
  cases.push({ path: 'src/queue/pool.ts', source: importing('../ledger/pglite-pool.ts'), refused: false });
  return cases;
}

function purityCases(): Case[] {
  const cases: Case[] = [];
  for (const [name, source] of Object.entries(IMPURE)) {
    for (const folder of PURE) {
      cases.push({ path: `src/${folder}/${name}.ts`, source, refused: true });
      cases.push({ path: `src/${folder}/deep/${name}.ts`, source, refused: true });
    }
    cases.push({ path: `src/delivery/${name}.ts`, source, refused: name === 'environment' });
  }
  cases.push({ path: 'src/config.ts', source: IMPURE['environment'] as string, refused: false });
  cases.push({ path: 'src/claim/integer-math.ts', source: 'export const x = Math.round(1.5);\n', refused: false });
  return cases;
}

const root = process.cwd();
let folder: string;

/** Lints snippets in a copy of the project's configuration; answers per path the rules that refused it. */
async function lint(cases: readonly Case[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  await rm(join(folder, 'src'), { recursive: true, force: true });
  for (const { path, source } of cases) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout } = await promisify(execFile)(
    biome,
    ['lint', '--reporter=github', '--max-diagnostics=none', '--diagnostic-level=error', 'src'],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { stdout: string }) => error);
  const found = new Map<string, Set<string>>();
  for (const [, rule, path] of stdout.matchAll(/^::error title=([^,]+),file=([^,]+),/gm)) {
    const key = (path as string).slice((path as string).indexOf('src/'));
    found.set(key, (found.get(key) ?? new Set()).add(rule as string));
  }
  return found;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-architecture-'));
  const config = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8')) as Record<string, unknown>;
  delete config['vcs'];
  delete config['$schema'];
  await writeFile(join(folder, 'biome.json'), JSON.stringify(config));
  await cp(join(root, 'biome'), join(folder, 'biome'), { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the linter refuses every import that the architecture does not allow, and no other', async () => {
  const cases = importCases();
  const found = await lint(cases);
  const wrong = cases.filter((c) => (found.get(c.path)?.has('lint/style/noRestrictedImports') ?? false) !== c.refused);
  expect(wrong.map((c) => `${c.refused ? 'not refused' : 'refused'}: ${c.path}`)).toEqual([]);
});

test('time, randomness and the environment are refused in the pure core, and only src/config.ts reads the environment', async () => {
  const cases = purityCases();
  const found = await lint(cases);
  const wrong = cases.filter((c) => found.has(c.path) !== c.refused);
  expect(wrong.map((c) => `${c.refused ? 'not refused' : 'refused'}: ${c.path}`)).toEqual([]);
});

test(`no source file is longer than ${MAX_LINES} lines, and none is a barrel`, async () => {
  const below = async (dir: string) => (await readdir(join(root, dir), { recursive: true })).map((name) => join(dir, name));
  const files = [...(await below('src')), ...(await below('schemas'))].filter((name) => /\.tsx?$/.test(name));
  expect(files.length).toBeGreaterThan(50);
  const lines = await Promise.all(
    files.map(async (name) => ({ name, lines: (await readFile(join(root, name), 'utf8')).split('\n').length - 1 })),
  );
  expect(lines.filter((f) => f.lines > MAX_LINES)).toEqual([]);
  expect(files.filter((name) => /(^|\/)index\.tsx?$/.test(name))).toEqual(['src/ledger/migrations/index.ts']);
});
