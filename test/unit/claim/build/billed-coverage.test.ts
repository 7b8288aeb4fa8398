import { describe, expect, it } from 'vitest';
import { adjudication, type Coverage } from '../../../../schemas/coverage.ts';
import { billedCoverage } from '../../../../src/claim/build/billed-coverage.ts';
import { exampleSeed } from '../../../support/sessions.ts';

const { payers } = exampleSeed();
type Ranked = Parameters<typeof billedCoverage>[0][number];

const decided = (more: object = {}): Coverage['adjudication'] =>
  adjudication.parse({ adjudicatedOn: '2026-11-30', paidAmount: '40.00', ...more });
const coverage = (responsibility: Ranked['responsibility'], payerId: string, by: Ranked['adjudication'] = null): Ranked => ({
  responsibility,
  payerId,
  adjudication: by,
});
const P = (by: Ranked['adjudication'] = null) => coverage('P', 'medicare_wi', by);
const S = (by: Ranked['adjudication'] = null) => coverage('S', 'bcbs_wi', by);
const T = (by: Ranked['adjudication'] = null) => coverage('T', 'medicaid_wi', by);

describe('which coverage is billed', () => {
  it.each<[string, readonly Ranked[], ReturnType<typeof billedCoverage>]>([
    ['the primary first, wherever it stands', [T(), S(), P()], { billed: true, index: 2 }],
    ['the secondary after the primary has decided', [P(decided()), S(), T()], { billed: true, index: 1 }],
    ['the tertiary after both', [T(), P(decided()), S(decided())], { billed: true, index: 0 }],
    ['the tertiary where nobody is secondary', [P(decided()), T()], { billed: true, index: 1 }],
    ['none without coverage', [], { billed: false, reason: 'no_coverage', index: null }],
    ['none without a primary', [S(decided()), T()], { billed: false, reason: 'no_primary', index: null }],
    ['none when all have decided', [P(decided()), S(decided())], { billed: false, reason: 'all_adjudicated', index: null }],
  ])('%s', (_, coverages, expected) => expect(billedCoverage(coverages, payers)).toEqual(expected));

  it.each<[string, object]>([
    ['its configured id', { crossedOverTo: 'bcbs_wi' }],
    ['its id on the wire', { crossedOverTo: ' 00950 ' }],
    ['its name in any case', { crossedOverTo: 'anthem blue cross blue shield wisconsin' }],
    ['a name that nobody has', { crossedOverTo: 'BCBS of somewhere' }],
    ['a remark code', { remarkCodes: ['MA01', 'MA18'] }],
  ])('no secondary claim where the primary forwarded it, said by %s', (_, more) => {
    expect(billedCoverage([P(decided(more)), S(), T()], payers)).toEqual({ billed: false, reason: 'crossed_over', index: 1 });
  });

  it('a forwarding to another coverage passes over only that one', () => {
    const toMedicaid = decided({ crossedOverTo: 'WIMEDICAID', remarkCodes: ['N89'] });
    expect(billedCoverage([P(toMedicaid), S(), T()], payers)).toEqual({ billed: true, index: 1 });
    expect(billedCoverage([P(toMedicaid), S(decided()), T()], payers)).toMatchObject({ reason: 'crossed_over', index: 2 });
  });

  it('a forwarding to the secondary says nothing about the tertiary', () => {
    const toSecondary = decided({ crossedOverTo: '00950' });
    expect(billedCoverage([P(toSecondary), S(decided()), T()], payers)).toEqual({ billed: true, index: 2 });
    const unnamed = decided({ remarkCodes: ['MA07'] });
    expect(billedCoverage([P(unnamed), S(decided()), T()], payers)).toEqual({ billed: true, index: 2 });
  });
});
