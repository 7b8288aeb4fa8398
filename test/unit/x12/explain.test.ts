import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createExplainer, type ExplainOptions, renderTree } from '../../../src/x12/837p/explain.ts';
import { ALL_SNIP_TYPES } from '../../../src/x12/837p/validate/options.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { interchange, numbered, SELF } from '../../golden/base.ts';

const GOLDEN = fileURLToPath(new URL('../../golden/', import.meta.url));
const bytes = writeInterchange(interchange([SELF]));
const text = new TextDecoder().decode(bytes);
const encode = (source: string): Uint8Array => new TextEncoder().encode(source);
/** Lines of the tree without the column of numbers. */
const explained = (source: string | Uint8Array, options: ExplainOptions = {}): string[] =>
  renderTree(typeof source === 'string' ? encode(source) : source, options)
    .trimEnd()
    .split('\n')
    .map((line) => (/^[ 0-9()]{6} {2}/.test(line) ? line.slice(8) : line));
const STRANGE = 'not in the guide at this place';
const findings = { snip: ALL_SNIP_TYPES.slice(0, 2), today: '2026-01-01', codeSets: null, receiver: null, own: false };

describe('renderTree', () => {
  it('shows every segment of every golden file under a loop of the guide, in order', () => {
    for (const file of readdirSync(GOLDEN).filter((f) => f.endsWith('.837'))) {
      const source = readFileSync(`${GOLDEN}${file}`, 'latin1');
      const lines = explained(source);
      expect(lines.filter((l) => l.endsWith(STRANGE))).toEqual([]);
      const segments = lines.filter((l) => l.includes('*')).map((l) => l.trim().split('  ')[0]);
      expect(segments).toEqual(
        source
          .split(/~\n?/)
          .filter((s) => s !== '')
          .map((s) => s.trimEnd().split('  ')[0]),
      );
    }
  });

  it('nests the patient under the subscriber and the lines under the claim', () => {
    const loops = explained(readFileSync(`${GOLDEN}dependent-child.837`)).filter((l) => !l.includes('*'));
    expect(loops).toEqual([
      'ISA Interchange Control Header',
      '  GS Functional Group Header',
      '    ST Transaction Set Header',
      '      1000A Submitter Name',
      '      1000B Receiver Name',
      '      2000A Billing Provider Hierarchical Level',
      '        2010AA Billing Provider Name',
      '        2000B Subscriber Hierarchical Level',
      '          2010BA Subscriber Name',
      '          2010BB Payer Name',
      '          2000C Patient Hierarchical Level',
      '            2010CA Patient Name',
      '            2300 Claim Information',
      '              2310B Rendering Provider Name',
      '              2400 Service Line Number',
    ]);
  });

  it('shows headers and trailers at one depth', () => {
    const lines = explained(bytes).filter((l) => /^ *(ISA|GS|ST|SE|GE|IEA)\*/.test(l));
    expect(lines.map((l) => l.search(/\S/))).toEqual([2, 4, 6, 6, 4, 2]);
  });

  it('names elements, takes composites apart and says what codes mean', () => {
    const lines = explained(bytes, { elements: true }).map((l) => l.trim());
    for (const expected of [
      'CLM02    60  (Total Claim Charge Amount)',
      'CLM05-01 11  (Place of Service Code)',
      'CLM05-03 1 = original claim  (Claim Frequency Code)',
      'HI01-01  ABK = principal diagnosis, ICD-10-CM  (Diagnosis Type Code)',
      'HI01-02  F411  (Diagnosis Code)',
      'NM101    85 = billing provider  (Entity Identifier Code)',
      'ISA16    :  (Component Element Separator)',
    ])
      expect(lines).toContain(expected);
  });

  it('keeps what has no place, and reads on', () => {
    const lines = explained(text.replace('PRV*BI', 'XYZ*BI'));
    expect(lines.filter((l) => l.endsWith(STRANGE))).toEqual([expect.stringMatching(/^ {8}XYZ\*BI/)]);
    expect(lines.at(-1)).toContain('IEA*1*');
    expect(explained('nothing')).toEqual(['There is no interchange in it: no ISA segment can be read.']);
    expect(explained(text.slice(0, 500)).length).toBeGreaterThan(8);
  });

  it('follows each set and each interchange of a file from its start', () => {
    const twice = new TextDecoder().decode(writeInterchange(interchange([1, 2].map((n) => numbered(SELF, n))))).repeat(2);
    const lines = explained(twice);
    expect(lines.filter((l) => l.startsWith('ISA '))).toHaveLength(2);
    expect(lines.filter((l) => / CLM\*.*Claim Information$/.test(l))).toHaveLength(4);
    expect(lines.filter((l) => l.endsWith(STRANGE))).toEqual([]);
  });

  it('lets segments of one table position come in any order', () => {
    const lines = explained(text.replace('HI*ABK', 'REF*EA*1~\nREF*G1*2~\nHI*ABK'));
    expect(lines.filter((l) => / REF\*(EA|G1)/.test(l)).map((l) => l.trim().split(/ {2,}/)[1])).toEqual([
      'Medical Record Number',
      'Prior Authorization',
    ]);
  });

  it('numbers the segments as findings do: in the set, and in parentheses in the file', () => {
    const numbers = renderTree(bytes)
      .split('\n')
      .filter((l) => l.includes('*'))
      .map((l) => l.slice(0, 8).trim());
    const inSet = numbers.length - 4;
    expect(numbers).toEqual([
      '(1)',
      '(2)',
      ...Array.from({ length: inSet }, (_, i) => String(i + 1)),
      `(${inSet + 3})`,
      `(${inSet + 4})`,
    ]);
  });

  it('shows a finding behind its segment, and one about a loop before the loop ends', () => {
    const broken = text.replace('CLM*GK4TW7MQX2P01*60', 'CLM*GK4TW7MQX2P01*6O').replace(/HI\*ABK.*~\n/, '');
    const lines = explained(broken, { findings });
    const clm = lines.findIndex((l) => l.trim().startsWith('CLM*'));
    expect(lines[clm + 1]).toMatch(/^ {14}!! SNIP 1 element\.number, segment 19 of the set: CLM02 \(Total Claim Charge Amount\)/);
    const missing = lines.findIndex((l) => l.includes('segment.required'));
    expect(lines[missing]).toContain('The segment HI (Health Care Diagnosis Code) is required in loop 2300');
    expect(missing).toBeGreaterThan(clm);
    expect(lines.findIndex((l) => l.trim().startsWith('SE*'))).toBeGreaterThan(missing);
  });

  it('puts findings of types 3 to 7 behind their segments too, in every claim', () => {
    const all = { ...findings, snip: ALL_SNIP_TYPES, today: '2026-12-01' };
    const two = new TextDecoder().decode(writeInterchange(interchange([1, 2].map((n) => numbered(SELF, n)))));
    const broken = two
      .replaceAll('N3*410 W MAIN ST', 'N3*PO BOX 410')
      .replaceAll('*1093817462', '*1093817463')
      .replace('SV1*HC:90853*60', 'SV1*HC:90853*61');
    const lines = renderTree(encode(broken), { findings: all }).split('\n');
    const said = lines.flatMap((line, i) => {
      const [, rule = '', at = ''] = /!! SNIP \d (\S+), segment (\d+) of the set/.exec(line) ?? [];
      if (rule === '') return [];
      const owner = lines.slice(0, i).findLast((l) => !l.includes('SNIP')) ?? '';
      expect(owner.slice(0, 8).trim()).toBe(at);
      return [`${rule} ${owner.slice(8).trim().split('*')[0]}`];
    });
    expect(said).toEqual(['E8 N3', 'E19 CLM', 'E5 NM1', 'E8 N3', 'E5 NM1']);
  });

  it('names the segment of a finding whose lines have gone with an earlier claim', () => {
    const one = new TextDecoder().decode(bytes).replaceAll('N3*410 W MAIN ST', 'N3*PO BOX 410');
    const second = one
      .slice(one.indexOf('HL*2'), one.indexOf('\nSE*') + 1)
      .replaceAll('01*60', '02*60')
      .replace('HL*2', 'HL*3');
    const lines = explained(one.replace('\nSE*', `\n${second}SE*`), {
      findings: { ...findings, snip: [4], today: '2026-12-01' },
    });
    const n3 = lines.findIndex((l) => l.trim().startsWith('N3*PO BOX'));
    expect(lines[n3 + 1]).toContain('SNIP 4 E8, segment ');
    const last = lines.findLastIndex((l) => l.includes('SNIP 4 E8'));
    expect(last).toBeGreaterThan(lines.findLastIndex((l) => l.trim().startsWith('CLM*')));
    expect(last).toBeLessThan(lines.findIndex((l) => l.trim().startsWith('SE*')));
  });

  it('gives the terminal no control and shows accents in whichever encoding they came', () => {
    const odd = text.replace('N3*410 W MAIN ST', 'N3*410 \u001b[31mCAF\u00c9');
    const latin1 = Uint8Array.from(odd, (c) => c.charCodeAt(0));
    for (const source of [encode(odd), latin1]) expect(renderTree(source)).toContain('N3*410  [31mCAFÉ');
  });

  it('gives the same lines however the bytes are cut', () => {
    const lines: string[] = [];
    const explainer = createExplainer({ elements: true }, (l) => lines.push(l));
    for (const byte of bytes) explainer.push(Uint8Array.of(byte));
    expect(explainer.end()).toMatchObject({ sets: 1, claims: 1, segments: text.split('~').length - 1 });
    expect(lines.join('')).toBe(renderTree(bytes, { elements: true }));
  });
});
