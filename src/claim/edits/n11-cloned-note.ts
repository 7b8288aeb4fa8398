import { CLONE_BANDS, type CloneBands } from '../../session/notes/bands.ts';
import { type CloneVerdict, clonesIn } from '../../session/notes/clones.ts';
import { isFaulty, type ParsedSession } from '../../session/parse.ts';
import type { EarlierNote } from '../context.ts';
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

const STRENGTH = { hold: 2, warn: 1 } as const;

/** The one earlier paragraph that weighs most: an estimate, so it holds at the worst. */
const acrossTime = (earlier: readonly EarlierNote[], bands: CloneBands, path: string): readonly EditFinding[] => {
  const judged = earlier.flatMap((note) => {
    const { similarity: s, whose } = note;
    const { hold, warn } = whose === 'own' ? bands.own : { ...bands.clinician, warn: bands.clinician.hold };
    return s < warn ? [] : [{ note, severity: s >= hold ? ('hold' as const) : ('warn' as const) }];
  });
  judged.sort((a, b) => STRENGTH[b.severity] - STRENGTH[a.severity] || b.note.similarity - a.note.similarity);
  const [worst] = judged;
  if (worst === undefined) return [];
  const { whose, sessionId, dateOfService, similarity } = worst.note;
  const whom = whose === 'own' ? 'this patient’s own' : 'another patient’s by the same clinician';
  const when = `${dateOfService} (session ${sessionId}, similarity about ${score(similarity)})`;
  return [{ severity: worst.severity, path, message: `The paragraph is like ${whom} of ${when}.` }];
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
  check: ({ attendee, base, input: { session, earlierNotes } }) => {
    if (isFaulty(attendee, 'note')) return [];
    const path = `${base}/note/text`;
    const clones = clonesOf(session, CLONE_BANDS).get(attendee.index);
    const earlier = earlierNotes.filter((note) => note.index === attendee.index);
    return [...(clones === undefined ? [] : [inSession(clones, path)]), ...acrossTime(earlier, CLONE_BANDS, path)];
  },
};
