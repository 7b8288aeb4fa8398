import { describe, expect, it } from 'vitest';
import type { BillingProvider, Interchange, Payer, ProfessionalClaim, Provider } from '../../../src/x12/837p/model.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { BILLING, BILLING_ADDRESS, interchange, NPI, SELF } from '../../golden/base.ts';

type Variant = readonly [what: string, claim: Partial<ProfessionalClaim>, envelope?: Partial<Interchange>];

const { submitter, receiver } = interchange([SELF]);
const RENDERING: Provider = {
  name: { kind: 'person', lastName: 'Okafor', firstName: 'Ada', middleName: null, suffix: null },
  npi: NPI.rendering,
  taxonomyCode: '101YM0800X',
  secondaryIds: [],
};
const payer = (changes: Partial<Payer>): Partial<ProfessionalClaim> => ({ payer: { ...SELF.payer, ...changes } });
const rendering = (changes: Partial<Provider>): Partial<ProfessionalClaim> => ({ rendering: { ...RENDERING, ...changes } });
const billing = (changes: Partial<BillingProvider>): Partial<ProfessionalClaim> => ({ billing: { ...BILLING, ...changes } });
const DESK = { name: 'Front Desk', phone: '6085550143', email: null };
const number = (qualifier: string, value: string) => ({ qualifier, value });

/** Parties that keep their id and change in one thing each. */
const PARTIES: Readonly<Record<string, readonly Variant[]>> = {
  payer: [
    ['as it is', payer({})],
    ['another name', payer({ name: 'Aetna Better Health' })],
    ['another kind of id', payer({ idQualifier: 'XV' })],
    ['an address', payer({ address: BILLING_ADDRESS })],
    ['another address', payer({ address: { ...BILLING_ADDRESS, line2: 'Suite 4' } })],
    ['a number', payer({ secondaryIds: [number('FY', '12')] })],
    ['another number', payer({ secondaryIds: [number('FY', '13')] })],
    ['two numbers', payer({ secondaryIds: [number('2U', '1'), number('FY', '12')] })],
    ['its number of the biller', payer({ billingProviderIds: [number('G2', '12')] })],
  ],
  clinician: [
    ['as it is', rendering({})],
    ['another name', rendering({ name: { ...RENDERING.name, firstName: 'Adaeze' } as Provider['name'] })],
    ['no taxonomy code', rendering({ taxonomyCode: null })],
    ['a licence', rendering({ secondaryIds: [number('0B', '55')] })],
    ['another licence', rendering({ secondaryIds: [number('0B', '56')] })],
  ],
  biller: [
    ['as it is', billing({})],
    ['another tax id', billing({ taxId: { qualifier: 'EI', value: '391234568' } })],
    ['another address', billing({ address: { ...BILLING_ADDRESS, postalCode: '537031235' } })],
    ['a contact', billing({ contact: DESK })],
    ['a fax', billing({ contact: { ...DESK, fax: '6085550144' } })],
    ['the contact of the submitter', billing({ contact: DESK }), { submitter: { ...submitter, contact: DESK } }],
  ],
  submitter: [
    ['as it is', {}, {}],
    ['another name', {}, { submitter: { ...submitter, name: 'Eastside' } }],
    ['a second contact', {}, { submitter: { ...submitter, secondContact: DESK } }],
  ],
  receiver: [
    ['as it is', {}, {}],
    ['another name', {}, { receiver: { ...receiver, name: 'Another Clearinghouse' } }],
  ],
};

function write([, claim, envelope]: Variant): string {
  return new TextDecoder().decode(writeInterchange(interchange([{ ...SELF, ...claim }], envelope)));
}

describe.each(Object.entries(PARTIES))('a %s that comes again under its id', (_, variants) => {
  it('is written as it is now, whatever it was in the file before', () => {
    const texts = variants.map(() => new Set<string>());
    for (const before of variants) {
      for (const [i, variant] of variants.entries()) {
        write(structuredClone(before));
        texts[i]?.add(write(structuredClone(variant)));
      }
    }
    expect(texts.map((found) => found.size)).toEqual(variants.map(() => 1));
    expect(new Set(texts.flatMap((found) => [...found])).size).toBe(variants.length);
  });
});
