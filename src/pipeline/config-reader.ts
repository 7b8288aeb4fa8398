import { clearinghouse as clearinghouseSchema } from '../../schemas/clearinghouse.ts';
import { payer as payerSchema } from '../../schemas/payer.ts';
import { type Practice, practice as practiceSchema } from '../../schemas/practice.ts';
import { configAt, currentConfigs, currentVersions } from '../ledger/config-store.ts';
import type { Ledger } from '../ledger/database.ts';
import type { ConfigReader, Configured } from './deps.ts';

const TTL_MS = 2_000;

const SCHEMAS = { practice: practiceSchema, payer: payerSchema, clearinghouse: clearinghouseSchema } as const;

/**
 * Current configuration with a two-second memory, so that an intake costs no statement for it: every two seconds one
 * statement asks which of the remembered entries have a newer version, and those are read and parsed again. A PUT in this
 * process forgets at once; other processes follow within two seconds, and every claim stores the version it was built with.
 */
export function createConfigReader(ledger: Ledger, now: () => number): ConfigReader {
  const current = new Map<string, Promise<Configured<unknown> | null>>();
  const past = new Map<string, Practice>();
  let checked: { readonly at: number; readonly done: Promise<void> } = { at: Number.NEGATIVE_INFINITY, done: Promise.resolve() };

  /** Forgets what has changed. A ledger that does not answer fails the caller, and the next one asks again. */
  async function check(): Promise<void> {
    const known = [...current];
    const entries = await Promise.all(known.map(async ([key, value]) => [key, value, (await value)?.version ?? null] as const));
    const versions = await currentVersions(
      ledger.db,
      entries.map(([key]) => nameOf(key)),
    );
    for (const [key, value, version] of entries) {
      if ((versions.get(key) ?? null) !== version && current.get(key) === value) current.delete(key);
    }
  }

  async function load<T>(kind: keyof typeof SCHEMAS, id: string): Promise<Configured<T> | null> {
    const at = now();
    if (at - checked.at >= TTL_MS) {
      const fresh = { at, done: current.size === 0 ? Promise.resolve() : check() };
      checked = fresh;
      fresh.done.catch(() => {
        if (checked === fresh) checked = { at: Number.NEGATIVE_INFINITY, done: Promise.resolve() };
      });
    }
    await checked.done;
    const key = `${kind}:${id}`;
    let value = current.get(key);
    if (value === undefined) {
      const read = currentConfigs(ledger.db, [{ kind, id }]).then(([row]) =>
        row === undefined ? null : { version: row.version, body: SCHEMAS[kind].parse(row.body) },
      );
      value = read;
      // What does not exist is not remembered: ids come from requests, and there is no end of them.
      read.then(
        (found) => found === null && current.get(key) === read && current.delete(key),
        () => current.get(key) === read && current.delete(key),
      );
      current.set(key, read);
    }
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

function nameOf(key: string): { readonly kind: string; readonly id: string } {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon), id: key.slice(colon + 1) };
}
