import { epochMs } from '../dates.ts';
import type { EditFinding, SessionEdit } from './edit.ts';

const TOLERANCE_MS = 5 * 60_000;

export const s03: SessionEdit = {
  id: 'S03',
  scope: 'session',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  title: 'The note is finalized, by somebody, after the session',
  fixedBy: ['clinician'],
  provenance: { confidence: 'D', source: 'spec 02 §2.2' },
  check: ({ input: { session, now } }) => {
    const { finalized, endedAt } = session;
    const findings: EditFinding[] = [];
    const block = (path: string, message: string) => findings.push({ severity: 'block', path, message });
    if (epochMs(finalized.at) < epochMs(endedAt)) block('/finalized/at', 'A session cannot be finalized before it has ended.');
    if (epochMs(finalized.at) > now + TOLERANCE_MS) block('/finalized/at', 'The finalization lies in the future.');
    const coSigned = finalized.coSigned;
    if (coSigned && epochMs(coSigned.at) < epochMs(finalized.at)) {
      block('/finalized/coSigned/at', 'A note cannot be co-signed before it is finalized.');
    }
    return findings;
  },
};
