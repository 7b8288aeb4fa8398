/** Words in a row that are compared as one. */
export const SHINGLE_WORDS = 3;

/** Every person, by name, initial or pronoun. Not a word that a text could have. */
export const PERSON = '§';

/** The words of a text as they are compared: headings left out, each run of persons one token. */
export function maskedWords(folded: readonly string[], persons: Uint8Array, headings: Uint8Array): readonly string[] {
  const masked: string[] = [];
  for (let at = 0; at < folded.length; at += 1) {
    if (headings[at] === 1) continue;
    if (persons[at] === 0) masked.push(folded[at] as string);
    else if (masked[masked.length - 1] !== PERSON) masked.push(PERSON);
  }
  return masked;
}

/** Shingles numbered as they come: equal runs of words have equal numbers, within one session only. */
export interface ShingleIndex {
  /** Numbers of a text's shingles, each once. */
  readonly of: (masked: readonly string[]) => readonly number[];
  /** How many numbers have been given. */
  readonly size: () => number;
  /** Three words of the shingle. */
  readonly words: (shingle: number) => readonly [string, string, string];
}

/** Open addressing over three word numbers: a Map over joined strings costs four times as much on a long session. */
export function shingleIndex(): ShingleIndex {
  const vocabulary: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (word: string): number => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, vocabulary.push(word) - 1);
    return vocabulary.length - 1;
  };
  let slots = new Int32Array(1 << 12).fill(-1);
  let triples = new Int32Array(3 << 11);
  let seenBy = new Int32Array(1 << 11);
  let count = 0;
  let reader = 0;

  const slotOf = (a: number, b: number, c: number): number => {
    const mask = slots.length - 1;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    for (let at = (hash ^ (hash >>> 13)) & mask; ; at = (at + 1) & mask) {
      const id = slots[at] as number;
      if (id < 0 || (triples[3 * id] === a && triples[3 * id + 1] === b && triples[3 * id + 2] === c)) return at;
    }
  };
  const grow = (): void => {
    triples = enlarged(triples);
    seenBy = enlarged(seenBy);
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let id = 0; id < count; id += 1) {
      slots[slotOf(triples[3 * id] as number, triples[3 * id + 1] as number, triples[3 * id + 2] as number)] = id;
    }
  };
  const shingleOf = (a: number, b: number, c: number): number => {
    const at = slotOf(a, b, c);
    const known = slots[at] as number;
    if (known >= 0) return known;
    const id = count;
    triples.set([a, b, c], 3 * id);
    slots[at] = id;
    count += 1;
    if (count * 2 >= slots.length) grow();
    return id;
  };
  return {
    size: () => count,
    words: (id) =>
      [0, 1, 2].map((i) => vocabulary[triples[3 * id + i] as number]) as unknown as readonly [string, string, string],
    of(masked) {
      reader += 1;
      const own: number[] = [];
      const ids = masked.map(numberOf);
      for (let at = SHINGLE_WORDS - 1; at < ids.length; at += 1) {
        const id = shingleOf(ids[at - 2] as number, ids[at - 1] as number, ids[at] as number);
        if (seenBy[id] === reader) continue;
        seenBy[id] = reader;
        own.push(id);
      }
      return own;
    },
  };
}

function enlarged(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
