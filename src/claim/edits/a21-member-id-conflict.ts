import type { LedgerMember } from '../ledger-context.ts';
import type { LedgerEdit } from './edit.ts';

/** Two on one roster, each the subscriber under the same payer and member id, who are not the same person. */
const conflict = (a: LedgerMember, b: LedgerMember): boolean => {
  const [one, two] = [a.claim?.draft.identity, b.claim?.draft.identity];
  if (!one || !two || a.externalId === b.externalId) return false;
  return one.isSubscriber && two.isSubscriber && one.member === two.member && one.person !== two.person;
};

/** One of the two ids is wrong, and nobody but the front desk can say which: both wait. */
export const a21: LedgerEdit = {
  id: 'A21',
  scope: 'attendee',
  of: 'ledger',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'No other person is the subscriber under the same payer and member id',
  fixedBy: ['front_desk'],
  provenance: { confidence: 'D', source: 'spec 03 §3.2 K3b' },
  checkLedger: ({ members, facts }) =>
    members.flatMap((member) => {
      const { index, roster, claim } = member;
      if (claim === null) return [];
      const stored = facts.memberConflicts.filter((c) => c.index === index);
      if (stored.length === 0 && !members.some((other) => conflict(member, other))) return [];
      return [
        {
          severity: 'hold' as const,
          attendee: index,
          path: `${roster.base}/coverages`,
          message:
            'Under this payer and member id another person with other demographics is the subscriber, too: one of the two ids is wrong.',
          reason: 'member_id_conflict',
          others: stored.map(({ claimId, state }) => ({ claimId, state })),
        },
      ];
    }),
};
