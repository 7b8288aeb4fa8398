import type { AttendeeFields, ParsedSession } from '../session/parse.ts';
import { epochMs } from './dates.ts';

export const MINUTE_MS = 60_000;

type Span = Pick<ParsedSession, 'startedAt' | 'endedAt'>;

const spans = new WeakMap<Span, { readonly from: number; readonly to: number }>();

/** Start and end of a session, epoch ms: every attendee is measured by them, they are read once. */
const spanOf = (session: Span): { readonly from: number; readonly to: number } => {
  const before = spans.get(session);
  if (before !== undefined) return before;
  const span = { from: epochMs(session.startedAt), to: epochMs(session.endedAt) };
  spans.set(session, span);
  return span;
};

/** Elapsed time of the session: instants carry their offset, so a change to or from summer time falls out by itself. */
export function sessionMs(session: Span): number {
  const { from, to } = spanOf(session);
  return Math.max(0, to - from);
}

/** Time that this attendee was in the group: the session, cut by the times of joining and leaving. */
export function attendedMs(session: Span, { attendance }: Pick<AttendeeFields, 'attendance'>): number {
  const span = spanOf(session);
  const from = Math.max(span.from, attendance?.joinedAt ? epochMs(attendance.joinedAt) : 0);
  const to = Math.min(span.to, attendance?.leftAt ? epochMs(attendance.leftAt) : Number.POSITIVE_INFINITY);
  return Math.max(0, to - from);
}
