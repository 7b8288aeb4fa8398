import { z } from 'zod';
import type { Config } from '../config.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { runOperator } from './operator.ts';
import { table } from './table.ts';

const createdSchema = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  practiceId: z.string().nullable(),
  scopes: z.array(z.string()),
});
const listSchema = z.array(createdSchema.omit({ key: true }).extend({ createdAt: z.string(), revokedAt: z.string().nullable() }));

export interface CreateKeyOptions {
  readonly name: string;
  readonly practice?: string;
  readonly scopes: string;
  readonly json?: boolean;
}

/** `rollcall keys create`: the key stands alone on stdout, so that a script can take it; it is never shown again. */
export async function keysCreateCommand(io: Io, config: Config, options: CreateKeyOptions): Promise<ExitCode> {
  const scopes = options.scopes.split(/[\s,]+/).filter((s) => s !== '');
  const args = { name: options.name, practiceId: options.practice ?? null, scopes };
  const created = createdSchema.parse(await runOperator(io, config, 'keys.create', args));
  if (options.json) {
    io.out(`${JSON.stringify(created)}\n`);
    return EXIT.ok;
  }
  io.err(`${created.id} for ${created.practiceId ?? 'the operator'}; the key is stored hashed and shown this once:\n`);
  io.out(`${created.key}\n`);
  return EXIT.ok;
}

/** `rollcall keys list`: names and scopes, never a key. */
export async function keysListCommand(io: Io, config: Config, options: { readonly json?: boolean }): Promise<ExitCode> {
  const keys = listSchema.parse(await runOperator(io, config, 'keys.list', null));
  if (options.json) io.out(`${JSON.stringify(keys, null, 2)}\n`);
  else {
    io.out(
      table(
        ['ID', 'NAME', 'PRACTICE', 'CREATED', 'REVOKED', 'SCOPES'],
        keys.map((k) => [k.id, k.name, k.practiceId ?? 'operator', k.createdAt, k.revokedAt ?? '', k.scopes.join(' ')]),
      ),
    );
  }
  return EXIT.ok;
}

/** `rollcall keys revoke <id>`: takes effect at once. */
export async function keysRevokeCommand(io: Io, config: Config, id: string): Promise<ExitCode> {
  await runOperator(io, config, 'keys.revoke', { id });
  io.out(`${id} is revoked.\n`);
  return EXIT.ok;
}
