import { epochMs, isValidZone, offsetAgrees } from '../dates.ts';
import type { EditFinding, SessionEdit } from './edit.ts';

const TOLERANCE_MS = 5 * 60_000;

export const s01: SessionEdit = {
  id: 'S01',
  scope: 'session',
  severity: 'block',
  payerOverridable: false,
  version: '2',
  snip: 4,
  title: 'Start and end make sense and agree with the zone',
  fixedBy: ['clinician'],
  provenance: { confidence: 'D', source: 'spec 02 §2.2' },
  check: ({ input: { session, now } }) => {
    const { startedAt, endedAt, timezone } = session;
    const findings: EditFinding[] = [];
    const block = (path: string, message: string) => findings.push({ severity: 'block', path, message });
    if (epochMs(endedAt) <= epochMs(startedAt)) block('/endedAt', 'The session must end after it starts.');
    if (epochMs(endedAt) > now + TOLERANCE_MS) block('/endedAt', 'The session lies in the future.');
    if (!isValidZone(timezone)) {
      block('/timezone', 'The time zone is not one of the IANA database.');
      return findings;
    }
    for (const [path, time] of [
      ['/startedAt', startedAt],
      ['/endedAt', endedAt],
    ] as const) {
      if (!offsetAgrees(time, timezone)) block(path, 'The offset is not the one that the time zone has at this moment.');
    }
    return findings;
  },
};
