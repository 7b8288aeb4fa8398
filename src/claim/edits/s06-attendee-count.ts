import type { SessionEdit } from './edit.ts';

export const s06: SessionEdit = {
  id: 'S06',
  scope: 'session',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  title: 'The group note counts the attendees that the roster shows',
  fixedBy: ['clinician'],
  provenance: { confidence: 'D', source: 'spec 02 §2.2' },
  check: ({ input: { session }, attendedCount }) =>
    session.groupNote.attendeeCount === attendedCount
      ? []
      : [
          {
            severity: 'block',
            path: '/groupNote/attendeeCount',
            message:
              'The count differs from the roster: present, late, left early and partial count; observers and the absent do not.',
          },
        ],
};
