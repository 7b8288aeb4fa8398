import { describe, expect, it } from 'vitest';
import { at, BODY, fileOf, findingsOf, found, replaced } from './file.ts';

const without = (start: string, nth = 1): readonly string[] => replaced(start, [], nth);

describe('a good file', () => {
  it('has no findings', () => {
    expect(found(fileOf(BODY))).toEqual([]);
  });
});

describe('required segments and loops', () => {
  it.each([
    ['BHT', at('BHT'), 'segment.required', 'HEADER', 'BHT', '3'],
    ['PER', at('PER'), 'segment.required', '1000A', 'PER', '3'],
    ['NM1*40', at('NM1*40'), 'loop.required', '1000B', 'NM1', 'I7'],
    ['N4*MADISON*WI*537031234', at('REF*EI') - 1, 'segment.required', '2010AA', 'N4', '3'],
    ['REF*EI', at('NM1*87') - 1, 'segment.required', '2010AA', 'REF', '3'],
    ['SBR*P', at('SBR*P'), 'segment.required', '2000B', 'SBR', '3'],
    ['NM1*IL', at('NM1*IL'), 'loop.required', '2010BA', 'NM1', 'I7'],
    ['NM1*PR', at('NM1*PR'), 'loop.required', '2010BB', 'NM1', 'I7'],
    ['PAT', at('PAT'), 'segment.required', '2000C', 'PAT', '3'],
    ['DMG', at('DMG'), 'segment.required', '2010CA', 'DMG', '3'],
    ['HI*', at('HI*'), 'segment.required', '2300', 'HI', '3'],
    ['OI', at('OI'), 'segment.required', '2320', 'OI', '3'],
    ['SV1', at('SV1'), 'segment.required', '2400', 'SV1', '3'],
    ['DTP*472', at('DTP*472'), 'segment.required', '2400', 'DTP', '3'],
  ])('without %s', (start, place, rule, loop, segment, ik3) => {
    expect(found(fileOf(without(start)))).toEqual([`2 ${rule} ${place} ${loop} ${segment} ${ik3}/-`]);
  });

  it.each([
    ['CLM', '2300', 'CLM'],
    ['LX*1', '2400', 'LX'],
    ['LX*2', '2400', 'LX'],
    ['NM1*QC', '2010CA', 'NM1'],
    ['NM1*85', '2010AA', 'NM1'],
    ['NM1*77', '2310C', 'NM1'],
    ['SBR*S', '2320', 'SBR'],
  ])('without %s, which starts a loop that goes on: one finding', (start, loop, segment) => {
    expect(found(fileOf(without(start)))).toEqual([`2 segment.required ${at(start)} ${loop} ${segment} 3/-`]);
  });

  it('without an HL: the HL, and the numbers that its lack puts out', () => {
    expect(found(fileOf(without('HL*2')))).toEqual([`2 segment.required ${at('HL*2')} 2000B HL 3/-`]);
    expect(found(fileOf(without('HL*1')))).toEqual([`2 segment.required ${at('HL*1')} 2000A HL 3/-`]);
  });

  it('puts a missing segment down to an unknown one in its place', () => {
    for (const start of ['PER', 'N4*MADISON', 'NM1*IL', 'NM1*PR', 'SBR*P', 'CLM', 'LX*1', 'HI*', 'DTP*472', 'NM1*85', 'BHT*']) {
      const broken = replaced(start, [`Q${BODY[at(start) - 2]?.slice(1)}`]);
      expect(found(fileOf(broken)).map((f) => f.split(' ').slice(0, 3).join(' '))).toEqual([
        start === 'BHT*' ? '1 segment.unknown 2' : `1 segment.unknown ${at(start)}`,
      ]);
    }
  });
});

describe('segments and loops too often', () => {
  const twice = (start: string): readonly string[] => {
    const segment = BODY[at(start) - 2] as string;
    return replaced(start, [segment, segment]);
  };

  it.each([
    ['PRV*BI', '2000A'],
    ['N3*410', '2010AA'],
    ['N4*MADISON*WI*537031234', '2010AA'],
    ['REF*EI', '2010AA'],
    ['SBR*P', '2000B'],
    ['DMG', '2010CA'],
    ['DTP*431', '2300'],
    ['REF*G1', '2300'],
    ['HI*', '2300'],
    ['OI', '2320'],
    ['DTP*472', '2400'],
    ['REF*6R', '2400'],
  ])('%s twice', (start, loop) => {
    const tag = start.split('*')[0];
    expect(found(fileOf(twice(start)))).toEqual([`2 segment.max_use ${at(start) + 1} ${loop} ${tag} 5/-`]);
  });

  it.each([
    ['NM1*85', 'N3*410', '2010AA'],
    ['NM1*82', 'PRV*PE', '2310B'],
    ['NM1*77', 'N3*1 ELM', '2310C'],
  ])('loop %s twice: its details are no second fault', (start, detail, loop) => {
    const from = at(start) - 2;
    const copy = BODY.slice(from, at(detail) - 1 + (start === 'NM1*82' ? 0 : 1 + (start === 'NM1*85' ? 1 : 0)));
    const body = [...BODY.slice(0, from), ...copy, ...BODY.slice(from)];
    expect(found(fileOf(body))).toEqual([`2 loop.max_use ${at(start) + copy.length} ${loop} NM1 4/-`]);
  });

  it('counts per loop, and says it once however often it comes', () => {
    const more = replaced(
      'REF*G1',
      Array.from({ length: 5 }, () => 'REF*G1*AUTH17'),
    );
    expect(found(fileOf(more))).toEqual([`2 segment.max_use ${at('REF*G1') + 1} 2300 REF 5/-`]);
    const pers = replaced(
      'PER',
      Array.from({ length: 3 }, () => 'PER*IC*OFFICE*TE*6085550142'),
    );
    expect(found(fileOf(pers))).toEqual([`2 segment.max_use ${at('PER') + 2} 1000A PER 5/-`]);
    const lines = Array.from({ length: 51 }, (_, i) => [`LX*${i + 1}`, 'SV1*HC:90853*1*UN*1***1', 'DTP*472*D8*20261120']).flat();
    expect(found(fileOf([...BODY.slice(0, at('LX*1') - 2), ...lines]))).toEqual([
      `2 loop.max_use ${at('LX*1') + 150} 2400 LX 4/-`,
    ]);
  });
});

describe('order', () => {
  it.each([
    ['N3*410', 'N4*MADISON*WI*537031234', '2010AA', 'N3'],
    ['REF*G1', 'HI*', '2300', 'REF'],
    ['DTP*431', 'REF*G1', '2300', 'DTP'],
    ['SV1', 'DTP*472', '2400', 'SV1'],
    ['NM1*QC', 'DMG', '2010CA', ''],
  ])('%s behind %s', (first, second, loop, tag) => {
    const moved = BODY.filter((s) => s !== BODY[at(first) - 2]);
    const behind = moved.indexOf(BODY[at(second) - 2] as string) + 1;
    const body = [...moved.slice(0, behind), BODY[at(first) - 2] as string, ...moved.slice(behind)];
    const result = found(fileOf(body));
    if (tag !== '') expect(result).toEqual([`2 segment.order ${at(second)} ${loop} ${tag} 7/-`]);
    else expect(result.length).toBeGreaterThan(0);
  });

  it('a loop that comes too late is read where it stands, and the rest after it', () => {
    const provider = BODY.slice(at('NM1*82') - 2, at('NM1*77') - 2);
    const rest = BODY.filter((s) => !provider.includes(s));
    const late = [...rest, ...provider];
    expect(found(fileOf(late))).toEqual([]);
    const payTo = BODY.slice(at('NM1*87') - 2, at('HL*2') - 2);
    const without = BODY.filter((s) => !payTo.includes(s));
    const body = [...without.slice(0, at('SBR*P') - 4), ...payTo, ...without.slice(at('SBR*P') - 4)];
    expect(found(fileOf(body))).toEqual([`2 segment.order ${at('SBR*P') - 2} 2010AB NM1 7/-`]);
  });

  it('is free among segments and loops of one position', () => {
    const swapped = [...BODY];
    const [a, b] = [at('NM1*82') - 2, at('NM1*77') - 2];
    swapped.splice(a, 5, ...BODY.slice(b, b + 3), ...BODY.slice(a, b));
    expect(found(fileOf(swapped))).toEqual([]);
    const payerFirst = [...BODY];
    payerFirst.splice(at('NM1*IL') - 2, 2, BODY[at('NM1*PR') - 2] as string, BODY[at('NM1*IL') - 2] as string);
    expect(found(fileOf(payerFirst))).toEqual([]);
  });
});

describe('segments that do not belong', () => {
  it('an unknown one is one finding, wherever it stands', () => {
    for (let i = 0; i <= BODY.length; i++) {
      const body = [...BODY.slice(0, i), 'ZZZ*1*2', ...BODY.slice(i)];
      expect(found(fileOf(body)).map((f) => f.split(' ').slice(0, 3).join(' '))).toEqual([`1 segment.unknown ${i + 2}`]);
    }
  });

  it('one of another place is unexpected', () => {
    expect(found(fileOf(replaced('NM1*40', [BODY[at('NM1*40') - 2] as string, 'SVD*00950*60*HC:90853**1'])))).toEqual([
      `2 segment.unexpected ${at('NM1*40') + 1} 1000B SVD 2/-`,
    ]);
    expect(found(fileOf(replaced('NM1*85', ['DMG*D8*20110228*M', BODY[at('NM1*85') - 2] as string])))).toEqual([
      `2 segment.unexpected ${at('NM1*85')} 2000A DMG 2/-`,
    ]);
  });

  it('one that a loop to come has is taken for its beginning, without a second fault', () => {
    expect(found(fileOf(replaced('HL*1', ['CUR*85*USD', 'HL*1**20*1'])))).toEqual([
      `2 segment.required ${at('HL*1')} 2000A HL 3/-`,
    ]);
    expect(found(fileOf(replaced('LX*1', ['SV1*HC:90853*60*UN*1***1:2', 'LX*1'])))).toEqual([
      `2 segment.required ${at('LX*1')} 2400 LX 3/-`,
    ]);
  });

  it('a wrong qualifier is one finding, with the details that hang from it', () => {
    expect(found(fileOf(replaced('REF*G1', ['REF*ZZ*AUTH17'])))).toEqual([`2 segment.qualifier ${at('REF*G1')} 2300 REF01 8/7`]);
    expect(found(fileOf(replaced('HI*', ['HI*ZZ:F4323'])))).toEqual([`2 segment.qualifier ${at('HI*')} 2300 HI01-01 8/7`]);
    expect(found(fileOf(replaced('DTP*472', ['DTP*473*D8*20261120'])))).toEqual([
      `2 segment.qualifier ${at('DTP*472')} 2400 DTP01 8/7`,
    ]);
    const stranger = ['NM1*XX*1*SOMEBODY', 'N3*1 ELM', 'N4*MADISON*WI*53703', 'REF*0B*1', 'PER*IC*X*TE*6085550142'];
    expect(found(fileOf(replaced('LX*1', [...stranger, 'LX*1'])))).toEqual([`2 segment.qualifier ${at('LX*1')} 2330B NM101 8/7`]);
  });

  it('where a loop is due, a wrong qualifier is that loop with a wrong code', () => {
    for (const [start, loop] of [
      ['NM1*41', '1000A'],
      ['NM1*40', '1000B'],
      ['NM1*85', '2010AA'],
      ['NM1*IL', '2010BA'],
      ['NM1*QC', '2010CA'],
    ] as const) {
      const wrong = (BODY[at(start) - 2] as string).replace(/^NM1\*\w\w/, 'NM1*117');
      expect(found(fileOf(replaced(start, [wrong])))).toEqual([`2 element.code ${at(start)} ${loop} NM101 8/7`]);
    }
    expect(found(fileOf(replaced('HL*2', ['HL*2*1*99*1'])))).toEqual([`2 element.code ${at('HL*2')} 2000B HL03 8/7`]);
    expect(found(fileOf(replaced('HL*3', ['HL*3*2**0'])))).toEqual([`2 element.required ${at('HL*3')} 2000C HL03 8/1`]);
  });

  it('never quotes what stands where a segment name should', () => {
    const [finding] = findingsOf(fileOf(replaced('N3*77', ['KARIN LINDQVIST*77 LAKE AVE'])));
    expect(finding).toMatchObject({ rule: 'segment.unknown', place: { segment: '', loop: '2010CA' } });
    expect(JSON.stringify(finding)).not.toContain('KARIN');
  });
});

describe('the hierarchy', () => {
  it.each([
    [
      'HL*2',
      'HL*7*1*22*1',
      [
        `2 hl.number ${at('HL*2')} 2000B HL01 8/7`,
        `2 hl.number ${at('HL*3')} 2000C HL01 8/7`,
        `2 hl.parent ${at('HL*3')} 2000C HL02 8/7`,
      ],
    ],
    ['HL*1', 'HL*01**20*1', [`2 hl.number ${at('HL*1')} 2000A HL01 8/7`, `2 hl.parent ${at('HL*2')} 2000B HL02 8/7`]],
    ['HL*2', 'HL*2*5*22*1', [`2 hl.parent ${at('HL*2')} 2000B HL02 8/7`]],
    ['HL*3', 'HL*3*1*23*0', [`2 hl.parent ${at('HL*3')} 2000C HL02 8/7`]],
    ['HL*2', 'HL*2*1*22*0', [`2 hl.child ${at('HL*2')} 2000B HL04 8/7`]],
    ['HL*1', 'HL*1**20*0', [`2 element.code ${at('HL*1')} 2000A HL04 8/7`]],
    ['HL*3', 'HL*3*2*23*1', [`2 element.code ${at('HL*3')} 2000C HL04 8/7`]],
    ['HL*1', 'HL*1*1*20*1', [`2 element.not_used ${at('HL*1')} 2000A HL02 8/I10`]],
  ])('%s as %s', (start, by, expected) => {
    expect([...found(fileOf(replaced(start, [by])))].sort()).toEqual([...expected].sort());
  });

  it('a subscriber has a claim or a patient', () => {
    const head = BODY.slice(0, at('HL*3') - 2);
    expect(found(fileOf(head))).toEqual([`2 hl.child ${at('HL*2')} 2000B HL04 8/7`]);
    const self = head.map((s) => (s === 'HL*2*1*22*1' ? 'HL*2*1*22*0' : s));
    expect(found(fileOf(self))).toEqual([`2 hl.no_claim ${at('HL*2')} 2300 CLM I6/-`]);
    const claim = BODY.slice(at('CLM') - 2);
    expect(found(fileOf([...self, ...claim]))).toEqual([]);
    expect(found(fileOf([...head, ...claim]))).toEqual([`2 hl.child ${at('HL*2')} 2000B HL04 8/7`]);
  });
});

describe('what only looks like the name of a segment', () => {
  it.each(['N3\u0000', 'N', 'N33', 'n3', 'N³'])('%j is none', (tag) => {
    const file = fileOf(replaced('N3*410 W MAIN ST', [`${tag}*410 W MAIN ST`]));
    expect(found(file).filter((f) => f.includes('segment.unknown'))).toEqual([expect.stringMatching(/^1 segment\.unknown /)]);
  });
});
