import type { AttendeeFields, ParsedSession } from '../session/parse.ts';
import { epochMs } from './dates.ts';

export const MINUTE_MS = 60_000;

/** Elapsed time of the session: instants carry their offset, so a change to or from summer time falls out by itself. */
export function sessionMs({ startedAt, endedAt }: Pick<ParsedSession, 'startedAt' | 'endedAt'>): number {
  return Math.max(0, epochMs(endedAt) - epochMs(startedAt));
}

/** Time that this attendee was in the group: the session, cut by the times of joining and leaving. */
export function attendedMs(
  session: Pick<ParsedSession, 'startedAt' | 'endedAt'>,
  { attendance }: Pick<AttendeeFields, 'attendance'>,
): number {
  const from = Math.max(epochMs(session.startedAt), attendance?.joinedAt ? epochMs(attendance.joinedAt) : 0);
  const to = Math.min(epochMs(session.endedAt), attendance?.leftAt ? epochMs(attendance.leftAt) : Number.POSITIVE_INFINITY);
  return Math.max(0, to - from);
}
