import { describe, expect, it } from 'vitest';
import { createValidator } from '../../../../src/x12/837p/validate/validator.ts';
import { MAX_SEGMENT } from '../../../../src/x12/segment-stream.ts';
import { at, BODY, fileOf, found, OPTIONS, replaced, short } from './file.ts';

const GOOD = fileOf(BODY);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

function inPieces(bytes: Uint8Array, size: number): readonly string[] {
  const findings: string[] = [];
  const validator = createValidator(OPTIONS, { finding: (f) => findings.push(short(f)) });
  for (let i = 0; i < bytes.length; i += size) validator.push(bytes.subarray(i, i + size));
  validator.end();
  return findings;
}

describe('delimiters and line ends', () => {
  it.each(['~', '~\r\n', '~\r', '~\n\n', '\n', '\r\n', '\r', '\u001c', '|\n'])('segments that end in %j', (end) => {
    expect(found(GOOD.replaceAll('~\n', end))).toEqual([]);
  });

  it.each([
    ['*', '|'],
    ['*', '\t'],
    ['*', '\u001d'],
    [':', '>'],
    [':', '<'],
    ['^', '!'],
    ['^', '\u001f'],
  ])('%j as %j', (from, to) => {
    expect(found(GOOD.replaceAll(from, to))).toEqual([]);
  });

  it('each interchange has its own', () => {
    expect(found(GOOD + GOOD.replaceAll('*', '|').replaceAll('~\n', "'").replaceAll('000000101', '000000102'))).toEqual([]);
  });
});

describe('encodings', () => {
  const utf16 = (little: boolean, mark: boolean): Uint8Array =>
    Uint8Array.from(
      [...(mark ? '\ufeff' : ''), ...GOOD].flatMap((c) => {
        const code = c.charCodeAt(0);
        return little ? [code & 255, code >> 8] : [code >> 8, code & 255];
      }),
    );

  it('UTF-16 is read and refused', () => {
    for (const little of [true, false])
      for (const mark of [true, false]) expect(found(utf16(little, mark))).toEqual([expect.stringContaining('1 file.encoding')]);
  });

  it('a byte order mark is read and warned of', () => {
    const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, ...bytesOf(GOOD)]);
    expect(found(bytes)).toEqual([expect.stringContaining('1 file.byte_order_mark')]);
    for (const size of [1, 2, 3, 5]) expect(inPieces(bytes, size)).toEqual(found(bytes));
  });

  it('a letter outside of ASCII is one finding in UTF-8 and in Latin-1', () => {
    const body = replaced('NM1*IL', ['NM1*IL*1*LINDQVIST*K\u00c5RIN*M***MI*XQB900112233']);
    const expected = [`1 element.charset ${at('NM1*IL')} 2010BA NM104 8/6`];
    expect(found(bytesOf(fileOf(body)))).toEqual(expected);
    expect(found(new TextEncoder().encode(fileOf(body)))).toEqual(expected);
  });
});

describe('what disturbs the splitting', () => {
  it.each([
    ['', '1 file.no_interchange #0 - ISA -/-'],
    ['\n\n  ', '1 file.no_interchange #0 - ISA -/-'],
    ['not an X12 file, but a VISA statement', '1 file.no_interchange #0 - ISA -/-'],
    ['ISA', '1 file.no_interchange #0 - ISA -/-'],
    ['ISA*00*', '1 isa.unreadable'],
    [`garbage\n${GOOD}`, '1 file.garbage #0 - ISA -/-'],
    [`${GOOD}garbage`, `1 file.garbage #${BODY.length + 6} - ISA -/-`],
    [`${GOOD}GS*HC*A*B~`, `1 file.garbage #${BODY.length + 6} - ISA -/-`],
    [GOOD.slice(0, -2), `1 file.unterminated #${BODY.length + 5} - - -/-`],
    [GOOD.replace('HI*', '~HI*'), `1 segment.empty ${at('HI*') - 1} - - -/-`],
    [GOOD.replace('HI*', ' HI*'), `1 segment.padded ${at('HI*') - 1} - - -/-`],
    [GOOD.replace('HI*', '\t HI*'), `1 segment.padded ${at('HI*') - 1} - - -/-`],
  ])('%#', (text, expected) => {
    const result = found(text);
    expect(result).toHaveLength(1);
    expect(result[0]).toContain(expected);
  });

  it('padding around interchanges is nobody’s fault', () => {
    expect(found(`\n \t${GOOD}\r\n\u001a\0\0`)).toEqual([]);
  });

  it('a segment without end is dropped, not kept', () => {
    const long = fileOf(replaced('REF*G1', [`REF*G1*${'A'.repeat(MAX_SEGMENT)}`]));
    expect(found(long)).toEqual([`1 segment.too_long ${at('REF*G1')} - - -/-`]);
    for (const size of [1000, 7777]) expect(inPieces(bytesOf(long), size)).toEqual(found(long));
    const endless = GOOD.replaceAll('~', '').replace('T*:', 'T*:~') + 'A'.repeat(MAX_SEGMENT);
    expect(found(endless)).toEqual([expect.stringContaining('1 segment.too_long')]);
  });

  it('findings do not depend on how the bytes are cut', () => {
    const broken = `x${fileOf([...replaced('HI*', ['HI*ZZ:1', ' Q~', 'HI*ABK:F4323']), 'N3*']).replace('SE*', '~SE*')}x`;
    const bytes = bytesOf(broken + GOOD);
    const whole = inPieces(bytes, bytes.length);
    expect(whole.length).toBeGreaterThan(4);
    for (const size of [1, 2, 3, 7, 64, 105, 106, 107, 1000]) expect(inPieces(bytes, size)).toEqual(whole);
  });
});
