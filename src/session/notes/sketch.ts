import type { ParsedSession } from '../parse.ts';
import { notesOf } from './session-notes.ts';
import { type SipKey, sipHash, sipHashText, sipKey } from './sip-hash.ts';

/** Raised with whatever makes the sketch of the same text another one: folding, masking, shingles, hashing. */
export const SKETCH_VERSION = 1;
/** Minima per sketch: the estimate of J has a standard error of √(J(1−J)/128), 0.027 at 0.9 and 0.038 at 0.75. */
export const SKETCH_HASHES = 128;
/** 16 bits are kept of each minimum; two unlike ones agree once in 65 536, which the estimate does not notice. */
export const SKETCH_BYTES = 2 * SKETCH_HASHES;

/** How a sketch is looked up: so many keys, each of so many of its minima. */
export interface Bands {
  readonly bands: number;
  readonly rows: number;
}
/**
 * Among one patient's paragraphs. Two texts meet in one of the keys with 1 − (1 − J²)⁸: 99.9 % at 0.75, where anything is
 * said of them, 90 % at 0.5, and for the unlike 28 % at 0.2, 8 % at 0.1 — those are read and found unlike; they are few.
 */
export const OWN_BANDS: Bands = { bands: 8, rows: 2 };
/** Among a clinician's, who writes a thousand in two months, 1 − (1 − J³)¹⁶: 99.9 % at 0.75, 98 % at 0.6, 12 % at 0.2, 1.6 % at 0.1. */
export const CLINICIAN_BANDS: Bands = { bands: 16, rows: 3 };

/** What is kept of a paragraph: nothing of it can be read back or guessed without the practice's key. */
export interface NoteSketch {
  /** Roster position. */
  readonly index: number;
  /** Minima, 16 bits each, big-endian. */
  readonly minima: Uint8Array;
  readonly shingles: number;
}

const mix = (value: number, multiplier: number): number => {
  const h = Math.imul(value ^ (value >>> 16), multiplier);
  const g = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (g ^ (g >>> 16)) >>> 0;
};

/** One permutation of the 32-bit numbers per minimum: an odd multiplier and a mask, fixed for ever with the version. */
const PERMUTATIONS: readonly (readonly [mask: number, multiplier: number])[] = Array.from({ length: SKETCH_HASHES }, (_, i) => [
  mix(i + 1, 0x85ebca6b),
  mix(i + 1, 0x9e3779b1) | 1,
]);

/** MinHash of a set of keyed 32-bit hashes; `hashes` is not empty. */
export function minimaOf(hashes: readonly number[]): Uint8Array {
  const minima = new Uint8Array(SKETCH_BYTES);
  PERMUTATIONS.forEach(([mask, multiplier], i) => {
    let least = 0xffffffff;
    for (let at = 0; at < hashes.length; at += 1) {
      let h = Math.imul((hashes[at] as number) ^ mask, multiplier);
      h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
      const value = (h ^ (h >>> 16)) >>> 0;
      if (value < least) least = value;
    }
    minima[2 * i] = (least >>> 8) & 0xff;
    minima[2 * i + 1] = least & 0xff;
  });
  return minima;
}

/** Share of equal minima: the Jaccard similarity of the two sets, estimated. */
export function estimateJaccard(a: Uint8Array, b: Uint8Array): number {
  let equal = 0;
  for (let i = 0; i < SKETCH_BYTES; i += 2) if (a[i] === b[i] && a[i + 1] === b[i + 1]) equal += 1;
  return equal / SKETCH_HASHES;
}

/**
 * Keys to look a sketch up by, signed 32-bit. `scope` (a number of the patient, of the clinician) goes into each, so that
 * an index over all of a practice's sketches is asked for nobody else's.
 */
export function bandKeys(minima: Uint8Array, scope: number, { bands, rows }: Bands): readonly number[] {
  return Array.from({ length: bands }, (_, band) => {
    let key = mix(scope ^ Math.imul(band + 1, 0x9e3779b1), 0x85ebca6b);
    for (let row = 0; row < rows; row += 1) {
      const at = 2 * (band * rows + row);
      key = mix(key ^ (((minima[at] as number) << 8) | (minima[at + 1] as number)), 0x85ebca6b);
    }
    return key | 0;
  });
}

const byWord = (key: SipKey): ((word: string) => number) => {
  const known = new Map<string, number>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const hash = sipHashText(key, word);
    known.set(word, hash);
    return hash;
  };
};

/**
 * Sketches of the paragraphs that have at least `minShingles` of their own, salted: every shingle goes through SipHash
 * under `salt` (16 bytes or more, secret, the practice's) before anything is kept of it. Pure; the text stays here.
 */
export function sketchNotes(session: ParsedSession, salt: Uint8Array, minShingles: number): readonly NoteSketch[] {
  const { paragraphs, index } = notesOf(session);
  const key = sipKey(salt);
  const wordHash = byWord(key);
  const hashes = new Map<number, number>();
  const hashOf = (shingle: number): number => {
    const before = hashes.get(shingle);
    if (before !== undefined) return before;
    const hash = sipHash(key, index.words(shingle).map(wordHash));
    hashes.set(shingle, hash);
    return hash;
  };
  return [...paragraphs.values()]
    .filter((p) => p.own.length >= minShingles)
    .map((p) => ({ index: p.index, minima: minimaOf(p.own.map(hashOf)), shingles: p.own.length }));
}
