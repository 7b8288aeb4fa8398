import { describe, expect, it } from 'vitest';
import { judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession } from '../../../support/sessions.ts';

type Called = readonly [firstName: string, lastName: string];

/** The example with other names, and `text` as the first attendee's paragraph. */
const named = (names: readonly Called[], text: string, leader?: Called): readonly string[] => {
  const base = exampleSession(leader ? { renderingProvider: { firstName: leader[0], lastName: leader[1] } } : {});
  const renamed = names.reduce(
    (s, [firstName, lastName], i) => withAttendee(s, i, { patient: { firstName, lastName, middleName: null } }),
    base,
  );
  return marks(judge(withAttendee(renamed, 0, { note: { text } })), 'N09').map((m) => m.replace(' /attendees/0/note/text', ''));
};
const OWN: Called = ['Sarah', 'Moreno'];

describe('N09 other attendees’ names', () => {
  it('the example passes', () => expect(marks(judge(exampleSession()), 'N09')).toEqual([]));
  it.each([
    [['Marcus', 'Delgado'], 'She answered Delgado.', 'hold'],
    [['Marcus', 'Delgado'], 'She answered Marcus Delgado.', 'hold'],
    [['Marcus', 'Delgado'], 'she answered marcus delgado', 'hold'],
    [['Marcus', 'Delgado'], 'She answered Delgado’s question.', 'hold'],
    [['Marcus', 'Delgado'], "DELGADO'S CHAIR WAS NEAR.", 'hold'],
    [['Marcus', 'Delgado'], 'She answered delgado.', 'warn'],
    [['Marcus', 'Delgado'], 'She answered Marcus.', 'warn'],
    [['Marcus', 'Delgado'], 'Marcus’s words moved her.', 'warn'],
    [['Marcus', 'Delgado'], 'She answered marcus.', null],
    [['Marcus', 'Delgado'], 'The Delgadoesque and Marcussen stay whole words.', null],
    [['Tomás', 'Ibáñez'], 'She answered Ibanez.', 'hold'],
    [['Tomas', 'Ibanez'], 'She answered Ibáñez.', 'hold'],
    [['Grace', 'O’Neill'], "She answered O'Neill.", 'hold'],
    [['Grace', "O'Brien"], 'She answered O’Brien’s question.', 'hold'],
    [['Grace', "O'Brien"], 'She answered OBrien.', 'hold'],
    [['Grace', "O'Brien"], 'She answered O Brien.', 'hold'],
    [['Ada', 'Lund-Okoro'], 'She answered Lund-Okoro.', 'hold'],
    [['Ada', 'Lund-Okoro'], 'She answered Okoro.', 'hold'],
    [['Ada', 'Lund-Okoro'], 'She answered Lund Okoro.', 'hold'],
    [['Jean-Luc', 'Picot'], 'She answered Jean-Luc.', 'warn'],
    [['Ana', 'de la Cruz'], 'She answered Cruz.', 'hold'],
    [['Ana', 'de la Cruz'], 'Went to De La Soul and la plage.', null],
    [['Søren', 'Łukasz'], 'She answered Lukasz.', 'hold'],
    [['José', 'Nuñez'], 'She answered NUÑEZ.', 'hold'],
    [['Robert "Bob"', 'Tallis'], 'She answered Bob.', 'warn'],
  ] as const)('%j in %j: %s', (other, text, expected) => {
    expect(named([OWN, other], text)).toEqual(expected === null ? [] : [expected]);
  });

  it.each([
    ['Grace', 'Her grace under pressure; Grace is a virtue, grace again.', null],
    ['Grace', 'Afterwards she thanked Grace.', 'warn'],
    ['Grace', 'Grace’s story moved her.', 'warn'],
    ['Grace', 'She thanked Ms. Grace.', 'warn'],
    ['Hope', 'Hope is returning. She has hope.', null],
    ['Will', 'Will call the clinic. She will go.', null],
    ['Will', 'She told Will about it.', 'warn'],
    ['May', 'May attend next week. It may rain.', null],
    ['Rose', 'Rose at six. Her mood rose.', null],
  ] as const)('a first name that is a word: %s in %j: %s', (firstName, text, expected) => {
    expect(named([OWN, [firstName, 'Tallis']], text)).toEqual(expected === null ? [] : [expected]);
  });

  it.each([
    ['Rose', 'Her mood rose over the hour.', null],
    ['Young', 'Her young son came along.', null],
    ['Young', 'She answered Young about trains.', 'hold'],
    ['Young', 'Young people were the topic.', 'warn'],
    ['May', 'She met MAY in the hall.', 'hold'],
    ['Do', 'So they do agree. Do they?', 'warn'],
    ['Ng', 'ng is no word of hers.', null],
  ] as const)('a surname that is a word: %s in %j: %s', (lastName, text, expected) => {
    expect(named([OWN, ['Pavla', lastName]], text)).toEqual(expected === null ? [] : [expected]);
  });

  it('one’s own name is free, also where another shares it', () => {
    expect(named([OWN, ['Marcus', 'Moreno']], 'Sarah Moreno spoke; Moreno’s plan stands.')).toEqual([]);
    expect(named([OWN, ['Marcus', 'Moreno']], 'Sarah spoke after Marcus Moreno.')).toEqual(['hold']);
    expect(named([OWN, ['Sarah', 'Lund']], 'Sarah spoke.')).toEqual([]);
    expect(named([OWN, ['Sarah', 'Lund']], 'She heard Sarah Lund.')).toEqual(['hold']);
    expect(named([OWN, ['Sarah', 'Moreno']], 'Sarah Moreno spoke.')).toEqual([]);
  });
  it('one attendee’s first name is another’s surname: the surname weighs more', () => {
    expect(named([OWN, ['Jordan', 'Hayes'], ['Lisa', 'Jordan']], 'She answered Jordan.')).toEqual(['hold', 'warn']);
    expect(
      named(
        [
          ['Jordan', 'Hayes'],
          ['Lisa', 'Jordan'],
        ],
        'Jordan spoke first.',
      ),
    ).toEqual([]);
  });
  it('those who lead the group may be named', () => {
    expect(named([OWN, ['Ada', 'Tallis']], 'Ada asked a question.', ['Ada', 'Okafor'])).toEqual([]);
    expect(named([OWN, ['Pavla', 'Okafor']], 'Dr. Okafor asked a question.', ['Ada', 'Okafor'])).toEqual([]);
    expect(named([OWN, ['Ada', 'Tallis']], 'Ada Tallis asked a question.', ['Ada', 'Okafor'])).toEqual(['hold']);
  });
  it('the absent are named as well as the present, and in every text', () => {
    const session = withAttendee(exampleSession(), 0, {
      note: {
        text: 'She missed Lindqvist.',
        participation: 'answered Joanne',
        plan: 'call Marcus Delgado',
        moodAffect: 'sad about Fitch',
      },
    });
    expect(marks(judge(session), 'N09')).toEqual([
      'hold /attendees/0/note/text',
      'hold /attendees/0/note/moodAffect',
      'warn /attendees/0/note/participation',
      'hold /attendees/0/note/plan',
    ]);
  });
  it('says who by place on the roster, never by name', () => {
    const session = withAttendee(exampleSession(), 0, { note: { text: 'She answered Delgado, Hagen and Devon.' } });
    const messages = judge(session)
      .attendees[0]?.findings.filter((f) => f.rule === 'N09')
      .map((f) => f.message);
    expect(messages).toEqual([
      'The surname or full name of another attendee is in it: /attendees/1, /attendees/2.',
      'Another attendee’s name may be in it: /attendees/3.',
    ]);
  });
});
