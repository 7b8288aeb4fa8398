import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../../schemas/group-session.ts';
import { findingsOf, type GateOptions, judge, marks } from '../../../support/gate.ts';
import { exampleSession, type Overrides } from '../../../support/sessions.ts';

const of = (changes: Overrides<GroupSession> = {}, options: GateOptions = {}) => [
  ...new Set(marks(judge(exampleSession(changes), options), 'A13')),
];
const billing = (billingProvider: NonNullable<GateOptions['practice']>['billingProvider']) =>
  of({}, { practice: { billingProvider } as NonNullable<GateOptions['practice']> });

const facility = {
  id: 'site-2',
  name: 'East Side Rooms',
  placeOfServiceCode: '11',
  address: { line1: '900 Williamson St', city: 'Madison', state: 'WI', postalCode: '537032233' },
};
const colleague = { npi: '1234567893', lastName: 'Berg', firstName: 'Nora' };

describe('A13 providers', () => {
  it('passes the example', () => expect(of()).toEqual([]));

  it('checks every NPI that reaches the claim, on every attendee who is billed', () => {
    expect(of({ renderingProvider: { npi: '1093817461' } })).toEqual(['block /renderingProvider/npi']);
    expect(findingsOf(judge(exampleSession({ renderingProvider: { npi: '1093817461' } })), 'A13')).toHaveLength(8);
    expect(of({ referringProvider: { ...colleague, npi: '1234567890' } })).toEqual(['block /referringProvider/npi']);
    expect(of({ supervised: true, supervisingProvider: { ...colleague, npi: '1' } })).toEqual(['block /supervisingProvider/npi']);
    expect(of({ serviceFacility: { ...facility, npi: '1234567890' } })).toEqual(['block /serviceFacility/npi']);
    expect(billing({ npi: '1457382914' })).toEqual(['block /practiceId']);
  });

  it('leaves alone what does not reach it', () => {
    expect(of({ supervised: false, supervisingProvider: { ...colleague, npi: '1' } })).toEqual([]);
  });

  it('checks the shape of taxonomy codes and the tax id', () => {
    expect(of({ renderingProvider: { taxonomyCode: '101YM0800' } })).toEqual(['block /renderingProvider/taxonomyCode']);
    expect(of({ renderingProvider: { taxonomyCode: '101ym0800x' } })).toEqual([]);
    expect(billing({ taxId: { value: '39-1234567' } })).toEqual([]);
    expect(billing({ taxId: { value: '3912345' } })).toEqual(['block /practiceId']);
  });

  it('wants nine digits of ZIP for billing provider and facility', () => {
    expect(billing({ address: { postalCode: '53703' } })).toEqual(['block /practiceId']);
    expect(billing({ address: { postalCode: '53703-1234' } })).toEqual([]);
    expect(of({ serviceFacility: { ...facility, address: { ...facility.address, postalCode: '53703' } } })).toEqual([
      'block /serviceFacility/address/postalCode',
    ]);
  });

  it.each([
    'PO Box 7',
    'P.O. Box 7',
    'Post Office Box 7',
    'P0 BOX 3',
    'Lock Box 12',
    'LOCKBOX A12',
    'POB 44',
    'Suite 2, P O Box 9',
  ])('a billing address must not be %s', (line1) => expect(billing({ address: { line1 } })).toEqual(['block /practiceId']));
  it.each(['12 POBLANO DR', '7 Boxwood Ln', '4 Post Office Sq'])('%s is a street', (line1) => {
    expect(billing({ address: { line1 } })).toEqual([]);
  });
  it('warns of a private mailbox, in either line', () => {
    expect(billing({ address: { line2: 'PMB 212' } })).toEqual(['warn /practiceId']);
    expect(billing({ address: { line2: 'PO Box 9' } })).toEqual(['block /practiceId']);
  });

  it('wants the clinician’s NPI where an organization bills', () => {
    expect(of({ renderingProvider: { npi: '1457382913' } })).toEqual(['block /renderingProvider/npi']);
  });
  it('wants a referring provider where the payer does', () => {
    const options = { payers: { '60054': { policyOverrides: { requiresReferring: true } } } };
    expect(of({}, options)).toEqual(['block /referringProvider']);
    expect(of({ referringProvider: colleague }, options)).toEqual([]);
  });
});
