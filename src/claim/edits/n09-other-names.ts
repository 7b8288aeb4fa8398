import { otherNamesIn } from '../../session/notes/other-names.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';
import { fieldWords, readNote, rosterPointers, TEXT_FIELDS } from './note-texts.ts';

export const n09: AttendeeEdit = {
  id: 'N09',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'No other attendee’s name stands in the note',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'K', source: 'one patient’s record identifies no other; spec 02 §2.2' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null || read.note === null) return [];
    const { attendee, input } = ctx;
    const findings: EditFinding[] = [];
    for (const field of TEXT_FIELDS) {
      const words = fieldWords(ctx, read, field);
      if (words === null) continue;
      const { surely, perhaps } = otherNamesIn(input.session, attendee, words);
      const path = `${read.path}/${field}`;
      if (surely.length > 0) {
        const whom = rosterPointers(surely);
        findings.push({ severity: 'hold', path, message: `The surname or full name of another attendee is in it: ${whom}.` });
      }
      if (perhaps.length > 0) {
        const whom = rosterPointers(perhaps);
        findings.push({ severity: 'warn', path, message: `Another attendee’s name may be in it: ${whom}.` });
      }
    }
    return findings;
  },
};
