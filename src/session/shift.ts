import { Temporal } from 'temporal-polyfill';
import { type GroupSession, groupSession } from '../../schemas/group-session.ts';

/**
 * The same session as if it had taken place on `toDate` (`YYYY-MM-DD`): every time keeps its local wall-clock reading in
 * the session's zone and gets the offset that holds on its new day; authorization, verification and treatment-plan dates
 * move by as many days. Birth dates and adjudications stay. Throws when the body is not a whole session.
 */
export function shiftSession(body: unknown, toDate: string): GroupSession {
  const session = groupSession.parse(body);
  const zone = session.timezone;
  const local = (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  const days = local(session.startedAt).toPlainDate().until(Temporal.PlainDate.from(toDate), { largestUnit: 'days' }).days;
  const time = <T extends string | null | undefined>(instant: T): T =>
    typeof instant === 'string'
      ? (local(instant).toPlainDateTime().add({ days }).toZonedDateTime(zone).toString({ timeZoneName: 'never' }) as T)
      : instant;
  const day = <T extends string | null | undefined>(date: T): T =>
    typeof date === 'string' ? (Temporal.PlainDate.from(date).add({ days }).toString() as T) : date;

  const { coSigned } = session.finalized;
  return {
    ...session,
    startedAt: time(session.startedAt),
    endedAt: time(session.endedAt),
    finalized: {
      ...session.finalized,
      at: time(session.finalized.at),
      coSigned: coSigned ? { ...coSigned, at: time(coSigned.at) } : coSigned,
    },
    attendees: session.attendees.map((a) => ({
      ...a,
      attendance: { ...a.attendance, joinedAt: time(a.attendance.joinedAt), leftAt: time(a.attendance.leftAt) },
      coverages: a.coverages.map((c) => ({
        ...c,
        priorAuthorization: c.priorAuthorization
          ? {
              ...c.priorAuthorization,
              validFrom: day(c.priorAuthorization.validFrom),
              validTo: day(c.priorAuthorization.validTo),
            }
          : c.priorAuthorization,
        verified: c.verified ? { ...c.verified, on: day(c.verified.on) } : c.verified,
      })),
      otherServicesSameDay: a.otherServicesSameDay.map((s) => ({ ...s, startedAt: time(s.startedAt), endedAt: time(s.endedAt) })),
      treatmentPlan: a.treatmentPlan
        ? {
            ...a.treatmentPlan,
            effectiveOn: day(a.treatmentPlan.effectiveOn),
            reviewDueOn: day(a.treatmentPlan.reviewDueOn),
            signedOn: day(a.treatmentPlan.signedOn),
          }
        : a.treatmentPlan,
    })),
  };
}
