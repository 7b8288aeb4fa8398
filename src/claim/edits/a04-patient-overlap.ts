import type { ClaimState } from '../../../schemas/common.ts';
import type { OverlappingPresence } from '../facts.ts';
import type { LedgerEdit, OtherClaim } from './edit.ts';

/** Withdrawn: nobody bills that presence any more. */
const WITHDRAWN: readonly ClaimState[] = ['cancelled', 'voided'];
/** No claim that could be held or looked into. */
const WITHOUT_CLAIM: readonly ClaimState[] = ['not_billable', 'rejected'];

const otherOf = ({ claimId, state }: OverlappingPresence): readonly OtherClaim[] =>
  claimId === null || state === null || WITHOUT_CLAIM.includes(state) ? [] : [{ claimId, state }];

/** Whoever joined late or left early was there only between: times of attendance count, not those of the session. */
export const a04: LedgerEdit = {
  id: 'A04',
  scope: 'attendee',
  of: 'ledger',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'The patient is in no other session at the same time',
  fixedBy: ['clinician', 'biller'],
  provenance: { confidence: 'D', source: 'spec 03 §3.2 K6: nobody is in two places' },
  checkLedger: ({ members, facts, rekeyed }) =>
    members.flatMap(({ index, roster }) => {
      const elsewhere = facts.overlaps.filter(
        (o) => o.index === index && !rekeyed.has(o.sessionId) && !(o.state !== null && WITHDRAWN.includes(o.state)),
      );
      if (elsewhere.length === 0) return [];
      return [
        {
          severity: 'hold' as const,
          attendee: index,
          path: `${roster.base}/attendance`,
          message: 'The patient is recorded in another session that overlaps this one in time.',
          reason: 'overlap',
          others: elsewhere.flatMap(otherOf),
        },
      ];
    }),
};
