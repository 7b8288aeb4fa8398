import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { compactList, parseOfficial } from '../x12/code-sets/load/load.ts';
import { LOADABLE_SETS, type LoadableSet } from '../x12/code-sets/load/parsed.ts';
import { decodeX12 } from '../x12/read.ts';
import { badInput, EXIT, type ExitCode, failure } from './exit.ts';
import type { Io } from './io.ts';
import { runOperator } from './operator.ts';
import { counted, table } from './table.ts';

const loadedSchema = z.object({
  version: z.number(),
  entries: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  against: z.number().nullable(),
  added: z.number(),
  removed: z.number(),
});
const unloadedSchema = z.object({ version: z.number(), fileName: z.string() });
const listSchema = z.array(
  z.object({
    set: z.string(),
    name: z.string(),
    entries: z.number(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    complete: z.boolean(),
    completeTo: z.string().nullable(),
    version: z.number().nullable(),
    sha256: z.string().nullable(),
    actor: z.string().nullable(),
    loadedAt: z.string().nullable(),
  }),
);

export interface LoadOptions {
  readonly effectiveFrom?: string;
  readonly effectiveTo?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `rollcall tables load <set> <file>`: reads an official file, all or nothing, and stores it in the ledger. */
export async function tablesLoadCommand(
  io: Io,
  config: Config,
  set: string,
  path: string,
  options: LoadOptions,
): Promise<ExitCode> {
  if (!isLoadable(set)) throw badInput(`${set} is none of ${LOADABLE_SETS.join(', ')}.`);
  for (const day of [options.effectiveFrom, options.effectiveTo]) {
    if (day !== undefined && !z.iso.date().safeParse(day).success) throw badInput(`${day} is no date (YYYY-MM-DD).`);
  }
  const bytes = await readOfficial(path);
  const parsed = parseOfficial(set, decodeX12(bytes));
  if (!parsed.ok) {
    const lines = parsed.faults.map((f) => `  line ${f.line}: ${f.message}`);
    throw badInput([`${path} is not loaded: ${counted(parsed.faults.length, 'fault')}.`, ...lines].join('\n'));
  }
  const answer = await runOperator(io, config, 'tables.load', {
    set,
    fileName: basename(path),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    compact: compactList(parsed.codes),
    from: options.effectiveFrom ?? null,
    to: options.effectiveTo ?? null,
    force: options.force === true,
  });
  const loaded = loadedSchema.parse(answer);
  if (options.json) io.out(`${JSON.stringify(loaded)}\n`);
  else {
    const days = `${loaded.from ?? 'any day'} to ${loaded.to ?? 'any later day'}`;
    const change =
      loaded.against === null ? '' : ` Against version ${loaded.against}: ${loaded.added} added, ${loaded.removed} removed.`;
    io.out(`${set} version ${loaded.version}: ${counted(loaded.entries, 'code')}, ${days}.${change}\n`);
  }
  return EXIT.ok;
}

/** `rollcall tables unload <set> <version>`: takes a load back; the list before it is in force again. */
export async function tablesUnloadCommand(io: Io, config: Config, set: string, version: string): Promise<ExitCode> {
  if (!isLoadable(set)) throw badInput(`${set} is none of ${LOADABLE_SETS.join(', ')}.`);
  const number = /^v?([1-9]\d{0,8})$/.exec(version)?.[1];
  if (number === undefined) throw badInput(`${version} is no version; \`rollcall tables list\` shows them.`);
  const done = unloadedSchema.parse(await runOperator(io, config, 'tables.unload', { set, version: Number(number) }));
  io.out(`${set} version ${done.version} (${done.fileName}) is no longer in force.\n`);
  return EXIT.ok;
}

/** `rollcall tables list`: every list in force, in the order in which they are asked. */
export async function tablesListCommand(io: Io, config: Config, options: { readonly json?: boolean }): Promise<ExitCode> {
  const tables = listSchema.parse(await runOperator(io, config, 'tables.list', null));
  if (options.json) io.out(`${JSON.stringify(tables, null, 2)}\n`);
  else {
    io.out(
      table(
        ['LIST', 'FILE OR SOURCE', 'CODES', 'FROM', 'TO', 'COMPLETE', 'LOADED'],
        tables.map((t) => [
          t.set,
          t.name,
          String(t.entries),
          t.from ?? '',
          t.to ?? '',
          t.complete ? `until ${t.completeTo ?? 'further notice'}` : 'no',
          t.version === null ? 'shipped' : `v${t.version} ${t.loadedAt} ${t.actor}`,
        ]),
      ),
    );
  }
  return EXIT.ok;
}

const isLoadable = (set: string): set is LoadableSet => LOADABLE_SETS.some((known) => known === set);

async function readOfficial(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR')
      throw badInput(`${path} is not a file that can be read (${code}).`);
    throw failure(`${path} cannot be read (${code}).`);
  }
}
