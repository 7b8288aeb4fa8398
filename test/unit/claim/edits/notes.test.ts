import { describe, expect, it } from 'vitest';
import { judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, manySessions, withAttendeeBody } from '../../../support/sessions.ts';

const session = exampleSession();
const text = (value: string) => withAttendee(session, 0, { note: { text: value } });

describe('N01 paragraph', () => {
  it('passes the example and what the generator makes', () => {
    expect(marks(judge(session), 'N01')).toEqual([]);
    for (const generated of manySessions(20, 3)) expect(marks(judge(generated), 'N01')).toEqual([]);
  });
  it.each(['', '   ', ' … – '])('%j is no paragraph', (value) => {
    expect(marks(judge(text(value)), 'N01')).toEqual(['block /attendees/0/note/text']);
  });
  it('no note at all', () => {
    expect(marks(judge(withAttendeeBody(0, { note: null })), 'N01')).toEqual(['block /attendees/0/note/text']);
  });
  it('not the global text, however it is punctuated', () => {
    expect(marks(judge(text(session.groupNote.dynamics.toUpperCase().replaceAll(';', ' --'))), 'N01')).toEqual([
      'block /attendees/0/note/text',
    ]);
  });
  it('one’s own: the same words twice block both', () => {
    expect(marks(judge(text(session.attendees[1]?.note?.text ?? '')), 'N01')).toEqual([
      'block /attendees/0/note/text',
      'block /attendees/1/note/text',
    ]);
  });
  it('the absent need none', () => {
    expect(session.attendees[8]?.note).toBeUndefined();
    expect(judge(session).attendees[8]?.findings).toEqual([]);
  });
});

describe('N05 treatment goal', () => {
  it('passes the example', () => expect(marks(judge(session), 'N05')).toEqual([]));
  it('blocks a note without one', () => {
    const without = withAttendee(session, 0, { note: { treatmentGoalIds: [] } });
    expect(marks(judge(without), 'N05')).toEqual(['block /attendees/0/note/treatmentGoalIds']);
  });
  it.each(['Worked on goal 2 today.', 'Objective #1.3 was met.', 'Relates to Goal-4.'])(
    'takes one from the text: %s',
    (value) => {
      expect(marks(judge(withAttendee(session, 0, { note: { treatmentGoalIds: [], text: value } })), 'N05')).toEqual([]);
    },
  );
  it('a goal without its number is none', () => {
    const vague = withAttendee(session, 0, { note: { treatmentGoalIds: [], text: 'Talked about goals in life, 20 years on.' } });
    expect(marks(judge(vague), 'N05')).toHaveLength(1);
  });
});
