import { openCore } from '../compose.ts';
import type { Config } from '../config.ts';
import { callControl } from '../ledger/control-channel.ts';
import { compileQuickly } from '../ledger/quick-start.ts';
import { EXIT, type ExitCode, failure } from './exit.ts';
import type { Io } from './io.ts';
import { announceFirstKey, commandLog } from './operator.ts';

/** `rollcall migrate`: ledger and queue schema, under the lock of all starters. A service does the same when it starts. */
export async function migrateCommand(io: Io, config: Config): Promise<ExitCode> {
  if (config.databaseUrl === null && (await callControl(config.dataDir, 'recovery.status', null)).running) {
    throw failure('The service is running and has migrated its ledger at its start; stop it first to migrate with this program.');
  }
  compileQuickly();
  const core = await openCore(config, { log: commandLog(config, io) });
  try {
    announceFirstKey(io, core.firstKey);
    io.out('The ledger has the schema of this program.\n');
    return EXIT.ok;
  } finally {
    await core.close();
  }
}
