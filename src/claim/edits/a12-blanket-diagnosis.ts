import type { SessionEdit } from './edit.ts';

const SMALLEST_GROUP = 4;

/** Seen over the whole group, told to each of them: an auditor would ask about every one of these claims. */
export const a12: SessionEdit = {
  id: 'A12',
  scope: 'session',
  severity: 'warn',
  payerOverridable: true,
  version: '1',
  title: 'The attendees do not all have one and the same principal diagnosis',
  fixedBy: ['clinician'],
  provenance: { confidence: 'D', source: 'spec 02 §2.2: four or more billed attendees with one diagnosis look like a template' },
  check: ({ billable }) => {
    const principals = new Set(billable.map(({ service }) => service.diagnoses[0]));
    if (billable.length < SMALLEST_GROUP || principals.size !== 1 || principals.has(undefined)) return [];
    const message = 'Every billed attendee of this group has the same principal diagnosis.';
    return billable.map(({ attendee, base }) => ({
      severity: 'warn',
      path: `${base}/diagnoses/0`,
      message,
      attendee: attendee.index,
    }));
  },
};
