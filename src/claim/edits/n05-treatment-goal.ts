import { isFaulty } from '../../session/parse.ts';
import type { AttendeeEdit } from './edit.ts';

/** A goal of the plan by number, as clinicians write it: "goal 2", "goal #2", "objective 1.3". */
const GOAL_IN_TEXT = /\b(goal|objective)s?\s*(#|no\.?\s*|number\s*)?-?\s*\d/i;

export const n05: AttendeeEdit = {
  id: 'N05',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  title: 'The note is linked to a goal of the treatment plan',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'H', source: 'Medicare Benefit Policy Manual ch. 6 §70.1; spec 02 §2.2' },
  check: ({ attendee, base }) => {
    if (isFaulty(attendee, 'note')) return [];
    const note = attendee.fields.note;
    if ((note?.treatmentGoalIds ?? []).length > 0 || GOAL_IN_TEXT.test(note?.text ?? '')) return [];
    return [
      { severity: 'block', path: `${base}/note/treatmentGoalIds`, message: 'The note names no goal of the treatment plan.' },
    ];
  },
};
