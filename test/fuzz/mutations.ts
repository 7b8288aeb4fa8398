/** Random numbers below `n`, the same for the same seed (mulberry32). */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Bytes that mean something in X12, more often than chance would have them. */
const TELLING = [...'*~:^\n\r >|\0 AZ09.-', '\u00ff'].map((c) => c.charCodeAt(0));

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const result = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
};
const anyByte = (random: Random): number => (random(2) === 0 ? (TELLING[random(TELLING.length)] as number) : random(256));
/** Two places of a file in order. */
const span = (bytes: Uint8Array, random: Random): readonly [number, number] => {
  const a = random(bytes.length);
  const b = Math.min(bytes.length, a + 1 + random(random(4) === 0 ? 2_000 : 60));
  return [a, b];
};

/** One step of damage each. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  replaced(bytes, random) {
    const result = Uint8Array.from(bytes);
    result[random(bytes.length)] = anyByte(random);
    return result;
  },
  inserted(bytes, random) {
    const at = random(bytes.length + 1);
    return join(bytes.subarray(0, at), Uint8Array.of(anyByte(random)), bytes.subarray(at));
  },
  deleted(bytes, random) {
    const at = random(bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1));
  },
  'span deleted'(bytes, random) {
    const [a, b] = span(bytes, random);
    return join(bytes.subarray(0, a), bytes.subarray(b));
  },
  'span doubled'(bytes, random) {
    const [a, b] = span(bytes, random);
    return join(bytes.subarray(0, b), bytes.subarray(a));
  },
  'span moved'(bytes, random) {
    const [a, b] = span(bytes, random);
    const rest = join(bytes.subarray(0, a), bytes.subarray(b));
    const to = random(rest.length + 1);
    return join(rest.subarray(0, to), bytes.subarray(a, b), rest.subarray(to));
  },
  'cut off': (bytes, random) => bytes.subarray(0, random(bytes.length)),
  'delimiter changed'(bytes, random) {
    const from = '*:~^'.charCodeAt(random(4));
    const to = anyByte(random);
    return bytes.map((byte) => (byte === from ? to : byte));
  },
};
const NAMES = Object.keys(MUTATIONS);

export interface Damaged {
  readonly bytes: Uint8Array;
  /** What was done, in order. */
  readonly steps: readonly string[];
}

/** A file with one to three steps of damage. */
export function damage(bytes: Uint8Array, random: Random): Damaged {
  const steps: string[] = [];
  let result = bytes;
  for (let n = 1 + (random(3) === 0 ? random(3) : 0); n > 0; n--) {
    const name = NAMES[random(NAMES.length)] as string;
    steps.push(name);
    if (result.length > 1) result = (MUTATIONS[name] as Mutation)(result, random);
  }
  return { bytes: result, steps };
}
