import { isFaulty } from '../../session/parse.ts';
import type { AttendeeEdit } from './edit.ts';

/** A goal of the plan by number, as clinicians write it: "goal 2", "goal #2", "objective 1.3". */
const GOAL_BY_NUMBER = /\b(?:goal|objective)s?\s{0,3}(?:#|no\.?\s{0,3}|number\s{1,3})?-?\s{0,3}\d/i;
/** Or in words: "treatment goal of reducing panic", "plan objective: return to work". */
const GOAL_IN_WORDS = /\b(?:treatment|tx|plan) (?:plan )?(?:goal|objective)s?(?: of |: ?| to | is to )[\p{L}]{3}/iu;

export const n05: AttendeeEdit = {
  id: 'N05',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '2',
  title: 'The note is linked to a goal of the treatment plan',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'H', source: 'Medicare Benefit Policy Manual ch. 6 §70.1; spec 02 §2.2' },
  check: ({ attendee, base }) => {
    if (isFaulty(attendee, 'note')) return [];
    const note = attendee.fields.note;
    if ((note?.treatmentGoalIds ?? []).length > 0) return [];
    const text = note?.text ?? '';
    if (GOAL_BY_NUMBER.test(text) || GOAL_IN_WORDS.test(text)) return [];
    return [
      { severity: 'block', path: `${base}/note/treatmentGoalIds`, message: 'The note names no goal of the treatment plan.' },
    ];
  },
};
