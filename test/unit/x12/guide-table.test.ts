import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loopRule, segmentRule, WRITE_RULES } from '../../../src/x12/837p/rules.ts';
import { type Correction, parseGuideTable } from '../../../src/x12/rules/table.ts';
import { guideTableModule } from './guide-source.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const reference = path('../../../../shared/reference/837P-005010X222A1.tsv');

describe('the guide table', () => {
  it.skipIf(!existsSync(reference))('is what the reference table says', () => {
    const target = path('../../../src/x12/837p/guide-table.ts');
    const generated = guideTableModule(reference);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(target, generated);
    expect(readFileSync(target, 'utf8')).toBe(generated);
  });

  it('hangs loop 2300 under the subscriber and under the patient', () => {
    const claim = loopRule(WRITE_RULES, '2300');
    for (const [parent, usage] of [
      ['2000B', 'S'],
      ['2000C', 'R'],
    ] as const) {
      const place = loopRule(WRITE_RULES, parent).children.find((c) => c.kind === 'loop' && c.loop === claim);
      expect(place).toMatchObject({ usage, repeat: 100 });
    }
  });

  it('names elements, components, absent ones and syntax notes', () => {
    const clm = segmentRule(WRITE_RULES, '2300', 'CLM');
    expect(clm.elements.map((e) => e.usage).join('')).toBe('RRNNRRRRRSSSNNNNNNNS');
    expect(clm.elements[4]?.components.map((c) => c.ref)).toEqual(['CLM05-01', 'CLM05-02', 'CLM05-03']);
    expect(clm.elements[4]?.components[2]?.codes).toEqual(new Set(['1', '7', '8']));
    expect(clm.elements[10]?.components.map((c) => c.usage).join('')).toBe('RSNSS');
    const n4 = segmentRule(WRITE_RULES, '2010AA', 'N4');
    expect(n4.notes.map((n) => [n.kind, ...n.elements])).toEqual([
      ['E', 2, 7],
      ['C', 6, 5],
      ['C', 7, 4],
    ]);
    expect(segmentRule(WRITE_RULES, '2010AA', 'NM1').elements).toHaveLength(12);
  });

  it('every correction and format reaches an element', async () => {
    const { GUIDE_CORRECTIONS, GUIDE_FORMATS, HOUSE_RULES } = await import('../../../src/x12/837p/guide-corrections.ts');
    const { GUIDE_TABLE } = await import('../../../src/x12/837p/guide-table.ts');
    for (const correction of [...GUIDE_CORRECTIONS, ...GUIDE_FORMATS, ...HOUSE_RULES]) {
      const lines = GUIDE_TABLE.split('\n').filter((l) => l.startsWith('>') || l.split(' ')[1] === correction.tag);
      const parse = (corrections: readonly Correction[]): string =>
        JSON.stringify(parseGuideTable(lines.join('\n'), corrections), replacer);
      expect(parse([correction]) === parse([]), `${correction.loop} ${correction.ref} changes nothing`).toBe(false);
    }
  });

  it('refuses a line that it does not understand', () => {
    expect(() => parseGuideTable('>A R 1 10 Loop\nA X nonsense', [])).toThrow('guide table');
    expect(() => parseGuideTable('B NM1 R 1 10 - Name|R AN 1-2 - x', [])).toThrow('no loop B');
    expect(() => parseGuideTable('', [])).toThrow('empty');
  });
});

const replacer = (_key: string, value: unknown): unknown => (value instanceof Set ? [...value] : value);
