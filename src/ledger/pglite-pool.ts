import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import type { PostgresCursor, PostgresQueryResult } from 'kysely';
import { PgliteSession, type SessionLimits, type SessionOwner, type SessionResult } from './pglite-session.ts';

export interface PglitePoolOptions {
  /** Schemas of this pool's clients, as in `SET search_path TO …`. Default `public`. Other pools never see it. */
  readonly searchPath?: string;
  /** Database time after which the event loop gets a turn, ms; default 1. Per PGlite: the first pool decides. */
  readonly turnAfterMs?: number;
  /** A statement that waits longer for another client's transaction fails, ms; default 30 000. The first pool decides. */
  readonly transactionWaitMs?: number;
}

export interface QueryConfig {
  readonly text: string;
  readonly values?: readonly unknown[] | undefined;
}

interface Shared {
  readonly session: PgliteSession;
  /** Channel → clients that listen; the session itself LISTENs while there is one. */
  readonly listeners: Map<string, Set<PgliteClient>>;
}

const SEARCH_PATH = /^[a-z_][a-z0-9_]*(, ?[a-z_][a-z0-9_]*)*$/;
const sharedByPglite = new WeakMap<PGlite, Shared>();

function sharedOf(pglite: PGlite, limits: SessionLimits): Shared {
  const known = sharedByPglite.get(pglite);
  if (known !== undefined) return known;
  const shared: Shared = { session: new PgliteSession(pglite, limits), listeners: new Map() };
  pglite.onNotification((channel, payload) => {
    for (const client of [...(shared.listeners.get(channel) ?? [])]) client.emit('notification', { channel, payload });
  });
  sharedByPglite.set(pglite, shared);
  return shared;
}

/** The text after leading blanks and comments (line comments, nested block comments): BullMQ's LISTEN begins with two. */
export function withoutLeadingComments(text: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at);
      if (end < 0) return '';
      at = end + 1;
    } else if (text.startsWith('/*', at)) {
      let depth = 0;
      do {
        if (text.startsWith('/*', at)) depth += 1;
        else if (text.startsWith('*/', at)) depth -= 1;
        else {
          at += 1;
          continue;
        }
        at += 2;
      } while (depth > 0 && at < text.length);
    } else return text.slice(at);
  }
}

const LISTEN = /^(LISTEN|UNLISTEN)\s+("(?:[^"]|"")+"|[A-Za-z_][\w$]*|\*)\s*;?\s*$/i;

/** Recognises `LISTEN channel`, `UNLISTEN channel` and `UNLISTEN *`; the channel is folded as Postgres folds names. */
export function parseListen(text: string): { command: 'LISTEN' | 'UNLISTEN'; channel: string } | null {
  const match = LISTEN.exec(withoutLeadingComments(text));
  if (match === null) return null;
  const [verb, name] = [match[1]!, match[2]!];
  const channel = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
  return { command: verb.toUpperCase() === 'LISTEN' ? 'LISTEN' : 'UNLISTEN', channel };
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What `pg` resolves to: the result, or the list of results when the text held several commands. */
function asPgResult<R>(results: SessionResult[]): PostgresQueryResult<R> {
  const result =
    results.length === 1 ? results[0] : results.length > 1 ? results : { command: '', rowCount: null, rows: [], fields: [] };
  return result as unknown as PostgresQueryResult<R>;
}

/** A checked-out "connection" with the event `notification`. `error` is never emitted: there is no wire to lose. */
export class PgliteClient extends EventEmitter implements SessionOwner {
  readonly searchPath: string;
  readonly #shared: Shared;
  readonly #onRelease: () => void;
  #released = false;
  #pending = 0;
  #listening = false;

  constructor(shared: Shared, searchPath: string, onRelease: () => void) {
    super();
    this.setMaxListeners(0);
    this.searchPath = searchPath;
    this.#shared = shared;
    this.#onRelease = onRelease;
  }

  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: string | QueryConfig, values?: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(
    query: string | QueryConfig | PostgresCursor<R>,
    values?: readonly unknown[],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof query !== 'string' && !('text' in query)) throw new Error('PGlite: cursors are not supported');
    const text = typeof query === 'string' ? query : query.text;
    return this.#query<R>(text, (typeof query === 'string' ? values : (query.values ?? values)) ?? []);
  }

  async #query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.#released) throw new Error('PGlite: the client was released');
    const listen = values.length === 0 ? parseListen(text) : null;
    if (listen === null) return asPgResult<R>(await this.#run(text, values));
    if (listen.command === 'LISTEN') await this.#listen(listen.channel);
    else await this.#unlisten(listen.channel);
    return asPgResult<R>([{ command: listen.command, rowCount: null, rows: [], fields: [] }]);
  }

  async #run(text: string, values: readonly unknown[] = []): Promise<SessionResult[]> {
    this.#pending += 1;
    try {
      return await this.#shared.session.run(this, text, values);
    } finally {
      this.#pending -= 1;
    }
  }

  async #listen(channel: string): Promise<void> {
    const clients = this.#shared.listeners.get(channel) ?? new Set();
    this.#listening = true;
    this.#shared.listeners.set(channel, clients.add(this));
    try {
      await this.#run(`LISTEN ${quoteName(channel)}`);
    } catch (error) {
      clients.delete(this);
      throw error;
    }
  }

  async #unlisten(channel: string): Promise<void> {
    const channels = channel === '*' ? [...this.#shared.listeners.keys()] : [channel];
    for (const name of channels) {
      const clients = this.#shared.listeners.get(name);
      if (clients?.delete(this) !== true || clients.size > 0) continue;
      await this.#run(`UNLISTEN ${quoteName(name)}`);
      // Somebody may have begun to listen while the statement waited its turn: say it again.
      if (clients.size > 0) await this.#run(`LISTEN ${quoteName(name)}`);
    }
  }

  /** Gives the client back. An open transaction is rolled back, its LISTENs end; `pool.end()` waits for that. */
  release(_destroy?: boolean | Error): void {
    if (this.#released) throw new Error('PGlite: the client was released already');
    this.#released = true;
    const { session } = this.#shared;
    if (this.#pending === 0 && !this.#listening && !session.owns(this)) this.#onRelease();
    else
      this.#cleanUp()
        .catch(() => undefined)
        .finally(this.#onRelease);
  }

  /** Fails only with PGlite itself, when there is nothing left to clean. */
  async #cleanUp(): Promise<void> {
    // An empty statement runs behind those still waiting; only then is it known whether a transaction was left open.
    if (this.#pending > 0) await this.#run('');
    if (this.#shared.session.owns(this)) await this.#run('ROLLBACK');
    if (this.#listening) await this.#unlisten('*');
  }
}

/**
 * A `pg.Pool`-shaped adapter over one PGlite, for Kysely's PostgresDialect and for BullMQ's Postgres backend. PGlite is
 * one session: all pools over the same PGlite share it in FIFO order, and inside a transaction nothing but its client
 * may be awaited (a statement that waits for it longer than `transactionWaitMs` fails). `end()` never closes the PGlite.
 */
export class PglitePool extends EventEmitter {
  readonly #pglite: PGlite;
  readonly #shared: Shared;
  readonly #options: Required<PglitePoolOptions>;
  readonly #clients = new Set<PgliteClient>();
  #ended: Promise<void> | null = null;
  #idle: (() => void) | null = null;

  constructor(pglite: PGlite, options: Required<PglitePoolOptions>) {
    super();
    if (!SEARCH_PATH.test(options.searchPath)) throw new Error('PGlite: the search path must be a list of plain schema names');
    this.setMaxListeners(0);
    this.#pglite = pglite;
    this.#options = options;
    this.#shared = sharedOf(pglite, options);
  }

  /** A pool over the same PGlite whose clients resolve names in other schemas. */
  withSearchPath(searchPath: string): PglitePool {
    return new PglitePool(this.#pglite, { ...this.#options, searchPath });
  }

  async connect(): Promise<PgliteClient> {
    if (this.#ended !== null) throw new Error('Cannot use a pool after calling end on the pool');
    const client: PgliteClient = new PgliteClient(this.#shared, this.#options.searchPath, () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#idle?.();
    });
    this.#clients.add(client);
    this.emit('connect', client);
    return client;
  }

  async query<R>(text: string | QueryConfig, values?: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const client = await this.connect();
    try {
      return await client.query<R>(text, values);
    } finally {
      client.release();
    }
  }

  /** Refuses new clients and resolves when the checked-out ones are back. */
  end(): Promise<void> {
    this.#ended ??=
      this.#clients.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            this.#idle = resolve;
          });
    return this.#ended;
  }
}

/** Opens a pool over `pglite`; see `PglitePool`. */
export function createPglitePool(pglite: PGlite, options: PglitePoolOptions = {}): PglitePool {
  return new PglitePool(pglite, { searchPath: 'public', turnAfterMs: 1, transactionWaitMs: 30_000, ...options });
}
