import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { callControl } from '../ledger/control-channel.ts';
import { openLedger } from '../ledger/database.ts';
import { schemaStatus } from '../ledger/migrate.ts';
import { compileQuickly } from '../ledger/quick-start.ts';
import { packageVersion } from '../ops/package-info.ts';
import { StartRefused } from '../ops/refusal.ts';
import type { Check } from '../pipeline/doctor.ts';
import { openQueueBackend, settlesWithin } from '../queue/backend.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { hasLedger, runOperator } from './operator.ts';
import { type GlobalOptions, settingsFor } from './settings.ts';
import { table } from './table.ts';

/** Below either, intake answers 503 (`06`, Errors). */
const MIN_FREE_BYTES = 1e9;
const MIN_FREE_SHARE = 0.02;
const REDIS_TIMEOUT_MS = 5_000;

const answerSchema = z.object({ checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) });

/** `rollcall doctor`: looks at everything a start needs and changes nothing. 1 when anything is wrong. */
export async function doctorCommand(io: Io, options: GlobalOptions & { readonly json?: boolean }): Promise<ExitCode> {
  const checks = await allChecks(io, options);
  const wrong = checks.filter((c) => !c.ok);
  if (options.json) io.out(`${JSON.stringify({ ok: wrong.length === 0, checks }, null, 2)}\n`);
  else {
    io.out(
      table(
        ['', 'CHECK', 'FOUND'],
        checks.map((c) => [c.ok ? 'ok' : 'WRONG', c.name, c.detail]),
      ),
    );
  }
  return wrong.length === 0 ? EXIT.ok : EXIT.failure;
}

async function allChecks(io: Io, options: GlobalOptions): Promise<Check[]> {
  let config: Config;
  try {
    config = settingsFor(options);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [{ name: 'settings', ok: false, detail: error.message.replace(/\s*\n\s*/g, '; ') }];
  }
  const checks: Check[] = [
    { name: 'settings', ok: true, detail: `role ${config.role}, ${config.host}:${config.port}` },
    ...(await dataDirChecks(config.dataDir)),
  ];
  if (config.redisUrl !== null) checks.push(await redisCheck(config.redisUrl.reveal()));
  if (checks.every((c) => c.ok)) checks.push(...(await ledgerChecks(io, config)));
  return checks;
}

async function dataDirChecks(dataDir: string): Promise<Check[]> {
  const found = await stat(dataDir).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  if (found === 'ENOENT')
    return [{ name: 'data directory', ok: true, detail: `${dataDir} is not there yet: the first start makes it` }];
  if (typeof found === 'string') return [{ name: 'data directory', ok: false, detail: `${dataDir} cannot be read (${found})` }];
  if (!found.isDirectory()) return [{ name: 'data directory', ok: false, detail: `${dataDir} is not a directory` }];
  const denied = await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? 'error',
  );
  const disk = await statfs(dataDir);
  const free = disk.bavail * disk.bsize;
  const share = disk.blocks === 0 ? 1 : disk.bavail / disk.blocks;
  const open = (found.mode & 0o077) !== 0;
  return [
    {
      name: 'data directory',
      ok: denied === null,
      detail: denied === null ? dataDir : `${dataDir} cannot be written (${denied})`,
    },
    {
      name: 'data directory mode',
      ok: !open,
      detail: open ? 'other users can look in: chmod 700' : 'closed to other users',
    },
    {
      name: 'disk',
      ok: free >= MIN_FREE_BYTES && share >= MIN_FREE_SHARE,
      detail: `${(free / 1e9).toFixed(1)} GB free (${Math.round(share * 100)} %); intake stops below 1 GB or 2 %`,
    },
  ];
}

async function redisCheck(redisUrl: string): Promise<Check> {
  const backend = openQueueBackend({ redisUrl, onError: () => {} });
  try {
    for (const started = performance.now(); performance.now() - started < REDIS_TIMEOUT_MS; ) {
      // A producer's connection refuses at once while it is not connected yet.
      const ping = backend.ping();
      if (
        (await settlesWithin(ping, 1_000)) &&
        (await ping.then(
          () => true,
          () => false,
        ))
      ) {
        return { name: 'redis', ok: true, detail: 'answers' };
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { name: 'redis', ok: false, detail: 'does not answer' };
  } finally {
    await backend.close();
  }
}

async function ledgerChecks(io: Io, config: Config): Promise<Check[]> {
  try {
    if (config.databaseUrl === null) {
      if (!hasLedger(config)) return [{ name: 'ledger', ok: true, detail: 'none yet: the first start makes it' }];
      const call = await callControl(config.dataDir, 'doctor', null);
      if (call.running) {
        return [{ name: 'service', ok: true, detail: 'running' }, ...answerSchema.parse(call.result).checks];
      }
    }
    const schema = await lookAtSchema(config);
    if (!schema.ok) return [schema];
    const answer = answerSchema.parse(await runOperator(io, config, 'doctor', null));
    return [{ name: 'key', ok: true, detail: 'the master key opens the ledger' }, ...answer.checks];
  } catch (error) {
    if (error instanceof StartRefused) {
      return [{ name: error.code === 'master_key' ? 'key' : 'ledger', ok: false, detail: error.message }];
    }
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return [{ name: 'ledger', ok: false, detail: `cannot be reached (${code})` }];
  }
}

/** Opened once before any command that would migrate: a doctor must not change what it looks at. */
async function lookAtSchema(config: Config): Promise<Check> {
  compileQuickly();
  const ledger = await openLedger(
    config.databaseUrl === null ? { dataDir: config.dataDir } : { databaseUrl: config.databaseUrl.reveal(), maxConnections: 2 },
  );
  try {
    const status = await schemaStatus(ledger, packageVersion());
    if (status.refusal !== null) return { name: 'schema', ok: false, detail: status.refusal };
    if (status.pending.length === 0) return { name: 'schema', ok: true, detail: 'up to date' };
    return { name: 'schema', ok: false, detail: `pending: ${status.pending.join(', ')}; a start or rollcall migrate runs them` };
  } finally {
    await ledger.close();
  }
}
