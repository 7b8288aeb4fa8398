import type { LedgerEdit } from './edit.ts';

export const s10: LedgerEdit = {
  id: 'S10',
  scope: 'session',
  of: 'ledger',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'The session is not one that is stored already under another external id',
  fixedBy: ['biller', 'clinician'],
  provenance: { confidence: 'D', source: 'spec 03 §3.2 K5: facility, facilitator, start ± 15 min, half of the patients' },
  checkLedger: ({ rekeyed }) =>
    rekeyed.size === 0
      ? []
      : [
          {
            severity: 'hold',
            path: '/externalId',
            message:
              'A session of this facilitator at this time and place, with at least half of these patients, is stored already under another external id.',
            reason: 'duplicate_session',
          },
        ],
};
