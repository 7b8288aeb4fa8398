import { describe, expect, test } from 'vitest';
import { daysOfIcd10cm } from '../../../../src/x12/code-sets/load/icd10cm.ts';
import { compactList, loadedTable, parseOfficial } from '../../../../src/x12/code-sets/load/load.ts';
import type { LoadableSet } from '../../../../src/x12/code-sets/load/parsed.ts';
import { SHIPPED_TABLES } from '../../../../src/x12/code-sets/shipped.ts';
import { createCodeSets, parseShipped } from '../../../../src/x12/code-sets/table.ts';

const order = (n: number, code: string, flag: string) =>
  `${String(n).padStart(5, '0')} ${code.padEnd(7)} ${flag} ${'Short'.padEnd(60)} Long`;

const FY = { from: '2026-10-01', to: '2027-09-30', vouched: '2027-03-31' };

function load(set: LoadableSet, text: string, window: { from: string | null; to: string | null; vouched: string | null }) {
  const parsed = parseOfficial(set, text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return loadedTable({ set, fileName: 'file', compact: compactList(parsed.codes), ...window });
}

describe('ICD-10-CM order file', () => {
  const text = [order(1, 'F33', '0'), order(2, 'F331', '1'), order(3, 'F64A', '1')].join('\r\n');

  test('leaves and headers over the shipped list, complete until the next update', () => {
    const sets = createCodeSets([load('icd10cm', text, FY), ...SHIPPED_TABLES]);
    const look = (code: string, on: string) => sets.look('icd10cm', code, on);
    expect(look('F331', '2026-11-20')).toBe('valid');
    expect(look('F33', '2026-11-20')).toBe('header');
    expect(look('E119', '2026-11-20')).toBe('unknown');
    // The shipped list knows it, the loaded one of this window does not: it was of other days.
    expect(look('F410', '2026-11-20')).toBe('not_in_effect');
    expect(look('F410', '2026-09-30')).toBe('valid');
    expect(look('E119', '2027-04-01')).toBe('not_checked');
    expect(look('F331', '2027-04-01')).toBe('valid');
  });

  test('the file of billable codes alone', () => {
    const sets = createCodeSets([load('icd10cm', 'F331    Major depressive disorder\nF64A    Other\n', FY), ...SHIPPED_TABLES]);
    expect(sets.look('icd10cm', 'F331', '2026-11-20')).toBe('valid');
    expect(sets.look('icd10cm', 'E119', '2026-11-20')).toBe('unknown');
    const bad = parseOfficial('icd10cm', 'F331    Short\nF33100001 x\n00003 F411    1 Short\nF410\n');
    expect(bad.ok ? [] : bad.faults.map((f) => f.line)).toEqual([2, 3, 4]);
  });

  test('one faulty line refuses the file, every fault with its line', () => {
    const bad = [order(1, 'F33', '0'), '00002 F331    2 x', 'F331', order(4, 'f331', '1'), order(5, 'F33', '1')].join('\n');
    const parsed = parseOfficial('icd10cm', bad);
    expect(parsed.ok ? [] : parsed.faults.map((f) => f.line)).toEqual([2, 3, 4, 5]);
    expect(parseOfficial('icd10cm', '').ok).toBe(false);
  });

  test.each([
    ['icd10cm_order_2027.txt', FY],
    ['icd10cm-order-2026.txt', { from: '2025-10-01', to: '2026-09-30', vouched: '2026-03-31' }],
    ['icd10cm-order-April-2025.txt', { from: '2025-04-01', to: '2025-09-30', vouched: '2025-09-30' }],
    ['icd10cm-codes-2027.txt', FY],
    ['icd10cm_order_addenda_2027.txt', null],
    ['icd10cm-codes-addenda-2027.txt', null],
    ['codes.txt', null],
  ])('%s says which days it speaks of', (name, days) => {
    expect(daysOfIcd10cm(name)).toEqual(days);
  });
});

describe('X12 lists', () => {
  test('dates in the description, over several lines, comma separated', () => {
    const text =
      '"CARC CODE","CARC CODE DESCRIPTION"\n45,"Charge exceeds, ""schedule""\nStart: 01/01/1995 | Last Modified: 07/01/2017"\n' +
      '42,"Old\nStart: 01/01/1995 | Stop: 03/01/2008"\n';
    const sets = createCodeSets([load('carc', text, { from: null, to: null, vouched: '2026-11-23' })]);
    expect(sets.look('carc', '45', '2026-11-20')).toBe('valid');
    expect(sets.look('carc', '45', '1994-12-31')).toBe('not_in_effect');
    expect(sets.look('carc', '42', '2008-02-29')).toBe('valid');
    expect(sets.look('carc', '42', '2008-03-01')).toBe('not_in_effect');
    expect(sets.look('carc', '99', '2026-11-20')).toBe('unknown');
    expect(sets.look('carc', '99', '2026-11-24')).toBe('not_checked');
  });

  test('dates in columns, tab separated', () => {
    const text = 'Code\tDescription\tStart\tStop\nMA130\tx\t10/12/2001\t\nN1\ty\t01/01/2000\t01/01/2010\n';
    const sets = createCodeSets([load('rarc', text, { from: null, to: null, vouched: '2026-11-23' })]);
    expect(sets.look('rarc', 'MA130', '2026-11-20')).toBe('valid');
    expect(sets.look('rarc', 'N1', '2009-12-31')).toBe('valid');
    expect(sets.look('rarc', 'N1', '2010-01-01')).toBe('not_in_effect');
  });

  test.each([
    ['carc', 'Number,Text\n1,x\n', 1],
    ['carc', 'Code,Description\n1,x\nMA130,y\n', 3],
    ['rarc', 'Code,Description\nN1,Start: 13/41/2020\n', 2],
    ['rarc', 'Code,Description\nN1,x\nN1,y\n', 3],
    ['taxonomy', 'Code,Grouping\n1041C0700X,x\n104,y\n', 3],
    ['taxonomy', 'Grouping\nx\n', 1],
    ['pos', 'Place of Service Code,Name\n11,Office\nxx,Other\n', 3],
  ] as const)('%s: a fault in line', (set, text, line) => {
    const parsed = parseOfficial(set, text);
    expect(parsed.ok ? null : parsed.faults[0]?.line).toBe(line);
  });
});

test('NUCC taxonomy', () => {
  const text =
    'Code,Grouping,Classification,Definition\n1041C0700X,"Group","Social Worker","A ""social"" worker, that\nis"\n103T00000X,a,b,c\n';
  const table = load('taxonomy', text, { from: '2026-07-01', to: null, vouched: '2026-11-23' });
  const sets = createCodeSets([table]);
  expect(table.codes.size).toBe(2);
  expect(sets.look('taxonomy', '207Q00000X', '2026-11-20')).toBe('unknown');
  expect(sets.look('taxonomy', '207Q00000X', '2026-06-30')).toBe('not_checked');
});

test('place of service: header, effective column, unassigned ranges, plain lines', () => {
  const text =
    'Place of Service Code(s),Place of Service Name,Effective Date\n2,Telehealth,\n10,Home,2022-01-01\n28-30,Unassigned,\n35,Unassigned,\n';
  const sets = createCodeSets([load('pos', text, { from: '2016-01-01', to: null, vouched: '2026-11-23' })]);
  expect(sets.look('pos', '02', '2026-11-20')).toBe('valid');
  expect(sets.look('pos', '10', '2021-12-31')).toBe('not_in_effect');
  expect(sets.look('pos', '35', '2026-11-20')).toBe('unknown');
  const plain = parseOfficial('pos', '11 Office\n12 Home\n');
  expect(plain.ok ? [...plain.codes.keys()] : []).toEqual(['11', '12']);
});

test('a shipped list that is not of its form is a defect', () => {
  expect(() => parseShipped('leaf 2026-10-01 -')).toThrow();
  expect(() => parseShipped('leaf 2026 - F331')).toThrow();
  expect(() => parseShipped('twig - - F331')).toThrow();
});
