import { isFilled, saysPlan } from '../../session/notes/evidence.ts';
import type { AttendeeEdit } from './edit.ts';
import { fieldPath, fieldWords, readNote } from './note-texts.ts';

export const n08: AttendeeEdit = {
  id: 'N08',
  scope: 'attendee',
  of: 'billable',
  severity: 'warn',
  payerOverridable: true,
  version: '1',
  title: 'What comes next is documented, in its field or in the paragraph',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'K', source: 'content of group progress notes; spec 02 §2.2; words: src/session/notes/lexicons.ts' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null) return [];
    const field = fieldWords(ctx, read, 'plan');
    if (field !== null && isFilled(field)) return [];
    if (read.paragraph !== null && saysPlan(read.paragraph)) return [];
    return [
      { severity: 'warn', path: fieldPath(read, 'plan'), message: 'Neither the field nor the paragraph says what comes next.' },
    ];
  },
};
