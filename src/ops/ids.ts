import type { Clock } from './clock.ts';

/**
 * Ids are `<prefix>_` and 26 lower-case Crockford base32 characters: 48 bits of milliseconds, then 80 random bits.
 * They sort by time (to the millisecond), need no coordination between processes and say nothing about a patient.
 */
export type IdPrefix = 'gs' | 'clm' | 'att' | 'drp' | 'ovr' | 'key';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID = /^[a-z]+_([0-7][0-9a-hjkmnp-tv-z]{25})$/;
const MAX_TIME = 2 ** 48;

/** 128 bits as 26 base32 characters; sorts as the bytes do. */
export function encodeBase32(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError('an id has 16 bytes');
  // The first sign carries three bits, each further one five.
  let text = '';
  let held = 2;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET[(value >> held) & 31];
    }
    value &= (1 << held) - 1;
  }
  return text;
}

/** The 16 bytes of an id of ours; throws on anything else. */
export function idBytes(id: string): Buffer {
  const text = ID.exec(id)?.[1];
  if (text === undefined) throw new RangeError('not an id');
  let value = 0n;
  for (const char of text) value = (value << 5n) | BigInt(ALPHABET.indexOf(char));
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
}

/** The id of 16 bytes, inverse of `idBytes`. */
export function idFromBytes(prefix: IdPrefix, bytes: Uint8Array): string {
  return `${prefix}_${encodeBase32(bytes)}`;
}

/** Makes the generator of new ids. `randomBytes(n)` must be cryptographically random: ids of keys are shown to clients. */
export function createIds(deps: {
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}): (prefix: IdPrefix) => string {
  return (prefix) => {
    const at = Math.trunc(deps.clock.now());
    if (!(at >= 0 && at < MAX_TIME)) throw new RangeError('the clock is outside what an id can hold');
    const bytes = Buffer.alloc(16);
    bytes.writeUIntBE(at, 0, 6);
    bytes.set(deps.randomBytes(10), 6);
    return idFromBytes(prefix, bytes);
  };
}
