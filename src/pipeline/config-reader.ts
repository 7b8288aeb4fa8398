import { clearinghouse as clearinghouseSchema } from '../../schemas/clearinghouse.ts';
import { payer as payerSchema } from '../../schemas/payer.ts';
import { type Practice, practice as practiceSchema } from '../../schemas/practice.ts';
import { configAt, currentConfigs } from '../ledger/config-store.ts';
import type { Ledger } from '../ledger/database.ts';
import type { ConfigReader, Configured } from './deps.ts';

const TTL_MS = 2_000;

const SCHEMAS = { practice: practiceSchema, payer: payerSchema, clearinghouse: clearinghouseSchema } as const;

/**
 * Current configuration with a two-second memory, so that an intake costs no statement for it. A PUT in this process
 * forgets at once; other processes follow within two seconds, and every claim stores the version it was built with.
 */
export function createConfigReader(ledger: Ledger, now: () => number): ConfigReader {
  const current = new Map<string, { readonly at: number; readonly value: Promise<Configured<unknown> | null> }>();
  const past = new Map<string, Practice>();

  async function load<T>(kind: keyof typeof SCHEMAS, id: string): Promise<Configured<T> | null> {
    const key = `${kind}:${id}`;
    const known = current.get(key);
    if (known !== undefined && now() - known.at < TTL_MS) return (await known.value) as Configured<T> | null;
    const value = currentConfigs(ledger.db, [{ kind, id }]).then(([row]) =>
      row === undefined ? null : { version: row.version, body: SCHEMAS[kind].parse(row.body) },
    );
    current.set(key, { at: now(), value });
    value.catch(() => current.delete(key));
    return (await value) as Configured<T> | null;
  }

  return {
    practice: (id) => load('practice', id),
    payer: (id) => load('payer', id),
    clearinghouse: (id) => load('clearinghouse', id),
    async practiceAt(id, version) {
      const key = `${id}@${version}`;
      const known = past.get(key);
      if (known !== undefined) return known;
      const row = await configAt(ledger.db, 'practice', id, version);
      if (row === undefined) throw new Error('a stored claim names a configuration version that does not exist');
      const body = practiceSchema.parse(row.body);
      past.set(key, body);
      return body;
    },
    knownPracticeAt: (id, version) => past.get(`${id}@${version}`) ?? null,
    forget: () => current.clear(),
  };
}
