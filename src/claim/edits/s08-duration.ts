import { MINUTE_MS, sessionMs } from '../attended.ts';
import type { EditFinding, SessionEdit } from './edit.ts';

const USUAL = { min: 45, max: 180 };

export const s08: SessionEdit = {
  id: 'S08',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'The session is as long as a group usually is, and within each payer’s own limits',
  fixedBy: ['clinician', 'biller'],
  provenance: { confidence: 'H', source: 'NY 14 NYCRR 588.6: at least 60 minutes; 45 to 180 minutes usual (D)' },
  check: ({ input: { session }, billable }) => {
    const path = '/endedAt';
    const minutes = sessionMs(session) / MINUTE_MS;
    const findings: EditFinding[] = [];
    if (minutes < USUAL.min) findings.push({ severity: 'warn', path, message: 'The session was shorter than 45 minutes.' });
    if (minutes > USUAL.max) findings.push({ severity: 'warn', path, message: 'The session was longer than three hours.' });
    for (const { attendee, cover } of billable) {
      const { min, max, severity } = cover.policy.minutes;
      const at = { severity, path, attendee: attendee.index };
      if (min !== null && minutes < min) findings.push({ ...at, message: 'The session was shorter than this payer pays for.' });
      if (max !== null && minutes > max) findings.push({ ...at, message: 'The session was longer than this payer pays for.' });
    }
    return findings;
  },
};
