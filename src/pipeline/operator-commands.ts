import { z } from 'zod';
import { scope } from '../../schemas/common.ts';
import { insertApiKey, listApiKeys, revokeApiKey } from '../ledger/api-keys.ts';
import { currentConfigs } from '../ledger/config-store.ts';
import { recordAudit } from '../ledger/events.ts';
import { StartRefused } from '../ops/refusal.ts';
import { LOADABLE_SETS } from '../x12/code-sets/load/parsed.ts';
import { exportTables, listTables, loadTable } from './code-tables.ts';
import { applyBundle, exportBundle } from './configure.ts';
import type { PipelineDeps } from './deps.ts';
import { doctor } from './doctor.ts';
import { ProblemError } from './problem.ts';
import { endRecovery, recoveryStatus } from './recovery.ts';
import { unloadTable } from './table-changes.ts';

export type OperatorCommand =
  | 'config.apply'
  | 'config.export'
  | 'keys.create'
  | 'keys.list'
  | 'keys.revoke'
  | 'doctor'
  | 'recovery.status'
  | 'recovery.end'
  | 'tables.load'
  | 'tables.unload'
  | 'tables.list'
  | 'tables.export';
/** Runs in the process that owns the ledger: the service (over its control channel) or the CLI itself. Answers survive JSON. */
export type OperatorCommands = Readonly<Record<OperatorCommand, (args: unknown) => Promise<unknown>>>;

const CLI = 'cli';

const createArgs = z.strictObject({
  name: z.string().trim().min(1).max(80),
  practiceId: z.string().min(1).nullable().default(null),
  scopes: z.array(scope).min(1),
});
const revokeArgs = z.strictObject({ id: z.string().min(1) });
const unloadArgs = z.strictObject({ set: z.enum(LOADABLE_SETS), version: z.number().int().positive() });
const reasonArgs = z.strictObject({ reason: z.string().trim().min(3).max(500) });

type CommandDeps = Pick<PipelineDeps, 'ledger' | 'configs' | 'settings' | 'log' | 'codeSets'>;

export function createOperatorCommands(
  deps: CommandDeps,
  options: {
    readonly newApiKey: () => { id: string; token: string; hash: Uint8Array };
    readonly pendingMigrations: () => Promise<readonly string[]>;
  },
): OperatorCommands {
  const { ledger } = deps;
  return {
    'config.apply': (args) => applyBundle(deps, CLI, args),
    'config.export': () => exportBundle(deps),
    async 'keys.create'(args) {
      const input = checked(createArgs, args);
      const fresh = options.newApiKey();
      await ledger.transaction(async (tx) => {
        if (input.practiceId !== null && (await currentConfigs(tx, [{ kind: 'practice', id: input.practiceId }])).length === 0) {
          throw new ProblemError(422, 'unknown_practice', 'No practice with this id is configured');
        }
        await insertApiKey(tx, {
          id: fresh.id,
          practiceId: input.practiceId,
          name: input.name,
          hash: fresh.hash,
          scopes: input.scopes,
        });
        await recordAudit(tx, { actor: CLI, action: 'key.create', target: fresh.id, detail: { scopes: input.scopes } });
      });
      return { id: fresh.id, key: fresh.token, name: input.name, practiceId: input.practiceId, scopes: input.scopes };
    },
    async 'keys.list'() {
      return (await listApiKeys(ledger.db)).map((k) => ({
        id: k.id,
        name: k.name,
        practiceId: k.practice_id,
        scopes: k.scopes,
        createdAt: k.created_at.toISOString(),
        revokedAt: k.revoked_at?.toISOString() ?? null,
      }));
    },
    async 'keys.revoke'(args) {
      const { id } = checked(revokeArgs, args);
      const at = await ledger.now();
      const done = await ledger.transaction(async (tx) => {
        if (!(await revokeApiKey(tx, id, at))) return false;
        await recordAudit(tx, { actor: CLI, action: 'key.revoke', target: id });
        return true;
      });
      if (!done) throw new ProblemError(404, 'not_found', 'No such live key');
      return { id, revokedAt: at.toISOString() };
    },
    doctor: () => doctor(deps, options.pendingMigrations),
    'recovery.status': () => recoveryStatus(deps),
    async 'recovery.end'(args) {
      return endRecovery(deps, CLI, checked(reasonArgs, args).reason);
    },
    'tables.load': (args) => loadTable(deps, CLI, args),
    'tables.unload': (args) => unloadTable(deps, CLI, checked(unloadArgs, args)),
    'tables.list': () => listTables(ledger),
    'tables.export': () => exportTables(ledger),
  };
}

function checked<T>(schema: z.ZodType<T>, args: unknown): T {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new ProblemError(422, 'invalid_arguments', 'The arguments are wrong', {
    errors: parsed.error.issues.map((i) => ({ pointer: `/${i.path.map(String).join('/')}`, code: i.code, message: i.message })),
  });
}

/** One command by its name, for the control channel. `commands` is null while the service starts. */
export async function runCommand(commands: OperatorCommands | null, command: string, args: unknown): Promise<unknown> {
  if (commands === null) throw new ProblemError(503, 'starting', 'The service is starting');
  if (!Object.hasOwn(commands, command)) throw new ProblemError(404, 'unknown_command', 'No such command');
  return commands[command as OperatorCommand](args);
}

/** What the control channel may show of a refusal: every error with its place; null for anything that is a defect. */
export function describeRefusal(error: unknown): { code: string; message: string } | null {
  if (error instanceof StartRefused) return { code: error.code, message: error.message };
  if (!(error instanceof ProblemError)) return null;
  const lines = error.errors.map((e) => `\n  ${e.pointer} ${e.code}: ${e.message}`);
  return {
    code: error.code,
    message: `${error.name}${error.message === error.name ? '' : `. ${error.message}`}${lines.join('')}`,
  };
}
