import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Clearinghouse, clearinghouse } from '../../schemas/clearinghouse.ts';
import { type GroupSession, groupSession } from '../../schemas/group-session.ts';
import { type Payer, payer } from '../../schemas/payer.ts';
import { type Practice, practice } from '../../schemas/practice.ts';

/** The package root, from the sources and from dist/ alike: both are run from there. */
const examples = resolve(process.cwd(), 'schemas/examples');

export const readExample = (name: string): unknown => JSON.parse(readFileSync(resolve(examples, name), 'utf8'));

/** Any part of a type left out or replaced, however deep; a list is replaced whole. */
export type Overrides<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Overrides<T[K]> } : T;

const merged = (base: unknown, changes: unknown): unknown => {
  const plain = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
  if (!plain(base) || !plain(changes)) return changes === undefined ? base : changes;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) result[key] = merged(base[key], value);
  return result;
};

/** `base` with `changes` laid over it, deeply. */
export const overlay = <T>(base: T, changes: Overrides<T>): T => merged(base, changes) as T;

/** The example session (20 November 2026, ten on the roster, eight attended) with changes. A fresh copy each time. */
export function exampleSession(overrides: Overrides<GroupSession> = {}): GroupSession {
  return overlay(groupSession.parse(readExample('group-session.json')), overrides);
}

interface Seed {
  readonly practices: readonly { readonly id: string; readonly practice: Practice }[];
  readonly payers: ReadonlyMap<string, Payer>;
  readonly clearinghouses: ReadonlyMap<string, Clearinghouse>;
}

/** `seed.json`, parsed. */
export function exampleSeed(): Seed {
  const seed = readExample('seed.json') as Record<string, ({ id: string } & Record<string, unknown>)[]>;
  const split = <T>(parse: (body: unknown) => T, rows: ({ id: string } & Record<string, unknown>)[] = []) =>
    rows.map(({ id, ...body }) => [id, parse(body)] as const);
  return {
    practices: split((b) => practice.parse(b), seed['practices']).map(([id, p]) => ({ id, practice: p })),
    payers: new Map(split((b) => payer.parse(b), seed['payers'])),
    clearinghouses: new Map(split((b) => clearinghouse.parse(b), seed['clearinghouses'])),
  };
}

/** A moment after the example session was finalized. */
export const EXAMPLE_NOW = Date.parse('2026-11-21T09:00:00-06:00');
