import { expect, test } from 'vitest';
import { counted, table } from '../../../src/cli/table.ts';

test('columns are as wide as their widest cell and nothing trails', () => {
  expect(
    table(
      ['A', 'LONG'],
      [
        ['first', 'x'],
        ['b', ''],
      ],
    ),
  ).toBe('A      LONG\nfirst  x\nb\n');
});

test('lines are cut at the given width, with a mark', () => {
  expect(table(['A', 'B'], [['12345', '67890']], 10)).toBe('A      B\n12345  67…\n');
});

test('a cell cannot steer the terminal or break its line', () => {
  expect(table(['A'], [['x\u001b[2J\ny\u202e']])).toBe('A\nx [2J y\n');
});

test('missing cells are empty and further ones are left out', () => {
  expect(table(['A', 'B'], [['1'], ['1', '2', '3']])).toBe('A  B\n1\n1  2\n');
});

test('counts agree in number', () => {
  expect([counted(0, 'claim'), counted(1, 'claim'), counted(2, 'claim'), counted(2, 'entry', 'entries')]).toEqual([
    '0 claims',
    '1 claim',
    '2 claims',
    '2 entries',
  ]);
});
