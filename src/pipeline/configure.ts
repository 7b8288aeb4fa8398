import type { z } from 'zod';
import { clearinghouse as clearinghouseSchema } from '../../schemas/clearinghouse.ts';
import { allConfigs, currentConfigs, putConfigVersion, unsentClaims } from '../ledger/config-store.ts';
import { recordAudit } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { ledgerNow, writeSetting } from '../ledger/settings.ts';
import { canonicalJson } from './canonical.ts';
import { type ConfigFault, checkConfig } from './check-config.ts';
import type { PipelineDeps } from './deps.ts';
import { ProblemError } from './problem.ts';
import { CONFIG_CHANGED } from './regate.ts';
import type { ConfigKind, Principal } from './service.ts';
import { foldersOf } from './targets.ts';

export interface ConfigBundle {
  readonly practices: readonly (Record<string, unknown> & { id: string })[];
  readonly payers: readonly (Record<string, unknown> & { id: string })[];
  readonly clearinghouses: readonly (Record<string, unknown> & { id: string })[];
}

export async function getConfig(
  deps: Pick<PipelineDeps, 'ledger'>,
  who: Principal,
  kind: ConfigKind,
  id: string,
): Promise<{ version: number; body: unknown }> {
  if (kind === 'practice' && who.practiceId !== null && who.practiceId !== id) throw notFound(kind);
  const [row] = await currentConfigs(deps.ledger.db, [{ kind, id }]);
  if (row === undefined) throw notFound(kind);
  return { version: row.version, body: { id, ...(row.body as object) } };
}

const notFound = (kind: string) => new ProblemError(404, 'not_found', `No such ${kind}`);

/**
 * Stores a new version of one configured thing. The same content makes no new version. Throws 422 with every fault, 409
 * where the change would take the ground from under unsent claims.
 */
export async function putConfig(
  deps: Pick<PipelineDeps, 'ledger' | 'configs' | 'settings'>,
  who: Principal,
  kind: ConfigKind,
  id: string,
  body: unknown,
): Promise<{ version: number; body: unknown; created: boolean }> {
  if (kind === 'practice' && who.practiceId !== null && who.practiceId !== id) throw notFound(kind);
  if (kind !== 'practice' && who.practiceId !== null)
    throw new ProblemError(403, 'operator_only', `Only the operator may set up a ${kind}`);
  const checked = checkConfig(deps.settings.dataDir, kind, id, body);
  const dangling = await danglingReferences(deps.ledger.db, [{ kind, id, body, at: '' }]);
  if (!checked.ok || dangling.length > 0) {
    const code = checked.ok ? 'unknown_clearinghouse' : 'invalid_configuration';
    const errors = [...(checked.ok ? [] : checked.errors), ...dangling];
    throw new ProblemError(422, code, `The ${kind} cannot be stored`, { errors });
  }
  const parsed = checked.body;
  const done = await deps.ledger.transaction((tx) => store(tx, who.keyId, kind, id, parsed, deps.settings.dataDir));
  deps.configs.forget();
  return { ...done, body: { id, ...(parsed as object) } };
}

/** Applies a bundle in one transaction, clearinghouses first; the same checks as one PUT after another. */
export async function applyBundle(
  deps: Pick<PipelineDeps, 'ledger' | 'configs' | 'settings'>,
  actor: string,
  bundle: unknown,
): Promise<{ applied: { kind: ConfigKind; id: string; version: number }[] }> {
  const entries = entriesOf(bundle);
  const parsed = await parseAll(deps, entries);
  const applied = await deps.ledger.transaction(async (tx) => {
    const done: { kind: ConfigKind; id: string; version: number }[] = [];
    for (const e of parsed)
      done.push({
        kind: e.kind,
        id: e.id,
        version: (await store(tx, actor, e.kind, e.id, e.body, deps.settings.dataDir)).version,
      });
    return done;
  });
  deps.configs.forget();
  return { applied };
}

export async function exportBundle(deps: Pick<PipelineDeps, 'ledger'>): Promise<ConfigBundle> {
  const of = async (kind: ConfigKind) =>
    (await allConfigs(deps.ledger.db, kind)).map((c) => ({ id: c.id, ...(c.body as Record<string, unknown>) }));
  return { practices: await of('practice'), payers: await of('payer'), clearinghouses: await of('clearinghouse') };
}

const LISTS = [
  ['clearinghouses', 'clearinghouse'],
  ['payers', 'payer'],
  ['practices', 'practice'],
] as const;

interface Entry {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly body: unknown;
  /** JSON pointer into the bundle. */
  readonly at: string;
}

/** Every fault of every entry at once, each with its place in the bundle. */
async function parseAll(deps: Pick<PipelineDeps, 'ledger' | 'settings'>, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const errors: ConfigFault[] = [];
  const parsed = entries.map((entry) => {
    const checked = checkConfig(deps.settings.dataDir, entry.kind, entry.id, entry.body);
    if (checked.ok) return { ...entry, body: checked.body };
    errors.push(...checked.errors.map((e) => ({ ...e, pointer: `${entry.at}${e.pointer}` })));
    return entry;
  });
  errors.push(...(await danglingReferences(deps.ledger.db, entries)));
  if (errors.length > 0) throw new ProblemError(422, 'invalid_bundle', 'The bundle cannot be applied', { errors });
  return parsed;
}

function entriesOf(bundle: unknown): Entry[] {
  const errors: ConfigFault[] = [];
  const entries: Entry[] = [];
  if (bundle === null || typeof bundle !== 'object' || Array.isArray(bundle))
    throw new ProblemError(422, 'invalid_bundle', 'The bundle is not an object');
  for (const key of Object.keys(bundle)) {
    if (!LISTS.some(([list]) => list === key))
      errors.push({ pointer: '', code: 'unknown_list', message: 'a bundle holds practices, payers and clearinghouses' });
  }
  for (const [list, kind] of LISTS) {
    const items = (bundle as Record<string, unknown>)[list] ?? [];
    if (!Array.isArray(items)) errors.push({ pointer: `/${list}`, code: 'not_a_list', message: 'must be a list' });
    else
      items.forEach((item: unknown, i) => {
        const id = item !== null && typeof item === 'object' && 'id' in item ? item.id : undefined;
        if (typeof id !== 'string') errors.push({ pointer: `/${list}/${i}/id`, code: 'required', message: 'an id is required' });
        else {
          const { id: _id, ...body } = item as { id: string };
          entries.push({ kind, id, body, at: `/${list}/${i}` });
        }
      });
  }
  if (errors.length > 0) throw new ProblemError(422, 'invalid_bundle', 'The bundle cannot be applied', { errors });
  return entries;
}

/** Clearinghouses that are named, well or badly formed entries alike, and are neither configured nor in the same bundle. */
async function danglingReferences(db: Executor, entries: readonly Entry[]): Promise<readonly ConfigFault[]> {
  const there = new Set(entries.flatMap((e) => (e.kind === 'clearinghouse' ? [e.id] : [])));
  const named = entries.flatMap(({ kind, body, at }) => {
    const id =
      kind === 'clearinghouse' || body === null || typeof body !== 'object' ? null : Reflect.get(body, 'clearinghouseId');
    const name = typeof id === 'string' ? id.trim() : '';
    return name !== '' && !there.has(name) ? [{ id: name, at }] : [];
  });
  if (named.length === 0) return [];
  const wanted = [...new Set(named.map((n) => n.id))].map((id) => ({ kind: 'clearinghouse' as const, id }));
  const found = new Set((await currentConfigs(db, wanted)).map((c) => c.id));
  return named
    .filter((n) => !found.has(n.id))
    .map(({ at }) => ({
      pointer: `${at}/clearinghouseId`,
      code: 'unknown_clearinghouse',
      message: 'no clearinghouse with this id is configured',
    }));
}

async function store(
  tx: Executor,
  actor: string,
  kind: ConfigKind,
  id: string,
  body: unknown,
  dataDir: string,
): Promise<{ version: number; created: boolean }> {
  const [current] = await currentConfigs(tx, [{ kind, id }]);
  if (current !== undefined && canonicalJson(current.body) === canonicalJson(body))
    return { version: current.version, created: false };
  if (current !== undefined && kind === 'clearinghouse')
    await refuseMovedReceiver(tx, id, clearinghouseSchema.parse(current.body), clearinghouseSchema.parse(body), dataDir);
  const version = await putConfigVersion(tx, kind, id, body, actor);
  // Every change is another value: the sweeper judges unsent claims again until it has seen the last one.
  await writeSetting(tx, CONFIG_CHANGED, `${kind} ${id} ${version} ${await ledgerNow(tx)}`);
  await recordAudit(tx, { actor, action: `${kind}.put`, target: id, detail: { version } });
  return { version, created: current === undefined };
}

/** Numbers and folders of unsent claims are bound to who receives them: such a change waits until they are gone. */
async function refuseMovedReceiver(
  tx: Executor,
  id: string,
  was: z.infer<typeof clearinghouseSchema>,
  is: z.infer<typeof clearinghouseSchema>,
  dataDir: string,
): Promise<void> {
  const bound = (c: z.infer<typeof clearinghouseSchema>) =>
    canonicalJson({ usage: c.usage, interchange: c.interchange, receiver: c.receiver, folders: foldersOf(dataDir, id, c) });
  if (bound(was) === bound(is)) return;
  const unsent = (await unsentClaims(tx, 'clearinghouse', id)).length;
  if (unsent === 0) return;
  throw new ProblemError(
    409,
    'claims_unsent',
    'Usage, interchange ids, receiver and folders cannot change while claims are unsent',
    {
      detail: `${unsent} claims of this clearinghouse are not sent yet: send or cancel them first.`,
    },
  );
}
