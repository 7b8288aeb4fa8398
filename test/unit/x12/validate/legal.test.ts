import { describe, expect, test } from 'vitest';
import {
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

/** Next door to each corruption: what looks like one and is right. */
const LEGAL: readonly (readonly [string, Body])[] = [
  ['a street named Poblano', swap(SELF_CLAIM, 'N3*410', '410 W MAIN ST', '12 POBLANO DR')],
  ['a post office box of the patient', swap(SELF_CLAIM, 'N3*18', '18 ALDER CT', 'PO BOX 18')],
  ['no rendering provider', drop(drop(SELF_CLAIM, 'NM1*82'), 'PRV*PE')],
  ['an organization as subscriber of a dependent', swap(DEPENDENT_CLAIM, 'NM1*IL', '1*LINDQVIST*KARIN*M', '2*LINDQVIST TRUST**')],
  ['a dependent’s subscriber without address and birth', DEPENDENT_CLAIM],
  ['an address in Canada', swap(DEPENDENT_CLAIM, 'N4', 'MADISON*WI*53704', 'TORONTO*ON*M5V2T6*CA', 2)],
  ['an address in Mexico', swap(DEPENDENT_CLAIM, 'N4', 'MADISON*WI*53704', 'TIJUANA**22000*MX', 2)],
  ['a week of service', swap(SELF_CLAIM, 'DTP*472', 'D8*20261120', 'RD8*20261114-20261120')],
  ['the day of the service is today', swap(SELF_CLAIM, 'DTP*472', '20261120', '20261125')],
  ['a baby', swap(SELF_CLAIM, 'DMG', '19880412', '20261120')],
  ['employment as cause, no accident', swap(SELF_CLAIM, 'CLM', 'A*Y*Y', 'A*Y*Y**EM')],
  ['a void', swap(FULL_CLAIM, 'CLM', '53:B:7', '53:B:8')],
  ['inpatient with admission', change(swap(SELF_CLAIM, 'CLM', '11:B', '51:B'), 'HI', (s) => ['DTP*435*D8*20261118', s])],
  ['papers on request', swap(FULL_CLAIM, 'PWK', 'EL***AC*ATT-7781', 'AA')],
  ['the patient paid all of it', swap(FULL_CLAIM, 'AMT*F5', '10.99', '75.5')],
  ['telehealth at home by video', swap(swap(SELF_CLAIM, 'CLM', '11:B', '10:B'), 'SV1', '90853', '90853:95')],
  ['telehealth elsewhere by voice', swap(swap(SELF_CLAIM, 'CLM', '11:B', '02:B'), 'SV1', '90853', '90853:93')],
  [
    'Medicare telehealth without 95',
    swap(swap(swap(SELF_CLAIM, 'CLM', '11:B', '10:B'), 'SBR', '*CI', '*MB'), 'NM1*PR', '60054', '00950'),
  ],
  ['an H code by the quarter of an hour', swap(swap(SELF_CLAIM, 'SV1', '90853', 'H0005:HQ'), 'SV1', '*UN*1', '*UN*4')],
  ['four modifiers in order', swap(swap(SELF_CLAIM, 'CLM', '11:B', '10:B'), 'SV1', '90853', '90853:HQ:HO:U1:GT')],
  ['a service of another section', swap(SELF_CLAIM, 'SV1', '90853', '99213')],
  ['a line elsewhere', swap(SELF_CLAIM, 'SV1', '*UN*1***1', '*UN*1*53**1')],
  ['a diagnosis that no list here has', swap(SELF_CLAIM, 'HI', 'F411', 'F411*ABF:E119')],
  [
    'group psychotherapy on two days',
    swap(swap(FULL_CLAIM, 'SV1*HC:90785', '90785', '90853'), 'DTP*472', '20261120', '20261119', 2),
  ],
  ['a second group psychotherapy that is meant', swap(FULL_CLAIM, 'SV1*HC:90785', '90785', '90853:59')],
  ['individual therapy with 59', swap(FULL_CLAIM, 'SV1*HC:90785', '90785', '90834:59')],
  [
    'a payer that has not decided yet',
    drop(drop(drop(drop(drop(SECONDARY_CLAIM, 'AMT*D'), 'SVD'), 'CAS*CO'), 'CAS*PR'), 'DTP*573'),
  ],
  [
    'a payer that paid more than was charged',
    swap(swap(swap(SECONDARY_CLAIM, 'CAS*CO', '19.61', '-10.39'), 'AMT*D', '30.39', '60.39'), 'SVD', '30.39', '60.39'),
  ],
  ['nothing paid', swap(swap(swap(SECONDARY_CLAIM, 'CAS*CO', '19.61', '50'), 'AMT*D', '30.39', '0'), 'SVD', '30.39', '0')],
  ['no remaining liability told', drop(SECONDARY_WHOLE, 'AMT*EAF')],
  ['an encounter without charge', swap(swap(swap(SELF_CLAIM, 'BHT', 'CH', 'RP'), 'CLM', '*60*', '*0*'), 'SV1', '*60*', '*0*')],
  ['amounts in cents', swap(swap(SELF_CLAIM, 'CLM', '*60*', '*.99*'), 'SV1', '*60*', '*.99*')],
  ['EPSDT on a minor’s claim', change(DEPENDENT_CLAIM, 'HI', (s) => ['CRC*ZZ*Y*ST', s])],
];

describe('legal', () => {
  test.each(LEGAL)('%s', (_, body) => {
    const ids = new Map([
      ['60054', { memberIdPattern: null }],
      ['00950', { memberIdPattern: null }],
    ]);
    const receiver = OWN.receiver === null ? null : { ...OWN.receiver, payers: ids };
    expect(findingsIn(fileOf(body), { ...OWN, receiver })).toEqual([]);
  });
});

describe('in files of others house style refuses nothing', () => {
  const foreign = { ...OWN, own: false, receiver: null };
  test.each([
    ['lower case', swap(SELF_CLAIM, 'NM1*IL', 'SARAH', 'Sarah'), []],
    ['extended characters', swap(SELF_CLAIM, 'N3*18', 'ALDER CT', 'ALDER CT #2'), []],
    ['a claim number of another shape', swap(SELF_CLAIM, 'CLM', 'GK4TW7MQX2P01', '4711'), []],
    ['100.00', swap(SELF_CLAIM, 'SV1', '*60*', '*60.00*'), []],
    ['a claim number over 20 characters', swap(SELF_CLAIM, 'CLM', 'GK4TW7MQX2P01', 'GK4TW7MQX2P0000000001'), ['error E1']],
  ])('%s', (_, body, expected) => {
    expect(findingsIn(fileOf(body), foreign).map((f) => `${f.severity} ${f.rule}`)).toEqual(expected);
  });

  test('other delimiters than ours', () => {
    const text = fileOf(SELF_CLAIM).replaceAll('*', '|').replaceAll(':', '>').replaceAll('~', '!');
    expect(findingsIn(text, foreign)).toEqual([]);
    expect(findingsIn(text).map((f) => f.rule)).toContain('house.delimiters');
  });
});

test('without lists nothing is said about codes', () => {
  const body = swap(swap(SELF_CLAIM, 'HI', 'F411', 'F999'), 'CLM', '11:B', '35:B');
  expect(findingsIn(fileOf(body)).map((f) => f.rule)).toEqual(['E21', 'E23']);
  expect(findingsIn(fileOf(body), { ...OWN, codeSets: null })).toEqual([]);
});

test('what one fault looks like', () => {
  expect(findingsIn(fileOf(swap(SELF_CLAIM, 'NM1*82', '1093817462', '1093817463')))).toEqual([
    {
      snip: 5,
      severity: 'error',
      rule: 'E5',
      place: {
        inFile: 23,
        inSet: 21,
        loop: '2310B',
        segment: 'NM1',
        element: 'NM109',
        repetition: null,
        interchange: '000000101',
        group: '101',
        set: '000000001',
        claim: 'GK4TW7MQX2P01',
      },
      message: 'An NPI has ten digits, begins with 1 or 2, and its last digit checks the others (Luhn with 80840).',
      ik3: '8',
      ik4: 'I12',
      status: { category: 'A7', code: '562' },
    },
  ]);
});
