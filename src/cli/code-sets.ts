import { z } from 'zod';
import type { Config } from '../config.ts';
import { importedList, setsOver } from '../pipeline/code-tables.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { LOADABLE_SETS } from '../x12/code-sets/load/parsed.ts';
import { badInput } from './exit.ts';
import type { Io } from './io.ts';
import { hasLedger, runOperator } from './operator.ts';

const exported = z.array(
  z.object({
    set: z.enum(LOADABLE_SETS),
    fileName: z.string(),
    deflated: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    vouched: z.string().nullable(),
  }),
);

/**
 * The code lists that the ledger of these settings judges by: what `rollcall tables load` brought, over the shipped ones.
 * No ledger is made for it: `--tables` without one is the caller's mistake.
 */
export async function ledgerCodeSets(io: Io, config: Config): Promise<CodeSets> {
  if (!hasLedger(config)) {
    throw badInput(`--tables: there is no ledger in ${config.dataDir}; name its folder with --data-dir, or leave --tables out.`);
  }
  return setsOver(exported.parse(await runOperator(io, config, 'tables.export', null)).map(importedList));
}
