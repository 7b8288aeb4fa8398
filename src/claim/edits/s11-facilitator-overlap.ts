import { epochMs } from '../dates.ts';
import type { LedgerEdit } from './edit.ts';

/** Sessions that only touch are no overlap. A facilitator is looked for within the practice: nobody sees another's roster. */
export const s11: LedgerEdit = {
  id: 'S11',
  scope: 'session',
  of: 'ledger',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'The facilitator leads no other group at the same time',
  fixedBy: ['clinician', 'biller'],
  provenance: { confidence: 'D', source: 'spec 03 §3.2 K6: nobody is in two places' },
  checkLedger: ({ members, facts, rekeyed }) => {
    const session = members[0]?.roster.input.session;
    if (session === undefined) return [];
    const [start, end] = [epochMs(session.startedAt), epochMs(session.endedAt)];
    const overlapping = facts.groups.some((g) => !rekeyed.has(g.sessionId) && g.startedAt < end && start < g.endedAt);
    return overlapping
      ? [
          {
            severity: 'hold',
            path: '/renderingProvider',
            message: 'The facilitator leads another group, stored earlier, that overlaps this one in time.',
            reason: 'overlap',
          },
        ]
      : [];
  },
};
