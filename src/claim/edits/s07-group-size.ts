import type { EditFinding, SessionEdit } from './edit.ts';

const SMALLEST = 2;
const USUAL = { min: 3, max: 10 };

export const s07: SessionEdit = {
  id: 'S07',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'Group size: two at least, and within each payer’s own limits',
  fixedBy: ['biller'],
  provenance: { confidence: 'H', source: 'NGS LCD L33632 (at most 12); NY 14 NYCRR 588.6 (2 to 12)' },
  check: ({ attendedCount, billable }) => {
    const path = '/attendees';
    if (attendedCount < SMALLEST) {
      return [{ severity: 'block', path, message: 'A group has at least two persons present.' }];
    }
    const findings: EditFinding[] = [];
    if (attendedCount < USUAL.min) findings.push({ severity: 'warn', path, message: 'Fewer than three persons were present.' });
    if (attendedCount > USUAL.max) findings.push({ severity: 'warn', path, message: 'More than ten persons were present.' });
    for (const { attendee, cover } of billable) {
      const { min, max, severity } = cover.policy.groupSize;
      const at = { severity, path: `${cover.path}/payerId`, attendee: attendee.index };
      if (attendedCount < min) findings.push({ ...at, message: 'The group is smaller than this payer allows.' });
      if (max !== null && attendedCount > max) findings.push({ ...at, message: 'The group is larger than this payer allows.' });
    }
    return findings;
  },
};
