import { hasAttended } from '../../session/disposition.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const FACTORS = [1, 2, 3, 4];

export const a16: AttendeeEdit = {
  id: 'A16',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: '90785 has one of the four documented factors, a reason, and is not for everybody',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'H', source: 'CPT 90785: for the particular patient, one of four factors' },
  check: ({ attendee, base, input: { session } }) => {
    const { interactiveComplexity: complexity, note } = attendee.fields;
    if (!complexity) return [];
    const path = `${base}/interactiveComplexity`;
    const findings: EditFinding[] = [];
    if (!FACTORS.includes(complexity.factor ?? 0)) {
      findings.push({
        severity: 'block',
        path: `${path}/factor`,
        message: 'Interactive complexity needs one of the factors 1 to 4.',
      });
    }
    if (
      !complexity.rationale?.trim() &&
      !/interactive complexity|communication|guardian|caregiver|interpreter|mandated report/i.test(note?.text ?? '')
    ) {
      findings.push({
        severity: 'hold',
        path: `${path}/rationale`,
        message: 'Neither rationale nor note says what made the communication complex.',
      });
    }
    const present = session.attendees.filter((a) => hasAttended(a.status));
    if (present.length > 1 && present.every((a) => a.fields.interactiveComplexity)) {
      findings.push({
        severity: 'warn',
        path,
        message: 'Every attendee has interactive complexity; it is reported for the particular patient.',
      });
    }
    return findings;
  },
};
