import { isFilled, saysMood } from '../../session/notes/evidence.ts';
import type { AttendeeEdit } from './edit.ts';
import { fieldPath, fieldWords, readNote } from './note-texts.ts';

export const n03: AttendeeEdit = {
  id: 'N03',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'Mood or affect is documented, in its field or in the paragraph',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'K', source: 'content of group progress notes; spec 02 §2.2; words: src/session/notes/lexicons.ts' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null) return [];
    const field = fieldWords(ctx, read, 'moodAffect');
    if (field !== null && isFilled(field)) return [];
    if (read.paragraph !== null && saysMood(read.paragraph)) return [];
    return [
      {
        severity: 'hold',
        path: fieldPath(read, 'moodAffect'),
        message: 'Neither the field nor the paragraph says anything of mood or affect.',
      },
    ];
  },
};
