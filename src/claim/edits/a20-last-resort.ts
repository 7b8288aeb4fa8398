import type { AttendeeEdit } from './edit.ts';

/** Claims to later payers wait for the earlier one's adjudication anyway; here the order itself is wrong. */
export const a20: AttendeeEdit = {
  id: 'A20',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'A payer of last resort is not primary beside another coverage',
  fixedBy: ['front_desk', 'biller'],
  provenance: { confidence: 'H', source: '42 CFR 433.139; Social Security Act §1902(a)(25): Medicaid pays after all others' },
  check: ({ attendee, cover, policyOf }) => {
    if (!cover.policy.lastResort || cover.coverage?.responsibility !== 'P') return [];
    const others = (attendee.fields.coverages ?? []).filter((c) => c !== cover.coverage);
    const another = others.some(({ payerId }) => policyOf(payerId)?.lastResort !== true);
    return another
      ? [
          {
            severity: 'hold',
            path: `${cover.path}/responsibility`,
            message: 'This payer pays last, and the patient has another coverage: bill that one first.',
          },
        ]
      : [];
  },
};
