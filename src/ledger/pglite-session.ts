import { setImmediate as turn } from 'node:timers/promises';
import { messages, type PGlite, protocol } from '@electric-sql/pglite';
import { encodeParameter, parserFor, type ValueParser } from './parsers.ts';

const { serialize } = protocol;

/** What a `pg` result has, as far as Kysely, BullMQ and the ledger read it. */
export interface SessionResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: Record<string, unknown>[];
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** A client as the session sees it: the owner of a transaction, with the schemas its names resolve in. */
export interface SessionOwner {
  readonly searchPath: string;
}

export interface SessionLimits {
  /** Database time after which the event loop gets a turn, ms. */
  readonly turnAfterMs: number;
  /** How long a statement waits for another client's transaction before it fails, ms. */
  readonly transactionWaitMs: number;
}

interface Statement {
  readonly owner: SessionOwner;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly since: number;
  readonly resolve: (results: SessionResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A cached plan is kept for at most this long: PGlite has no autovacuum whose statistics would invalidate it. */
const PLAN_LIFETIME_MS = 60_000;
const MAX_PREPARED = 256;
const SCHEMA_CHANGES = new Set(['CREATE', 'ALTER', 'DROP', 'DISCARD', 'DEALLOCATE']);
const PATH_CHANGES = new Set(['SET', 'RESET', 'DISCARD']);

interface Answer {
  readonly results: SessionResult[];
  readonly error: unknown;
  readonly parsed: boolean;
  /** Of ReadyForQuery: I idle, T in a transaction, E in a failed one; null when the server sent none. */
  readonly status: string | null;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function decode(answer: readonly { readonly name: string }[]): Answer {
  const results: SessionResult[] = [];
  let fields: { name: string; dataTypeID: number; parse: ValueParser }[] = [];
  let rows: Record<string, unknown>[] = [];
  let error: unknown = null;
  let parsed = false;
  let status: string | null = null;
  for (const message of answer) {
    if (message instanceof messages.DataRowMessage) {
      const row: Record<string, unknown> = {};
      try {
        for (let i = 0; i < fields.length; i += 1) {
          const text = message.fields[i] ?? null;
          row[fields[i]!.name] = text === null ? null : fields[i]!.parse(text);
        }
      } catch (unreadable) {
        // Kept, not thrown: the transaction status that follows must be read in any case.
        error ??= unreadable;
      }
      rows.push(row);
    } else if (message instanceof messages.RowDescriptionMessage) {
      fields = message.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID, parse: parserFor(dataTypeID) }));
    } else if (message instanceof messages.CommandCompleteMessage) {
      const words = message.text.split(' ');
      const count = Number.parseInt(words.at(-1) ?? '', 10);
      results.push({ command: words[0] ?? '', rowCount: Number.isNaN(count) ? null : count, rows, fields });
      fields = [];
      rows = [];
    } else if (message instanceof messages.DatabaseError) {
      error ??= message;
    } else if (message instanceof messages.ReadyForQueryMessage) {
      status = message.status;
    } else if (message.name === 'parseComplete') {
      parsed = true;
    }
  }
  return { results, error, parsed, status };
}

/**
 * The one session of a PGlite, shared by every pool over it. Statements run one at a time in the order they came,
 * except that between BEGIN and COMMIT or ROLLBACK only the client that began may run. Whether a transaction is open is
 * read from the server's own ReadyForQuery status, not guessed from the text. Parameterised statements are prepared
 * once and then only bound: a tenth of the time of `PGlite.query`.
 * Nothing else may use the PGlite while statements run.
 */
export class PgliteSession {
  readonly #pglite: PGlite;
  readonly #limits: SessionLimits;
  readonly #waiting: Statement[] = [];
  readonly #prepared = new Map<string, string>();
  #owner: SessionOwner | null = null;
  #searchPath: string | null = null;
  #running = false;
  #sinceTurnMs = 0;
  #plansSince = performance.now();
  #names = 0;
  #watch: NodeJS.Timeout | null = null;

  constructor(pglite: PGlite, limits: SessionLimits) {
    this.#pglite = pglite;
    this.#limits = limits;
  }

  /** True while `owner` has a transaction open. */
  owns(owner: SessionOwner): boolean {
    return this.#owner === owner;
  }

  /** One result per command in `text`; several commands only without values (simple protocol), as with `pg`. */
  run(owner: SessionOwner, text: string, values: readonly unknown[]): Promise<SessionResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ owner, text, values, since: performance.now(), resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#running) return;
    this.#running = true;
    this.#drain().finally(() => {
      this.#running = false;
      if (this.#next() >= 0) this.#pump();
      else this.#watchWaiting();
    });
  }

  #next(): number {
    const owner = this.#owner;
    if (owner === null) return this.#waiting.length > 0 ? 0 : -1;
    return this.#waiting.findIndex((statement) => statement.owner === owner);
  }

  async #drain(): Promise<void> {
    for (let at = this.#next(); at >= 0; at = this.#next()) {
      // Statements of PGlite are synchronous and their promises only microtasks: without this no timer would ever fire.
      if (this.#sinceTurnMs >= this.#limits.turnAfterMs) {
        this.#sinceTurnMs = 0;
        await turn();
        continue;
      }
      const [statement] = this.#waiting.splice(at, 1);
      if (statement === undefined) return;
      const start = performance.now();
      try {
        statement.resolve(await this.#execute(statement));
      } catch (error) {
        statement.reject(error);
      } finally {
        this.#sinceTurnMs += performance.now() - start;
      }
    }
  }

  /** A caller that awaits the pool inside its own transaction would wait for ever: make it an error. */
  #watchWaiting(): void {
    if (this.#watch !== null || this.#waiting.length === 0) return;
    const oldest = this.#waiting[0]!;
    const wait = Math.max(1, oldest.since + this.#limits.transactionWaitMs - performance.now());
    this.#watch = setTimeout(() => {
      this.#watch = null;
      const limit = performance.now() - this.#limits.transactionWaitMs;
      while (this.#owner !== null && this.#waiting.length > 0 && this.#waiting[0]!.since <= limit) {
        this.#waiting
          .shift()!
          .reject(new Error(`PGlite: waited ${this.#limits.transactionWaitMs} ms for the transaction of another client`));
      }
      this.#watchWaiting();
    }, wait);
    this.#watch.unref();
  }

  async #execute(statement: Statement): Promise<SessionResult[]> {
    if (this.#pglite.closed) throw new Error('PGlite is closed');
    if (!this.#pglite.ready) await this.#pglite.waitReady;
    if (this.#owner === null) await this.#prepareSession(statement.owner.searchPath);
    const answer = await this.#send(statement);
    if (answer.results.some(({ command }) => SCHEMA_CHANGES.has(command))) await this.#forgetPlans('DEALLOCATE ALL');
    if (answer.results.some(({ command }) => PATH_CHANGES.has(command))) this.#searchPath = null;
    if (answer.error !== null) throw answer.error;
    return answer.results;
  }

  async #send({ owner, text, values }: Statement): Promise<Answer> {
    if (values.length === 0) return this.#exchange(owner, serialize.query(text));
    const key = `${owner.searchPath}\n${text}`;
    const known = this.#prepared.get(key);
    const name = known ?? `s${this.#names++}`;
    const parts = known === undefined ? [serialize.parse({ name, text })] : [];
    parts.push(serialize.bind({ statement: name, values: values.map(encodeParameter) }));
    parts.push(serialize.describe({ type: 'P' }), serialize.execute({}), serialize.sync());
    const answer = await this.#exchange(owner, join(parts));
    if (known !== undefined || answer.parsed) {
      this.#prepared.delete(key);
      this.#prepared.set(key, name);
      if (this.#prepared.size > MAX_PREPARED) await this.#forgetOldest(owner);
    }
    return answer;
  }

  /** Between transactions: fresh plans now and then, and the schemas of the client whose turn it is. */
  async #prepareSession(searchPath: string): Promise<void> {
    if (performance.now() - this.#plansSince > PLAN_LIFETIME_MS) await this.#forgetPlans('DISCARD PLANS');
    if (this.#searchPath === searchPath) return;
    const { error } = await this.#exchange(null, serialize.query(`SET search_path TO ${searchPath}`));
    if (error !== null) throw error;
    this.#searchPath = searchPath;
  }

  async #forgetPlans(command: 'DISCARD PLANS' | 'DEALLOCATE ALL'): Promise<void> {
    if (command === 'DEALLOCATE ALL') this.#prepared.clear();
    this.#plansSince = performance.now();
    await this.#exchange(this.#owner, serialize.query(command));
  }

  async #forgetOldest(owner: SessionOwner): Promise<void> {
    for (const [key, name] of this.#prepared) {
      this.#prepared.delete(key);
      await this.#exchange(owner, join([serialize.close({ type: 'S', name }), serialize.sync()]));
      return;
    }
  }

  async #exchange(owner: SessionOwner | null, message: Uint8Array): Promise<Answer> {
    const received = await this.#pglite.runExclusive(() => this.#pglite.execProtocolStream(message, { throwOnError: false }));
    const answer = decode(received);
    if (answer.status !== null) this.#owner = answer.status === 'I' ? null : owner;
    return answer;
  }
}
