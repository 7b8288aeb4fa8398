import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimState } from '../../schemas/common.ts';
import { type App, compose } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { createLog } from '../ops/log.ts';
import { renderTree } from '../x12/837p/explain.ts';
import { createBoard } from './demo/board.ts';
import { type Client, createClient } from './demo/client.ts';
import { startReceiver } from './demo/receiver.ts';
import { filesReport, filesTaken, gateReport } from './demo/report.ts';
import { examplePath, exampleSession } from './example.ts';
import { EXIT, type ExitCode, failure } from './exit.ts';
import { faultTable } from './generate.ts';
import type { Io } from './io.ts';
import { readJson } from './read-json.ts';
import { listenForStop, type StopSignal } from './signals.ts';

export interface DemoOptions {
  readonly session?: string;
  readonly keep?: boolean;
}

/** The real gaps are 61 seconds between files and 15 minutes between look-alikes; nobody would wait for that here. */
const FILE_GAP_SECONDS = 0.9;
const LOOK_ALIKE_GAP_MINUTES = 0.06;
const POLL_MS = 200;
const LEAVE_MS = 1_000;
const MAX_SENDING_MS = 38_000;
const ON_THE_WAY: ReadonlySet<ClaimState> = new Set<ClaimState>(['scheduled', 'released', 'transmitted']);

/**
 * `rollcall demo`: the whole service in one process on a temporary data directory, an example session posted over HTTP,
 * its claims watched until a played clearinghouse has taken every file. 0 when all went out, 2 when the session is refused.
 */
export async function demoCommand(io: Io, options: DemoOptions): Promise<ExitCode> {
  const body = options.session === undefined ? await exampleSession(io) : await readJson(options.session);
  const seed = demoSeed(await readJson(examplePath('seed.json')));
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-demo-'));
  const config = { ...loadConfig({}), dataDir: join(folder, 'data'), port: 0, sweepIntervalMs: 400 };
  const stop = listenForStop();
  const log = createLog({ level: 'error', destination: { write: (line) => io.err(line) } });
  const app = await compose(config, { seed, log });
  try {
    await app.start();
    return await play(io, options, { app, folder, body, stop });
  } finally {
    await app.stop();
    stop.dispose();
  }
}

interface Stage {
  readonly app: App;
  readonly folder: string;
  readonly body: unknown;
  readonly stop: StopSignal;
}

async function play(io: Io, options: DemoOptions, { app, folder, body, stop }: Stage): Promise<ExitCode> {
  const url = app.url();
  const key = app.core.firstKey;
  if (url === null || key === null) throw new Error('a fresh service has an address and a first key');
  const addresses = `  API docs  ${url}/docs\n  console   ${url}/ops\n  key       ${key}\n`;
  io.out(`Rollcall runs in this process on a temporary data directory.\n${addresses}\nPOST ${url}/v1/group-sessions\n\n`);

  const client = createClient(url, key);
  const posted = await client.postSession(body, 'demo-1');
  if (!posted.ok) {
    io.out(`Answered ${posted.problem.status} ${posted.problem.title}; nothing was stored.\n\n`);
    io.out(faultTable(posted.problem.errors ?? []));
    return EXIT.badInput;
  }
  io.out(`${gateReport(posted.answer)}\n`);
  io.out(
    `Demo speed: files at least ${FILE_GAP_SECONDS} s apart, look-alike claims about ${Math.round(LOOK_ALIKE_GAP_MINUTES * 60)} s; the defaults are 61 s and 15 min. Times are UTC.\n\n`,
  );

  const outbound = join(folder, 'data', 'drop', 'sandbox', 'outbound');
  const receiver = await startReceiver(outbound, join(folder, 'clearinghouse'), LEAVE_MS);
  try {
    await watch(io, client, posted.answer.id, stop);
  } finally {
    await receiver.stop();
  }
  await report(io, client, posted.answer.id, receiver.inbox);
  io.out(`\nEverything lies in ${folder}: the files in clearinghouse/, the ledger in data/.\n`);
  if (options.keep === true) {
    io.out(`\nStill running; Ctrl-C ends it.\n${addresses}`);
    await stop.asked;
  } else io.out('Run it with -- --keep to leave the service up and look at the console.\n');
  return EXIT.ok;
}

/** Shows the claims until none is on its way any more. */
async function watch(io: Io, client: Client, sessionId: string, stop: StopSignal): Promise<void> {
  const board = createBoard(io);
  const until = io.now() + MAX_SENDING_MS;
  for (;;) {
    const claims = await client.claimsOf(sessionId);
    board.show(claims, io.now());
    if (!claims.some((c) => ON_THE_WAY.has(c.state))) return;
    if (stop.isAsked()) throw failure('Interrupted.');
    if (io.now() > until) throw failure(`After ${MAX_SENDING_MS / 1000} s claims are still on their way; something is wrong.`);
    await sleep(POLL_MS);
  }
}

async function report(io: Io, client: Client, sessionId: string, inbox: string): Promise<void> {
  const claims = await Promise.all((await client.claimsOf(sessionId)).map((c) => client.claim(c.id)));
  const files = await filesTaken(claims, inbox);
  io.out(
    `\n${files.length} files, each with one claim, taken by the clearinghouse; every SHA-256 is that of the frozen bytes.\n\n`,
  );
  io.out(filesReport(files));
  // The one with most in it shows most of the guide.
  const [longest] = [...files].sort((a, b) => b.drop.bytes - a.drop.bytes);
  if (longest !== undefined) io.out(`\n${longest.drop.fileName}, loop by loop:\n\n${renderTree(longest.bytes)}`);
}

/** The shipped configuration at a speed that can be watched. */
function demoSeed(seed: unknown): unknown {
  const { practices, payers, clearinghouses } = seed as Record<
    'practices' | 'payers' | 'clearinghouses',
    Record<string, unknown>[]
  >;
  return {
    practices,
    payers: payers.map((p) => ({
      ...p,
      policyOverrides: { ...(p['policyOverrides'] as object | undefined), lookAlikeGapMinutes: LOOK_ALIKE_GAP_MINUTES },
    })),
    clearinghouses: clearinghouses.map((c) => ({ ...c, minFileGapSeconds: FILE_GAP_SECONDS })),
  };
}
