import { describe, expect, it } from 'vitest';
import { createValidator } from '../../../../src/x12/837p/validate/validator.ts';
import { createAcknowledger } from '../../../../src/x12/999/acknowledge.ts';
import { BODY, fileOf, GS, ISA, OPTIONS, replaced } from '../validate/file.ts';

const GOOD = fileOf(BODY);

/** The answer to a file, as segments without the envelope's constants. */
function answer(text: string): { readonly segments: readonly string[]; readonly summary: unknown } {
  let written = '';
  const acknowledger = createAcknowledger({ date: '2026-11-23', time: '1405', controlNumber: 77 }, (t) => {
    written += t;
  });
  const validator = createValidator(OPTIONS, acknowledger.sink);
  validator.push(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  validator.end();
  const summary = acknowledger.end();
  expect(written === '' || written.endsWith('~\n')).toBe(true);
  const segments = written.split('~\n').slice(0, -1);
  for (const set of written.match(/^ST\*999[\s\S]*?^SE\*\d+/gm) ?? []) {
    expect(set.split('\n').length).toBe(Number(set.slice(set.lastIndexOf('*') + 1)));
  }
  return { segments, summary };
}

const inner = (text: string): readonly string[] => answer(text).segments.filter((s) => /^(AK|IK|CTX)/.test(s));

describe('the 999', () => {
  it('goes back where the file came from, in its own numbers', () => {
    const { segments, summary } = answer(GOOD);
    expect(segments).toEqual([
      'ISA*00*          *00*          *ZZ*SANDBOXCH      *ZZ*NORTHSIDE      *261123*1405*^*00501*000000077*0*T*:',
      'GS*FA*SANDBOXCH*NORTHSIDE*20261123*1405*77*X*005010X231A1',
      'ST*999*0077*005010X231A1',
      'AK1*HC*101*005010X222A1',
      'AK2*837*0001*005010X222A1',
      'IK5*A',
      'AK9*A*1*1*1',
      'SE*6*0077',
      'GE*1*77',
      'IEA*1*000000077',
    ]);
    expect(segments[0]).toHaveLength(105);
    expect(summary).toEqual({ sets: 1, accepted: 1, nextControlNumber: 78 });
  });

  it('names segment, loop, element and claim of every fault, in file order', () => {
    const body = replaced('DMG', ['DMG*D8*20110231*M']).map((s) => s.replace('SV1*HC:90853*60', 'SV1*HX:90853*6O'));
    expect(inner(fileOf(body.filter((s) => !s.startsWith('HI*'))))).toEqual([
      'AK1*HC*101*005010X222A1',
      'AK2*837*0001*005010X222A1',
      'IK3*DMG*24*2010*8',
      'IK4*2**8',
      'IK3*HI*28*2300*3',
      'CTX*CLM01:HC8RZ5LNV3T01',
      'IK3*SV1*38*2400*8',
      'CTX*CLM01:HC8RZ5LNV3T01',
      'IK4*1:1**7',
      'IK4*2**6',
      'IK5*R*I5*5',
      'AK9*R*1*1*0',
    ]);
  });

  it('holds no value of the file', () => {
    const text = fileOf(replaced('NM1*IL', ['NM1*IL*1*LINDQVIST\u00e9*KARIN ***MI*XQB900112233']));
    expect(answer(text).segments.join()).not.toMatch(/LINDQVIST|KARIN|XQB/);
  });

  it.each([
    [/SE\*\d+\*0001/, 'SE*12*0001', 'IK5*R*4'],
    [/(SE\*\d+)\*0001/, '$1*0009', 'IK5*R*3'],
    [/(?<=\n)SE\*.*~\n/, '', 'IK5*R*2'],
    ['0001*005010X222A1', '0001*005010X222', 'IK5*R*I6'],
    ['N3*77', 'N7*77', 'IK5*R*5'],
  ])('%s → %s is %s', (from, to, ik5) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    expect(inner(text)).toContain(ik5);
    expect(inner(text).at(-1)).toBe('AK9*R*1*1*0');
  });

  it.each([
    ['GE*1*101', 'GE*1*102', 'AK9*R*1*1*0*4'],
    ['GE*1*101', 'GE*7*101', 'AK9*R*7*1*0*5'],
    [/GE\*.*~\n/, '', 'AK9*R*1*1*0*3'],
    ['X*005010X222A1', 'X*005010X222', 'AK9*R*1*1*0*2'],
  ])('%s → %s refuses the group: %s', (from, to, ak9) => {
    expect(inner(GOOD.replace(from, to)).at(-1)).toBe(ak9);
  });

  it('answers each set, each group and each interchange for itself', () => {
    const set = (number: string, body: readonly string[]): string =>
      [`ST*837*${number}*005010X222A1`, ...body, `SE*${body.length + 2}*${number}`].map((s) => `${s}~`).join('');
    const sets = set('0001', BODY) + set('0002', replaced('DMG', [])) + set('0003', BODY);
    const group = (number: string): string => `${GS.replace('*101*', `*${number}*`)}~${sets}GE*3*${number}~`;
    const file = `${ISA}~${group('101')}${group('102')}IEA*2*000000101~`;
    const { segments, summary } = answer(file + file.replaceAll('000000101', '000000102'));
    const tags = segments.map((s) => s.split('*')[0]).join(' ');
    const one = 'GS ST AK1 AK2 IK5 AK2 IK3 IK5 AK2 IK5 AK9 SE GE';
    expect(tags).toBe(Array(2).fill(`ISA ${one} ${one} IEA`).join(' '));
    expect(segments.filter((s) => s.startsWith('AK9'))).toEqual(Array(4).fill('AK9*P*3*3*2'));
    expect(segments.filter((s) => s.startsWith('IEA'))).toEqual(['IEA*2*000000077', 'IEA*2*000000079']);
    expect(new Set(segments.filter((s) => s.startsWith('GS'))).size).toBe(4);
    expect(summary).toEqual({ sets: 12, accepted: 8, nextControlNumber: 81 });
  });

  it('is nothing for a file without a group, and ends where a file breaks off', () => {
    expect(answer('hello').segments).toEqual([]);
    expect(inner(GOOD.slice(0, GOOD.indexOf('HI*')))).toEqual([
      'AK1*HC*101*005010X222A1',
      'AK2*837*0001*005010X222A1',
      'IK5*R*2',
      'AK9*R*1*1*0',
    ]);
  });

  it('takes delimiters and control characters out of what it repeats', () => {
    const odd = GOOD.replaceAll('*', '|').replace('|NORTHSIDE|SANDBOXCH|2026', '|A*B:C|D^E\u0007|2026');
    const { segments } = answer(odd);
    expect(segments[1]).toBe('GS*FA*D E*A B C*20261123*1405*77*X*005010X231A1');
  });

  it('keeps the memory of a set with a thousand faults small and its answer right', () => {
    const { segments } = answer(fileOf([...BODY, ...Array.from({ length: 2_000 }, () => 'ZZZ*1')]));
    expect(segments.filter((s) => s.startsWith('IK3'))).toHaveLength(500);
    expect(segments).toContain('IK5*R*5');
  });
});
