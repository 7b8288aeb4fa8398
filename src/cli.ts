import { Command, CommanderError } from 'commander';
import { CommandFailed, EXIT, type ExitCode } from './cli/exit.ts';
import type { Io } from './cli/io.ts';
import { type GlobalOptions, settingsFor } from './cli/settings.ts';
import { loadConfig } from './config.ts';
import { ControlError } from './ledger/control-channel.ts';
import { describeError } from './ops/log.ts';
import { packageVersion } from './ops/package-info.ts';
import { StartRefused } from './ops/refusal.ts';
import { ProblemError } from './pipeline/problem.ts';

/** Runs one command line (without `node` and the script). Never throws; whatever is printed is free of patient data. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  try {
    // Refused for every command with the one sentence that the settings have for it.
    loadConfig({}, io.platform);
    await program(io, (result) => {
      code = result;
    }).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, io);
  }
}

function explain(error: unknown, io: Io): ExitCode {
  // Commander has printed what it has to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  if (error instanceof CommandFailed) {
    io.err(`${error.message.trimEnd()}\n`);
    return error.exitCode;
  }
  if (error instanceof StartRefused) {
    io.err(`${error.message}\n`);
    return error.code === 'settings' || error.code === 'platform' ? EXIT.badInput : EXIT.failure;
  }
  if (error instanceof ProblemError) {
    io.err(`${[error.message, ...error.errors.map((e) => `  ${e.pointer} ${e.code}: ${e.message}`)].join('\n')}\n`);
    return error.status < 500 ? EXIT.badInput : EXIT.failure;
  }
  if (error instanceof ControlError) {
    io.err(`${error.message}\n`);
    return NOT_THE_CALLERS.has(error.code) ? EXIT.failure : EXIT.badInput;
  }
  return defect(error, io);
}

/** Codes of the control channel that say nothing against the arguments. */
const NOT_THE_CALLERS = new Set(['internal', 'timeout', 'cut', 'starting']);

/** Class, code and places only: the message of a foreign error may quote a patient's data. */
export function defect(error: unknown, io: Io): ExitCode {
  io.err(`Rollcall failed: ${JSON.stringify(describeError(error))}\n`);
  return EXIT.failure;
}

const LEDGER_LISTS = 'judge codes by the lists loaded into the ledger too, not only by those that ship';

/** Each command is imported when it runs: loading all of them takes several times as long as most commands run. */
function program(io: Io, done: (code: ExitCode) => void): Command {
  const root = new Command('rollcall')
    .description('One finalized group-therapy session in, one ANSI X12 837P claim per attendee out.')
    .version(packageVersion())
    .option('--data-dir <dir>', 'instead of DATA_DIR')
    .showHelpAfterError('(rollcall --help lists the commands)')
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride();
  const config = () => settingsFor(root.opts<GlobalOptions>());
  const lists = async (wanted: unknown) =>
    wanted === true ? { codeSets: await (await import('./cli/code-sets.ts')).ledgerCodeSets(io, config()) } : {};
  const command = (parent: Command, usage: string, description: string) => parent.command(usage).description(description);

  command(root, 'serve', 'run the service until SIGTERM').action(async () =>
    done(await (await import('./cli/serve.ts')).serveCommand(io, config())),
  );
  command(root, 'migrate', 'bring ledger and queue to the schema of this program').action(async () =>
    done(await (await import('./cli/migrate.ts')).migrateCommand(io, config())),
  );
  command(root, 'doctor', 'check settings, data directory, disk, ledger, queue and keys')
    .option('--json', 'as JSON')
    .action(async (options) =>
      done(await (await import('./cli/doctor.ts')).doctorCommand(io, { ...root.opts<GlobalOptions>(), ...options })),
    );
  command(root, 'generate <session.json>', 'write the 837P files of one session, without a server')
    .requiredOption('--out <dir>', 'folder for the files')
    .option('--config <bundle.json>', 'practices, payers and clearinghouses; default: the shipped examples')
    .option('--tables', LEDGER_LISTS)
    .option('--json', 'as JSON')
    .action(async (path, { tables, ...options }) =>
      done(await (await import('./cli/generate.ts')).generateCommand(io, path, { ...options, ...(await lists(tables)) })),
    );
  command(root, 'validate <file...>', 'check 837P files of anybody, SNIP types 1 to 7; folders, patterns, - for stdin')
    .option('--snip <types>', 'only these types, such as 1,2')
    .option('--own', 'hold the files to our house style too')
    .option('--today <date>', 'judge dates as of this day')
    .option('--json', 'one JSON document with every finding')
    .option('--max <n>', 'findings shown per file (default 200)')
    .option('--999 <folder>', 'write the 999 that a receiver would send, beside each name; - for stdout')
    .option('--999-control-number <n>', 'first control number of the 999s (default 1)')
    .option('--tables', LEDGER_LISTS)
    .action(async (files, options) => {
      const { 999: ack, '999ControlNumber': ackControlNumber, tables, ...rest } = options;
      const also = { ...(ack && { ack }), ...(ackControlNumber && { ackControlNumber }), ...(await lists(tables)) };
      done(await (await import('./cli/validate.ts')).validateCommand(io, files, { ...rest, ...also }));
    });
  command(root, 'explain <file>', 'an 837P as a tree of named loops and segments; - for stdin')
    .option('--elements', 'every element with its name, and what codes mean')
    .option('--findings', 'what the validator says, at the segment in question')
    .option('--snip <types>', 'findings of these types only')
    .option('--tables', LEDGER_LISTS)
    .action(async (path, { tables, ...options }) =>
      done(await (await import('./cli/explain.ts')).explainCommand(io, path, { ...options, ...(await lists(tables)) })),
    );
  command(root, 'example', 'print a session to post, dated yesterday').action(async () =>
    done(await (await import('./cli/example.ts')).exampleCommand(io)),
  );
  command(root, 'demo', 'the whole service in one process with an example session, in under 45 seconds')
    .option('--session <file>', 'post another session (its dates are left as they are)')
    .option('--keep', 'leave the service running until Ctrl-C')
    .action(async (options) => done(await (await import('./cli/demo.ts')).demoCommand(io, options)));

  const configuration = command(root, 'config', 'practices, payers and clearinghouses');
  command(configuration, 'apply <bundle.json>', 'store what changed, all or nothing; - reads stdin').action(async (path) =>
    done(await (await import('./cli/config.ts')).configApplyCommand(io, config(), path)),
  );
  command(configuration, 'export', 'print what is in force, as a bundle').action(async () =>
    done(await (await import('./cli/config.ts')).configExportCommand(io, config())),
  );

  const payers = command(root, 'payers', 'payers and their policies');
  command(payers, 'list', 'configured payers and shipped policies')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/payers.ts')).payersListCommand(io, config(), options)));
  command(payers, 'explain <id>', 'every value of a payer’s policy on a date of service, and where it comes from')
    .option('--on <date>', 'date of service, YYYY-MM-DD; default: today')
    .option('--json', 'as JSON')
    .action(async (id, options) => done(await (await import('./cli/payers.ts')).payersExplainCommand(io, config(), id, options)));
  command(root, 'edits', 'every edit of the gate, with version and source')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/edits.ts')).editsCommand(io, options)));

  const keys = command(root, 'keys', 'API keys');
  command(keys, 'create', 'make a key and show it once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <list>', 'such as sessions:write,claims:read')
    .option('--practice <id>', 'the practice it belongs to; without it the key is the operator’s')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/keys.ts')).keysCreateCommand(io, config(), options)));
  command(keys, 'list', 'names, practices and scopes')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/keys.ts')).keysListCommand(io, config(), options)));
  command(keys, 'revoke <id>', 'takes effect at once').action(async (id) =>
    done(await (await import('./cli/keys.ts')).keysRevokeCommand(io, config(), id)),
  );

  const tables = command(root, 'tables', 'code lists: ICD-10-CM, CARC, RARC, place of service, taxonomy');
  command(tables, 'load <list> <file>', 'an official icd10cm, carc, rarc, pos or taxonomy file; all or nothing')
    .option('--effective-from <date>', 'first day it speaks of; ICD-10-CM files say it in their name')
    .option('--effective-to <date>', 'last day for which it lists every code')
    .option('--json', 'as JSON')
    .option('--force', 'also a list that is much smaller than the one before it')
    .action(async (set, path, options) =>
      done(await (await import('./cli/tables.ts')).tablesLoadCommand(io, config(), set, path, options)),
    );
  command(tables, 'unload <list> <version>', 'take a load back; the list before it is in force again').action(
    async (set, version) => done(await (await import('./cli/tables.ts')).tablesUnloadCommand(io, config(), set, version)),
  );
  command(tables, 'list', 'every list in force, shipped and loaded')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/tables.ts')).tablesListCommand(io, config(), options)));

  const recovery = command(root, 'recovery', 'the mode in which nothing leaves until somebody has looked');
  command(recovery, 'status', 'whether and why')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/recovery.ts')).recoveryStatusCommand(io, config(), options)));
  command(recovery, 'end', 'lanes run again; claims in transmit_unknown stay there')
    .requiredOption('--reason <text>', 'what was looked at; audited')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./cli/recovery.ts')).recoveryEndCommand(io, config(), options)));
  return root;
}
