import { describe, expect, it } from 'vitest';
import type { OtherPayer, ProfessionalClaim, ServiceLine } from '../../../src/x12/837p/model.ts';
import type { Adjustment, LineAdjudication } from '../../../src/x12/837p/model-supplement.ts';
import { coordinationFaults } from '../../../src/x12/837p/situations-coordination.ts';
import { LINE, NPI, OTHER, SELF } from '../../golden/base.ts';
import { CLAIM_LEVEL, PRIMARY, SECONDARY } from '../../golden/cases-coordination.ts';
import { EVERY_LOOP } from '../../golden/cases-surface.ts';
import { lines, refusal } from './write.ts';

const other = (changes: Partial<OtherPayer>): Partial<ProfessionalClaim> => ({
  ...CLAIM_LEVEL,
  otherPayers: [{ ...(CLAIM_LEVEL.otherPayers?.[0] as OtherPayer), ...changes }],
});
const decision = SECONDARY.lines[0]?.adjudications?.[0] as LineAdjudication;
const decided = (changes: Partial<LineAdjudication>, payer: Partial<OtherPayer> = {}): Partial<ProfessionalClaim> => ({
  ...SECONDARY,
  otherPayers: [{ ...PRIMARY, ...payer }],
  lines: [{ ...(SECONDARY.lines[0] as ServiceLine), adjudications: [{ ...decision, ...changes }] }],
});
const adjustment = (group: Adjustment['group'], reason: string, amountCents: number): Adjustment => ({
  group,
  reason,
  amountCents,
  quantity: null,
});
const onLine = (changes: Partial<ServiceLine>): Partial<ProfessionalClaim> => ({ ...SELF, lines: [{ ...LINE, ...changes }] });
const everyLine = EVERY_LOOP.lines[0] as ServiceLine;

describe('coordination of benefits', () => {
  it('is written where it balances', () => {
    expect(refusal(other({}))).toBe('written');
    expect(refusal(decided({}))).toBe('written');
  });

  it.each<[string, Partial<ProfessionalClaim>, string]>([
    ['a claim that misses a cent', other({ paidCents: 2974 }), '2320 AMT02 E34'],
    ['a line that misses a cent', decided({ paidCents: 3849 }, { paidCents: 3849 }), '2320 AMT02 E34'],
    ['a payment that is not the lines’', decided({}, { paidCents: 3800 }), '2320 AMT02 E34'],
    ['a decision without a payment', other({ paidCents: null }), '2320 AMT02 E34'],
    ['a payer passed over for a part', other({ ...OTHER, responsibility: 'P', nonCoveredCents: 5999 }), '2320 AMT02 E34'],
    ['a payer passed over that paid', other({ nonCoveredCents: 6000 }), '2320 AMT02 E34'],
    [
      'a payer of a line that is nobody',
      { ...decided({ payerId: 'NOBODY' }), otherPayers: [{ ...OTHER, responsibility: 'P' }] },
      '2430 SVD01 E35',
    ],
    ['a date on both levels', decided({}, { adjudicatedOn: '2026-12-04' }), '2330B DTP03 E36'],
    ['a date on no level', other({ adjudicatedOn: null }), '2330B DTP03 E36'],
    ['an adjustment told twice', decided({}, { paidCents: 2700, adjustments: [adjustment('CO', '45', 1150)] }), '2320 CAS02 E37'],
    ['more liability than is left', other({ remainingPatientLiabilityCents: 3026 }), '2320 AMT02 E38'],
    ['a line’s liability more than is left', decided({ remainingPatientLiabilityCents: 2151 }), '2430 AMT02 E38'],
    ['liability on both levels', decided({}, { remainingPatientLiabilityCents: 1000 }), '2320 AMT02 E38'],
    ['a decision before the service', other({ adjudicatedOn: '2026-10-22' }), '2330B DTP03 date.order'],
    ['a line’s decision before the service', decided({ adjudicatedOn: '2026-10-22' }), '2430 DTP03 date.order'],
    ['a line bundled into itself', decided({ bundledInto: 1 }), '2430 SVD06 guide'],
    ['the rank of the payer billed', other({ responsibility: 'S' }), '2320 SBR01 E17'],
    ['a secondary without a primary', { subscriber: { ...SELF.subscriber, responsibility: 'S' } }, '2320 SBR01 E17'],
    [
      'Medicare later without a reason',
      { ...SELF, otherPayers: [{ ...OTHER, claimFilingIndicatorCode: 'MB' }] },
      '2320 SBR05 E17',
    ],
    [
      'a reason for a payer that is not Medicare',
      { ...SELF, otherPayers: [{ ...OTHER, insuranceTypeCode: '12' }] },
      '2320 SBR05 E17',
    ],
    ['a relationship that is none', other({ relationshipCode: '34' }), '2320 SBR02 code'],
    ['a reason code that is none', other({ adjustments: [adjustment('CO', 'X', 3025)] }), '2320 CAS02 format:carc'],
    ['a remark code that is none', other({ outpatient: { remarkCodes: ['45'] } }), '2320 MOA03 format:rarc'],
    [
      'a sixth remark code',
      other({ outpatient: { remarkCodes: ['M1', 'M2', 'M3', 'M4', 'M5', 'M6'], nonPayableProfessionalCents: 1 } }),
      '2320 null too_many',
    ],
    [
      'a seventh reason of a group',
      other({ adjustments: [1, 2, 3, 4, 5, 6].map((n) => adjustment('CO', String(n), 1)).concat(adjustment('CO', '7', 3019)) }),
      '2320 CAS too_many',
    ],
    ['an adjustment indicator that is not Y', other({ references: [{ qualifier: 'T4', value: 'N' }] }), '2330B REF02 code'],
    ['a role twice', other({ providers: [ROLE, ROLE] }), '2330D 2330D repeat'],
    ['a role without numbers', other({ providers: [{ ...ROLE, ids: [] }] }), '2330D REF missing'],
  ])('%s is refused', (_, changes, expected) => expect(refusal(changes)).toBe(expected.replace('2320 null', '2320 MOA')));

  it('has one CAS per group, reasons merged, nothing that adds up to nothing', () => {
    const adjustments = [
      adjustment('PR', '1', 1000),
      adjustment('CO', '45', 2000),
      adjustment('PR', '1', 25),
      adjustment('OA', '94', 500),
      adjustment('OA', '94', -500),
    ];
    expect(lines(other({ adjustments })).filter((l) => l.startsWith('CAS'))).toEqual(['CAS*PR*1*10.25', 'CAS*CO*45*20']);
  });

  it('names every rule that a claim breaks, once', () => {
    const two = [CLAIM_LEVEL.otherPayers?.[0] as OtherPayer, { ...PRIMARY, paidCents: 1, adjudicatedOn: '2026-01-01' }];
    expect(coordinationFaults({ ...CLAIM_LEVEL, otherPayers: two })).toEqual(['E34', 'date.order', 'E35']);
    expect(coordinationFaults(CLAIM_LEVEL)).toEqual([]);
  });
});

const ROLE = { role: 'rendering', entity: 'person', ids: [{ qualifier: 'G2', value: 'R1' }] } as const;

describe('the rest of the surface', () => {
  it.each<[string, Partial<ProfessionalClaim>, string]>([
    ['a disability from and to as one day', { dates: [{ qualifier: '314', date: '2026-11-01' }] }, '2300 DTP02 guide'],
    [
      'a range where a day belongs',
      { dates: [{ qualifier: '360', date: '2026-11-01', endDate: '2026-11-02' }] },
      '2300 DTP02 guide',
    ],
    ['a range of another date', { dates: [{ qualifier: '431', date: '2026-11-01', endDate: '2026-11-02' }] }, '2300 DTP02 code'],
    ['an onset after the service', { dates: [{ qualifier: '431', date: '2026-11-21' }] }, '2300 DTP03 date.order'],
    [
      'a discharge before the admission',
      {
        dates: [
          { qualifier: '435', date: '2026-11-02' },
          { qualifier: '096', date: '2026-11-01' },
        ],
      },
      '2300 DTP03 date.order',
    ],
    [
      'a death before the service',
      { subscriber: { ...SELF.subscriber, condition: { deathDate: '2026-11-19' } } },
      '2000B PAT06 date.order',
    ],
    ['a K3 that X12 has not approved', { fileInformation: ['STATE DATA'] }, '2300 K301 format:approved_file_information'],
    ['a K3 of a state that is none', { fileInformation: ['LUZZ'] }, '2300 K301 format:approved_file_information'],
    ['a referral that was none', { epsdt: { referralGiven: false, conditions: ['ST'] } }, '2300 CRC03 guide'],
    ['no referral with a condition', { epsdt: { referralGiven: true, conditions: ['NU'] } }, '2300 CRC03 guide'],
    ['an exception code that is none', { references: [{ qualifier: '4N', value: '8' }] }, '2300 REF02 code'],
    ['a primary care provider alone', { primaryCare: SELF.rendering! }, '2310A NM101 guide'],
    [
      'frequency 7 to Original Medicare',
      {
        frequencyCode: '7',
        references: [{ qualifier: 'F8', value: 'A' }],
        subscriber: { ...SELF.subscriber, claimFilingIndicatorCode: 'MB' },
      },
      '2300 CLM05-03 E20',
    ],
    [
      'a condition of a subscriber who is not the patient',
      { ...EVERY_LOOP, subscriber: { ...EVERY_LOOP.subscriber, condition: {} } },
      '2000B PAT06 guide',
    ],
    ['a contract of no type', { contract: { type: '07' as '01' } }, '2300 CN101 code'],
    ['a line’s rendering provider that is the claim’s', onLine({ rendering: SELF.rendering! }), '2420A NM109 E11'],
    ['a line’s supervisor who renders', onLine({ supervising: { ...SELF.rendering!, npi: NPI.rendering } }), '2420D NM109 E12'],
    [
      'a line’s facility at the billing address',
      onLine({ facility: { name: 'A', npi: null, address: SELF.billing.address, secondaryIds: [] } }),
      '2420C N301 E13',
    ],
    [
      'a line’s facility in a box',
      onLine({
        facility: { name: 'A', npi: null, address: { ...SELF.billing.address, line1: 'PO Box 7' }, secondaryIds: [] },
      }),
      '2420C N301 E8',
    ],
    [
      'a line’s facility without ZIP+4',
      onLine({
        facility: {
          name: 'A',
          npi: null,
          address: { ...SELF.billing.address, line1: '1 X', postalCode: '53703' },
          secondaryIds: [],
        },
      }),
      '2420C N403 format:zip9',
    ],
    [
      'a line’s paper without a number',
      onLine({ attachments: [{ type: 'OZ', transmission: 'EL', controlNumber: null }] }),
      '2400 PWK06 E26',
    ],
    [
      'an authorization that the claim has',
      { ...onLine({ references: [{ qualifier: 'G1', value: 'A' }] }), references: [{ qualifier: 'G1', value: 'A' }] },
      '2400 REF02 guide',
    ],
    [
      'a number of a payer that is nobody',
      onLine({ references: [{ qualifier: 'G1', value: 'A', payerId: 'X1' }] }),
      '2400 REF04 guide',
    ],
    ['a payer’s number on the claim', { references: [{ qualifier: 'G1', value: 'A', payerId: 'X1' }] }, '2300 REF04 not_used'],
    ['a service that ends before it begins', onLine({ endDate: '2026-11-19' }), '2400 DTP03 format:date_range'],
    [
      'a sixth authorization of a line',
      onLine({ references: ['1', '2', '3', '4', '5', '6'].map((value) => ({ qualifier: 'G1', value })) }),
      '2400 REF repeat',
    ],
    ['a line’s primary care provider alone', onLine({ primaryCare: everyLine.primaryCare! }), '2420F NM101 guide'],
  ])('%s is refused', (_, changes, expected) => expect(refusal(changes)).toBe(expected));

  it('writes a phone, a fax, and an e-mail address only where there is neither', () => {
    const per = (contact: { phone: string | null; email: string | null; fax?: string }) =>
      lines({ billing: { ...SELF.billing, contact: { name: 'A', ...contact } } }).filter((l) => l.startsWith('PER'))[1];
    expect(per({ phone: '+1 (608) 555-0100 ext. 9', email: 'a@b.c', fax: '608.555.0101' })).toBe(
      'PER*IC*A*TE*6085550100*EX*9*FX*6085550101',
    );
    expect(per({ phone: null, email: 'a@b.c', fax: '6085550101' })).toBe('PER*IC*A*FX*6085550101');
    expect(per({ phone: null, email: ' a_1@b.c ' })).toBe('PER*IC*A*EM*A_1@B.C');
  });
});
