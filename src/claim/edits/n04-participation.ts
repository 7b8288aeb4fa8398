import { isSpecific, saysParticipation } from '../../session/notes/evidence.ts';
import type { AttendeeEdit } from './edit.ts';
import { fieldPath, fieldWords, readNote } from './note-texts.ts';

export const n04: AttendeeEdit = {
  id: 'N04',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'What this person did in the group is documented, in its field or in the paragraph',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'K', source: 'content of group progress notes; spec 02 §2.2; words: src/session/notes/lexicons.ts' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null) return [];
    const field = fieldWords(ctx, read, 'participation');
    if (field !== null && isSpecific(field)) return [];
    if (read.paragraph !== null && saysParticipation(read.paragraph)) return [];
    return [
      {
        severity: 'hold',
        path: fieldPath(read, 'participation'),
        message: 'Neither the field nor the paragraph tells what this person did in the group.',
      },
    ];
  },
};
