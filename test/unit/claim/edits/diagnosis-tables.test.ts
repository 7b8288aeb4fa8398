import { expect, test } from 'vitest';
import { SHIPPED_CODE_SETS } from '../../../../src/x12/code-sets/shipped.ts';
import { findingsOf, judge, marks, withAttendee } from '../../../support/gate.ts';
import { EXAMPLE_NOW, exampleSession } from '../../../support/sessions.ts';

const session = exampleSession();
const with0 = (diagnoses: string[]) => withAttendee(session, 0, { diagnoses });

test('a billable code of chapter 5 passes', () => {
  expect(marks(judge(with0(['F33.1'])), 'A10')).toEqual([]);
});

test.each([
  ['a category', 'F33', 'category'],
  ['a code that never was', 'F99.9', 'no such code'],
  ['a code of former years', 'F50.2', 'category'],
])('%s blocks', (_, code, words) => {
  const found = findingsOf(judge(with0([code])), 'A10');
  expect(found.map((f) => `${f.severity} ${f.path}`)).toEqual(['block /attendees/0/diagnoses/0']);
  expect(found[0]?.message).toContain(words);
});

test('what no complete table covers is only told', () => {
  const found = findingsOf(judge(with0(['F33.1', 'E11.9'])), 'A10');
  expect(found.map((f) => `${f.severity} ${f.path}`)).toEqual(['info /attendees/0/diagnoses/1']);
  expect(found[0]?.message).toContain('code_not_checked');
});

test('the table is that of the date of service: before and after 1 October', () => {
  const days: string[] = [];
  const codeSets = {
    look: (set: Parameters<typeof SHIPPED_CODE_SETS.look>[0], code: string, on: string) => {
      days.push(on);
      return SHIPPED_CODE_SETS.look(set, code, on);
    },
  };
  const on = (day: string) => ({
    ...with0(['F64.A']),
    startedAt: `${day}T15:00:00-05:00`,
    endedAt: `${day}T16:00:00-05:00`,
  });
  const now = EXAMPLE_NOW;
  expect(marks(judge(on('2026-09-30'), { codeSets, now }), 'A10')).toContain('block /attendees/0/diagnoses/0');
  expect(marks(judge(on('2026-10-01'), { codeSets, now }), 'A10')).toEqual([]);
  expect(new Set(days)).toEqual(new Set(['2026-09-30', '2026-10-01']));
});
