import { describe, expect, it } from 'vitest';
import { BREAK, foldWord, rawWord, wordsOf } from '../../../../src/session/notes/words.ts';

describe('words', () => {
  it.each([
    ['Ibáñez’s', 'ibanez'],
    ["O'BRIEN", 'obrien'],
    ['she’ll', 'she'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['Søren', 'soren'],
    ['Łukasz', 'lukasz'],
    ['İlker', 'ilker'],
    ['ﬁne', 'ﬁne'],
    ['Đặng', 'dang'],
    ['Νίκος', 'νικοσ'],
  ])('%s folds to %s', (raw, folded) => expect(foldWord(raw)).toBe(folded));

  it('keeps where each stands', () => {
    const words = wordsOf('Ana’s  mood: low; at 5:30 well-rested.\nPlan');
    expect(words.folded).toEqual(['ana', 'mood', 'low', 'at', '5', '30', 'well', 'rested', 'plan']);
    expect(words.folded.map((_, i) => rawWord(words, i))).toEqual([
      'Ana’s',
      'mood',
      'low',
      'at',
      '5',
      '30',
      'well',
      'rested',
      'Plan',
    ]);
    const { none, colon, sentence, line } = BREAK;
    expect(words.breaks).toEqual([line, none, colon, sentence, none, none, none, none, line]);
    expect(words.lastBreak).toBe(line);
    expect(wordsOf('Mood:').lastBreak).toBe(colon);
  });
  it('composes, unfolds and reads beyond the first plane', () => {
    expect(wordsOf('ﬁne e\u0301te\u0301 １２ 𝐁𝐨𝐥𝐝 ok').folded).toEqual(['fine', 'ete', '12', 'bold', 'ok']);
    expect(wordsOf('😀 smile 😀').folded).toEqual(['smile']);
    expect(wordsOf('𐐨𐐩 deseret').folded).toEqual(['𐐨𐐩', 'deseret']);
  });
  it('takes each character of a script without spaces for itself, two a word', () => {
    const words = wordsOf('她很安静 ok');
    expect(words.folded).toEqual(['她', '很', '安', '静', 'ok']);
    expect(words.count).toBe(3);
  });
  it('reads 8 000 words of 40 000 characters and no more', () => {
    expect(wordsOf('a '.repeat(20_000)).count).toBe(8_000);
    expect(wordsOf('word '.repeat(9_000)).count).toBe(8_000);
    expect(wordsOf(`${'x'.repeat(39_999)} over`).folded).toHaveLength(1);
  });
  it('an empty text has none', () => expect(wordsOf(' … – ').folded).toEqual([]));
});
