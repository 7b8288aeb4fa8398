import type { Correction } from '../rules/table.ts';

const XX = { position: 8, values: ['XX'] } as const;
const D8 = { position: 2, values: ['D8'] } as const;
const RD8 = { position: 2, values: ['RD8'] } as const;

/** Where the reference table is wrong or silent about something that every reader of the guide must hold to (SNIP types 1 and 2). */
export const GUIDE_CORRECTIONS: readonly Correction[] = [
  {
    loop: 'ISA_LOOP',
    tag: 'ISA',
    ref: 'ISA11',
    name: 'Repetition Separator',
    codes: null,
    why: '5010 has the repetition separator here, whichever the sender chooses; the table still says U (4010). Spec 04 §4.3',
  },
  { loop: 'ST_LOOP', tag: 'ST', ref: 'ST03', usage: 'R', codes: ['005010X222A1'], why: 'ST03 = GS08 is required, spec 04 §4.3' },
  {
    loop: 'HEADER',
    tag: 'BHT',
    ref: 'BHT06',
    codes: ['31', 'CH', 'RP'],
    why: 'the guide has 31 (subrogation demand) too, spec 04 §4.3',
  },
  {
    loop: '2300',
    tag: 'CLM',
    ref: 'CLM05-03',
    codes: ['1', '7', '8'],
    why: 'claim frequency codes of a professional claim, spec 04 §4.3',
  },
  { loop: null, tag: 'DMG', ref: 'DMG02', format: 'date8', why: 'DMG01 is always D8' },
  { loop: null, tag: 'PAT', ref: 'PAT06', format: 'date8', why: 'PAT05 is always D8' },
  { loop: null, tag: 'DTP', ref: 'DTP03', format: 'date8', when: D8, why: 'the qualifier says so' },
  { loop: null, tag: 'DTP', ref: 'DTP03', format: 'date_range', when: RD8, why: 'the qualifier says so' },
];

const MODIFIERS = ['03', '04', '05', '06'] as const;

/** Shapes of code sets and of formatted text (SNIP types 4 and 5): generic validators see none of these. Spec 04 §4.1, E5–E9, E21, E32. */
export const GUIDE_FORMATS: readonly Correction[] = [
  { loop: null, tag: 'NM1', ref: 'NM109', format: 'npi', when: XX, why: 'E5' },
  { loop: null, tag: 'PRV', ref: 'PRV03', format: 'taxonomy', why: 'E7' },
  {
    loop: null,
    tag: 'REF',
    qualifier: 'EI',
    ref: 'REF02',
    format: 'nine_digits',
    when: { position: 1, values: ['EI', 'SY'] },
    why: 'E6',
  },
  {
    loop: '2010CA',
    tag: 'REF',
    qualifier: 'SY',
    ref: 'REF02',
    format: 'nine_digits',
    when: { position: 1, values: ['SY'] },
    why: 'E6',
  },
  {
    loop: '2300',
    tag: 'REF',
    qualifier: '4N',
    ref: 'REF02',
    codes: ['1', '2', '3', '4', '5', '6', '7'],
    why: 'K: list in the text',
  },
  { loop: '2300', tag: 'REF', qualifier: 'F5', ref: 'REF02', codes: ['N', 'Y'], why: 'K: list in the text' },
  { loop: '2330B', tag: 'REF', qualifier: 'T4', ref: 'REF02', codes: ['Y'], why: 'spec 04 §4.3' },
  { loop: null, tag: 'N4', ref: 'N402', format: 'state', why: 'USPS and Canada Post codes' },
  { loop: null, tag: 'N4', ref: 'N403', format: 'zip', why: 'RFI 1533; the writer sends US addresses only' },
  { loop: '2010AA', tag: 'N4', ref: 'N403', format: 'zip9', why: 'E9, RFI 1533' },
  { loop: '2310C', tag: 'N4', ref: 'N403', format: 'zip9', why: 'E9, RFI 1533' },
  { loop: '2420C', tag: 'N4', ref: 'N403', format: 'zip9', why: 'E9, RFI 1533' },
  {
    loop: null,
    tag: 'PER',
    ref: 'PER04',
    format: 'phone',
    when: { position: 3, values: ['TE', 'FX'] },
    why: 'ten digits, spec 04 §4.1',
  },
  {
    loop: null,
    tag: 'PER',
    ref: 'PER06',
    format: 'phone',
    when: { position: 5, values: ['TE', 'FX'] },
    why: 'ten digits, spec 04 §4.1',
  },
  { loop: null, tag: 'HL', ref: 'HL01', format: 'counter', why: '1, 2, 3 … in every set, spec 04 §4.2' },
  { loop: null, tag: 'LX', ref: 'LX01', format: 'counter', why: '1, 2, 3 … in every claim, spec 04 §4.2' },
  { loop: '2300', tag: 'CLM', ref: 'CLM02', format: 'charge', why: 'money: two decimals, ten digits, spec 04 §4.1' },
  { loop: '2300', tag: 'AMT', ref: 'AMT02', format: 'charge', why: 'money' },
  { loop: '2300', tag: 'CLM', ref: 'CLM05-01', format: 'place_of_service', why: 'E23' },
  { loop: '2300', tag: 'CLM', ref: 'CLM11-04', format: 'state', why: 'E24' },
  { loop: '2400', tag: 'SV1', ref: 'SV102', format: 'charge', why: 'money' },
  { loop: '2400', tag: 'SV1', ref: 'SV105', format: 'place_of_service', why: 'E23' },
  { loop: '2400', tag: 'SV1', ref: 'SV101-02', format: 'procedure', when: { position: 1, values: ['HC'] }, why: 'E32' },
  ...MODIFIERS.map((n): Correction => ({ loop: '2400', tag: 'SV1', ref: `SV101-${n}`, format: 'modifier', why: 'E32' })),
  { loop: '2430', tag: 'SVD', ref: 'SVD03-02', format: 'procedure', when: { position: 1, values: ['HC'] }, why: 'E32' },
  ...MODIFIERS.map((n): Correction => ({ loop: '2430', tag: 'SVD', ref: `SVD03-${n}`, format: 'modifier', why: 'E32' })),
  { loop: '2430', tag: 'SVD', ref: 'SVD02', format: 'charge', why: 'money' },
  ...['2320', '2400', '2430'].map((loop): Correction => ({ loop, tag: 'AMT', ref: 'AMT02', format: 'charge', why: 'money' })),
  ...['CN102', 'HCP02', 'HCP03', 'HCP07', 'PS102'].map(
    (ref): Correction => ({ loop: null, tag: ref.slice(0, 3), ref, format: 'charge', why: 'money' }),
  ),
  ...['03', '06', '09', '12', '15', '18'].map(
    (n): Correction => ({ loop: null, tag: 'CAS', ref: `CAS${n}`, format: 'adjustment', why: 'money' }),
  ),
  ...['02', '05', '08', '11', '14', '17'].map(
    (n): Correction => ({ loop: null, tag: 'CAS', ref: `CAS${n}`, format: 'carc', why: 'X12 code list 139' }),
  ),
  ...['03', '04', '05', '06', '07'].map(
    (n): Correction => ({ loop: '2320', tag: 'MOA', ref: `MOA${n}`, format: 'rarc', why: 'X12 code list 411' }),
  ),
  ...Array.from({ length: 12 }, (_, i): Correction => {
    const ref = `HI${String(i + 1).padStart(2, '0')}-02`;
    return { loop: '2300', tag: 'HI', ref, format: 'icd10', when: { position: 1, values: ['ABK', 'ABF'] }, why: 'E21' };
  }),
];

/** What we hold our own files to beyond the guide (SNIP type 7, spec 03 §3.3 and 04 §4.3). */
export const HOUSE_RULES: readonly Correction[] = [
  { loop: 'ISA_LOOP', tag: 'ISA', ref: 'ISA11', codes: ['^'], why: 'our repetition separator, spec 04 §4.1' },
  { loop: 'ISA_LOOP', tag: 'ISA', ref: 'ISA16', codes: [':'], why: 'our component separator, spec 04 §4.1' },
  { loop: 'HEADER', tag: 'BHT', ref: 'BHT03', max: 30, why: 'comes back in the 277CA; ≤ 30, spec 04 §4.2' },
  { loop: '2300', tag: 'CLM', ref: 'CLM01', max: 20, format: 'control_number', why: 'E1; payers return 20 characters, RFI 525' },
  { loop: '2300', tag: 'REF', qualifier: 'D9', ref: 'REF02', max: 20, why: 'spec 03 §3.3' },
  { loop: '2400', tag: 'REF', qualifier: '6R', ref: 'REF02', max: 30, why: 'spec 03 §3.3' },
  {
    loop: null,
    tag: 'K3',
    ref: 'K301',
    format: 'approved_file_information',
    why: 'only formats that X12 approved, spec 04 §4.3',
  },
  { loop: '2300', tag: 'HI', ref: 'HI01-01', codes: ['ABK'], why: 'ICD-9 ended on 2015-10-01' },
  ...Array.from({ length: 11 }, (_, i): Correction => {
    const ref = `HI${String(i + 2).padStart(2, '0')}-01`;
    return { loop: '2300', tag: 'HI', qualifier: 'ABK', ref, codes: ['ABF'], why: 'ICD-9 ended on 2015-10-01' };
  }),
];
