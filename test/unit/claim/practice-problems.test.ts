import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Practice, practice as practiceSchema } from '../../../schemas/practice.ts';
import { practiceProblems } from '../../../src/claim/practice-problems.ts';

const body = JSON.parse(readFileSync(new URL('../../../schemas/examples/practice.json', import.meta.url), 'utf8')) as object;
const GOOD = practiceSchema.parse(body);
const billing = (more: object): Practice =>
  practiceSchema.parse({ ...GOOD, billingProvider: { ...GOOD.billingProvider, ...more } });
const address = (more: object): Practice => billing({ address: { ...GOOD.billingProvider.address, ...more } });
const said = (practice: Practice): readonly string[] => practiceProblems(practice).map((p) => `${p.code} ${p.pointer}`);
const { organizationName: _name, ...noName } = { organizationName: '', ...GOOD.billingProvider };
const person = (more: object): Practice =>
  practiceSchema.parse({
    ...GOOD,
    billingProvider: { ...noName, entityType: 'individual', lastName: 'Okafor', firstName: 'Ada', ...more },
  });
const numbered = (...npis: (string | null | undefined)[]): Practice =>
  practiceSchema.parse({
    ...GOOD,
    secondaryIds: npis.map((npi, i) => ({ payerId: '60054', qualifier: 'G2', value: `N${i}`, npi })),
  });

describe('what of a practice can never be billed', () => {
  test.each<[string, Practice, readonly string[]]>([
    ['the example', GOOD, []],
    ['a person', person({}), []],
    ['an NPI of three digits', billing({ npi: '123' }), ['A13 /billingProvider/npi']],
    ['an NPI with a wrong check digit', billing({ npi: '1457382914' }), ['A13 /billingProvider/npi']],
    ['a taxonomy of one letter', billing({ taxonomyCode: 'x' }), ['A13 /billingProvider/taxonomyCode']],
    ['no taxonomy', billing({ taxonomyCode: null }), []],
    ['a tax id of five digits', billing({ taxId: { type: 'EI', value: '39-123' } }), ['A13 /billingProvider/taxId/value']],
    ['a tax id with a hyphen', billing({ taxId: { type: 'EI', value: '39-1234567' } }), []],
    ['a ZIP of five digits', address({ postalCode: '53703' }), ['A13 /billingProvider/address/postalCode']],
    ['a ZIP of letters', address({ postalCode: 'ABCDEFGHI' }), ['A14 /billingProvider/address/postalCode']],
    ['ZIP+4 with a hyphen', address({ postalCode: '53703-1234' }), []],
    ['a post office box', address({ line1: 'PO Box 7' }), ['A13 /billingProvider/address']],
    ['a private mailbox', address({ line2: 'PMB 12' }), []],
    ['two numbers of one code for one clinician', numbered('1093817462', '1093817462'), ['A13 /secondaryIds/1']],
    ['two numbers of one code for the practice', numbered(null, undefined), ['A13 /secondaryIds/1']],
    ['one number of the practice, one of its own clinician', numbered(null, '1093817462'), []],
    ['no street', address({ line1: ' ' }), ['A14 /billingProvider/address/line1']],
    ['a state that there is not', address({ state: 'XX' }), ['A14 /billingProvider/address/state']],
    ['a name of which nothing is left', billing({ organizationName: '***' }), ['A14 /billingProvider/organizationName']],
    ['a person of whom no name is left', person({ firstName: '~' }), ['A14 /billingProvider/firstName']],
    ['a pay-to box', practiceSchema.parse({ ...GOOD, payToAddress: { ...GOOD.billingProvider.address, line1: 'PO Box 7' } }), []],
    [
      'a pay-to address without a city',
      practiceSchema.parse({ ...GOOD, payToAddress: { ...GOOD.billingProvider.address, city: '' } }),
      ['A14 /payToAddress/city'],
    ],
    [
      'a clinician of a secondary id',
      practiceSchema.parse({ ...GOOD, secondaryIds: [{ payerId: '60054', qualifier: 'G2', value: '12', npi: '123' }] }),
      ['A13 /secondaryIds/0/npi'],
    ],
    ['a place of service of letters', practiceSchema.parse({ ...GOOD, placeOfServiceCode: 'XX' }), ['A15 /placeOfServiceCode']],
  ])('%s', (_, practice, expected) => {
    expect(said(practice)).toEqual(expected);
  });

  test('all at once, and without a value of it', () => {
    const problems = practiceProblems(
      billing({ npi: '123', taxId: { type: 'EI', value: '39-123' }, organizationName: '***', taxonomyCode: 'x' }),
    );
    expect(problems.map((p) => p.pointer)).toHaveLength(4);
    expect(JSON.stringify(problems)).not.toMatch(/39-123|"123"/);
  });
});
