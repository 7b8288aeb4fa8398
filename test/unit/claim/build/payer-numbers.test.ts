import { describe, expect, it } from 'vitest';
import type { Practice } from '../../../../schemas/practice.ts';
import type { ProfessionalClaim } from '../../../../src/x12/837p/model.ts';
import { claimAt, type GateOptions, judge, withAttendee } from '../../../support/gate.ts';
import { exampleSession } from '../../../support/sessions.ts';

const SUPERVISOR = '1667890127';
const REFERRER = '1987654328';
const FACILITY = '1773456789';
const RENDERING = '1093817462';
const clinician = (lastName: string, npi: string) => ({ npi, lastName, firstName: 'Robin' });

const base = exampleSession({
  supervised: true,
  supervisingProvider: clinician('Stein', SUPERVISOR),
  referringProvider: clinician('Varga', REFERRER),
  serviceFacility: {
    id: 'east',
    name: 'Eastside Center',
    npi: FACILITY,
    placeOfServiceCode: '53',
    address: { line1: '2900 Atwood Ave', city: 'Madison', state: 'WI', postalCode: '537041810' },
  },
});
const own = base.attendees[0]!.coverages[0]!;
const session = withAttendee(base, 0, {
  coverages: [own, { ...own, payerId: 'bcbs_wi', responsibility: 'S', memberId: 'XQB445566', groupNumber: null }],
});

type Numbers = Practice['secondaryIds'];
const built = (secondaryIds: Numbers, options: GateOptions = {}): ProfessionalClaim =>
  claimAt(
    judge(session, {
      payers: { '60054': { policyOverrides: { supervisedBilling: 'rendering_with_2310D' } } },
      practice: { secondaryIds },
      ...options,
    }),
    0,
  );
const id = (payerId: string, qualifier: Numbers[number]['qualifier'], value: string, npi: string | null = null) => ({
  payerId,
  qualifier,
  value,
  npi,
});

describe('numbers that a payer gave a provider', () => {
  it('of another payer stand in 2330C to G, in the guide’s order, by whose they are', () => {
    const claim = built([
      id('bcbs_wi', 'G2', 'B-1'),
      id('bcbs_wi', 'LU', 'S-1', SUPERVISOR),
      id('bcbs_wi', 'LU', 'F-1', FACILITY),
      id('bcbs_wi', '1G', 'U-1', RENDERING),
      id('bcbs_wi', '0B', 'L-1', REFERRER),
    ]);
    expect(claim.otherPayers?.[0]?.providers).toEqual([
      { role: 'referring', entity: 'person', ids: [{ qualifier: '0B', value: 'L-1' }] },
      { role: 'rendering', entity: 'person', ids: [{ qualifier: '1G', value: 'U-1' }] },
      { role: 'facility', entity: 'organization', ids: [{ qualifier: 'LU', value: 'F-1' }] },
      { role: 'supervising', entity: 'person', ids: [{ qualifier: 'LU', value: 'S-1' }] },
      { role: 'billing', entity: 'organization', ids: [{ qualifier: 'G2', value: 'B-1' }] },
    ]);
    expect(claim.rendering?.secondaryIds).toEqual([]);
  });

  it('of the payer that is billed stand with the provider itself', () => {
    const claim = built([
      id('60054', 'G2', 'B-1'),
      id('60054', 'G2', 'S-1', SUPERVISOR),
      id('60054', 'G2', 'F-1', FACILITY),
      id('60054', 'G2', 'R-1', RENDERING),
      id('60054', 'G2', 'D-1', REFERRER),
    ]);
    const values = [claim.referring, claim.rendering, claim.facility, claim.supervising].map((p) =>
      p?.secondaryIds.map((r) => r.value),
    );
    expect(values).toEqual([['D-1'], ['R-1'], ['F-1'], ['S-1']]);
    expect(claim.payer.billingProviderIds).toEqual([{ qualifier: 'G2', value: 'B-1' }]);
    expect('providers' in claim.otherPayers![0]!).toBe(false);
  });

  it('under a code that the guide has no place for are left out', () => {
    const claim = built([
      id('bcbs_wi', '1G', 'F-1', FACILITY),
      id('bcbs_wi', 'LU', 'D-1', REFERRER),
      id('bcbs_wi', '0B', 'B-1'),
      id('60054', '1G', 'F-2', FACILITY),
    ]);
    expect('providers' in claim.otherPayers![0]!).toBe(false);
    expect(claim.facility?.secondaryIds).toEqual([]);
  });

  it.each([RENDERING, SUPERVISOR])('of another payer are at most three, without the UPIN where there are four (%s)', (npi) => {
    const claim = built((['G2', '1G', 'LU', '0B'] as const).map((q) => id('bcbs_wi', q, `${q}-1`, npi)));
    const ids = claim.otherPayers?.[0]?.providers?.flatMap((p) => p.ids.map((r) => r.value));
    expect(ids).toEqual(['G2-1', 'LU-1', '0B-1']);
  });

  it('of the payer that is billed may be four', () => {
    const claim = built((['G2', '1G', 'LU', '0B'] as const).map((q) => id('60054', q, `${q}-1`, RENDERING)));
    expect(claim.rendering?.secondaryIds.map((r) => r.value)).toEqual(['G2-1', '1G-1', 'LU-1', '0B-1']);
  });

  it('of the practice give way to those of the NPI that bills, code by code', () => {
    const mine = '1457382913';
    const claim = built([
      id('60054', 'G2', 'ALL-1'),
      id('60054', 'G2', 'MINE-1', mine),
      id('60054', 'LU', 'ALL-2'),
      id('60054', '0B', 'MINE-3', mine),
      id('60054', '0B', 'ALL-3'),
    ]);
    expect(claim.payer.billingProviderIds.map((r) => r.value)).toEqual(['MINE-1', 'ALL-2']);
    expect(claim.billing.secondaryIds?.map((r) => r.value)).toEqual(['MINE-3']);
  });

  it('of the billing provider as a person', () => {
    const claim = built([id('bcbs_wi', 'G2', 'B-1', RENDERING), id('bcbs_wi', 'LU', 'B-2')], {
      billingProvider: {
        entityType: 'individual',
        lastName: 'Okafor',
        firstName: 'Ada',
        npi: RENDERING,
        taxId: { type: 'SY', value: '987654320' },
        address: { line1: '410 W Main St', city: 'Madison', state: 'WI', postalCode: '537031234' },
      },
    });
    expect(claim.rendering).toBeNull();
    expect(claim.otherPayers?.[0]?.providers).toEqual([
      {
        role: 'billing',
        entity: 'person',
        ids: [
          { qualifier: 'G2', value: 'B-1' },
          { qualifier: 'LU', value: 'B-2' },
        ],
      },
    ]);
  });
});
