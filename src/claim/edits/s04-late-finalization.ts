import { epochMs } from '../dates.ts';
import type { SessionEdit } from './edit.ts';

const HOUR_MS = 3_600_000;
const LATE_MS = 72 * HOUR_MS;
const TOO_LATE_MS = 7 * 24 * HOUR_MS;

export const s04: SessionEdit = {
  id: 'S04',
  scope: 'session',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'The note is finalized soon after the session: after 72 hours a warning, after seven days a hold',
  fixedBy: ['clinician', 'biller'],
  provenance: {
    confidence: 'D',
    source: 'spec 02 §2.2; Medicare asks for notes during or as soon as practicable after the service',
  },
  check: ({ input: { session } }) => {
    const path = '/finalized/at';
    const late = epochMs(session.finalized.at) - epochMs(session.endedAt);
    if (late > TOO_LATE_MS) {
      return [{ severity: 'hold', path, message: 'The note was finalized more than seven days after the session.' }];
    }
    return late > LATE_MS
      ? [{ severity: 'warn', path, message: 'The note was finalized more than 72 hours after the session.' }]
      : [];
  },
};
