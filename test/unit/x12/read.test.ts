import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ExplainNode, explain, renderTree } from '../../../src/x12/837p/explain.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { decodeX12, readSegments, splitComponents } from '../../../src/x12/read.ts';
import { interchange, numbered, SELF } from '../../golden/base.ts';

const GOLDEN = fileURLToPath(new URL('../../golden/', import.meta.url));
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

function segmentsOf(nodes: readonly ExplainNode[], loop = ''): string[] {
  return nodes.flatMap((n) =>
    n.kind === 'loop' ? segmentsOf(n.children, n.id) : n.kind === 'segment' ? [`${loop} ${n.tag} ${n.name}`] : [`${n.reason}`],
  );
}

describe('explain', () => {
  it('puts every segment of every golden file into a loop of the guide, in order', () => {
    for (const file of readdirSync(GOLDEN).filter((f) => f.endsWith('.837'))) {
      const source = readFileSync(`${GOLDEN}${file}`);
      const explained = segmentsOf(explain(source));
      expect(explained.filter((s) => s.endsWith('null'))).toEqual([]);
      expect(explained.map((s) => s.split(' ')[1]).join(' ')).toBe(tags(decodeX12(source)));
    }
  });

  it('nests the patient under the subscriber and the lines under the claim', () => {
    const loops: string[] = [];
    const visit = (nodes: readonly ExplainNode[], path: string): void => {
      for (const n of nodes) {
        if (n.kind !== 'loop') continue;
        const here = `${path}/${n.id}`;
        loops.push(here);
        visit(n.children, here);
      }
    };
    visit(explain(readFileSync(`${GOLDEN}dependent-child.837`)), '');
    const top = '/ISA/GS/ST';
    const claim = `${top}/DETAIL/2000A/2000B/2000C/2300`;
    expect(loops).toEqual([
      '/ISA',
      '/ISA/GS',
      top,
      `${top}/HEADER`,
      `${top}/HEADER/1000A`,
      `${top}/HEADER/1000B`,
      `${top}/DETAIL`,
      `${top}/DETAIL/2000A`,
      `${top}/DETAIL/2000A/2010AA`,
      `${top}/DETAIL/2000A/2000B`,
      `${top}/DETAIL/2000A/2000B/2010BA`,
      `${top}/DETAIL/2000A/2000B/2010BB`,
      `${top}/DETAIL/2000A/2000B/2000C`,
      `${top}/DETAIL/2000A/2000B/2000C/2010CA`,
      claim,
      `${claim}/2310B`,
      `${claim}/2400`,
    ]);
  });

  it('names elements and takes composites apart', () => {
    const find = (nodes: readonly ExplainNode[], tag: string): ExplainNode | undefined =>
      nodes.flatMap((n) =>
        n.kind === 'loop' ? (find(n.children, tag) ?? []) : n.kind === 'segment' && n.tag === tag ? n : [],
      )[0];
    const clm = find(explain(bytes), 'CLM');
    expect(clm).toMatchObject({ name: 'Claim Information', text: 'CLM*GK4TW7MQX2P01*60***11:B:1*Y*A*Y*Y' });
    expect(clm?.kind === 'segment' ? clm.elements.slice(1, 4) : []).toEqual([
      { ref: 'CLM02', name: 'Total Claim Charge Amount', value: '60' },
      { ref: 'CLM05-01', name: 'Place of Service Code', value: '11' },
      { ref: 'CLM05-02', name: 'Facility Code Qualifier', value: 'B' },
    ]);
    const hi = find(explain(bytes), 'HI');
    expect(hi?.kind === 'segment' ? hi.elements : []).toEqual([
      { ref: 'HI01-01', name: 'Diagnosis Type Code', value: 'ABK' },
      { ref: 'HI01-02', name: 'Diagnosis Code', value: 'F411' },
    ]);
  });

  it('keeps what has no place, and says where reading stopped', () => {
    const odd = text.replace('PRV*BI', 'XYZ*BI').slice(0, 500);
    const explained = segmentsOf(explain(new TextEncoder().encode(odd)));
    expect(explained).toContain('2000A XYZ null');
    expect(explained.at(-1)).toBe('unterminated');
    expect(explain(new TextEncoder().encode('nothing'))).toEqual([{ kind: 'fault', reason: 'no_isa', offset: 0 }]);
  });

  it('has no place for a segment that comes too late, and starts a loop anew at its first segment', () => {
    const swapped = text.replace(/(N3\*410 W MAIN ST~\n)(N4\*MADISON\*WI\*537031234~\n)/, '$2$1');
    expect(swapped).not.toBe(text);
    expect(segmentsOf(explain(new TextEncoder().encode(swapped))).filter((s) => s.endsWith('null'))).toEqual(['2010AA N3 null']);
    const doubled = text.replace(/(NM1\*85.*~\n)/, '$1$1');
    const loops = JSON.stringify(explain(new TextEncoder().encode(doubled))).match(/"id":"2010AA"/g);
    expect(loops).toHaveLength(2);
  });

  it('lets segments of one table position come in any order', () => {
    const swapped = new TextEncoder().encode(text.replace('HI*ABK', 'REF*EA*1~\nREF*G1*2~\nHI*ABK'));
    expect(segmentsOf(explain(swapped)).filter((s) => s.startsWith('2300 REF'))).toEqual([
      '2300 REF Medical Record Number',
      '2300 REF Prior Authorization',
    ]);
  });

  it('follows each set and each interchange of a file from its start', () => {
    const twice = new TextEncoder().encode(
      new TextDecoder().decode(writeInterchange(interchange([1, 2].map((n) => numbered(SELF, n))))).repeat(2),
    );
    const top = explain(twice);
    expect(top.map((n) => n.kind)).toEqual(['loop', 'loop']);
    expect(segmentsOf(top).filter((s) => s === '2300 CLM Claim Information')).toHaveLength(4);
    expect(segmentsOf(top).filter((s) => s.endsWith('null'))).toEqual([]);
  });
});

describe('renderTree', () => {
  it('shows one line per segment under the names of its loops', () => {
    const lines = renderTree(bytes).split('\n');
    expect(lines[0]).toBe('ISA Interchange Control Header');
    expect(lines).toContain('          2010AA Billing Provider Name');
    expect(lines.find((l) => l.includes('N3*410 W MAIN ST'))).toMatch(/^ {12}N3\*410 W MAIN ST {2,}Billing Provider Address$/);
    expect(lines.filter((l) => l.includes('*'))).toHaveLength(text.split('~').length - 1);
  });

  it('shows the elements on request, and what it cannot read', () => {
    expect(renderTree(bytes, { elements: true })).toContain('CLM05-01 11  (Place of Service Code)');
    expect(renderTree(new TextEncoder().encode('x'))).toBe('cannot be read from character 0 on: no_isa\n');
    expect(renderTree(new TextEncoder().encode(text.replace('PRV*BI', 'XYZ*BI')))).toMatch(
      /XYZ\*BI.* {2}not in the guide at this place\n/,
    );
  });
});
