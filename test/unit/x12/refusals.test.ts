import { describe, expect, it } from 'vitest';
import type { Interchange, ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { BILLING, BILLING_ADDRESS, interchange, LINE, NPI, SELF } from '../../golden/base.ts';
import { lines, refusal, write } from './write.ts';

const longText = 'x'.repeat(60);

describe('refusals', () => {
  it.each<[string, Partial<ProfessionalClaim>, string]>([
    [
      'a name that ends up empty',
      {
        subscriber: {
          ...SELF.subscriber,
          name: { kind: 'person', lastName: '🙂', firstName: 'A', middleName: null, suffix: null },
        },
      },
      '2010BA NM103 required',
    ],
    ['a wrong NPI', { rendering: { ...SELF.rendering!, npi: '1093817463' } }, '2310B NM109 format:npi'],
    ['a wrong taxonomy', { billing: { ...BILLING, taxonomyCode: '261QM0801' } }, '2000A PRV03 format:taxonomy'],
    [
      'a short tax id',
      { billing: { ...BILLING, taxId: { qualifier: 'EI', value: '39-123456' } } },
      '2010AA REF02 format:nine_digits',
    ],
    [
      'another tax id qualifier',
      { billing: { ...BILLING, taxId: { qualifier: 'XX', value: '391234567' } } },
      '2010AA REF01 code',
    ],
    [
      'a five-digit billing ZIP',
      { billing: { ...BILLING, address: { ...BILLING_ADDRESS, postalCode: '53703' } } },
      '2010AA N403 format:zip9',
    ],
    ['an unknown state', { billing: { ...BILLING, address: { ...BILLING_ADDRESS, state: 'XX' } } }, '2010AA N402 format:state'],
    ['a one-letter city', { billing: { ...BILLING, address: { ...BILLING_ADDRESS, city: 'X' } } }, '2010AA N401 length'],
    ['a delimiter in the member id', { subscriber: { ...SELF.subscriber, memberId: 'W1*2' } }, '2010BA NM109 charset'],
    ['a member id of one character', { subscriber: { ...SELF.subscriber, memberId: '1' } }, '2010BA NM109 length'],
    ['a newline in a reference', { references: [{ qualifier: 'G1', value: 'A\nB' }] }, '2300 REF02 charset'],
    ['a reference of the wrong place', { references: [{ qualifier: '6R', value: 'A' }] }, '2300 REF01 code'],
    [
      'a reference twice',
      {
        references: [
          { qualifier: 'G1', value: 'A' },
          { qualifier: 'G1', value: 'B' },
        ],
      },
      '2300 REF repeat',
    ],
    ['a long trace number', { references: [{ qualifier: 'D9', value: 'A'.repeat(21) }] }, '2300 REF02 length'],
    ['a long line control number', { lines: [{ ...LINE, lineControlNumber: 'A'.repeat(31) }] }, '2400 REF02 length'],
    ['no line control number', { lines: [{ ...LINE, lineControlNumber: '' }] }, '2400 REF02 required'],
    ['a date that does not exist', { lines: [{ ...LINE, dateOfService: '2026-11-31' }] }, '2400 DTP03 format:date8'],
    ['a procedure code of four', { lines: [{ ...LINE, procedureCode: '9085' }] }, '2400 SV101-02 format:procedure'],
    ['a fifth modifier', { lines: [{ ...LINE, modifiers: ['HQ', 'HO', 'U1', 'U2', 'U3'] }] }, '2400 SV101-03 E32'],
    ['no pointer', { lines: [{ ...LINE, diagnosisPointers: [] }] }, '2400 SV107 required'],
    ['a pointer of zero', { lines: [{ ...LINE, diagnosisPointers: [0] }] }, '2400 SV107-01 code'],
    [
      'a fifth pointer',
      { diagnoses: ['F10', 'F11', 'F12', 'F13', 'F14'], lines: [{ ...LINE, diagnosisPointers: [1, 2, 3, 4, 5] }] },
      '2400 SV107 too_many',
    ],
    ['a diagnosis with a dot', { diagnoses: ['F41.1'] }, '2300 HI01-02 format:icd10'],
    ['no diagnosis', { diagnoses: [], lines: [{ ...LINE, diagnosisPointers: [] }] }, '2300 HI01 required'],
    ['no patient control number', { patientControlNumber: '' }, '2300 CLM01 required'],
    ['a patient control number of another shape', { patientControlNumber: 'gk4tw7mqx2p01' }, '2300 CLM01 charset'],
    ['a place of service of one digit', { placeOfServiceCode: '1' }, '2300 CLM05-01 format:place_of_service'],
    [
      'a claim filing indicator that is none',
      { subscriber: { ...SELF.subscriber, claimFilingIndicatorCode: 'QQ' } },
      '2000B SBR09 code',
    ],
    ['a third cause', { relatedCauses: ['EM', 'EM', 'EM'] }, '2300 CLM11-03 not_used'],
    ['a qualifier that no date has', { dates: [{ qualifier: '999', date: '2026-01-01' }] }, '2300 DTP01 code'],
    ['a delay reason that is none', { delayReasonCode: '14' }, '2300 CLM20 code'],
    ['no lines', { lines: [], totalChargeCents: 0 }, '2300 CLM02 E19'],
  ])('%s', (_, changes, expected) => expect(refusal(changes)).toBe(expected));

  it('never carries a value', () => {
    const secret = 'ZQSECRETZQ';
    for (const changes of [
      { subscriber: { ...SELF.subscriber, memberId: `${secret}*` } },
      { references: [{ qualifier: secret, value: secret }] },
      { patientControlNumber: secret.repeat(9) },
    ]) {
      try {
        write(changes);
        expect.unreachable();
      } catch (error) {
        expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('SECRET');
      }
    }
  });

  it('cuts what is only too long', () => {
    const name = { kind: 'person', lastName: longText, firstName: longText, middleName: longText, suffix: longText } as const;
    const nm1 = lines({ subscriber: { ...SELF.subscriber, name } }).find((l) => l.startsWith('NM1*IL'));
    expect(nm1?.split('*').map((e) => e.length)).toEqual([3, 2, 1, 60, 35, 25, 0, 10, 2, 10]);
  });
});

const child: Partial<ProfessionalClaim> = {
  subscriber: { ...SELF.subscriber, isPatient: false, address: null, demographics: null },
  patient: {
    relationshipCode: '19',
    name: { kind: 'person', lastName: 'A', firstName: 'B', middleName: null, suffix: null },
    address: BILLING_ADDRESS,
    demographics: { dateOfBirth: '2015-01-01', gender: 'U' },
  },
};
const provider = SELF.rendering!;
const facility = { name: 'East', npi: NPI.facility, address: { ...BILLING_ADDRESS, line1: '9 Elm St' }, secondaryIds: [] };

describe('situational rules', () => {
  it.each<[string, Partial<ProfessionalClaim>]>([
    ['2010AA N301 E8', { billing: { ...BILLING, address: { ...BILLING_ADDRESS, line1: 'PO Box 7' } } }],
    ['2310C N301 E8', { facility: { ...facility, address: { ...facility.address, line2: 'P.O. Box 7' } } }],
    ['2010AA NM104 E10', { billing: { ...BILLING, name: { ...provider.name, firstName: null } as typeof provider.name } }],
    [
      '2010BA NM104 E10',
      {
        subscriber: {
          ...SELF.subscriber,
          name: { kind: 'person', lastName: 'A', firstName: '🙂', middleName: null, suffix: null },
        },
      },
    ],
    ['2000B SBR02 E14', { ...child, subscriber: { ...child.subscriber!, claimFilingIndicatorCode: 'MB' } }],
    ['2400 SV101-02 E31', { lines: [LINE, { ...LINE, lineControlNumber: 'L2' }], totalChargeCents: 12_000 }],
    ['2010CA NM104 E10', { ...child, patient: { ...child.patient!, name: { ...child.patient!.name, firstName: null } } }],
    [
      '2310A NM104 E10',
      { referring: { ...provider, name: { kind: 'person', lastName: 'A', firstName: null, middleName: null, suffix: null } } },
    ],
    [
      '2310B NM104 E10',
      { rendering: { ...provider, name: { kind: 'person', lastName: 'A', firstName: '', middleName: null, suffix: null } } },
    ],
    [
      '2310D NM104 E10',
      {
        supervising: {
          ...provider,
          npi: NPI.supervising,
          name: { kind: 'person', lastName: 'A', firstName: null, middleName: null, suffix: null },
        },
      },
    ],
    ['2310B NM109 E11', { rendering: { ...provider, npi: NPI.billing } }],
    ['2310D NM109 E12', { supervising: provider }],
    [
      '2310C N301 E13',
      { facility: { ...facility, address: { ...BILLING_ADDRESS, line1: '410 w. main st.', postalCode: '537039999' } } },
    ],
    ['2000B SBR02 E14', { ...child, patient: null }],
    ['2000B SBR02 E14', { ...child, subscriber: SELF.subscriber }],
    ['2010BA N301 E14', { subscriber: { ...SELF.subscriber, address: null } }],
    ['2010BA DMG02 E14', { subscriber: { ...SELF.subscriber, demographics: null } }],
    ['2010BA DMG02 E15', { subscriber: { ...SELF.subscriber, demographics: { dateOfBirth: '2026-11-21', gender: 'F' } } }],
    ['2010BA DMG02 E15', { subscriber: { ...SELF.subscriber, demographics: { dateOfBirth: '1875-11-21', gender: 'F' } } }],
    ['2010CA DMG02 E15', { ...child, patient: { ...child.patient!, demographics: { dateOfBirth: '2027-01-01', gender: 'F' } } }],
    ['2000B SBR05 E17', { subscriber: { ...SELF.subscriber, insuranceTypeCode: '12' } }],
    ['2300 CLM02 E19', { totalChargeCents: 6001 }],
    ['2300 REF01 E20', { frequencyCode: '8' }],
    ['2300 REF01 E20', { references: [{ qualifier: 'F8', value: 'ICN1' }] }],
    ['2300 HI01-02 E21', { diagnoses: ['V0001'] }],
    ['2300 HI01-02 E21', { diagnoses: ['F411', 'F10', 'F411'] }],
    ['2400 SV107-01 E22', { lines: [{ ...LINE, diagnosisPointers: [2] }] }],
    ['2400 SV107-01 E22', { lines: [{ ...LINE, diagnosisPointers: [1, 1] }] }],
    ['2300 CLM11-04 E24', { relatedCauses: ['AA'], dates: [{ qualifier: '439', date: '2026-01-01' }] }],
    ['2300 DTP01 E24', { relatedCauses: ['OA'] }],
    ['2300 CLM11-01 E24', { dates: [{ qualifier: '439', date: '2026-01-01' }] }],
    ['2300 DTP01 E25', { placeOfServiceCode: '21' }],
    ['2300 PWK06 E26', { attachments: [{ type: 'OZ', transmission: 'EL', controlNumber: null }] }],
    ['2300 AMT02 E27', { patientPaidCents: 6001 }],
    ['2400 SV104 E31', { lines: [{ ...LINE, units: 2 }] }],
    ['2400 SV104 E31', { lines: [{ ...LINE, procedureCode: '90785', units: 0 }] }],
    ['2400 SV101-03 E32', { lines: [{ ...LINE, modifiers: ['95', '95'] }] }],
    ['2400 SV101-02 E33', { lines: [{ ...LINE, procedureCode: '90785' }] }],
    [
      '2400 REF02 E2',
      {
        totalChargeCents: 12_000,
        lines: [LINE, { ...LINE, procedureCode: 'H0005', lineControlNumber: LINE.lineControlNumber.toLowerCase() }],
      },
    ],
  ])('%s', (expected, changes) => expect(refusal(changes)).toBe(expected));

  it('lets pass what only looks like it', () => {
    for (const changes of [
      child,
      { facility },
      { relatedCauses: ['EM'] },
      { placeOfServiceCode: '21', dates: [{ qualifier: '435', date: '2026-11-01' }] },
      { attachments: [{ type: 'OZ', transmission: 'AA', controlNumber: null }] },
      { patientPaidCents: 6000 },
      { lines: [{ ...LINE, procedureCode: 'H0005', units: 4 }] },
      { rendering: null, supervising: provider },
    ] satisfies Partial<ProfessionalClaim>[]) {
      expect(refusal(changes)).toBe('written');
    }
  });

  it('wants a charge for a fee claim but not for an encounter', () => {
    const free = { ...SELF, totalChargeCents: 0, lines: [{ ...LINE, chargeCents: 0 }] };
    const sets = (claimOrEncounter: 'CH' | 'RP'): Partial<Interchange> => ({
      transactionSets: interchange([free]).transactionSets.map((set) => ({ ...set, claimOrEncounter })),
    });
    expect(refusal({}, sets('CH'))).toBe('2300 CLM02 E19');
    expect(refusal({}, sets('RP'))).toBe('written');
  });
});
