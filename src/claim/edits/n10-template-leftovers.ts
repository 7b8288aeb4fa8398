import { hasOpenPlace, offersPronouns } from '../../session/notes/leftovers.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';
import { readNote, TEXT_FIELDS } from './note-texts.ts';

export const n10: AttendeeEdit = {
  id: 'N10',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  title: 'No place of a template was left open',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'D', source: 'spec 02 §2.2; shapes: src/session/notes/leftovers.ts' },
  check: (ctx) => {
    const read = readNote(ctx);
    if (read === null || read.note === null) return [];
    const findings: EditFinding[] = [];
    for (const field of TEXT_FIELDS) {
      const text = read.note[field] ?? '';
      const path = `${read.path}/${field}`;
      if (hasOpenPlace(text)) findings.push({ severity: 'block', path, message: 'A place of the template was left open.' });
      else if (offersPronouns(text)) {
        findings.push({ severity: 'warn', path, message: 'Both forms of a pronoun were left standing side by side.' });
      }
    }
    return findings;
  },
};
