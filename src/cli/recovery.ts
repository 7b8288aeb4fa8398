import { z } from 'zod';
import type { Config } from '../config.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { runOperator } from './operator.ts';

const statusSchema = z.object({
  active: z.boolean(),
  reason: z.string().nullable(),
  since: z.string().nullable(),
  claims: z.number(),
});

function print(io: Io, answer: unknown, json: boolean): ExitCode {
  const status = statusSchema.parse(answer);
  if (json) io.out(`${JSON.stringify(status)}\n`);
  else if (status.active) {
    io.out(
      `In recovery mode since ${status.since} (${status.reason}): lanes are stopped, ${status.claims} claims are transmit_unknown.\n`,
    );
  } else io.out('Not in recovery mode.\n');
  return EXIT.ok;
}

/** `rollcall recovery status`. */
export async function recoveryStatusCommand(io: Io, config: Config, options: { readonly json?: boolean }): Promise<ExitCode> {
  return print(io, await runOperator(io, config, 'recovery.status', null), options.json === true);
}

/** `rollcall recovery end --reason …`: lanes run again. Claims in `transmit_unknown` stay there until somebody decides each. */
export async function recoveryEndCommand(
  io: Io,
  config: Config,
  options: { readonly reason: string; readonly json?: boolean },
): Promise<ExitCode> {
  return print(io, await runOperator(io, config, 'recovery.end', { reason: options.reason }), options.json === true);
}
