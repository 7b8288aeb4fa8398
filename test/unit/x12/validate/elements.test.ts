import { describe, expect, it } from 'vitest';
import { at, BODY, fileOf, findingsOf, found, replaced } from './file.ts';

/** The segment that starts so, with a part of it changed, in an otherwise good file. */
const changed = (start: string, from: string | RegExp, to: string): string => {
  const segment = BODY[at(start) - 2] as string;
  const result = segment.replace(from, to);
  if (result === segment) throw new Error(`${start} has no ${from}`);
  return fileOf(replaced(start, [result]));
};

describe('faults inside a segment, each found once and in its place', () => {
  it.each([
    // start, from, to, SNIP, rule, loop, element, IK403
    ['NM1*85', '*NORTHSIDE COUNSELING*', '**', 2, 'element.required', '2010AA', 'NM103', '1'],
    ['NM1*40', '*2*', '**', 2, 'element.required', '1000B', 'NM102', '1'],
    ['CLM', '*11:B:1', '*', 2, 'element.required', '2300', 'CLM05', '1'],
    ['CLM', '11:B:1', '11::1', 2, 'element.required', '2300', 'CLM05-02', '1'],
    ['SBR*P', '*BL', '', 1, 'segment.trailing_delimiters', '2000B', null, '3'],
    ['HL*1', '**', '*1*', 2, 'element.not_used', '2000A', 'HL02', 'I10'],
    ['NM1*QC', '*NILS', '*NILS**DR', 2, 'element.not_used', '2010CA', 'NM106', 'I10'],
    ['N3*410', 'ST', 'ST*FLOOR 2*ROOM 4', 1, 'segment.too_many', '2010AA', null, '3'],
    ['N3*410', '410 W MAIN ST', 'X'.repeat(56), 1, 'element.too_long', '2010AA', 'N301', '5'],
    ['N4*MADISON*WI*537031234', 'MADISON', 'M', 1, 'element.too_short', '2010AA', 'N401', '4'],
    ['NM1*41', '391234567', '3', 1, 'element.too_short', '1000A', 'NM109', '4'],
    ['N3*410', 'MAIN', 'MA\u0007IN', 1, 'element.charset', '2010AA', 'N301', '6'],
    ['NM1*IL', 'KARIN', 'KAR\u00cdN', 1, 'element.charset', '2010BA', 'NM104', '6'],
    ['NM1*IL', 'KARIN', 'KARIN ', 1, 'element.spaces', '2010BA', 'NM104', '6'],
    ['NM1*IL', 'KARIN', ' KARIN', 1, 'element.spaces', '2010BA', 'NM104', '6'],
    ['NM1*IL', 'KARIN', ' ', 1, 'element.spaces', '2010BA', 'NM104', '6'],
    ['CLM', '*120*', '*1,20*', 1, 'element.number', '2300', 'CLM02', '6'],
    ['CLM', '*120*', '*+120*', 1, 'element.number', '2300', 'CLM02', '6'],
    ['CLM', '*120*', '*1.2.0*', 1, 'element.number', '2300', 'CLM02', '6'],
    ['CLM', '*120*', '*.*', 1, 'element.number', '2300', 'CLM02', '6'],
    ['CLM', '*120*', '*1E2*', 1, 'element.number', '2300', 'CLM02', '6'],
    ['CLM', '*120*', `*${'1'.repeat(19)}*`, 1, 'element.too_long', '2300', 'CLM02', '5'],
    ['LX*1', '*1', '*1.0', 1, 'element.number', '2400', 'LX01', '6'],
    ['BHT', '20261121', '20261131', 1, 'element.date', 'HEADER', 'BHT04', '8'],
    ['BHT', '20261121', '261121', 1, 'element.too_short', 'HEADER', 'BHT04', '4'],
    ['BHT', '*0915*', '*2515*', 1, 'element.time', 'HEADER', 'BHT05', '9'],
    ['BHT', '*0915*', '*09151*', 1, 'element.time', 'HEADER', 'BHT05', '9'],
    ['DTP*472', '20261120', '20261320', 2, 'element.date_format', '2400', 'DTP03', '8'],
    ['DTP*472', 'D8*20261120', 'RD8*20261120', 2, 'element.date_format', '2400', 'DTP03', '8'],
    ['DTP*472', 'D8*20261120', 'RD8*20261120-20261119', 2, 'element.date_format', '2400', 'DTP03', '8'],
    ['DMG', '20110228', '20110229', 2, 'element.date_format', '2010CA', 'DMG02', '8'],
    ['DMG', '*M', '*X', 2, 'element.code', '2010CA', 'DMG03', '7'],
    ['DTP*472', '*D8*', '*D9*', 2, 'element.code', '2400', 'DTP02', '7'],
    ['CLM', ':B:1', ':A:1', 2, 'element.code', '2300', 'CLM05-02', '7'],
    ['HI*', 'ABF', 'ABG', 2, 'element.code', '2300', 'HI02-01', '7'],
    ['SV1', 'HC:', 'HX:', 2, 'element.code', '2400', 'SV101-01', '7'],
    ['SV1', '90853', '90853:::::GROUP THERAPY:X', 2, 'element.not_used', '2400', 'SV101-08', 'I10'],
    ['SV1', '90853', '90853:', 1, 'element.trailing_components', '2400', 'SV101', '13'],
    ['CLM', '11:B:1', '11:B:1:4', 1, 'element.too_many_components', '2300', 'CLM05', '13'],
    ['NM1*85', 'NORTHSIDE', 'NORTH:SIDE', 1, 'element.too_many_components', '2010AA', 'NM103', '13'],
    ['NM1*85', 'NORTHSIDE', 'NORTH^SIDE', 1, 'element.repeated', '2010AA', 'NM103', '12'],
    ['SV1', '1:2', '1:2^3', 1, 'element.repeated', '2400', 'SV107-02', '12'],
    ['PER', '*6085550142', '*6085550142*EX', 2, 'element.syntax', '1000A', 'PER06', '2'],
    ['NM1*85', '*XX*1457382913', '*XX', 2, 'element.syntax', '2010AA', 'NM109', '2'],
    ['N4*MADISON*WI*537031234', '537031234', '537031234****WI', 2, 'element.exclusion', '2010AA', 'N407', '10'],
  ] as const)('%s: %s → %s', (start, from, to, snip, rule, loop, element, ik4) => {
    const findings = findingsOf(changed(start, from, to));
    const place = {
      inSet: at(start),
      loop,
      segment: start.split('*')[0],
      element,
      set: '0001',
      group: '101',
      interchange: '000000101',
    };
    expect(findings[0]).toMatchObject({ snip, rule, severity: 'error', place, ik3: '8', ik4 });
    const companion = rule === 'element.exclusion' ? 2 : 1;
    expect(findings).toHaveLength(companion);
  });
});

describe('what is nobody’s fault', () => {
  it.each([
    ['CLM', '*120*', '*120.00*'],
    ['CLM', '*120*', '*0120*'],
    ['CLM', '*120*', '*-120.5*'],
    ['CLM', 'HC8RZ5LNV3T01', 'acct #7 @x'],
    ['NM1*IL', 'KARIN', 'Karin_~'.slice(0, 6)],
    ['BHT', '*0915*', '*09153059*'],
    ['DTP*472', 'D8*20261120', 'RD8*20261119-20261120'],
    ['N3*410', 'MAIN', 'MAIN  "&\'()+,-./;?=!%[]{}\\|<>`#$'],
  ])('%s: %s → %s', (start, from, to) => {
    expect(found(changed(start, from, to))).toEqual([]);
  });
});

describe('findings', () => {
  it('name element and segment as the guide does, and hold no value of the patient', () => {
    const [finding] = findingsOf(changed('NM1*IL', 'LINDQVIST', 'LINDQVIST\u00e9'));
    expect(finding?.message).toBe(
      'NM103 (Subscriber Last Name) of Subscriber Name, loop 2010BA, has a character that X12 does not allow (a control character, or a letter with an accent).',
    );
    expect(JSON.stringify(finding)).not.toContain('LINDQVIST');
    const [code] = findingsOf(changed('DMG', '*M', '*X'));
    expect(code?.message).toContain('has a code that the guide does not allow here; allowed: F, M, U.');
  });

  it('name the claim that they are in', () => {
    expect(findingsOf(changed('DTP*472', '*D8*', '*D9*'))[0]?.place.claim).toBe('HC8RZ5LNV3T01');
    expect(findingsOf(changed('DMG', '*M', '*X'))[0]?.place.claim).toBeNull();
  });

  it('are only of the types asked for', () => {
    const file = changed('SV1', 'HC:90853*60', 'HX:90853*6O');
    expect(findingsOf(file).map((f) => f.snip)).toEqual([2, 1]);
    expect(findingsOf(file, { snip: [1] }).map((f) => f.rule)).toEqual(['element.number']);
    expect(findingsOf(file, { snip: [2] }).map((f) => f.rule)).toEqual(['element.code']);
    expect(findingsOf(file, { snip: [] })).toEqual([]);
  });

  it('tells PWK segments of one report type apart by how they are sent', () => {
    const pwk = (transmission: string): readonly string[] =>
      found(fileOf(replaced('DTP*472', [`PWK*CT*${transmission}`, 'PWK*CT*AA', BODY[at('DTP*472') - 2] as string])));
    expect(pwk('AB')).toEqual([]);
    expect(pwk('AB').concat(pwk('ZZ'))).toEqual([`2 segment.qualifier ${at('DTP*472')} 2400 PWK02 8/7`]);
  });
});
