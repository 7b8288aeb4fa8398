import { describe, expect, it } from 'vitest';
import { judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession } from '../../../support/sessions.ts';

const CODES = [
  'F40.00',
  'F40.01',
  'F40.10',
  'F41.0',
  'F41.1',
  'F41.9',
  'F42.2',
  'F43.10',
  'F43.21',
  'F44.81',
  'F45.1',
  'F60.3',
  'F84.0',
];

/** What stops a claim; codes outside the shipped lists are only told of (`diagnosis-tables.test.ts`). */
const of = (...diagnoses: string[]) =>
  marks(judge(withAttendee(exampleSession(), 0, { diagnoses })), 'A10').filter((mark) => !mark.startsWith('info '));

describe('A10 diagnoses', () => {
  it.each([['F41.1'], ['f411'], ['F33.1', 'Z56.0'], ['C4A.9'], ['U07.1'], ['F43.10', 'V89.2XXA']])('passes %s %s', (...d) => {
    expect(of(...d.filter((c) => typeof c === 'string'))).toEqual([]);
  });
  it('a principal diagnosis', () => expect(of()).toEqual(['block /attendees/0/diagnoses']));
  it.each(['F4', '41.1', 'F41.1.1', 'F4.11', 'F41123456', 'F41 1', 'FF1.1'])('shape: %s', (code) => {
    expect(of(code)).toEqual(['block /attendees/0/diagnoses/0']);
  });
  it('no repeats, dotted or not', () => {
    expect(of('F41.1', 'F33.1', 'F411')).toEqual(['block /attendees/0/diagnoses/2']);
  });
  it.each(['V89.2XXA', 'W19.XXXA', 'X83.8XXA', 'Y92.9'])('%s is not principal', (code) => {
    expect(of(code)).toEqual(['block /attendees/0/diagnoses/0']);
  });
  it('at most twelve', () => {
    const codes = (n: number) => CODES.slice(0, n);
    expect(of(...codes(12))).toEqual([]);
    expect(of(...codes(13))).toEqual(['block /attendees/0/diagnoses']);
  });
});
