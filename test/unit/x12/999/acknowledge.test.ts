import { describe, expect, it } from 'vitest';
import { ALL_SNIP_TYPES, type ValidateOptions } from '../../../../src/x12/837p/validate/options.ts';
import { createValidator } from '../../../../src/x12/837p/validate/validator.ts';
import { createAcknowledger } from '../../../../src/x12/999/acknowledge.ts';
import { SHIPPED_CODE_SETS } from '../../../../src/x12/code-sets/shipped.ts';
import { BODY, fileOf, GS, ISA, OPTIONS, replaced } from '../validate/file.ts';
import { fileOf as claimFile, findingsIn, SELF_CLAIM, swap } from '../validate/good-files.ts';

const GOOD = fileOf(BODY);

/** The answer to a file, as segments without the envelope's constants. */
const ALL: ValidateOptions = { ...OPTIONS, snip: ALL_SNIP_TYPES, codeSets: SHIPPED_CODE_SETS };

function answer(text: string, options = OPTIONS): { readonly segments: readonly string[]; readonly summary: unknown } {
  let written = '';
  const acknowledger = createAcknowledger({ date: '2026-11-23', time: '1405', controlNumber: 77 }, (t) => {
    written += t;
  });
  const validator = createValidator(options, acknowledger.sink);
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
    expect(summary).toEqual({ sets: 1, accepted: 1, refused: [], unanswered: 0, nextControlNumber: 78 });
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
    ['GE*1*101', 'GE*X*101', 'AK9*R*1*1*0*5'],
    [/GE\*.*~\n/, '', 'AK9*R*1*1*0*3'],
    ['X*005010X222A1', 'X*005010X222', 'AK9*R*1*1*0*2'],
    ['GS*HC', 'GS*HP', 'AK9*R*1*1*0*1'],
  ])('%s → %s refuses the group and says nothing of its sets: %s', (from, to, ak9) => {
    const { segments, summary } = answer(GOOD.replace(from, to));
    expect(segments.filter((s) => /^(AK|IK)/.test(s)).map((s) => s.split('*')[0])).toEqual(['AK1', 'AK9']);
    expect(segments).toContain(ak9);
    expect(summary).toMatchObject({ sets: 1, accepted: 0, refused: [] });
  });

  it.each([
    ['IEA*1*000000101', 'IEA*1*000000102', '001'],
    ['IEA*1*', 'IEA*2*', '021'],
    ['IEA*1*', 'IEA*X*', '021'],
    [/IEA\*.*~\n/, '', '023'],
    ['*261121*', '*261321*', '014'],
    ['*0915*^', '*0975*^', '015'],
    ['*00501*', '*00401*', '017'],
    ['*T*:', '*I*:', '020'],
    ['*^*', '*U*', '022'],
    ['*20261121*0915*101', '*20261321*0915*101', '024'],
    ['GS*HC', 'GS*ZZ', '024'],
    [/GS\*.*~\n/, '', '024'],
    [/ST\*837.*~\n/, '', '022'],
    ['GE*', 'REF*G1*1~\nGE*', '022'],
    [/IEA(.*)~\n/, 'IEA$1', '004'],
    [/~\nSE[\s\S]*$/, '', '023'],
    [/HI\*ABK[\s\S]*$/, '', '023'],
  ])('%s → %s refuses the interchange by a TA1 (note %s), without a 999', (from, to, note) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    const { segments, summary } = answer(text);
    expect(segments.map((s) => s.split('*')[0])).toEqual(['ISA', 'TA1', 'IEA']);
    expect(segments[1]).toMatch(new RegExp(`^TA1\\*000000101\\*26[0-9]{4}\\*09[0-9]{2}\\*R\\*${note}$`));
    expect(segments[2]).toBe('IEA*0*000000077');
    expect(summary).toMatchObject({ accepted: 0, refused: [{ interchange: '000000101', note }], nextControlNumber: 78 });
  });

  it('refuses one interchange of several, the rest go on in their numbers', () => {
    const bad = GOOD.replace('IEA*1*', 'IEA*3*');
    const { segments, summary } = answer(
      bad + GOOD.replaceAll('000000101', '000000102') + GOOD.replaceAll('000000101', '000000103'),
    );
    expect(segments.map((s) => s.split('*')[0]).join(' ')).toBe(
      'ISA TA1 IEA ISA GS ST AK1 AK2 IK5 AK9 SE GE IEA ISA GS ST AK1 AK2 IK5 AK9 SE GE IEA',
    );
    expect(segments.filter((s) => s.startsWith('IEA'))).toEqual(['IEA*0*000000077', 'IEA*1*000000078', 'IEA*1*000000079']);
    expect(summary).toMatchObject({ sets: 3, accepted: 2, nextControlNumber: 80 });
    expect(answer(GOOD + GOOD).segments).toContain('TA1*000000101*261121*0915*R*025');
  });

  it('says yes to an interchange that asks for a TA1', () => {
    const { segments } = answer(GOOD.replace('*0*T*:', '*1*T*:'));
    expect(segments.slice(1, 3).map((s) => s.split('*')[0])).toEqual(['TA1', 'GS']);
    expect(segments[1]).toBe('TA1*000000101*261121*0915*A*000');
  });

  it('counts what lies outside of any interchange', () => {
    expect(answer('hello')).toEqual({
      segments: [],
      summary: { sets: 0, accepted: 0, refused: [], unanswered: 1, nextControlNumber: 77 },
    });
  });

  it.each([
    ['balance', swap(SELF_CLAIM, 'CLM', '*60*', '*61*'), 'IK5*A'],
    ['line of service', swap(SELF_CLAIM, 'SV1', '*UN*1', '*UN*2'), 'IK5*A'],
    ['house style', swap(SELF_CLAIM, 'CLM', 'GK4TW7MQX2P01', 'GK4TW7MQX2P0000000001'), 'IK5*A'],
    ['situation', swap(SELF_CLAIM, 'NM1*82', '*ADA*', '**'), 'IK5*R*I5'],
    ['code set', swap(SELF_CLAIM, 'NM1*82', '1093817462', '1093817463'), 'IK5*R*I5'],
  ])('a fault of %s', (_, body, ik5) => {
    expect(answer(claimFile(SELF_CLAIM), ALL).segments).toContain('IK5*A');
    expect(findingsIn(claimFile(body), ALL).some((f) => f.severity === 'error')).toBe(true);
    expect(answer(claimFile(body), ALL).segments).toContain(ik5);
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
    expect(summary).toEqual({ sets: 12, accepted: 8, refused: [], unanswered: 0, nextControlNumber: 81 });
  });

  it('takes delimiters and control characters out of what it repeats', () => {
    const odd = GOOD.replaceAll('*', '|').replace('|NORTHSIDE|SANDBOXCH|2026', '|A*B|D*E|2026');
    const { segments } = answer(odd);
    expect(segments[1]).toBe('GS*FA*D E*A B*20261123*1405*77*X*005010X231A1');
  });

  it.each([
    ['*101*X', '*X1*X', 'AK1*HC*0*005010X222A1'],
    ['*101*X', '*1234567890*X', 'AK1*HC*0*005010X222A1'],
    ['X*005010X222A1~\nST', 'X~\nST', 'AK1*HC*101*005010X222A1'],
    ['X*005010X222A1~\nST', 'X*005010 X222A1 and more~\nST', 'AK1*HC*101*005010 X222A'],
    ['ST*837*0001*', 'ST*837*1*', 'AK2*837*0001*005010X222A1'],
    ['ST*837*0001*', 'ST*837**', 'AK2*837*0000*005010X222A1'],
    ['ST*837*0001*', 'ST*837*0001222A1XYZ*', 'AK2*837*0001222A1*005010X222A1'],
    ['N3*77', 'N*77', 'IK3*XXX*22*2010*1'],
    ['N3*77', '*77', 'IK3*XXX*22*2010*1'],
    ['N3*77', 'N3ab*77', 'IK3*XXX*22*2010*1'],
  ])('is one that can be read whatever the file has: %s → %s', (from, to, expected) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    expect(inner(text)).toContain(expected);
  });

  it('keeps the memory of a set with a thousand faults small and its answer right', () => {
    const { segments } = answer(fileOf([...BODY, ...Array.from({ length: 2_000 }, () => 'ZZZ*1')]));
    expect(segments.filter((s) => s.startsWith('IK3'))).toHaveLength(500);
    expect(segments).toContain('IK5*R*5');
  });
});
