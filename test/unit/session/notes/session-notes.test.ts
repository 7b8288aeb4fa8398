import { describe, expect, it } from 'vitest';
import { formsOfPerson, isSingleLetter } from '../../../../src/session/notes/names.ts';
import { matcherOf, matchesIn } from '../../../../src/session/notes/phrases.ts';
import { wordsIn } from '../../../../src/session/notes/session-notes.ts';
import { wordsOf } from '../../../../src/session/notes/words.ts';
import { parseSession } from '../../../../src/session/parse.ts';
import { exampleSession } from '../../../support/sessions.ts';

const parsed = () => {
  const result = parseSession(exampleSession());
  if (!result.ok) throw new Error('the example is a session');
  return result.session;
};

describe('what is read once', () => {
  it('a text of a session is cut once, and anew for another session', () => {
    const [one, two] = [parsed(), parsed()];
    const words = wordsIn(one, 'Named four triggers.');
    expect(words).toEqual(wordsOf('Named four triggers.'));
    expect(wordsIn(one, 'Named four triggers.')).toBe(words);
    expect(wordsIn(one, 'Named five triggers.').folded).toEqual(['named', 'five', 'triggers']);
    expect(wordsIn(two, 'Named four triggers.')).not.toBe(words);
  });

  it('the forms of a person’s names, the whole of each first', () => {
    const person = { firstName: 'Mary J.', middleName: null, lastName: 'O’Brien-Lund' };
    const forms = formsOfPerson(person);
    expect(forms).toEqual({
      first: [['mary', 'j'], ['maryj'], ['mary']],
      middle: [],
      last: [['obrien', 'lund'], ['obrienlund'], ['obrien'], ['lund'], ['o', 'brien', 'lund']],
    });
    expect(formsOfPerson(person)).toBe(forms);
    expect(formsOfPerson({ ...person, lastName: 'Lund' }).last).toEqual([['lund']]);
  });

  it.each([
    ['', true],
    ['j', true],
    ['𐐨', true],
    ['jo', false],
    ['𐐨𐐩', false],
  ])('%s is a single letter: %s', (word, single) => expect(isSingleLetter(word)).toBe(single));
});

describe('phrases', () => {
  const phrases = matcherOf({ id: 'test', version: '1', phrases: ['a bit', 'anxi*', 'SI', 'no _ plan'] });
  const found = (text: string) => matchesIn(wordsOf(text), phrases).map(({ from, to }) => `${from}-${to}`);

  it('are found by the whole first word and by the beginning of one', () => {
    expect(found('Felt a bit anxious, denied SI; no clear plan.')).toEqual(['1-3', '3-4', '5-6', '6-9']);
  });

  it('and not in words that only begin with like letters', () => {
    expect(found('ant any an at si sip')).toEqual([]);
    // U+0461 and U+047E have the low ten bits of "a" and "n": one place of the index, another word.
    expect(found('\u0461nxious a\u046exious anx an')).toEqual([]);
  });
});
