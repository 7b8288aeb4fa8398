import { saysRisk } from '../../session/notes/evidence.ts';
import type { AttendeeEdit } from './edit.ts';
import { fieldPath, readNote } from './note-texts.ts';

export const n07: AttendeeEdit = {
  id: 'N07',
  scope: 'attendee',
  of: 'billable',
  severity: 'warn',
  payerOverridable: true,
  version: '1',
  title: 'Risk was reviewed, by its field or in the paragraph',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'K', source: 'content of group progress notes; spec 02 §2.2; words: src/session/notes/lexicons.ts' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null || read.note?.riskReviewed === true) return [];
    if (read.paragraph !== null && saysRisk(read.paragraph)) return [];
    return [
      {
        severity: 'warn',
        path: fieldPath(read, 'riskReviewed'),
        message: 'Neither the field nor the paragraph says that risk was reviewed.',
      },
    ];
  },
};
