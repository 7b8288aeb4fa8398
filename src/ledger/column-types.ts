import type { ColumnType } from 'kysely';

/** Columns as both drivers give and take them through the one parser table (`parsers.ts`). */
export type Timestamp = Date;
export type GeneratedTimestamp = ColumnType<Date, Date | undefined, Date>;
export type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;
export type NullableBytes = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>;
/**
 * jsonb: read parsed, written as JSON text. Text, because `pg` turns a JS array into a Postgres array literal and
 * PGlite does not, so `JSON.stringify(value)` is the one form that both take.
 */
export type Json<T = unknown> = ColumnType<T, string, string>;
export type NullableJson<T = unknown> = ColumnType<T | null, string | null | undefined, string | null>;
export type WithDefault<T> = ColumnType<T, T | undefined, T>;
export type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;
