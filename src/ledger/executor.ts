import type { Kysely, Transaction } from 'kysely';
import type { Database } from './types.ts';

/** Either the ledger itself or a transaction in it: aggregates take this as their first argument. */
export type Executor = Kysely<Database> | Transaction<Database>;

/**
 * Bulk writes go as one JSON text read by `jsonb_to_recordset`: one statement, one parameter and one parse for any
 * number of rows, the same on both drivers (array parameters of bytea and timestamptz are not). Bytes travel as base64
 * for `decode(x, 'base64')`, instants as ISO strings.
 */
export function rowsJson(rows: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify(rows);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function iso(at: number | Date | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
