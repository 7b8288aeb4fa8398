import { rmSync } from 'node:fs';
import { afterEach, beforeAll, describe } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/database.ts';
import { migrate } from '../../../src/ledger/migrate.ts';
import { CONNECT_MS } from '../../support/app.ts';
import { newBareDataDir, newDataDir } from '../../support/data-dir.ts';
import { type Databases, describeWith } from '../../support/services.ts';
import { sharedPostgres } from '../../support/shared-postgres.ts';

export const CODE_VERSION = '0.1.0';

export interface Place {
  /** Opens the database of this place; on PGlite one at a time. */
  open(): Promise<Ledger>;
}

export interface Backend {
  readonly kind: 'pglite' | 'postgres';
  /** A new empty database without a schema, dropped with the test file. */
  create(): Promise<Place>;
  /** A new database with the schema on it, open; closed after the test. */
  fresh(): Promise<Ledger>;
}

/** Runs the same suite on both databases. */
export function describeLedger(title: string, body: (backend: Backend) => void): void {
  const dirs: string[] = [];
  const suite = (kind: Backend['kind'], newPlace: (schema: 'none' | 'any') => Promise<Place>): void => {
    const opened: Ledger[] = [];
    const create = async (schema: 'none' | 'any' = 'none'): Promise<Place> => {
      const place = await newPlace(schema);
      return {
        async open() {
          const ledger = await place.open();
          opened.push(ledger);
          return ledger;
        },
      };
    };
    afterEach(async () => {
      for (const ledger of opened.splice(0)) await ledger.close();
      for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
    });
    body({
      kind,
      create: () => create(),
      async fresh() {
        const ledger = await (await create('any')).open();
        await migrate(ledger, CODE_VERSION);
        return ledger;
      },
    });
  };

  describe(`${title} on PGlite`, () => {
    suite('pglite', async (schema) => {
      const dataDir = await (schema === 'none' ? newBareDataDir() : newDataDir());
      dirs.push(dataDir);
      return { open: () => openLedger({ dataDir, refuseNested: true }) };
    });
  });

  describeWith('postgres', `${title} on PostgreSQL`, () => {
    let server: Databases;
    beforeAll(() => {
      server = sharedPostgres();
    });
    suite('postgres', async () => {
      const databaseUrl = await server.createDatabase();
      return { open: () => openLedger({ databaseUrl, refuseNested: true, connectTimeoutMs: CONNECT_MS }) };
    });
  });
}
