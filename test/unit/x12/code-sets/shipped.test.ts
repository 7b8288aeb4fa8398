import { describe, expect, test } from 'vitest';
import { SHIPPED_CODE_SETS, SHIPPED_TABLES } from '../../../../src/x12/code-sets/shipped.ts';

const icd = (code: string, on: string) => SHIPPED_CODE_SETS.look('icd10cm', code, on);

describe('ICD-10-CM as shipped', () => {
  test.each([
    ['F331', '2026-11-20', 'valid'],
    ['F33', '2026-11-20', 'header'],
    ['F999', '2026-11-20', 'unknown'],
    // Fiscal year 2027: remission of gender identity disorder.
    ['F64A', '2026-09-30', 'not_in_effect'],
    ['F64A', '2026-10-01', 'valid'],
    // Fiscal year 2025: anorexia by severity; the old leaf became a header.
    ['F5001', '2024-09-30', 'valid'],
    ['F5001', '2024-10-01', 'header'],
    ['F50010', '2024-09-30', 'not_in_effect'],
    ['F50010', '2024-10-01', 'valid'],
    // Fiscal year 2022.
    ['F32A', '2021-09-30', 'not_in_effect'],
    ['F32A', '2021-10-01', 'valid'],
    // Fiscal year 2023: prolonged grief split off.
    ['F438', '2022-09-30', 'valid'],
    ['F438', '2022-10-01', 'header'],
    // ICD-9 days and days after the next update are nobody's business here.
    ['F331', '2015-09-30', 'not_checked'],
    ['F331', '2027-09-30', 'valid'],
    ['F331', '2027-10-01', 'not_checked'],
    ['F999', '2027-04-01', 'not_checked'],
    // Fiscal year 2027 split BMI under 19.9.
    ['Z681', '2026-09-30', 'valid'],
    ['Z681', '2026-10-01', 'header'],
    ['Z6818', '2026-09-30', 'not_in_effect'],
    ['Z5900', '2026-11-20', 'valid'],
    ['Z590', '2026-11-20', 'header'],
    ['Z5900', '2023-09-30', 'not_checked'],
    ['R45851', '2026-11-20', 'valid'],
    ['G4700', '2026-11-20', 'valid'],
    ['E119', '2026-11-20', 'not_checked'],
    ['S72001A', '2026-11-20', 'not_checked'],
  ])('%s on %s is %s', (code, on, status) => {
    expect(icd(code, on)).toBe(status);
  });

  test('has as many codes of chapter 5 as the official files of 2026 and 2027', () => {
    const table = SHIPPED_TABLES.find((t) => t.name.startsWith('ICD-10-CM F'));
    const on = (day: string) => {
      const found = [...(table?.codes.keys() ?? [])].map((code) => icd(code, day));
      return { leaves: found.filter((s) => s === 'valid').length, headers: found.filter((s) => s === 'header').length };
    };
    expect(on('2025-10-01')).toEqual({ leaves: 871, headers: 241 });
    expect(on('2026-10-01')).toEqual({ leaves: 872, headers: 241 });
  });
});

describe('the other lists as shipped', () => {
  test.each([
    ['pos', '11', '2026-11-20', 'valid'],
    ['pos', '10', '2021-12-31', 'not_in_effect'],
    ['pos', '10', '2022-01-01', 'valid'],
    ['pos', '27', '2023-09-30', 'not_in_effect'],
    ['pos', '27', '2023-10-01', 'valid'],
    ['pos', '66', '2023-12-31', 'not_in_effect'],
    ['pos', '35', '2026-11-20', 'unknown'],
    ['pos', '35', '2027-04-01', 'not_checked'],
    ['state', 'TX', '2026-11-20', 'valid'],
    ['state', 'ZZ', '2026-11-20', 'unknown'],
    ['modifier', '95', '2026-11-20', 'valid'],
    ['modifier', '93', '2021-12-31', 'not_in_effect'],
    ['modifier', 'QQ', '2026-11-20', 'not_checked'],
    ['taxonomy', '1041C0700X', '2026-11-20', 'valid'],
    ['taxonomy', '207Q00000X', '2026-11-20', 'valid'],
    ['taxonomy', '101YM0801X', '2026-11-20', 'not_checked'],
    ['taxonomy', '101YM0801X', '2025-11-20', 'unknown'],
    ['carc', '45', '2026-11-20', 'valid'],
    ['carc', '42', '2026-11-20', 'not_in_effect'],
    ['carc', '42', '2007-05-31', 'valid'],
    ['carc', '999', '2026-11-20', 'not_checked'],
    ['carc', '999', '2026-08-17', 'unknown'],
    // Withdrawn on a day that we do not know.
    ['carc', '15', '2016-01-01', 'valid'],
    ['carc', '15', '2026-11-20', 'not_in_effect'],
    ['carc', 'P32', '2026-11-20', 'valid'],
    ['rarc', 'N29', '2026-11-20', 'not_in_effect'],
    ['rarc', 'N940', '2026-11-20', 'valid'],
    ['rarc', 'N99999', '2026-11-20', 'not_checked'],
    ['rarc', 'MA130', '2026-11-20', 'valid'],
    ['claim_status', '562', '2026-11-20', 'valid'],
    ['claim_status_category', 'A7', '2026-11-20', 'valid'],
  ] as const)('%s %s on %s is %s', (set, code, on, status) => {
    expect(SHIPPED_CODE_SETS.look(set, code, on)).toBe(status);
  });
});

test('adjustment, remark and taxonomy codes are the official lists whole', () => {
  const count = (set: string, on: string) => {
    const codes = SHIPPED_TABLES.filter((t) => t.set === set).flatMap((t) => [...t.codes.keys()]);
    return [codes.length, codes.filter((code) => SHIPPED_CODE_SETS.look(set as 'carc', code, on) === 'valid').length];
  };
  expect(count('carc', '2026-11-20')).toEqual([407, 297]);
  expect(count('rarc', '2026-11-20')).toEqual([1216, 1137]);
  expect(count('taxonomy', '2026-11-20')).toEqual([883, 883]);
});
