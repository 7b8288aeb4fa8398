import { describe, expect, it } from 'vitest';
import {
  batchReference,
  DEFAULT_FILE_NAME_TEMPLATE,
  fileName,
  isValidNpi,
  lineControlNumber,
  newLineage,
  newTraceNumber,
  npiWithCheckDigit,
  parsePatientControlNumber,
  patientControlNumber,
} from '../../../src/claim/identifiers.ts';

const bytes = (fill: (i: number) => number) => Uint8Array.from({ length: 14 }, (_, i) => fill(i));

describe('CLM01', () => {
  it('is 7 to 17 of A-Z and 0-9, letter first, revision last', () => {
    for (const fill of [() => 0, () => 255, (i: number) => i * 37]) {
      expect(patientControlNumber(newLineage(bytes(fill)), 1)).toMatch(/^[A-Z][A-Z0-9]{4,14}01$/);
    }
    expect(patientControlNumber(newLineage(bytes(() => 7)), 1)).toHaveLength(16);
  });

  it('differs when one byte differs', () => {
    expect(newLineage(bytes(() => 1))).not.toBe(newLineage(bytes((i) => (i === 13 ? 2 : 1))));
  });

  it('stops at revision 99', () => {
    expect(patientControlNumber('ABCDE', 99)).toBe('ABCDE99');
    expect(() => patientControlNumber('ABCDE', 100)).toThrow(RangeError);
    expect(() => patientControlNumber('1BCDE', 1)).toThrow(RangeError);
    expect(() => newLineage(new Uint8Array(4))).toThrow(RangeError);
  });

  it('comes back as it went', () => {
    expect(parsePatientControlNumber(' abcde7q02 ')).toEqual({ lineage: 'ABCDE7Q', revision: 2 });
    expect(parsePatientControlNumber('12345')).toBeNull();
  });
});

describe('control numbers', () => {
  const trace = newTraceNumber(bytes(() => 31));
  it('keep their limits', () => {
    expect(trace.length).toBeLessThanOrEqual(20);
    expect(lineControlNumber(trace, 99, 50).length).toBeLessThanOrEqual(30);
    expect(batchReference(trace, 99, '999999999').length).toBeLessThanOrEqual(30);
  });
  it('tell lines and revisions apart', () => {
    expect(new Set([1, 2].flatMap((r) => [1, 2].map((l) => lineControlNumber(trace, r, l)))).size).toBe(4);
  });
});

describe('file name', () => {
  const values = {
    senderId: 'NORTH-SIDE/1',
    receiverId: 'SANDBOXCH',
    interchangeControlNumber: '000000042',
    usage: 'T',
  } as const;
  it('has sender and ISA13, no hyphen', () => {
    expect(fileName(DEFAULT_FILE_NAME_TEMPLATE, values)).toEqual({ ok: true, name: 'NORTHSIDE1_000000042.837' });
  });
  it('marks a test file where the receiver asks for it', () => {
    expect(fileName('OATEST_<sender>_<ISA13>.<usage>.837', values)).toMatchObject({ name: 'OATEST_NORTHSIDE1_000000042.T.837' });
  });
  it.each([
    ['<patient>_<ISA13>.837', 'unknown_placeholder'],
    ['<toString>_<ISA13>.837', 'unknown_placeholder'],
    ['<sender>.837', 'no_control_number'],
    ['../<ISA13>.837', 'unsafe_character'],
    ['a b<ISA13>', 'unsafe_character'],
    [`${'x'.repeat(45)}<ISA13>`, 'too_long'],
  ])('refuses %s', (template, code) => expect(fileName(template, values)).toEqual({ ok: false, code }));
});

describe('NPI', () => {
  it('has a check digit over 80840', () => {
    expect(isValidNpi('1234567893')).toBe(true);
    expect(isValidNpi('1234567890')).toBe(false);
    expect(isValidNpi('3234567893')).toBe(false);
    expect(isValidNpi('123456789')).toBe(false);
  });
  it('finds the check digit', () => {
    expect(npiWithCheckDigit('123456789')).toBe('1234567893');
    expect(() => npiWithCheckDigit('9')).toThrow(RangeError);
  });
  it('catches every single wrong digit', () => {
    for (let i = 1; i < 10; i++) {
      for (let d = 0; d < 10; d++) {
        const changed = `${'1234567893'.slice(0, i)}${d}${'1234567893'.slice(i + 1)}`;
        if (changed !== '1234567893') expect(isValidNpi(changed)).toBe(false);
      }
    }
  });
});
