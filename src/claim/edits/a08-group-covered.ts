import { daysBetween } from '../dates.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const STALE_DAYS = 30;

export const a08: AttendeeEdit = {
  id: 'A08',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'The coverage pays for group therapy: by the payer’s rule or by a fresh verification',
  fixedBy: ['front_desk', 'biller'],
  provenance: { confidence: 'D', source: 'spec 02 §2.2: eligibility evidence not older than 30 days' },
  check: ({ cover, dateOfService }) => {
    const { coverage, policy, path } = cover;
    if (coverage === null || cover.payer === null) return [];
    const at = `${path}/verified`;
    const { verified } = coverage;
    const findings: EditFinding[] = [];
    if (verified?.groupTherapyCovered === false) {
      findings.push({
        severity: 'hold',
        path: at,
        message: 'The verification says that this coverage does not pay for group therapy.',
      });
    } else if (!verified && policy.groupCovered === false) {
      findings.push({
        severity: 'hold',
        path: at,
        message: 'This payer does not pay for group therapy unless a verification says so.',
      });
    } else if (!verified && policy.groupCovered === null) {
      findings.push({
        severity: 'hold',
        path: at,
        message: 'It is not known whether this coverage pays for group therapy: verify it.',
      });
    }
    if (verified && daysBetween(verified.on, dateOfService) > STALE_DAYS) {
      findings.push({
        severity: 'warn',
        path: `${at}/on`,
        message: 'The coverage was verified more than 30 days before the service.',
      });
    }
    return findings;
  },
};
