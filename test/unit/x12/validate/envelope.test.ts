import { describe, expect, it } from 'vitest';
import { BODY, fileOf, findingsOf, found, GS, ISA } from './file.ts';

const GOOD = fileOf(BODY);
const changed = (from: string | RegExp, to: string): string => {
  const result = GOOD.replace(from, to);
  if (result === GOOD) throw new Error(`nothing to change: ${from}`);
  return result;
};
const SE = BODY.length + 2;
/** A set with another number, and envelopes around sets. */
const set = (number: string): string =>
  [`ST*837*${number}*005010X222A1`, ...BODY, `SE*${BODY.length + 2}*${number}`].map((s) => `${s}~\n`).join('');
const group = (number: string, sets: readonly string[], count = sets.length): string =>
  `${GS.replace('*101*', `*${number}*`)}~\n${sets.join('')}GE*${count}*${number}~\n`;
const interchange = (number: string, groups: readonly string[], count = groups.length): string =>
  `${ISA.replace('000000101', number)}~\n${groups.join('')}IEA*${count}*${number}~\n`;

describe('counts and control numbers', () => {
  it.each([
    [/SE\*\d+/, 'SE*12', `1 set.segment_count ${SE} ST_LOOP SE01 -/-`],
    [/SE\*(\d+)\*0001/, 'SE*$1*0002', `1 set.control_number ${SE} ST_LOOP SE02 -/-`],
    [/SE\*(\d+)\*0001/, 'SE*$1*001', `1 element.too_short ${SE} ST_LOOP SE02 8/4`],
    ['GE*1*', 'GE*2*', `1 group.set_count #${SE + 3} GS_LOOP GE01 -/-`],
    ['GE*1*101', 'GE*1*102', `1 group.control_number #${SE + 3} GS_LOOP GE02 -/-`],
    ['IEA*1*', 'IEA*0*', `1 interchange.group_count #${SE + 4} ISA_LOOP IEA01 -/-`],
    ['IEA*1*000000101', 'IEA*1*000000102', `1 interchange.control_number #${SE + 4} ISA_LOOP IEA02 -/-`],
    [/SE\*\d+/, 'SE*X', `1 element.number ${SE} ST_LOOP SE01 8/6`],
  ])('%s → %s', (from, to, expected) => {
    expect(found(changed(from, to))).toContain(expected);
    expect(found(changed(from, to)).filter((f) => !f.includes('control_number') || f === expected)).toHaveLength(1);
  });

  it('numbers of type N0 are equal whatever their zeros, ST02 is not', () => {
    expect(found(changed('GE*1*101', 'GE*01*0101'))).toEqual([
      `1 element.padded #${SE + 3} GS_LOOP GE01 8/6`,
      `1 element.padded #${SE + 3} GS_LOOP GE02 8/6`,
    ]);
    expect(findingsOf(changed('GE*1*101', 'GE*01*0101')).map((f) => f.severity)).toEqual(['warning', 'warning']);
    expect(found(changed(/SE\*(\d+)\*0001/, 'SE*$1*00001'))).toEqual([`1 set.control_number ${SE} ST_LOOP SE02 -/-`]);
  });

  it('several sets, groups and interchanges, each counted for itself', () => {
    const sets = [set('0001'), set('0002')];
    const file =
      interchange('000000101', [group('101', sets), group('102', sets)]) + interchange('000000102', [group('101', sets)]);
    expect(found(file)).toEqual([]);
  });

  it('repeated numbers', () => {
    const one = interchange('000000101', [group('101', [set('0001')])]);
    expect(found(one + one)).toEqual([`1 interchange.repeated #${SE + 5} ISA_LOOP ISA13 -/-`]);
    expect(found(interchange('000000101', [group('101', [set('0001')]), group('101', [set('0001')])]))).toEqual([
      `1 group.repeated #${SE + 4} GS_LOOP GS06 -/-`,
    ]);
    expect(found(interchange('000000101', [group('101', [set('0001'), set('0001')])]))).toEqual([
      `1 set.repeated 1 ST_LOOP ST02 8/7`,
    ]);
  });
});

describe('headers and trailers that are not there', () => {
  it.each([
    ['SE', /(?<=\n)SE\*.*~\n/, `1 set.trailer ${SE} ST_LOOP SE -/-`],
    ['GE', /GE\*.*~\n/, `1 group.trailer #${SE + 3} GS_LOOP GE -/-`],
    ['IEA', /IEA\*.*~\n/, `1 file.truncated #${SE + 3} ISA_LOOP IEA -/-`],
    ['GS', /GS\*.*~\n/, `1 group.header #2 GS_LOOP GS -/-`],
    ['ST', /ST\*837.*~\n/, `1 set.header #3 ST_LOOP ST -/-`],
    ['ISA', /ISA.*~\n/, '1 file.no_interchange #0 - ISA -/-'],
  ])('no %s', (_, from, expected) => {
    expect(found(changed(from, ''))).toEqual([expected]);
  });

  it('a file that breaks off is one finding, wherever that is', () => {
    for (const [cut, expected] of [
      [GOOD.indexOf('GE*'), 'GE'],
      [GOOD.indexOf('IEA*'), 'IEA'],
      [GOOD.indexOf('HI*'), 'SE'],
      [GOOD.indexOf('GS*'), 'IEA'],
    ] as const)
      expect(found(GOOD.slice(0, cut)).map((f) => f.split(' ').slice(1, 2).concat(f.split(' ').slice(4, 5)).join(' '))).toEqual([
        `file.truncated ${expected}`,
      ]);
  });

  it('one interchange inside another', () => {
    const open = GOOD.replace(/IEA.*~\n/, '');
    expect(found(open + GOOD.replaceAll('000000101', '000000102'))).toEqual([
      `1 interchange.trailer #${SE + 4} ISA_LOOP IEA -/-`,
    ]);
  });

  it('segments outside of a set are one finding', () => {
    expect(found(changed('GE*', 'REF*G1*1~\nN3*X~\nGE*'))).toEqual([`1 segment.outside #${SE + 3} - REF -/-`]);
    expect(found(changed('ST*837', 'N3*X~\nST*837'))).toEqual(['1 segment.outside #3 - N3 -/-']);
  });
});

describe('versions and other kinds of file', () => {
  it.each([
    ['005010X222A1', '005010X222A2'],
    ['005010X222A1', '005010X222'],
  ])('%s as %s is one finding, and the set is read', (from, to) => {
    const file = GOOD.replaceAll(from, to).replace('HC8RZ5LNV3T01', 'X'.repeat(39));
    expect(found(file)[0]).toBe('2 element.code #2 GS_LOOP GS08 8/7');
    expect(found(file)).toHaveLength(2);
  });

  it('GS08 or ST03 alone', () => {
    expect(found(changed('X*005010X222A1', 'X*005010X222'))).toEqual(['2 element.code #2 GS_LOOP GS08 8/7']);
    expect(found(changed('0001*005010X222A1', '0001*005010X222'))).toEqual(['2 element.code 1 ST_LOOP ST03 8/7']);
    expect(found(changed('0001*005010X222A1', '0001'))).toEqual(['2 element.required 1 ST_LOOP ST03 8/1']);
    expect(found(changed('0001*005010X222A1', '0001*NONSENSE'))).toEqual(['2 element.code 1 ST_LOOP ST03 8/7']);
  });

  it('another guide is said and not read', () => {
    const institutional = GOOD.replaceAll('005010X222A1', '005010X223A2').replace(/CLM.*~/, 'XXX*1~');
    expect(found(institutional)).toEqual(['2 element.code #2 GS_LOOP GS08 8/7']);
    const remittance = `${ISA}~GS*HP*PAYER*CLINIC*20261121*0915*101*X*005010X221A1~ST*835*0001~BPR*I*0*C*NON************20261121~SE*3*0001~GE*1*101~IEA*1*000000101~`;
    expect(found(remittance).map((f) => f.split(' ').slice(1, 5).join(' '))).toEqual([
      'element.code #2 GS_LOOP GS01',
      'element.code #2 GS_LOOP GS08',
      'element.code 1 ST_LOOP ST01',
      'element.required 1 ST_LOOP ST03',
    ]);
  });
});

describe('the ISA', () => {
  it.each([
    ['NORTHSIDE      ', 'NORTHSIDE', '1 element.too_short #1 ISA_LOOP ISA06 8/4'],
    ['NORTHSIDE      ', 'NORTHSIDE        ', '1 element.too_long #1 ISA_LOOP ISA06 8/5'],
    ['*00501*', '*00401*', '2 element.code #1 ISA_LOOP ISA12 8/7'],
    ['*^*', '*U*', '1 isa.repetition_separator #1 ISA_LOOP ISA11 -/-'],
    ['*^*', '*:*', '1 isa.repetition_separator #1 ISA_LOOP ISA11 -/-'],
    ['*T*:', '*I*:', '2 element.code #1 ISA_LOOP ISA15 8/7'],
    ['*261121*', '*261321*', '1 element.date #1 ISA_LOOP ISA09 8/8'],
    ['*0915*^', '*0975*^', '1 element.time #1 ISA_LOOP ISA10 8/9'],
    ['*0*T*', '*T*', '1 segment.too_few'],
  ])('%s → %s', (from, to, expected) => {
    const result = found(changed(from, to));
    if (to === '*T*') {
      expect(result.every((f) => f.includes('#1 ISA_LOOP') || f.includes('IEA'))).toBe(true);
      expect(result.length).toBeGreaterThan(0);
    } else expect(result).toEqual([expected]);
  });

  it('a TA1 behind it is checked too', () => {
    expect(found(changed('GS*', 'TA1*000000005*261121*0915*A*000~\nGS*'))).toEqual([]);
    expect(found(changed('GS*', 'TA1*000000005*261121*0915*B*000~\nGS*'))).toEqual(['2 element.code #2 ISA_LOOP TA104 8/7']);
  });

  it('that cannot be read loses its interchange and no other', () => {
    const unreadable = GOOD.replace('*T*:~', '*T*A1');
    expect(found(unreadable.replace('GS*', 'GX*') + GOOD)).toEqual(['1 isa.unreadable #0 - ISA -/-']);
  });

  it('gives its control numbers to findings', () => {
    const place = findingsOf(changed('GE*1*', 'GE*2*'))[0]?.place;
    expect(place).toMatchObject({ interchange: '000000101', group: '101', set: null, claim: null, inSet: null });
  });
});
