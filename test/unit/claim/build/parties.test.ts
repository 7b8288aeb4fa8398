import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../../schemas/coverage.ts';
import { claimAt, type GateOptions, judge, withAttendee } from '../../../support/gate.ts';
import { exampleSession, overlay } from '../../../support/sessions.ts';

const session = exampleSession();
const example = judge(session);
const firstCoverage = (index: number): Coverage => {
  const [coverage] = session.attendees[index]?.coverages ?? [];
  if (coverage === undefined) throw new Error('no coverage');
  return coverage;
};
const withCoverage = (index: number, changes: Partial<Coverage>, options: GateOptions = {}) =>
  claimAt(judge(withAttendee(session, index, { coverages: [{ ...firstCoverage(index), ...changes }] }), options), index);

describe('subscriber and patient', () => {
  it('self: the subscriber is the patient, with address and birth date, and no 2000C', () => {
    const { subscriber, patient } = claimAt(example, 0);
    expect(subscriber).toMatchObject({ isPatient: true, memberId: 'W123456789', groupNumber: '0842217', responsibility: 'P' });
    expect(subscriber.demographics).toEqual({ dateOfBirth: '1988-04-12', gender: 'F' });
    expect(subscriber.address?.line1).toBe('18 ALDER CT');
    expect(patient).toBeNull();
  });

  it('dependent: the subscriber is named, the patient has loop 2000C', () => {
    const { subscriber, patient } = claimAt(example, 4);
    expect(subscriber).toMatchObject({
      isPatient: false,
      name: { lastName: 'TRAN', firstName: 'BAO' },
      address: null,
      demographics: null,
    });
    expect(patient).toMatchObject({ relationshipCode: '19', name: { firstName: 'LINH' } });
    expect(patient?.demographics).toEqual({ dateOfBirth: '2006-10-03', gender: 'F' });
  });

  it('the subscriber’s details go only where the receiver wants them always', () => {
    const input = judge(session, { clearinghouse: { profileOverrides: { subscriberDetails: 'always' } } });
    expect(claimAt(input, 4).subscriber).toMatchObject({
      address: { line1: '31 SHERMAN TER' },
      demographics: { dateOfBirth: '1973-05-21', gender: 'M' },
    });
  });

  it.each([
    ['spouse', '01'],
    ['employee', '20'],
    ['unknown', '21'],
    ['organ_donor', '39'],
    ['cadaver_donor', '40'],
    ['life_partner', '53'],
    ['other', 'G8'],
  ] as const)('%s is %s', (relationshipToSubscriber, code) => {
    expect(withCoverage(4, { relationshipToSubscriber }).patient?.relationshipCode).toBe(code);
  });

  it('gender X is U', () => {
    const verdict = judge(withAttendee(session, 0, { patient: { gender: 'X' } }));
    expect(claimAt(verdict, 0).subscriber.demographics?.gender).toBe('U');
  });

  it('the plan’s name only without a group number', () => {
    expect(withCoverage(0, { planName: 'Open Choice' }).subscriber.planName).toBeNull();
    expect(withCoverage(0, { groupNumber: null, planName: 'Open Choice' }).subscriber.planName).toBe('OPEN CHOICE');
  });
});

describe('payer', () => {
  it('has the configured name and id, or the clearinghouse’s own id for it', () => {
    expect(claimAt(example, 0).payer).toMatchObject({ name: 'AETNA', id: '60054' });
    const payers = {
      '60054': { wireIds: { sandbox: 'AETNA01', other: 'X' }, secondaryIds: [{ qualifier: '2U' as const, value: '9' }] },
    };
    expect(withCoverage(0, {}, { payers }).payer).toMatchObject({
      id: 'AETNA01',
      secondaryIds: [{ qualifier: '2U', value: '9' }],
    });
  });

  it('filing indicator: the coverage’s, else the payer’s', () => {
    expect(claimAt(example, 2).subscriber.claimFilingIndicatorCode).toBe('MB');
    expect(withCoverage(0, { claimFilingIndicatorCode: '12' }).subscriber.claimFilingIndicatorCode).toBe('12');
  });

  it('ids that the payer gave go to that payer only', () => {
    const practice = {
      secondaryIds: [
        { payerId: '60054', qualifier: 'G2' as const, value: 'B-1' },
        { payerId: '60054', qualifier: '0B' as const, value: 'LIC9' },
        { payerId: '60054', qualifier: 'G2' as const, value: 'R-7', npi: '1093817462' },
        { payerId: '62308', qualifier: 'G2' as const, value: 'C-3' },
      ],
    };
    const verdict = judge(session, { practice });
    const aetna = claimAt(verdict, 0);
    expect(aetna.payer.billingProviderIds).toEqual([{ qualifier: 'G2', value: 'B-1' }]);
    expect(aetna.billing.secondaryIds).toEqual([{ qualifier: '0B', value: 'LIC9' }]);
    expect(aetna.rendering?.secondaryIds).toEqual([{ qualifier: 'G2', value: 'R-7' }]);
    expect(claimAt(verdict, 2).payer.billingProviderIds).toEqual([]);
  });
});

const colleague = { npi: '1234567893', lastName: 'Berg', firstName: 'Nora', taxonomyCode: null };

describe('providers', () => {
  it('billing organization', () => {
    expect(claimAt(example, 0).billing).toMatchObject({
      name: { kind: 'organization', name: 'NORTHSIDE COUNSELING GROUP LLC' },
      npi: '1457382913',
      taxId: { qualifier: 'EI', value: '391234567' },
      address: { postalCode: '537031234' },
    });
    expect(claimAt(example, 0).rendering).toMatchObject({ npi: '1093817462', name: { lastName: 'OKAFOR', firstName: 'ADA' } });
  });

  it('billing individual who renders: no 2310B', () => {
    const individual = {
      entityType: 'individual' as const,
      lastName: 'Okafor',
      firstName: 'Ada',
      npi: '1093817462',
      taxId: { type: 'SY' as const, value: '123-45-6789' },
    };
    const { address } = { address: { line1: '410 W Main St', city: 'Madison', state: 'WI', postalCode: '53703-1234' } };
    const verdict = judge(session, { billingProvider: { ...individual, address } });
    const claim = claimAt(verdict, 0);
    expect(claim.billing).toMatchObject({
      name: { kind: 'person', lastName: 'OKAFOR', firstName: 'ADA' },
      taxId: { qualifier: 'SY', value: '123456789' },
    });
    expect(claim.rendering).toBeNull();
    expect(verdict.attendees.map((a) => a.disposition.kind)).not.toContain('held');
  });

  it('a patient’s own clinician overrides the session’s', () => {
    const claim = claimAt(judge(withAttendee(session, 0, { renderingProvider: colleague })), 0);
    expect(claim.rendering?.npi).toBe('1234567893');
    expect(claimAt(judge(withAttendee(session, 0, { renderingProvider: colleague })), 1).rendering?.npi).toBe('1093817462');
  });

  it('referring: the patient’s, else the session’s', () => {
    const body = exampleSession({ referringProvider: colleague });
    expect(claimAt(judge(body), 0).referring?.npi).toBe('1234567893');
    const own = { ...colleague, npi: '1457382913' };
    expect(claimAt(judge(withAttendee(body, 0, { referringProvider: own })), 0).referring?.npi).toBe('1457382913');
    expect(claimAt(example, 0).referring).toBeNull();
  });

  const supervised = (supervisedBilling: string) => {
    const payers = { '60054': { policyOverrides: { supervisedBilling } } };
    return claimAt(judge(exampleSession({ supervised: true, supervisingProvider: colleague }), { payers }), 0);
  };
  it('supervised: rendering with 2310D', () => {
    const claim = supervised('rendering_with_2310D');
    expect([claim.rendering?.npi, claim.supervising?.npi]).toEqual(['1093817462', '1234567893']);
  });
  it('supervised: billed as the supervisor, without 2310D', () => {
    const claim = supervised('bill_as_supervisor');
    expect([claim.rendering?.npi, claim.supervising]).toEqual(['1234567893', null]);
  });
  it('not supervised: no 2310D', () => {
    expect(claimAt(judge(exampleSession({ supervisingProvider: colleague })), 0).supervising).toBeNull();
  });
});

describe('service facility', () => {
  const place = (line1: string, more: { placeOfServiceCode?: string; npi?: string } = {}) =>
    exampleSession({
      serviceFacility: {
        id: 'site',
        name: 'East Side Rooms',
        placeOfServiceCode: '53',
        address: { line1, city: 'Madison', state: 'WI', postalCode: '537031234' },
        ...more,
      },
    });

  it('is sent where the place differs, with its NPI as given', () => {
    const claim = claimAt(judge(place('900 Williamson St', { npi: '1234567893' })), 0);
    expect(claim.facility).toMatchObject({ name: 'EAST SIDE ROOMS', npi: '1234567893' });
    expect(claim.placeOfServiceCode).toBe('53');
    expect(claimAt(judge(place('900 Williamson St')), 0).facility?.npi).toBeNull();
  });

  it.each(['410 W Main St', '410 west main street', '410 W. MAIN ST.'])(
    'is not sent for the billing address written %s',
    (line1) => {
      const claim = claimAt(judge(place(line1)), 0);
      expect(claim.facility).toBeNull();
      expect(claim.placeOfServiceCode).toBe('53');
    },
  );

  it('is not sent for a patient at home', () => {
    const verdict = judge(place('900 Williamson St'));
    expect(claimAt(verdict, 5).placeOfServiceCode).toBe('10');
    expect(claimAt(verdict, 5).facility).toBeNull();
  });
});

it('overlay leaves what it does not name', () => {
  expect(overlay({ a: { b: 1, c: [1, 2] } }, { a: { c: [3] } })).toEqual({ a: { b: 1, c: [3] } });
});
