import { CLONE_BANDS, type CloneBands } from '../../session/notes/bands.ts';
import { type CloneVerdict, clonesIn } from '../../session/notes/clones.ts';
import { isFaulty, type ParsedSession } from '../../session/parse.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';
import { rosterPointers } from './note-texts.ts';

const known = new WeakMap<ParsedSession, ReadonlyMap<number, CloneVerdict>>();

/** Compared once per session, not once per attendee. */
const clonesOf = (session: ParsedSession, bands: CloneBands): ReadonlyMap<number, CloneVerdict> => {
  const before = known.get(session);
  if (before !== undefined) return before;
  const clones = clonesIn(session, bands);
  known.set(session, clones);
  return clones;
};

const score = (value: number): string => (Math.floor(value * 100) / 100).toFixed(2);

const inSession = ({ severity, others, jaccard, containment }: CloneVerdict, path: string): EditFinding => {
  const closest = rosterPointers(others.slice(0, 1));
  const rest = others.length > 1 ? `, and like ${rosterPointers(others.slice(1))}` : '';
  const measured = `similarity ${score(jaccard)}, containment ${score(containment)}`;
  return {
    severity,
    path,
    message: `The paragraph is like that of ${closest} (${measured})${rest}; names and pronouns are not counted.`,
  };
};

export const n11: AttendeeEdit = {
  id: 'N11',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: `1.${CLONE_BANDS.version}`,
  title: 'The paragraph is no copy of another one',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'D', source: 'spec 02 §2.3; calibration: docs/cloned-notes.md' },
  check: ({ attendee, base, input: { session } }) => {
    if (isFaulty(attendee, 'note')) return [];
    const clones = clonesOf(session, CLONE_BANDS).get(attendee.index);
    return clones === undefined ? [] : [inSession(clones, `${base}/note/text`)];
  },
};
