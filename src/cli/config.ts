import { z } from 'zod';
import type { Config } from '../config.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { runOperator } from './operator.ts';
import { readJson } from './read-json.ts';
import { table } from './table.ts';

const appliedSchema = z.object({ applied: z.array(z.object({ kind: z.string(), id: z.string(), version: z.number() })) });

/** `rollcall config apply <file.json>`: practices, payers and clearinghouses in one transaction; unchanged ones keep their version. */
export async function configApplyCommand(io: Io, config: Config, path: string): Promise<ExitCode> {
  const bundle = await readJson(path);
  const { applied } = appliedSchema.parse(await runOperator(io, config, 'config.apply', bundle));
  io.out(
    table(
      ['WHAT', 'ID', 'VERSION'],
      applied.map((a) => [a.kind, a.id, String(a.version)]),
    ),
  );
  return EXIT.ok;
}

/** `rollcall config export`: what is in force, as a bundle that `config apply` takes. */
export async function configExportCommand(io: Io, config: Config): Promise<ExitCode> {
  io.out(`${JSON.stringify(await runOperator(io, config, 'config.export', null), null, 2)}\n`);
  return EXIT.ok;
}
