import { describe, expect, it } from 'vitest';
import { adjudication, type Coverage } from '../../../../schemas/coverage.ts';
import { lastFilingDay } from '../../../../src/claim/dates.ts';
import { claimAt, draftAt, type GateOptions, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides } from '../../../support/sessions.ts';

const session = exampleSession();
const attendee = session.attendees[0]!;
const own = attendee.coverages[0]!;

const primary = (decision: object | null, changes: Partial<Coverage> = {}): Coverage => ({
  ...own,
  ...changes,
  adjudication: decision === null ? null : adjudication.parse({ adjudicatedOn: '2026-12-04', paidAmount: '38.50', ...decision }),
});
const other = (responsibility: 'S' | 'T', payerId: string, changes: Partial<Coverage> = {}): Coverage => ({
  ...own,
  payerId,
  responsibility,
  memberId: 'XQB445566',
  groupNumber: null,
  adjudication: null,
  ...changes,
});
const SPOUSE = {
  relationshipToSubscriber: 'spouse' as const,
  subscriber: { lastName: 'Moreno', firstName: 'Luis', dateOfBirth: '1985-01-02' },
};
const AMOUNTS = [
  { group: 'CO', reason: '45', amount: '11.50' },
  { group: 'PR', reason: '2', amount: '10.00' },
];
const LINE = { procedureCode: '90853', paidAmount: '38.50', adjustments: AMOUNTS };

/** When every decision below is known. */
const AFTER_DECISIONS = Date.parse('2026-12-29T12:00:00Z');

const judged = (
  coverages: readonly Coverage[],
  options: GateOptions = {},
  more: Overrides<(typeof session.attendees)[number]> = {},
) => judge(withAttendee(session, 0, { ...more, coverages: [...coverages] }), { now: AFTER_DECISIONS, ...options });
const built = (...args: Parameters<typeof judged>) => claimAt(judged(...args), 0);

describe('the primary claim', () => {
  it('names every other coverage, without anything decided', () => {
    const verdict = judged([own, other('S', 'bcbs_wi', SPOUSE), other('T', 'medicaid_wi', { memberId: '4400112233' })]);
    const claim = claimAt(verdict, 0);
    expect(claim.subscriber.responsibility).toBe('P');
    expect(claim.otherPayers).toEqual([
      {
        responsibility: 'S',
        relationshipCode: '01',
        groupNumber: null,
        planName: null,
        insuranceTypeCode: null,
        claimFilingIndicatorCode: 'BL',
        adjustments: [],
        paidCents: null,
        nonCoveredCents: null,
        remainingPatientLiabilityCents: null,
        adjudicatedOn: null,
        benefitsAssigned: 'Y',
        patientSignatureSource: null,
        releaseOfInformation: 'Y',
        subscriber: {
          name: { kind: 'person', lastName: 'MORENO', firstName: 'LUIS', middleName: null, suffix: null },
          memberId: 'XQB445566',
          address: null,
        },
        payer: { name: 'ANTHEM BLUE CROSS BLUE SHIELD WISCONSIN', id: '00950', address: null },
        references: [],
      },
      expect.objectContaining({
        responsibility: 'T',
        relationshipCode: '18',
        subscriber: expect.objectContaining({ name: claim.subscriber.name, address: claim.subscriber.address }),
      }),
    ]);
    expect(claim.lines.every((line) => line.adjudications === undefined)).toBe(true);
    expect(verdict.attendees[0]?.disposition.kind).toBe('ready');
    expect(draftAt(verdict, 0).responsibility).toBe('P');
  });

  it('has no loop for others where there is none', () => expect('otherPayers' in built([own])).toBe(false));

  it('waits where another coverage cannot be named, which somebody may release without it', () => {
    expect(marks(judged([own, other('S', 'nobody')]), 'A26')).toEqual(['hold /attendees/0/coverages/1/payerId']);
    const nameless = other('S', 'bcbs_wi', { relationshipToSubscriber: 'spouse', subscriber: null });
    expect(marks(judged([own, nameless]), 'A26')).toEqual(['hold /attendees/0/coverages/1/subscriber']);
    expect('otherPayers' in built([own, other('S', 'nobody')])).toBe(false);
  });

  it('says why Medicare comes later', () => {
    const medicare = other('S', 'medicare_wi', { memberId: '1EG4TE5MK73' });
    expect(marks(judged([own, medicare]), 'A26')).toEqual(['block /attendees/0/coverages/1/insuranceTypeCode']);
    expect(built([own, { ...medicare, insuranceTypeCode: '12' }]).otherPayers?.[0]?.insuranceTypeCode).toBe('12');
  });

  it('sends no decision of a later payer before the earlier one’s', () => {
    const verdict = judged([own, other('S', 'bcbs_wi', { adjudication: primary({}).adjudication! })]);
    expect(marks(verdict, 'A26')).toEqual(['hold /attendees/0/coverages/1/adjudication']);
    expect(claimAt(verdict, 0).otherPayers?.[0]?.paidCents).toBeNull();
  });
});

describe('the secondary claim', () => {
  const decision = { payerClaimControlNumber: 'icn-77', remarkCodes: ['MA01', 'N19', 'MA01'], lines: [LINE] };

  it('goes to the second payer with the first one’s decision on the line', () => {
    const verdict = judged([primary(decision, { priorAuthorization: { number: 'pa-1' } }), other('S', 'bcbs_wi')]);
    const claim = claimAt(verdict, 0);
    expect(marks(verdict, 'A26')).toEqual([]);
    expect(verdict.attendees[0]?.disposition.kind).toBe('ready');
    expect(claim).toMatchObject({ subscriber: { responsibility: 'S', memberId: 'XQB445566' }, payer: { id: '00950' } });
    expect(claim.references.some((r) => r.qualifier === 'G1')).toBe(false);
    expect(claim.otherPayers).toMatchObject([
      {
        responsibility: 'P',
        paidCents: 3850,
        adjustments: [],
        adjudicatedOn: null,
        remainingPatientLiabilityCents: null,
        outpatient: { remarkCodes: ['MA01', 'N19'] },
        references: [
          { qualifier: 'G1', value: 'PA-1' },
          { qualifier: 'F8', value: 'ICN-77' },
        ],
      },
    ]);
    expect(claim.lines[0]?.adjudications).toEqual([
      {
        payerId: '60054',
        paidCents: 3850,
        procedureCode: '90853',
        modifiers: [],
        units: 1,
        adjustments: [
          { group: 'CO', reason: '45', amountCents: 1150, quantity: null },
          { group: 'PR', reason: '2', amountCents: 1000, quantity: null },
        ],
        adjudicatedOn: '2026-12-04',
        remainingPatientLiabilityCents: 1000,
      },
    ]);
    expect(draftAt(verdict, 0)).toMatchObject({ responsibility: 'S', payerId: 'bcbs_wi' });
  });

  it('carries a decision on the whole claim with its date on the payer', () => {
    const claim = built([primary({ adjustments: AMOUNTS, remainingPatientLiability: '9.00' }), other('S', 'bcbs_wi')]);
    expect(claim.otherPayers?.[0]).toMatchObject({
      paidCents: 3850,
      adjudicatedOn: '2026-12-04',
      remainingPatientLiabilityCents: 900,
    });
    expect(claim.otherPayers?.[0]?.adjustments).toHaveLength(2);
    expect('adjudications' in claim.lines[0]!).toBe(false);
  });

  it('passes over a payer that covers nothing of it', () => {
    const claim = built([primary({ paidAmount: '0', nonCoveredAmount: '60.00' }), other('S', 'bcbs_wi')]);
    expect(claim.otherPayers?.[0]).toMatchObject({ nonCoveredCents: 6000, paidCents: null, adjudicatedOn: null });
  });

  it('files within the limit that runs from the first payer’s decision', () => {
    const limit = { limit: { days: 45 }, from: 'primary_remittance', roll: 'none' } as const;
    const original = { limit: { days: 10 }, from: 'date_of_service', roll: 'none' } as const;
    const payers = { bcbs_wi: { policyOverrides: { timelyFiling: { original, secondary: limit, correction: limit } } } };
    const draft = (coverages: readonly Coverage[], p: GateOptions['payers'] = payers) =>
      draftAt(judged(coverages, { payers: p! }), 0);
    expect(draft([primary({ adjustments: AMOUNTS }), other('S', 'bcbs_wi')]).fileBy).toBe(lastFilingDay('2026-12-04', limit));
    const fromService = { ...limit, from: 'date_of_service' } as const;
    const strict = { bcbs_wi: { policyOverrides: { timelyFiling: { original, secondary: fromService, correction: limit } } } };
    expect(draft([primary({ adjustments: AMOUNTS }), other('S', 'bcbs_wi')], strict).fileBy).toBe('2027-01-04');
  });

  it('to Medicare needs an insurance type code', () => {
    const medicare = other('S', 'medicare_wi', { memberId: '1EG4TE5MK73' });
    const first = primary({ adjustments: AMOUNTS });
    expect(marks(judged([first, medicare]), 'A26')).toEqual(['block /attendees/0/coverages/1/insuranceTypeCode']);
    const claim = built([first, { ...medicare, insuranceTypeCode: '13' }]);
    expect(claim.subscriber).toMatchObject({ responsibility: 'S', insuranceTypeCode: '13' });
  });

  it('does not exist where the first payer forwarded the claim', () => {
    const verdict = judged([primary({ adjustments: AMOUNTS, crossedOverTo: '00950' }), other('S', 'bcbs_wi')]);
    expect(marks(verdict, 'A07')).toEqual(['block /attendees/0/coverages/1']);
    expect(draftAt(verdict, 0).claim).toBeNull();
  });

  it('does not exist where nobody is left to bill', () => {
    expect(marks(judged([primary({ adjustments: AMOUNTS })]), 'A07')).toEqual(['block /attendees/0/coverages']);
  });

  it.each<[string, object, string]>([
    ['a claim that does not balance by a cent', { adjustments: [{ ...AMOUNTS[0]!, amount: '11.51' }, AMOUNTS[1]] }, ''],
    ['a line that does not balance', { lines: [{ ...LINE, paidAmount: '38.49' }], paidAmount: '38.49' }, ''],
    ['a payment that is not the lines’ together', { lines: [LINE], paidAmount: '38.00' }, ''],
    ['an adjustment on claim and line', { lines: [LINE], paidAmount: '27.00', adjustments: [AMOUNTS[0]] }, ''],
    ['more liability than was left', { adjustments: AMOUNTS, remainingPatientLiability: '21.51' }, ''],
    ['a line that nobody billed', { lines: [LINE, { ...LINE, procedureCode: '90837' }], paidAmount: '38.50' }, '/lines/1'],
    [
      'more reasons than a segment holds',
      {
        adjustments: ['45', '97', '59', '23', '144', '253', '16'].map((reason, i) => ({
          group: 'CO',
          reason,
          amount: i === 0 ? '15.50' : '1.00',
        })),
      },
      '/adjustments',
    ],
  ])('waits for %s', (_, decision, field) => {
    const verdict = judged([primary(decision), other('S', 'bcbs_wi')]);
    expect(marks(verdict, 'A26')).toContain(`hold /attendees/0/coverages/0/adjudication${field}`);
    expect(verdict.attendees[0]?.disposition.kind).toBe('held');
  });

  it('mends nothing in silence: remark codes beyond five are reported', () => {
    const verdict = judged([
      primary({ adjustments: AMOUNTS, remarkCodes: ['M1', 'M2', 'M3', 'M4', 'M5', 'M6'] }),
      other('S', 'bcbs_wi'),
    ]);
    expect(marks(verdict, 'A26')).toEqual(['info /attendees/0/coverages/0/adjudication/remarkCodes']);
    expect(claimAt(verdict, 0).otherPayers?.[0]?.outpatient?.remarkCodes).toHaveLength(5);
  });

  it.each([
    ['before the service', { adjustments: AMOUNTS, adjudicatedOn: '2026-11-19' }, ['']],
    ['in the future', { adjustments: AMOUNTS, adjudicatedOn: '2027-01-01' }, ['/adjudicatedOn']],
    ['in the future on a line', { lines: [{ ...LINE, adjudicatedOn: '2027-01-01' }] }, ['/adjudicatedOn']],
  ])('waits for a decision dated %s', (_, decision, fields) => {
    expect(marks(judged([primary(decision), other('S', 'bcbs_wi')]), 'A26')).toEqual(
      fields.map((field) => `hold /attendees/0/coverages/0/adjudication${field}`),
    );
  });

  it('takes an adjustment below zero', () => {
    const interest = [...AMOUNTS, { group: 'OA', reason: '225', amount: '-1.25' }];
    const verdict = judged([primary({ paidAmount: '39.75', adjustments: interest }), other('S', 'bcbs_wi')]);
    expect(marks(verdict, 'A26')).toEqual([]);
    expect(claimAt(verdict, 0).otherPayers?.[0]?.adjustments.at(-1)?.amountCents).toBe(-125);
  });

  it('is blocked when the decision it rests on is a payer’s that we do not know', () => {
    const verdict = judged([primary({ adjustments: AMOUNTS }, { payerId: 'nobody' }), other('S', 'bcbs_wi')]);
    expect(marks(verdict, 'A26')).toEqual(['block /attendees/0/coverages/0/payerId']);
  });

  it.each([
    [{ group: 'XX', reason: '45', amount: '1' }, '/group'],
    [{ group: 'CO', reason: 'none', amount: '1' }, '/reason'],
    [{ group: 'CO', reason: '45', amount: '1.234' }, '/amount'],
  ])('an adjustment that no remittance can have is a fault of that attendee', (adjustment, field) => {
    const first = { ...own, adjudication: { adjudicatedOn: '2026-12-04', paidAmount: '0', adjustments: [adjustment] } };
    const body = {
      ...session,
      attendees: [{ ...attendee, coverages: [first, other('S', 'bcbs_wi')] }, ...session.attendees.slice(1)],
    };
    expect(marks(judge(body), 'A07')[0]).toBe(`block /attendees/0/coverages/0/adjudication/adjustments/0${field}`);
  });
});

describe('lines of a decision', () => {
  const addOn = {
    interactiveComplexity: { factor: 2, rationale: 'sentinel event', chargeAmount: '15.00' },
    chargeAmount: '60.00',
  };
  const decide = (lines: object[], payerId = 'bcbs_wi', paidAmount = '50.00') =>
    built([primary({ paidAmount, lines }), other('S', payerId, { memberId: '4400112233' })], {}, addOn);
  const paid = (procedureCode: string, paidAmount: string, adjusted: string, more: object = {}) => ({
    procedureCode,
    paidAmount,
    adjustments: [{ group: 'CO', reason: '45', amount: adjusted }],
    ...more,
  });

  it('find their own by code, in any order', () => {
    const { lines } = decide([paid('90785', '10.00', '5.00'), paid('90853', '40.00', '20.00')]);
    expect(lines.map((l) => [l.procedureCode, l.adjudications?.[0]?.paidCents])).toEqual([
      ['90853', 4000],
      ['90785', 1000],
    ]);
  });

  it('find it though this payer has another code and other modifiers', () => {
    const { lines } = decide(
      [paid('90785', '10.00', '5.00'), paid('90853', '40.00', '20.00', { modifiers: ['95'] })],
      'medicaid_wi',
    );
    expect(lines[0]?.modifiers).not.toContain('95');
    expect(lines[0]?.adjudications?.[0]).toMatchObject({ paidCents: 4000, procedureCode: '90853', modifiers: ['95'] });
  });

  it('the last one that is left takes the last one that is open', () => {
    const { lines } = decide([paid('90785', '10.00', '5.00'), paid('H0005', '40.00', '20.00')]);
    expect(lines[0]?.adjudications?.[0]?.procedureCode).toBe('H0005');
  });

  it('share a liability only where it is clear how', () => {
    const line = (code: string, pr: string, co: string, paidAmount: string) => ({
      procedureCode: code,
      paidAmount,
      adjustments: [
        { group: 'PR', reason: '3', amount: pr },
        { group: 'CO', reason: '45', amount: co },
      ],
    });
    const lines = [line('90853', '8.00', '12.00', '40.00'), line('90785', '2.00', '3.00', '10.00')];
    const shares = (remainingPatientLiability: string | null) =>
      built([primary({ paidAmount: '50.00', lines, remainingPatientLiability }), other('S', 'bcbs_wi')], {}, addOn).lines.map(
        (l) => l.adjudications?.[0]?.remainingPatientLiabilityCents,
      );
    expect(shares('10.00')).toEqual([800, 200]);
    expect(shares(null)).toEqual([800, 200]);
    expect(shares('7.00')).toEqual([null, null]);
  });
});

describe('the tertiary claim', () => {
  it('carries both decisions on the line, each balanced by itself', () => {
    const second = adjudication.parse({
      adjudicatedOn: '2026-12-20',
      paidAmount: '6.00',
      lines: [
        {
          procedureCode: '90853',
          paidAmount: '6.00',
          adjustments: [
            { group: 'OA', reason: '23', amount: '50.00' },
            { group: 'PR', reason: '3', amount: '4.00' },
          ],
        },
      ],
    });
    const verdict = judged([
      other('T', 'medicaid_wi', { memberId: '4400112233' }),
      primary({ lines: [LINE] }),
      other('S', 'bcbs_wi', { adjudication: second }),
    ]);
    expect(marks(verdict, 'A26')).toEqual([]);
    const claim = claimAt(verdict, 0);
    expect(claim.subscriber.responsibility).toBe('T');
    expect(claim.otherPayers?.map((o) => [o.responsibility, o.paidCents])).toEqual([
      ['P', 3850],
      ['S', 600],
    ]);
    expect(claim.lines[0]?.adjudications?.map((d) => d.payerId)).toEqual(['60054', '00950']);
  });

  it('waits where two earlier payers are one and the same', () => {
    const decided = primary({ adjustments: AMOUNTS }).adjudication!;
    const verdict = judged([
      primary({ adjustments: AMOUNTS }),
      other('S', '60054', { adjudication: decided }),
      other('T', 'medicaid_wi', { memberId: '4400112233' }),
    ]);
    expect(marks(verdict, 'A26')).toEqual(['hold /attendees/0/coverages']);
  });
});
