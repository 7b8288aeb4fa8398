import { hasAttended } from '../session/disposition.ts';
import type { ParsedAttendee, ParsedSession } from '../session/parse.ts';
import { epochMs } from './dates.ts';

/**
 * When a patient was in the group, epoch ms: the session, cut by the times of joining and leaving. Null for those who were
 * not there. Times that leave nothing are no evidence of absence: then it is the whole session.
 */
export function presenceOf(
  session: Pick<ParsedSession, 'startedAt' | 'endedAt'>,
  { status, fields }: Pick<ParsedAttendee, 'status' | 'fields'>,
): { readonly from: number; readonly to: number } | null {
  if (!hasAttended(status)) return null;
  const whole = { from: epochMs(session.startedAt), to: epochMs(session.endedAt) };
  const { joinedAt, leftAt } = fields.attendance ?? {};
  const from = Math.max(whole.from, joinedAt ? epochMs(joinedAt) : whole.from);
  const to = Math.min(whole.to, leftAt ? epochMs(leftAt) : whole.to);
  return from < to ? { from, to } : whole;
}
