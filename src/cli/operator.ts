import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { callControl } from '../ledger/control-channel.ts';
import { compileQuickly } from '../ledger/quick-start.ts';
import { createLog, type Log } from '../ops/log.ts';
import type { OperatorCommand } from '../pipeline/operator-commands.ts';
import { badInput } from './exit.ts';
import type { Io } from './io.ts';

/** Log lines of a command go beside its result, and only from `warn` on unless more was asked for. */
export function commandLog(config: Pick<Config, 'logLevel'>, io: Io): Log {
  return createLog({
    level: config.logLevel === 'info' ? 'warn' : config.logLevel,
    destination: { write: (line) => io.err(line) },
  });
}

/** The key of an empty ledger exists in clear only now, so whoever opened that ledger must show it. */
export function announceFirstKey(io: Io, firstKey: string | null): void {
  if (firstKey !== null) io.err(`The ledger was empty. Its first key (all scopes), shown this once: ${firstKey}\n`);
}

/** Commands that set a service up: only these make a ledger where there is none. */
const FOUNDING: ReadonlySet<OperatorCommand> = new Set(['config.apply', 'keys.create', 'tables.load']);

/** Whether these settings name a ledger that exists; of a database server that is for the server to say. */
export const hasLedger = ({ databaseUrl, dataDir }: Config): boolean =>
  databaseUrl !== null || existsSync(join(dataDir, 'ledger'));

/**
 * Runs an operator command in the service that owns the data directory, or, when none runs, on the ledger itself under
 * the same lock. With a Postgres ledger there is no owner: the command opens it beside the services.
 * Looking at a data directory without a ledger, and changing what can only be in one, is the caller's mistake.
 */
export async function runOperator(io: Io, config: Config, command: OperatorCommand, args: unknown): Promise<unknown> {
  if (config.databaseUrl === null) {
    if (!hasLedger(config) && !FOUNDING.has(command)) {
      throw badInput(`There is no ledger in ${config.dataDir}; name its folder with --data-dir, or make one: rollcall migrate.`);
    }
    const call = await callControl(config.dataDir, command, args);
    if (call.running) return call.result;
  }
  // The whole program: beside a running service a command gets by without.
  compileQuickly();
  const { openCore } = await import('../compose.ts');
  const core = await openCore(config, { log: commandLog(config, io) });
  try {
    announceFirstKey(io, core.firstKey);
    return await core.commands[command](args);
  } finally {
    await core.close();
  }
}
