import { describe, expect, test } from 'vitest';
import type { SnipType } from '../../../../src/x12/837p/validate/finding.ts';
import {
  after,
  type Body,
  change,
  DEPENDENT_CLAIM,
  drop,
  FULL_CLAIM,
  fileOf,
  findingsIn,
  OWN,
  SECONDARY_CLAIM,
  SECONDARY_WHOLE,
  SELF_CLAIM,
  swap,
} from './good-files.ts';

/** A named corruption of a good file, with the type and rule that must catch it; `warns` where it does not refuse. */
interface Mutation {
  readonly name: string;
  readonly text: string;
  readonly snip: SnipType;
  readonly rule: string;
  readonly warns?: true;
}

const of = (name: string, snip: SnipType, rule: string, ...bodies: Body[]): Mutation => ({
  name,
  snip,
  rule,
  text: fileOf(...bodies),
});
const warns = (mutation: Mutation): Mutation => ({ ...mutation, warns: true });
/** A corruption of the envelope, where counts must not be mended. */
const raw = (name: string, snip: SnipType, rule: string, from: string, to: string): Mutation => {
  const good = fileOf(SELF_CLAIM);
  if (!good.includes(from)) throw new Error(`no ${from}`);
  return { name, snip, rule, text: good.replace(from, to) };
};

const ICD9: Body = swap(swap(SELF_CLAIM, 'HI', 'ABK:F411', 'BK:30002'), 'DTP*472', '20261120', '20261120');

/** What generic validators see as well: types 1 and 2. */
const SYNTAX_AND_GUIDE: readonly Mutation[] = [
  raw('segment count', 1, 'set.segment_count', '\nSE*27*', '\nSE*28*'),
  raw('group control number', 1, 'group.control_number', 'GE*1*101', 'GE*1*102'),
  raw('interchange control number', 1, 'interchange.control_number', 'IEA*1*000000101', 'IEA*1*000000102'),
  raw('set count', 1, 'group.set_count', 'GE*1*101', 'GE*2*101'),
  raw('truncated file', 1, 'file.truncated', 'IEA*1*000000101~\n', ''),
  of('trailing delimiters', 1, 'segment.trailing_delimiters', swap(SELF_CLAIM, 'N3*410', 'ST', 'ST**')),
  of('unknown segment', 1, 'segment.unknown', after(SELF_CLAIM, 'REF*EI', 'XYZ*1')),
  of('leading space', 1, 'element.spaces', swap(SELF_CLAIM, 'NM1*IL', '*MORENO', '* MORENO')),
  of('letter in an amount', 1, 'element.number', swap(SELF_CLAIM, 'CLM', '*60*', '*6O*')),
  of('amount with a comma', 1, 'element.number', swap(SELF_CLAIM, 'CLM', '*60*', '*1,060*')),
  of('member id too short', 1, 'element.too_short', swap(SELF_CLAIM, 'NM1*IL', 'W123456789', 'W')),
  warns(raw('padded group number', 1, 'element.padded', '*0915*101*X', '*0915*0101*X')),
  of('no such day', 2, 'element.date_format', swap(SELF_CLAIM, 'DTP*472', '20261120', '20261131')),
  of('missing N3 of the billing provider', 2, 'segment.required', drop(SELF_CLAIM, 'N3*410')),
  of('missing payer', 2, 'loop.required', drop(SELF_CLAIM, 'NM1*PR')),
  of('missing date of service', 2, 'segment.required', drop(SELF_CLAIM, 'DTP*472')),
  of('HL parent', 2, 'hl.parent', swap(SELF_CLAIM, 'HL*2', 'HL*2*1', 'HL*2*3')),
  of('HL number', 2, 'hl.number', swap(SELF_CLAIM, 'HL*2', 'HL*2*', 'HL*3*')),
  of('HL04 0 with a patient level below', 2, 'hl.child', swap(DEPENDENT_CLAIM, 'HL*2', '*22*1', '*22*0')),
  of('wrong qualifier', 2, 'segment.qualifier', swap(SELF_CLAIM, 'NM1*82', 'NM1*82', 'NM1*83')),
  of('diagnoses after the lines', 2, 'segment.order', after(drop(SELF_CLAIM, 'HI'), 'NM1*82', 'HI*ABK:F411')),
  of('frequency 5', 2, 'element.code', swap(SELF_CLAIM, 'CLM', '11:B:1', '11:B:5')),
  of('gender X', 2, 'element.code', swap(SELF_CLAIM, 'DMG', '*F', '*X')),
  of('relationship 99', 2, 'element.code', swap(DEPENDENT_CLAIM, 'PAT', '19', '99')),
  of(
    'one ST02 twice',
    1,
    'set.repeated',
    SELF_CLAIM,
    swap(swap(SELF_CLAIM, 'CLM', '01*60', '02*60'), 'BHT', 'B000000001', 'B000000002'),
  ),
];
/** The harness numbers sets itself; the one mutation that needs a repeated ST02 is mended here. */
const repeatSetNumber = (text: string): string =>
  text.replaceAll('000000002*005010', '000000001*005010').replace(/(SE\*\d+\*)000000002/, '$1000000001');

const BALANCES: readonly Mutation[] = [
  of('CLM02 is not the sum of the lines', 3, 'E19', swap(SELF_CLAIM, 'CLM', '*60*', '*61*')),
  of('a line more than the total', 3, 'E19', swap(FULL_CLAIM, 'SV1*HC:90785', '*15.5*', '*15.51*')),
  of('a charge of zero', 3, 'E19', swap(swap(SELF_CLAIM, 'CLM', '*60*', '*0*'), 'SV1', '*60*', '*0*')),
  of('three decimals', 3, 'amount.decimals', swap(swap(SELF_CLAIM, 'CLM', '*60*', '*60.005*'), 'SV1', '*60*', '*60.005*')),
  of('three decimals of an adjustment', 3, 'amount.decimals', swap(SECONDARY_CLAIM, 'CAS*CO', '19.61', '19.610')),
  of('three decimals of a line that was paid', 3, 'amount.decimals', swap(SECONDARY_CLAIM, 'SVD', '30.39', '30.391')),
  of('three decimals of what a payer paid', 3, 'amount.decimals', swap(SECONDARY_CLAIM, 'AMT*D', '30.39', '30.391')),
  of('three decimals of what the patient paid', 3, 'amount.decimals', swap(FULL_CLAIM, 'AMT*F5', '10.99', '10.999')),
  of('LX out of sequence', 3, 'E31', swap(FULL_CLAIM, 'LX*2', 'LX*2', 'LX*3')),
  of('SVD02 and adjustments are not the charge', 3, 'E34', swap(SECONDARY_CLAIM, 'CAS*CO', '19.61', '19.62')),
  of('AMT*D is not what the lines were paid', 3, 'E34', swap(SECONDARY_CLAIM, 'AMT*D', '30.39', '30.4')),
  of('no AMT*D from a payer that decided', 3, 'E34', drop(SECONDARY_CLAIM, 'AMT*D')),
  of('the claim as a whole does not balance', 3, 'E34', swap(SECONDARY_WHOLE, 'AMT*D', '30.39', '31')),
  of('SVD01 is no other payer', 3, 'E35', swap(SECONDARY_CLAIM, 'SVD', '00950', '00951')),
  of(
    'one payer id twice',
    3,
    'E35',
    after(
      SECONDARY_CLAIM,
      'NM1*PR*2*ANTHEM',
      'SBR*T*18*******BL',
      'OI***Y***Y',
      'NM1*IL*1*MORENO*SARAH****MI*XQB900112233',
      'NM1*PR*2*ANOTHER*****PI*00950',
    ),
  ),
  of('remittance date at both levels', 3, 'E36', after(SECONDARY_CLAIM, 'NM1*PR*2*ANTHEM', 'DTP*573*D8*20261122')),
  of('no remittance date at all', 3, 'E36', drop(SECONDARY_WHOLE, 'DTP*573')),
  of(
    'an adjustment at both levels',
    3,
    'E37',
    change(SECONDARY_CLAIM, 'AMT*D', (s) => ['CAS*PR*2*10', s]),
  ),
  of('more left than there is', 3, 'E38', swap(SECONDARY_WHOLE, 'AMT*EAF', '10', '29.62')),
  warns(of('not what the payer put on the patient', 3, 'E38', swap(SECONDARY_WHOLE, 'AMT*EAF', '10', '9'))),
  of('remaining liability beside line decisions', 3, 'E38', after(SECONDARY_CLAIM, 'AMT*D', 'AMT*EAF*10')),
  of('two CAS of one group', 3, 'E39', swap(SECONDARY_CLAIM, 'CAS*PR', 'PR', 'CO')),
  of(
    'one reason twice in a CAS',
    3,
    'E39',
    change(drop(SECONDARY_CLAIM, 'CAS*PR'), 'CAS*CO', () => ['CAS*CO*45*19.61**45*10']),
  ),
];

const SITUATIONS: readonly Mutation[] = [
  of('one CLM01 twice', 4, 'E1', SELF_CLAIM, swap(SELF_CLAIM, 'BHT', 'B000000001', 'B000000002')),
  of(
    'one CLM01 twice but for its case',
    4,
    'E1',
    SELF_CLAIM,
    swap(swap(SELF_CLAIM, 'BHT', 'B000000001', 'B000000002'), 'CLM', 'GK4', 'gk4'),
  ),
  of('one BHT03 twice', 4, 'E3', SELF_CLAIM, swap(SELF_CLAIM, 'CLM', 'P01*', 'P02*')),
  of('one 6R twice', 4, 'E2', swap(FULL_CLAIM, 'REF*6R', 'L2', 'L1', 2)),
  of('post office box as billing address', 4, 'E8', swap(SELF_CLAIM, 'N3*410', '410 W MAIN ST', 'PO BOX 410')),
  of('lockbox in the second line', 4, 'E8', swap(SELF_CLAIM, 'N3*410', 'ST', 'ST*LOCKBOX 8812')),
  of('post office box as facility', 4, 'E8', swap(FULL_CLAIM, 'N3*88', '88 LAKE ST', 'P.O. BOX 7')),
  of('ZIP of five digits, billing provider', 4, 'E9', swap(SELF_CLAIM, 'N4', '537031234', '53703')),
  of('ZIP of five digits, facility', 4, 'E9', swap(FULL_CLAIM, 'N4', '537049876', '53704', 3)),
  of('subscriber without first name', 4, 'E10', swap(SELF_CLAIM, 'NM1*IL', '*SARAH*', '**')),
  of('rendering provider without first name', 4, 'E10', swap(SELF_CLAIM, 'NM1*82', '*ADA*', '**')),
  of('patient without first name', 4, 'E10', swap(DEPENDENT_CLAIM, 'NM1*QC', '*NILS', '')),
  of('rendering is the billing provider', 4, 'E11', swap(SELF_CLAIM, 'NM1*82', '1093817462', '1457382913')),
  of('supervisor is the rendering provider', 4, 'E12', swap(FULL_CLAIM, 'NM1*DQ', '1667890127', '1093817462')),
  of(
    'facility at the billing address',
    4,
    'E13',
    swap(swap(FULL_CLAIM, 'N3*88', '88 LAKE ST', '410 W. Main St.'), 'N4', '537049876', '537031234', 3),
  ),
  of('subscriber without DMG', 4, 'E14', drop(SELF_CLAIM, 'DMG')),
  of('subscriber without N3', 4, 'E14', drop(SELF_CLAIM, 'N3*18')),
  of('subscriber without N4', 4, 'E14', drop(SELF_CLAIM, 'N4', 2)),
  of('SBR02 blank without a patient level', 4, 'E14', swap(SELF_CLAIM, 'SBR', 'P*18', 'P*')),
  of('Medicare with a patient level', 4, 'E14', swap(DEPENDENT_CLAIM, 'SBR', '*BL', '*MB')),
  warns(of('Medicaid with a patient level', 4, 'E14', swap(DEPENDENT_CLAIM, 'SBR', '*BL', '*MC'))),
  of('no claim filing indicator', 4, 'E17', swap(SELF_CLAIM, 'SBR', '*******CI', '')),
  of('no claim filing indicator of another payer', 4, 'E17', swap(SECONDARY_CLAIM, 'SBR*P', '*******BL', '')),
  of('number and name of the group', 4, 'E17', swap(DEPENDENT_CLAIM, 'SBR', '0087512*', '0087512*ACME WORKS')),
  warns(of('the claim’s place of service on a line', 4, 'E23', swap(SELF_CLAIM, 'SV1', '*UN*1***1', '*UN*1*11**1'))),
  of('SBR02 with a patient level', 4, 'E14', swap(DEPENDENT_CLAIM, 'SBR', 'P**', 'P*18*')),
  of('born after the service', 4, 'E15', swap(SELF_CLAIM, 'DMG', '19880412', '20261121')),
  of('a patient of 160 years', 4, 'E15', swap(SELF_CLAIM, 'DMG', '19880412', '18660412')),
  warns(of('space inside the member id', 4, 'E16', swap(SELF_CLAIM, 'NM1*IL', 'W123456789', 'W123 456789'))),
  of('one rank twice', 4, 'E17', swap(SECONDARY_CLAIM, 'SBR*P', 'P', 'S')),
  of('secondary without a primary', 4, 'E17', swap(SELF_CLAIM, 'SBR', 'SBR*P', 'SBR*S')),
  of('Medicare secondary without its reason', 4, 'E17', swap(SECONDARY_CLAIM, 'SBR*S', '*CI', '*MB')),
  of('insurance type for a primary payer', 4, 'E17', swap(SELF_CLAIM, 'SBR', 'P*18****', 'P*18***12*')),
  of('frequency 7 without the payer’s number', 4, 'E20', drop(FULL_CLAIM, 'REF*F8')),
  of('payer’s number on an original', 4, 'E20', swap(FULL_CLAIM, 'CLM', '53:B:7', '53:B:1')),
  of('a replacement to Medicare', 4, 'E20', swap(FULL_CLAIM, 'SBR', '*CI', '*MB')),
  of('repeated diagnosis', 4, 'E21', swap(FULL_CLAIM, 'HI', 'F1020', 'F411')),
  of('external cause as principal diagnosis', 4, 'E21', swap(SELF_CLAIM, 'HI', 'F411', 'X838XXA')),
  of('ICD-9', 4, 'E21', ICD9),
  of('pointer beyond the diagnoses', 4, 'E22', swap(SELF_CLAIM, 'SV1', '***1', '***2')),
  of('one pointer twice', 4, 'E22', swap(FULL_CLAIM, 'SV1*HC:90853', '1:2', '1:1')),
  of('accident without its date', 4, 'E24', drop(FULL_CLAIM, 'DTP*439')),
  of('automobile accident without the state', 4, 'E24', swap(FULL_CLAIM, 'CLM', 'AA:EM::WI', 'AA:EM')),
  of('accident date without cause', 4, 'E24', swap(FULL_CLAIM, 'CLM', '*AA:EM::WI', '')),
  of('inpatient without admission', 4, 'E25', swap(SELF_CLAIM, 'CLM', '11:B', '51:B')),
  of('papers without control number', 4, 'E26', swap(FULL_CLAIM, 'PWK', '***AC*ATT-7781', '')),
  of('patient paid more than the charge', 4, 'E27', swap(FULL_CLAIM, 'AMT*F5', '10.99', '75.51')),
  warns(of('patient paid nothing', 4, 'E27', swap(FULL_CLAIM, 'AMT*F5', '10.99', '0'))),
  of('service in the future', 4, 'E28', swap(SELF_CLAIM, 'DTP*472', '20261120', '20261126')),
  warns(of('a service of last year', 4, 'E29', swap(SELF_CLAIM, 'DTP*472', '20261120', '20251120'))),
  of('no units', 4, 'E31', swap(SELF_CLAIM, 'SV1', '*UN*1', '*UN*0')),
  of('one modifier twice', 4, 'E32', swap(SELF_CLAIM, 'SV1', '90853', '90853:HQ:HQ')),
  of('accident after the service', 4, 'date.order', swap(FULL_CLAIM, 'DTP*439', '20260930', '20261121')),
  of('remittance before the service', 4, 'date.order', swap(SECONDARY_CLAIM, 'DTP*573', '20261122', '20261119')),
];

const CODES: readonly Mutation[] = [
  of('NPI check digit', 5, 'E5', swap(SELF_CLAIM, 'NM1*82', '1093817462', '1093817463')),
  of('NPI of nine digits', 5, 'E5', swap(SELF_CLAIM, 'NM1*85', '1457382913', '145738291')),
  of('NPI that begins with 3', 5, 'E5', swap(SELF_CLAIM, 'NM1*82', '1093817462', '3093817462')),
  warns(of('telephone of three digits, submitter', 5, 'phone', swap(SELF_CLAIM, 'PER', '6085550142', '608'))),
  warns(of('telephone of three digits, billing provider', 5, 'phone', after(SELF_CLAIM, 'REF*EI', 'PER*IC*DESK*TE*608'))),
  of('tax id of eight digits', 5, 'E6', swap(SELF_CLAIM, 'REF*EI', '391234567', '39123456')),
  of('tax id with a hyphen', 5, 'E6', swap(SELF_CLAIM, 'REF*EI', '391234567', '39-1234567')),
  of('taxonomy of nine characters', 5, 'E7', swap(SELF_CLAIM, 'PRV*PE', '101YM0800X', '101YM0800')),
  of('diagnosis with a dot', 5, 'E21', swap(SELF_CLAIM, 'HI', 'F411', 'F41.1')),
  of('unknown diagnosis', 5, 'E21', swap(SELF_CLAIM, 'HI', 'F411', 'F419X')),
  of('a category as diagnosis', 5, 'E21', swap(SELF_CLAIM, 'HI', 'F411', 'F41')),
  of(
    'a diagnosis of the next fiscal year',
    5,
    'E21',
    swap(swap(SELF_CLAIM, 'HI', 'F411', 'F64A'), 'DTP*472', '20261120', '20260930'),
  ),
  of('place of service that does not exist', 5, 'E23', swap(SELF_CLAIM, 'CLM', '11:B', '35:B')),
  of(
    'place of service before its day',
    5,
    'E23',
    swap(swap(SELF_CLAIM, 'CLM', '11:B', '10:B'), 'DTP*472', '20261120', '20211231'),
  ),
  of('place of service of one digit', 5, 'E23', swap(SELF_CLAIM, 'CLM', '11:B', '2:B')),
  of('procedure of four characters', 5, 'E32', swap(SELF_CLAIM, 'SV1', '90853', '9085')),
  of('procedure beyond the numbers of CPT', 5, 'E32', swap(SELF_CLAIM, 'SV1', '90853', '99999')),
  of('modifier before its day', 5, 'E32', swap(swap(SELF_CLAIM, 'SV1', '90853', '90853:93'), 'DTP*472', '20261120', '20211231')),
  of('withdrawn adjustment reason', 5, 'E39', swap(SECONDARY_CLAIM, 'CAS*CO', '*45*', '*42*')),
  of('state that does not exist', 5, 'state', swap(SELF_CLAIM, 'N4', '*WI*', '*ZZ*')),
  of('ZIP with a hyphen', 5, 'zip', swap(SELF_CLAIM, 'N4', '537031234', '53703-1234')),
];

const SPECIALTY: readonly Mutation[] = [
  of('a CPT number that does not exist', 6, 'E32', swap(SELF_CLAIM, 'SV1', '90853', '90852')),
  of('two units of group psychotherapy', 6, 'E31', swap(SELF_CLAIM, 'SV1', '*UN*1', '*UN*2')),
  of('group psychotherapy twice a day', 6, 'E31', swap(FULL_CLAIM, 'SV1*HC:90785', '90785', '90853')),
  of('the add-on alone', 6, 'E33', swap(SELF_CLAIM, 'SV1', '90853', '90785')),
  of('the add-on of another day', 6, 'E33', swap(FULL_CLAIM, 'DTP*472', '20261120', '20261119', 2)),
  warns(of('individual therapy the same day without 59', 6, 'E33', swap(FULL_CLAIM, 'SV1*HC:90785', '90785', '90834'))),
  of('video and voice at once', 6, 'E32', swap(swap(SELF_CLAIM, 'CLM', '11:B', '10:B'), 'SV1', '90853', '90853:95:93')),
  warns(of('video in the office', 6, 'E32', swap(SELF_CLAIM, 'SV1', '90853', '90853:95'))),
  warns(
    of(
      '95 to original Medicare',
      6,
      'E32',
      swap(swap(swap(SELF_CLAIM, 'CLM', '11:B', '10:B'), 'SV1', '90853', '90853:95'), 'SBR', '*CI', '*MB'),
    ),
  ),
  of(
    'an ambulance',
    6,
    'line_of_service',
    change(SELF_CLAIM, 'HI', (s) => ['CR1***A*DH*10', s]),
  ),
  of('a drug', 6, 'line_of_service', after(SELF_CLAIM, 'REF*6R', 'LIN**N4*01234567891', 'CTP****2*UN')),
  of(
    'glasses',
    6,
    'line_of_service',
    change(SELF_CLAIM, 'HI', (s) => ['CRC*E1*Y*L1', s]),
  ),
];

const HOUSE: readonly Mutation[] = [
  of('claim number over 20 characters', 7, 'E1', swap(SELF_CLAIM, 'CLM', 'GK4TW7MQX2P01', 'GK4TW7MQX2P0000000001')),
  of('claim number that is not ours', 7, 'E1', swap(SELF_CLAIM, 'CLM', 'GK4TW7MQX2P01', '4711')),
  of('line number over 30 characters', 7, 'E2', swap(SELF_CLAIM, 'REF*6R', 'L1', 'L000000000000000000001')),
  of('reference over 30 characters', 7, 'E3', swap(SELF_CLAIM, 'BHT', 'B000000001', 'B000000000000000000000000000001')),
  raw('production mark in a test set-up', 7, 'E4', '*0*T*:', '*0*P*:'),
  raw('another sender', 7, 'E4', 'NORTHSIDE      ', 'SOUTHSIDE      '),
  of('lower case', 7, 'house.characters', swap(SELF_CLAIM, 'NM1*IL', 'SARAH', 'Sarah')),
  of('a character of the extended set', 7, 'house.characters', swap(SELF_CLAIM, 'N3*18', 'ALDER CT', 'ALDER CT #2')),
  of('a delimiter that partners use', 7, 'house.characters', swap(SELF_CLAIM, 'N3*18', 'ALDER CT', 'ALDER > CT')),
  of('amount 60.00', 7, 'house.decimals', swap(SELF_CLAIM, 'SV1', '*60*', '*60.00*')),
  of('amount 060', 7, 'house.decimals', swap(SELF_CLAIM, 'SV1', '*60*', '*060*')),
  of('amount 0.50', 7, 'house.decimals', swap(swap(SELF_CLAIM, 'SV1', '*60*', '*.5*'), 'CLM', '*60*', '*0.5*')),
  of(
    'file information that X12 did not approve',
    7,
    'house.file_information',
    change(SELF_CLAIM, 'HI', (s) => ['K3*ANYTHING', s]),
  ),
  warns(of('member id of another payer’s shape', 7, 'E16', swap(SELF_CLAIM, 'NM1*IL', 'W123456789', 'X123456789'))),
  warns(of('a payer that nobody configured', 7, 'E16', swap(SELF_CLAIM, 'NM1*PR', '60054', '99999'))),
];

const ALL: readonly Mutation[] = [...SYNTAX_AND_GUIDE, ...BALANCES, ...SITUATIONS, ...CODES, ...SPECIALTY, ...HOUSE];

describe('good files have nothing to say', () => {
  test.each([
    ['self', SELF_CLAIM],
    ['dependent', DEPENDENT_CLAIM],
    ['full', FULL_CLAIM],
    ['secondary, by line', SECONDARY_CLAIM],
    ['secondary, as a whole', SECONDARY_WHOLE],
  ])('%s', (_, body) => {
    expect(findingsIn(fileOf(body))).toEqual([]);
  });
});

test('there are as many corruptions as the issue asks for, each under its own name', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(120);
  expect(new Set(ALL.map((m) => m.name)).size).toBe(ALL.length);
});

describe.each([1, 2, 3, 4, 5, 6, 7] as const)('SNIP %i', (snip) => {
  test.each(ALL.filter((m) => m.snip === snip).map((m) => [m.name, m] as const))('%s', (name, mutation) => {
    const text = name === 'one ST02 twice' ? repeatSetNumber(mutation.text) : mutation.text;
    const found = findingsIn(text);
    const mine = found.filter((f) => f.rule === mutation.rule && f.snip === snip);
    expect(
      mine.map((f) => f.severity),
      JSON.stringify(found.map((f) => `${f.snip} ${f.rule}`)),
    ).toContain(mutation.warns ? 'warning' : 'error');
    // Whatever else it says, it says in words, with a place, and without what the patient's segments hold.
    for (const f of found) {
      expect(f.place.inFile).toBeGreaterThan(0);
      expect(f.message).toMatch(/^[A-Z].*[.?]$/);
      expect(f.message).not.toMatch(/MORENO|SARAH|LINDQVIST|W123456789/);
    }
    // Alone, its type still catches it; without its type nothing of it is said.
    expect(findingsIn(text, { ...OWN, snip: [snip] }).some((f) => f.rule === mutation.rule)).toBe(true);
    const others = OWN.snip.filter((s) => s !== snip);
    expect(findingsIn(text, { ...OWN, snip: others }).some((f) => f.snip === snip)).toBe(false);
  });
});
