/**
 * Spellings for characters that Unicode decomposition (NFKD) leaves as they are, or splits badly (´ becomes a space and
 * a mark). Upper case only: the keys hold both cases. Values use the basic character set.
 */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ["'", '‘’‚‛′ʹʻʼʽˈ´＇'],
  ['"', '“”„‟″«»‹›'],
  ['-', '‐‑‒–—―−⁃﹘﹣－'],
  ['.', '·•'],
  ['/', '⁄∕'],
  ['AE', 'Æ æ Ǽ ǽ Ǣ ǣ'],
  ['OE', 'Œ œ'],
  ['O', 'Ø ø Ǿ ǿ Ɔ ɔ Ɵ ɵ'],
  ['L', 'Ł ł Ƚ ƚ Ŀ ŀ'],
  ['D', 'Đ đ Ð ð Ɖ ɖ Ɗ ɗ'],
  ['TH', 'Þ þ'],
  ['SS', 'ß ẞ'],
  ['I', 'ı İ Ɨ ɨ'],
  ['H', 'Ħ ħ'],
  ['T', 'Ŧ ŧ Ƭ ƭ'],
  ['NG', 'Ŋ ŋ'],
  ['N', 'ŉ Ɲ ɲ'],
  ['K', 'ĸ Ƙ ƙ'],
  ['B', 'Ƀ ƀ Ɓ ɓ'],
  ['C', 'Ȼ ȼ'],
  ['E', 'Ɇ ɇ Ə ə Ɛ ɛ'],
  ['G', 'Ǥ ǥ Ɠ ɠ'],
  ['J', 'Ɉ ɉ'],
  ['R', 'Ɍ ɍ'],
  ['U', 'Ʉ ʉ'],
  ['Y', 'Ɏ ɏ Ƴ ƴ'],
  ['Z', 'Ƶ ƶ'],
  ['X', '×'],
];

/** Character → its spelling in the basic set. */
export const TRANSLITERATION: ReadonlyMap<string, string> = new Map(
  SPELLINGS.flatMap(([spelling, characters]) => [...characters].filter((c) => c !== ' ').map((c) => [c, spelling] as const)),
);
