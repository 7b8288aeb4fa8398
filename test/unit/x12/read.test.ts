import { describe, expect, it } from 'vitest';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { decodeX12, readSegments, splitComponents } from '../../../src/x12/read.ts';
import { interchange, SELF } from '../../golden/base.ts';

const bytes = writeInterchange(interchange([SELF]));
const text = new TextDecoder().decode(bytes);
const tags = (source: string): string =>
  readSegments(source)
    .segments.map((s) => s.tag)
    .join(' ');

describe('readSegments', () => {
  it('takes the delimiters from the ISA', () => {
    const other = text.replaceAll('*', '|').replaceAll(':', '>').replaceAll('^', '!').replaceAll('~\n', '\n');
    const { segments, fault } = readSegments(other);
    expect(fault).toBeNull();
    expect(segments[0]?.delimiters).toEqual({ element: '|', component: '>', repetition: '!', segment: '\n' });
    expect(segments.map((s) => [s.tag, ...s.elements].join('*').replaceAll('>', ':').replaceAll('!', '^'))).toEqual(
      text.split('~\n').filter((s) => s !== ''),
    );
    const clm = segments.find((s) => s.tag === 'CLM');
    expect(splitComponents(clm?.elements[4] ?? '', segments[0]!.delimiters)).toEqual(['11', 'B', '1']);
  });

  it('reads any line end and several interchanges, each with its own delimiters', () => {
    const expected = tags(text);
    for (const end of ['~', '~\r\n', '~\r', '~\n\n', '~ \n']) expect(tags(text.replaceAll('~\n', end))).toBe(expected);
    const both = readSegments(text + text.replaceAll('*', '|'));
    expect(both.fault).toBeNull();
    expect(both.segments).toHaveLength(2 * text.split('~').length - 2);
    expect(both.segments.at(-1)?.delimiters.element).toBe('|');
  });

  it('says where a segment starts', () => {
    for (const { tag, offset } of readSegments(text).segments) expect(text.slice(offset, offset + tag.length)).toBe(tag);
  });

  it('reads an ISA of wrong width and one of 4010', () => {
    const narrow = text.replace('NORTHSIDE      *', 'NORTHSIDE*').replace('*^*00501', '*U*00401');
    expect(readSegments(narrow).segments[0]?.delimiters).toEqual({
      element: '*',
      component: ':',
      repetition: null,
      segment: '~',
    });
    expect(tags(narrow)).toBe(tags(text));
  });

  it.each([
    ['', 'no_isa', 0],
    ['   \n', 'no_isa', 0],
    ['hello', 'no_isa', 0],
    ['ISA', 'short_isa', 0],
    [text.slice(0, 100), 'short_isa', 0],
    [text.slice(0, 105), 'short_isa', 0],
    [`${text.slice(0, 104)}A~`, 'bad_delimiters', 0],
    [`${text.slice(0, 104)}**`, 'bad_delimiters', 0],
    [text.slice(0, 300), 'unterminated', text.lastIndexOf('\n', 299) + 1],
    [`${text}garbage~`, 'no_isa', text.length],
  ])('%j stops with %s', (source, reason, offset) => {
    expect(readSegments(source).fault).toEqual({ reason, offset });
  });
});

describe('decodeX12', () => {
  it('knows the marks and the encodings', () => {
    const utf16 = new Uint8Array([...text].flatMap((c) => [c.charCodeAt(0), 0]));
    const big = new Uint8Array([...text].flatMap((c) => [0, c.charCodeAt(0)]));
    for (const source of [bytes, utf16, big, [0xef, 0xbb, 0xbf, ...bytes], [0xff, 0xfe, ...utf16], [0xfe, 0xff, ...big]])
      expect(decodeX12(Uint8Array.from(source))).toBe(text);
    expect(decodeX12(Uint8Array.from([0x50, 0xe9]))).toBe('Pé');
    expect(decodeX12(Uint8Array.from([0x50, 0xc3, 0xa9]))).toBe('Pé');
    expect(decodeX12(new Uint8Array())).toBe('');
  });
});
