import { saysProgress } from '../../session/notes/evidence.ts';
import type { AttendeeEdit } from './edit.ts';
import { fieldPath, readNote } from './note-texts.ts';

export const n06: AttendeeEdit = {
  id: 'N06',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'Progress towards the goals is documented, in its field or in the paragraph',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'K', source: 'content of group progress notes; spec 02 §2.2; words: src/session/notes/lexicons.ts' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null || read.note?.progress) return [];
    if (read.paragraph !== null && saysProgress(read.paragraph)) return [];
    return [
      {
        severity: 'hold',
        path: fieldPath(read, 'progress'),
        message: 'Neither the field nor the paragraph says whether there is progress.',
      },
    ];
  },
};
