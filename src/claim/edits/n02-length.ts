import { isStockAlone } from '../../session/notes/evidence.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';
import { readNote } from './note-texts.ts';

/** Words of one's own: the headings of a template are nobody's. */
const FEWEST_WORDS = 25;

export const n02: AttendeeEdit = {
  id: 'N02',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  title: 'The paragraph has at least 25 words and says more than stock phrases',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'D', source: 'spec 02 §2.2; stock phrases: src/session/notes/lexicons.ts' },
  check: (ctx) => {
    const { paragraph, path } = readNote(ctx) ?? { paragraph: null, path: '' };
    // No words at all is N01.
    if (paragraph === null || paragraph.words.count === 0) return [];
    const findings: EditFinding[] = [];
    if (paragraph.ownCount < FEWEST_WORDS) {
      findings.push({
        severity: 'block',
        path: `${path}/text`,
        message: `The paragraph has fewer than ${FEWEST_WORDS} words, the template’s headings not counted.`,
      });
    }
    if (isStockAlone(paragraph)) {
      findings.push({
        severity: 'warn',
        path: `${path}/text`,
        message: 'The paragraph consists of stock phrases that would fit anybody.',
      });
    }
    return findings;
  },
};
