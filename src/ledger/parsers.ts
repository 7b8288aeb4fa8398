/**
 * The one table of result types, used by `pg` (through `pgTypes`) and by PGlite (through `parseValue`), so that a row
 * reads the same on both: int8 → number (throws beyond 2^53 − 1), numeric → string, date → 'YYYY-MM-DD' (a Date would
 * move the date of service by a day west of Greenwich), timestamptz → Date, bytea → Buffer, json(b) → parsed,
 * one- or many-dimensional arrays of these → arrays. Every type that is not named is the text that Postgres sends.
 * Type numbers: Postgres `pg_type.dat`.
 */
export type ValueParser = (text: string) => unknown;

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 of the database is beyond the safe integers');
  return value;
}

function parseTimestamptz(text: string): Date {
  // '2026-11-20 15:04:05.123+00' → ISO 8601; an offset without minutes is not ISO.
  const value = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  if (Number.isNaN(value.getTime())) throw new RangeError('a timestamptz of the database is not a representable instant');
  return value;
}

function parseBytea(text: string): Buffer {
  if (!text.startsWith('\\x')) throw new RangeError('bytea_output of the session is not hex');
  return Buffer.from(text.slice(2), 'hex');
}

const asText: ValueParser = (text) => text;
const parseBoolean: ValueParser = (text) => text === 't';
const parseJson: ValueParser = (text) => JSON.parse(text);

/** Element type → [array type, parser]; array type 0 where none is used. */
const SCALARS: readonly (readonly [oid: number, arrayOid: number, parse: ValueParser])[] = [
  [16, 1000, parseBoolean],
  [17, 1001, parseBytea],
  [18, 1002, asText],
  [19, 1003, asText],
  [20, 1016, parseInteger],
  [21, 1005, parseInteger],
  [23, 1007, parseInteger],
  [25, 1009, asText],
  [26, 1028, parseInteger],
  [114, 199, parseJson],
  [700, 1021, Number],
  [701, 1022, Number],
  [1042, 1014, asText],
  [1043, 1015, asText],
  [1082, 1182, asText],
  [1083, 1183, asText],
  [1114, 1115, asText],
  [1184, 1185, parseTimestamptz],
  [1700, 1231, asText],
  [2950, 2951, asText],
  [3802, 3807, parseJson],
];

/** Reads a Postgres array literal, e.g. `{a,"b \"c\"",NULL,{d}}` (manual, §8.15.6). Throws on anything else. */
export function parseArray(text: string, parseElement: ValueParser): unknown[] {
  let at = text.indexOf('{');
  const broken = () => new RangeError('an array of the database cannot be read');
  const list = (): unknown[] => {
    at += 1;
    const items: unknown[] = [];
    if (text[at] === '}') {
      at += 1;
      return items;
    }
    for (;;) {
      items.push(text[at] === '{' ? list() : text[at] === '"' ? parseElement(quoted()) : bare());
      const next = text[at++];
      if (next === '}') return items;
      if (next !== ',') throw broken();
    }
  };
  const quoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (at >= text.length) throw broken();
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  };
  const bare = (): unknown => {
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(start, at);
    return value === 'NULL' ? null : parseElement(value);
  };
  if (at < 0) throw broken();
  const items = list();
  if (at !== text.length) throw broken();
  return items;
}

/** Result type number → parser; what is missing here stays text. */
export const PARSERS: ReadonlyMap<number, ValueParser> = new Map(
  SCALARS.flatMap(([oid, arrayOid, parse]): [number, ValueParser][] => [
    [oid, parse],
    [arrayOid, (text) => parseArray(text, parse)],
  ]),
);

export function parserFor(oid: number): ValueParser {
  return PARSERS.get(oid) ?? asText;
}

/** For the `types` option of `pg.Pool` and `pg.Client`. We never ask for the binary format. */
export const pgTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): ValueParser {
    if (format === 'binary') throw new Error('binary results are not used here');
    return parserFor(oid);
  },
};

function arrayLiteral(values: readonly unknown[]): string {
  const items = values.map((value) => {
    if (value === null || value === undefined) return 'NULL';
    if (Array.isArray(value)) return arrayLiteral(value);
    const text = ArrayBuffer.isView(value) ? `\\x${bytesOf(value).toString('hex')}` : String(encodeParameter(value));
    return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
  });
  return `{${items.join(',')}}`;
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/**
 * A parameter as it goes over the wire, by the rules of `pg` (its `prepareValue`), so that one statement behaves alike
 * on both drivers: null and undefined → NULL, bytes → binary, array → array literal, Date → ISO instant,
 * other object → JSON, the rest its text.
 */
export function encodeParameter(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'object') {
    if (ArrayBuffer.isView(value)) return bytesOf(value);
    if (value instanceof Date) return value.toISOString();
    if (Array.isArray(value)) return arrayLiteral(value);
    return JSON.stringify(value);
  }
  return String(value);
}
