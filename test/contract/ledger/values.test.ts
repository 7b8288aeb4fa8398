import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/database.ts';
import { describeLedger } from './harness.ts';

/** 04:15 on 27 September 2026 in Auckland is past the gap of its daylight-saving change; 5 April 2026 has an hour twice. */
const ZONES = ['Pacific/Auckland', 'America/Chicago', 'UTC', 'Pacific/Kiritimati'];

describeLedger('values', (backend) => {
  let ledger: Ledger;
  const zone = process.env['TZ'];
  beforeEach(async () => {
    ledger = await backend.fresh();
  });
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });
  const value = async (expression: RawBuilder<unknown>): Promise<unknown> =>
    (await sql<{ v: unknown }>`select ${expression} as v`.execute(ledger.db)).rows[0]!.v;

  it('int8 is a number, and one beyond exact numbers is refused, not rounded', async () => {
    expect(await value(sql`9007199254740991::int8`)).toBe(Number.MAX_SAFE_INTEGER);
    expect(await value(sql`-1::int8`)).toBe(-1);
    expect(await value(sql`(select count(*) from generate_series(1, 3))`)).toBe(3);
    await expect(value(sql`9007199254740993::int8`)).rejects.toThrow(RangeError);
    expect(await value(sql`1`)).toBe(1);
  });

  it('a date of service is the same text in every zone', async () => {
    for (const tz of ZONES) {
      process.env['TZ'] = tz;
      expect(new Intl.DateTimeFormat().resolvedOptions().timeZone, tz).toBe(tz);
      for (const day of ['2026-11-20', '2026-09-27', '2026-04-05', '2024-02-29', '1899-12-31']) {
        expect(await value(sql`${day}::date`)).toBe(day);
        expect(await value(sql`(${day}::date)::text`)).toBe(day);
      }
      expect(await value(sql`array[${'2026-11-20'}::date]`)).toEqual(['2026-11-20']);
    }
  });

  it('an instant keeps its millisecond in every zone and far from today', async () => {
    for (const tz of ZONES) {
      process.env['TZ'] = tz;
      for (const iso of [
        '2026-11-20T23:59:59.999Z',
        '2026-09-26T14:00:00.001Z',
        '2026-04-04T13:30:00.500Z',
        '1969-12-31T23:59:59.123Z',
        '9999-12-31T23:59:59.999Z',
      ]) {
        const back = await value(sql`${new Date(iso)}::timestamptz`);
        expect(back).toBeInstanceOf(Date);
        expect((back as Date).toISOString(), tz).toBe(iso);
        expect(await value(sql`(extract(epoch from ${new Date(iso)}::timestamptz) * 1000)::int8`)).toBe(Date.parse(iso));
      }
    }
  });

  it('an instant is compared in the database exactly as it was stored', async () => {
    const at = new Date('2026-11-20T12:00:00.123Z');
    await ledger.db.insertInto('spacing').values({ key: 'lane', next_at: at }).execute();
    const hit = await ledger.db
      .selectFrom('spacing')
      .select('next_at')
      .where('next_at', '=', at)
      .where('next_at', '<=', at)
      .executeTakeFirst();
    expect(hit?.next_at).toEqual(at);
  });

  it('numeric stays text, so that no amount is rounded', async () => {
    expect(await value(sql`60.10::numeric`)).toBe('60.10');
    expect(await value(sql`12345678901234567890.12::numeric`)).toBe('12345678901234567890.12');
    expect(await value(sql`1.5::float8`)).toBe(1.5);
  });

  it('bytea is the same bytes back, as Buffer, empty too', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    for (const bytes of [Buffer.alloc(0), all, randomBytes(100_000)]) {
      const back = await value(sql`${bytes}::bytea`);
      expect(Buffer.isBuffer(back)).toBe(true);
      expect((back as Buffer).equals(bytes)).toBe(true);
    }
    expect((await value(sql`${new Uint8Array(all.buffer, all.byteOffset + 1, 3)}::bytea`)) as Buffer).toEqual(
      Buffer.from([1, 2, 3]),
    );
    expect(await value(sql`${'\\x00ff'}::bytea = ${Buffer.from([0, 255])}`)).toBe(true);
  });

  it('jsonb takes JSON text, arrays and odd characters included, and comes back parsed', async () => {
    const findings = [{ rule: 'A10', note: 'quote " backslash \\ braces {} ünï', n: 1.5, none: null }, [], 'text'];
    const detail = { list: [1, 'two', [3]], nested: { a: [] } };
    await ledger.db
      .insertInto('ledger_event')
      .values({ subject: 's', kind: 'k', actor: 'a', detail: JSON.stringify(detail) })
      .execute();
    expect((await ledger.db.selectFrom('ledger_event').select('detail').executeTakeFirstOrThrow()).detail).toEqual(detail);
    expect(await value(sql`${JSON.stringify(findings)}::jsonb`)).toEqual(findings);
    expect(await value(sql`${JSON.stringify([])}::jsonb`)).toEqual([]);
    expect(await value(sql`'null'::jsonb`)).toBeNull();
  });

  it('text arrays, booleans, nulls and quotes', async () => {
    const odd = ['plain', 'with "quotes"', 'back\\slash', 'comma, brace }{', '', 'NULL', 'ünï\nline'];
    expect(await value(sql`${odd}::text[]`)).toEqual(odd);
    expect(await value(sql`${[]}::text[]`)).toEqual([]);
    expect(await value(sql`array[true, false, null]`)).toEqual([true, false, null]);
    expect(await value(sql`array[1, 2]::int8[]`)).toEqual([1, 2]);
    expect(await value(sql`null::text`)).toBeNull();
    expect(await value(sql`${"O'Brien; drop table claim; --"}::text`)).toBe("O'Brien; drop table claim; --");
  });

  it('the ledger clock gives whole milliseconds and obeys its offset row', async () => {
    const before = Date.now();
    const now = (await ledger.now()).getTime();
    expect(now).toBeGreaterThanOrEqual(before - 1_000);
    expect(now).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await value(sql`(extract(microseconds from ledger_now())::int8 % 1000)`)).toBe(0);
    await ledger.db.insertInto('setting').values({ key: 'clock_offset_ms', value: '-86400000' }).execute();
    expect((await ledger.now()).getTime() - Date.now()).toBeLessThan(-86_395_000);
    await ledger.db.updateTable('setting').set({ value: '3600000' }).where('key', '=', 'clock_offset_ms').execute();
    expect(Math.round(((await ledger.now()).getTime() - Date.now()) / 60_000)).toBe(60);
    const row = await ledger.db
      .insertInto('audit')
      .values({ actor: 'a', action: 'b', target: 'c' })
      .returning('at')
      .executeTakeFirstOrThrow();
    expect(Math.round((row.at.getTime() - Date.now()) / 60_000)).toBe(60);
  });
});
