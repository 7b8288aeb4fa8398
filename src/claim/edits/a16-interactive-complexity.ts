import { hasAttended } from '../../session/disposition.ts';
import { isFaulty } from '../../session/parse.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const CODE = '90785';
const FACTORS = [1, 2, 3, 4];
/** Services that it may be added to. */
const ALLOWED_WITH = '90791 90792 90832 90833 90834 90836 90837 90838 90853'.split(' ');

/** What a note says of any of the four factors: managing communication, caregivers, a reportable event, an interpreter or play. */
const IN_THE_NOTE = new RegExp(
  [
    'interactive complexity|maladaptive|communicat|reactiv|interrupt|disrupt|repeated question|disagree|de-?escalat|redirect',
    'guardian|caregiver|parent|custod|foster|conservator|probation',
    'mandated|sentinel|abuse|neglect|protective services|report(ed)? to',
    'interpret|translat|sign language|play (equipment|material)|non-?verbal',
  ].join('|'),
  'i',
);

export const a16: AttendeeEdit = {
  id: 'A16',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: '2',
  snip: 6,
  title: '90785 has one of the four documented factors, a reason, a service it may go with, and is not for everybody',
  fixedBy: ['clinician', 'biller'],
  readsNote: true,
  provenance: {
    confidence: 'H',
    source: 'CPT 90785: for the particular patient, one of four factors; CMS MLN on interactive complexity',
  },
  check: ({ attendee, base, service, input: { session } }) => {
    const { interactiveComplexity: complexity, note } = attendee.fields;
    if (!complexity) return [];
    const path = `${base}/interactiveComplexity`;
    const findings: EditFinding[] = [];
    const add = (severity: EditFinding['severity'], at: string, message: string) =>
      findings.push({ severity, path: at, message });
    if (!FACTORS.includes(complexity.factor ?? 0)) {
      add('block', `${path}/factor`, 'Interactive complexity needs one of the factors 1 to 4.');
    }
    const main = service.baseProcedureCode;
    if (main !== CODE && !ALLOWED_WITH.includes(main)) {
      add('block', path, 'Interactive complexity (90785) cannot be added to this service.');
    }
    const told = Boolean(complexity.rationale?.trim()) || IN_THE_NOTE.test(`${note?.text ?? ''} ${note?.participation ?? ''}`);
    if (!told && !isFaulty(attendee, 'note')) {
      add('hold', `${path}/rationale`, 'Neither rationale nor note says what made the communication complex.');
    }
    const present = session.attendees.filter((a) => hasAttended(a.status));
    if (present.length > 1 && present.every((a) => a.fields.interactiveComplexity)) {
      add('warn', path, 'Every attendee has interactive complexity; it is reported for the particular patient.');
    }
    return findings;
  },
};
