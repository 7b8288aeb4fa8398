import { describe, expect, it } from 'vitest';
import { GUIDE, loopPlace, loopRule, segmentRule, segmentRules, WRITE_RULES } from '../../../src/x12/837p/rules.ts';
import { type ElementValue, emitSegmentValues } from '../../../src/x12/rules/check.ts';
import type { LoopPlace, LoopRule, SegmentRule } from '../../../src/x12/rules/model.ts';
import { parseGuideTable } from '../../../src/x12/rules/table.ts';
import { type Cursor, checkedSegment, enterLoop, leaveLoop, openCursor } from '../../../src/x12/segments.ts';
import { X12WriteError } from '../../../src/x12/write-error.ts';

function emitted(rule: SegmentRule, values: readonly ElementValue[]): string {
  const elements: string[] = [];
  const violation = emitSegmentValues(rule, values, { addElement: (v) => elements.push(v) });
  return violation === null ? elements.join('*') : `${violation.element} ${violation.rule}`;
}

describe('the elements of a segment', () => {
  const sbr = segmentRule(GUIDE, '2000B', 'SBR');
  const clm = segmentRule(GUIDE, '2300', 'CLM');
  const per = segmentRule(GUIDE, '1000A', 'PER');
  const moa = segmentRule(GUIDE, '2320', 'MOA');

  it('lose trailing absent ones, keep gaps', () => {
    expect(emitted(sbr, ['P', '18', '', null, '', '', '', '', 'CI', '', null])).toBe('P*18*******CI');
    expect(emitted(moa, [])).toBe('');
    expect(emitted(clm, ['1', '60', '', '', ['11', 'B', '1', '', null], 'Y', 'A', 'Y', 'Y', '', ['AA', '', '', 'WI', '']])).toBe(
      '1*60***11:B:1*Y*A*Y*Y**AA:::WI',
    );
    expect(emitted(clm, ['1', '60', '', '', ['11', 'B', '1'], 'Y', 'A', 'Y', 'Y', '', [null, '']])).toBe('1*60***11:B:1*Y*A*Y*Y');
  });

  it('are refused by usage, type, length, code, place', () => {
    expect(emitted(sbr, ['P'])).toBe('P');
    expect(emitted(sbr, [])).toBe('SBR01 required');
    expect(emitted(sbr, ['X'])).toBe('SBR01 code');
    expect(emitted(sbr, ['P', '', '', '', '', '1'])).toBe('SBR06 not_used');
    expect(emitted(sbr, ['P', '', 'A'.repeat(51)])).toBe('SBR03 length');
    expect(emitted(sbr, ['P', '', ' A'])).toBe('SBR03 spaces');
    expect(emitted(sbr, ['P', '', 'A '])).toBe('SBR03 spaces');
    expect(emitted(sbr, ['P', '', 'a'])).toBe('SBR03 charset');
    expect(emitted(sbr, ['P', '', 'A', '', '', '', '', '', 'CI', 'X'])).toBe('null too_many');
    expect(emitted(sbr, [['P']])).toBe('SBR01 type');
    expect(emitted(clm, ['1', '60', '', '', '11'])).toBe('CLM05 type');
    expect(emitted(clm, ['1', '60', '', '', ['11', '', '1']])).toBe('CLM05-02 required');
    expect(emitted(clm, ['1', '60', '', '', ['', 'B', '1']])).toBe('CLM05-01 required');
    expect(emitted(clm, ['1', '60', '', '', ['11', 'B', '1', '1']])).toBe('CLM05 too_many');
    expect(emitted(clm, ['1', '60', ['']])).toBe('CLM05 required');
    expect(emitted(clm, ['1', '60', ['1']])).toBe('CLM03 not_used');
    for (const amount of ['60.00', '060', '60.', '+60', '0.99', '00', '.0', '6,0', '-0', '1E2'])
      expect(emitted(clm, ['1', amount])).toMatch(/^CLM02 (type|charset)$/);
    for (const amount of ['0', '60', '60.5', '.99', '-5', '-.5', '1234567890123456.78'])
      expect(emitted(clm, ['1', amount])).toBe('CLM05 required');
    expect(emitted(clm, ['1', '1234567890123456789'])).toBe('CLM02 length');
  });

  it('obey the syntax notes', () => {
    expect(emitted(per, ['IC', '', 'TE', '1', 'EX', '2'])).toBe('IC**TE*1*EX*2');
    expect(emitted(per, ['IC', '', 'TE', '1', 'EX'])).toBe('null syntax:P0506');
    expect(emitted(per, ['IC', '', 'TE', '1', '', '2'])).toBe('null syntax:P0506');
    const n4 = segmentRule(GUIDE, '2010AA', 'N4');
    expect(emitted(n4, ['MADISON', 'WI', '53703', '', '', '', 'X'])).toBe('null syntax:E0207');
    expect(emitted(n4, ['MADISON', '', '53703', '', '', '', 'X'])).toBe('null syntax:C0704');
    expect(emitted(n4, ['MADISON', '', '53703', 'CA', '', '', 'X'])).toBe('MADISON**53703*CA***X');
    const one = segmentRule(
      parseGuideTable(
        '>A R 1 1 A\nA X S 1 1 R0102,L030405 X|S AN 1-1 - a|S AN 1-1 - b|S AN 1-1 - c|S AN 1-1 - d|S AN 1-1 - e',
        [],
      ),
      'A',
      'X',
    );
    expect(emitted(one, ['', '', ''])).toBe('null syntax:R0102');
    expect(emitted(one, ['', '1'])).toBe('*1');
    expect(emitted(one, ['1', '', '1'])).toBe('null syntax:L030405');
    expect(emitted(one, ['1', '', '1', '', '1'])).toBe('1**1**1');
    expect(emitted(one, ['', '1'])).toBe('*1');
    expect(emitted(one, [])).toBe('null syntax:R0102');
  });

  it('have the pattern and the shape of their rule', () => {
    const ssn = segmentRule(GUIDE, '2010BA', 'REF', 'SY');
    expect(emitted(ssn, ['SY', '123456789'])).toBe('SY*123456789');
    expect(emitted(ssn, ['SY', '123-45-67'])).toBe('REF02 pattern');
    const npi = segmentRule(WRITE_RULES, '2310B', 'NM1');
    expect(emitted(npi, ['82', '1', 'A', '', '', '', '', 'XX', '1093817463'])).toBe('NM109 format:npi');
    expect(emitted(segmentRule(GUIDE, '2310B', 'NM1'), ['82', '1', 'A', '', '', '', '', 'XX', '1093817463'])).toBe(
      '82*1*A*****XX*1093817463',
    );
    const date = segmentRule(WRITE_RULES, '2400', 'DTP', '472');
    expect(emitted(date, ['472', 'RD8', '20261101-20261102'])).toBe('472*RD8*20261101-20261102');
    expect(emitted(date, ['472', 'RD8', '20261101'])).toBe('DTP03 format:date_range');
    expect(emitted(date, ['472', 'D8', '20261101-20261102'])).toBe('DTP03 format:date8');
  });
});

/** A small tree: A = (X required, Y at most twice, loop B at most once = (Z required), W required). */
const TREE = parseGuideTable(
  [
    '>A R 1 1 A',
    'A X R 1 10 - X|R AN 1-9 - x',
    'A Y S 2 20 - Y|R AN 1-9 - y',
    '>>B S 1 30 B',
    'B Z R 1 10 - Z|R AN 1-9 - z',
    'A W R 1 40 - W|R AN 1-9 - w',
    '>>C N 1 50 C',
  ].join('\n'),
  [],
);

function run(steps: string): string {
  const cursor = openCursor(TREE);
  try {
    for (const step of steps.split(' ')) stepTo(cursor, step);
    return 'ok';
  } catch (error) {
    if (!(error instanceof X12WriteError)) throw error;
    return `${error.loop} ${error.segment} ${error.rule}`;
  }
}

function stepTo(cursor: Cursor, step: string): void {
  if (step === ')') leaveLoop(cursor);
  else if (step.startsWith('(')) enterLoop(cursor, loopPlace(TREE, 'A', step.slice(1)));
  else checkedSegment(cursor, segmentRule(TREE, step === 'Z' ? 'B' : 'A', step), ['1']);
}

describe('order, repeat and presence', () => {
  it.each([
    ['X W )', 'ok'],
    ['X Y Y (B Z ) W )', 'ok'],
    ['Y W )', 'A X missing'],
    ['X )', 'A W missing'],
    ['X (B )', 'B Z missing'],
    ['X X W )', 'A X repeat'],
    ['X Y Y Y W )', 'A Y repeat'],
    ['X (B Z ) (B Z ) W )', 'B B repeat'],
    ['X W Y )', 'A Y order'],
    ['X W (B Z ) )', 'B B order'],
    ['X Z W )', 'B Z placement'],
    ['X (B Z W )', 'A W placement'],
    ['X (B (B', 'B B placement'],
    ['X W (C ) )', 'C C not_used'],
  ])('%s → %s', (steps, expected) => expect(run(steps)).toBe(expected));
});

describe('looking up rules', () => {
  it('throws for what the guide has not', () => {
    expect(() => loopRule(GUIDE, '2999')).toThrow('no loop 2999');
    expect(() => loopPlace(GUIDE, '2300', '2010AA')).toThrow('no loop 2010AA in 2300');
    expect(() => segmentRule(GUIDE, '2300', 'REF', 'ZZ')).toThrow('no segment REF ZZ in loop 2300');
  });

  it('knows every loop that the guide names, in table order', () => {
    const ids: string[] = [];
    const visit = (loop: LoopRule): void => {
      if (ids.includes(loop.id)) return;
      ids.push(loop.id);
      for (const child of loop.children) if (child.kind === 'loop') visit((child as LoopPlace).loop);
    };
    visit(GUIDE);
    expect(ids.filter((id) => /^\d/.test(id)).join(' ')).toBe(
      '1000A 1000B 2000A 2010AA 2010AB 2010AC 2000B 2010BA 2010BB 2300 2310A 2310B 2310C 2310D 2310E 2310F 2320 2330A 2330B 2330C 2330D 2330E 2330F 2330G 2400 2410 2420A 2420B 2420C 2420D 2420E 2420F 2420G 2420H 2430 2440 2000C 2010CA',
    );
    expect(segmentRules(GUIDE, '2300', 'REF')).toHaveLength(14);
  });
});
