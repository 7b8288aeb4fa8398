import { filingStatus } from '../timely-filing.ts';
import type { AttendeeEdit } from './edit.ts';

/** The last day itself is in `cover.fileBy`: from the date of service, or from an earlier payer's remittance. */
export const a18: AttendeeEdit = {
  id: 'A18',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'The payer’s timely-filing limit is not past',
  fixedBy: ['biller'],
  provenance: { confidence: 'H', source: '42 CFR 424.44; 1 TAC §354.1003; 18 NYCRR 540.6; payers’ manuals (src/claim/payers)' },
  check: ({ cover, attendee, base, today, dateOfService }) => {
    const { delayReasonCode } = attendee.fields.claim ?? {};
    // A session that lies in the future is S01's.
    if (today < dateOfService) return [];
    switch (filingStatus(cover.fileBy, today)) {
      case 'expired':
        return delayReasonCode
          ? [
              {
                severity: 'warn',
                path: `${base}/claim/delayReasonCode`,
                message: 'The timely-filing limit is past: the claim goes with its delay reason, and the payer decides.',
              },
            ]
          : [
              {
                severity: 'hold',
                path: `${cover.path}/payerId`,
                message:
                  'timely_filing_expired: the last day on which this payer takes the claim is past, and no delay reason is given.',
              },
            ];
      case 'urgent':
        return [
          {
            severity: 'warn',
            path: `${cover.path}/payerId`,
            message: 'Fourteen days or less are left to file with this payer: the claim goes ahead of others.',
          },
        ];
      default:
        return [];
    }
  },
};
