import { type AttendeeDiff, atPosition, diffAttendee, pairRosters } from '../claim/amend.ts';
import { billedCoverage } from '../claim/build/billed-coverage.ts';
import type { AttendeeVerdict, ClaimDraft } from '../claim/draft.ts';
import { presenceOf } from '../claim/presence.ts';
import type { Row } from '../ledger/types.ts';
import type { Wish } from './amending.ts';
import type { GatedSession } from './gate-session.ts';
import type { SealedAttendee, StoredFinding } from './sealed.ts';

/** Order of payment. */
export const RANKS: readonly string[] = ['P', 'S', 'T'];

/** The session as it was, judged by the configuration and at the time by which the amended one is. */
export interface Before {
  readonly gated: GatedSession;
  readonly attendees: readonly Row<'attendee'>[];
  /** In the same order. */
  readonly opened: readonly SealedAttendee[];
  /** Findings per attendee with what rules said of texts that are gone. */
  readonly verdicts: readonly AttendeeVerdict[];
}

export interface AmendedAttendee {
  /** The row; null for somebody who was never on the roster. */
  readonly row: Row<'attendee'> | null;
  readonly opened: SealedAttendee | null;
  /** Null for somebody who is off the roster now. */
  readonly verdict: AttendeeVerdict | null;
  readonly diff: AttendeeDiff;
  readonly wish: Wish | null;
  /** On the roster before and now, and there at the same times. */
  readonly samePresence: boolean;
  /** Ranks from this one on are not billed any more, those before it are done with; null = as the draft says. */
  readonly endsAt: number | null;
}

/**
 * Matches both rosters and says what the amendment means for each attendee. Whom it touches is said by the gate alone, in
 * both versions; what becomes of them, by the ledger as well (`judged`). `removed`: who was taken off by earlier versions,
 * latest first; somebody who comes back is the same attendee again.
 */
export function amendedRoster(
  before: Before,
  after: GatedSession,
  judged: readonly AttendeeVerdict[],
  removed: readonly { readonly row: Row<'attendee'>; readonly opened: SealedAttendee }[],
): readonly AmendedAttendee[] {
  const [was, is] = [before.gated.session, after.session];
  const everybody =
    Date.parse(was.startedAt) !== Date.parse(is.startedAt) ||
    Date.parse(was.endedAt) !== Date.parse(is.endedAt) ||
    was.timezone !== is.timezone;
  const waiting = [...removed];
  const pairs = pairRosters(
    before.verdicts.map((v) => v.externalId),
    after.verdict.attendees.map((v) => v.externalId),
  );
  return pairs.map((pair) => {
    const verdict = pair.after === null ? null : (after.verdict.attendees[pair.after] as AttendeeVerdict);
    const own = pair.after === null ? null : (judged[pair.after] as AttendeeVerdict);
    if (pair.before !== null) {
      const diff = diffAttendee(before.verdicts[pair.before] as AttendeeVerdict, verdict, everybody);
      const [row, opened] = [before.attendees[pair.before] ?? null, before.opened[pair.before] ?? null];
      const [a, b] = [was.attendees[pair.before], pair.after === null ? undefined : is.attendees[pair.after]];
      const there = [a && presenceOf(was, a), b && presenceOf(is, b)].map((p) => JSON.stringify(p ?? null));
      const samePresence = b !== undefined && there[0] === there[1];
      return amended(after, row, opened, diff.change === 'none' ? verdict : own, diff, samePresence);
    }
    const back = waiting.findIndex((r) => r.opened.externalId === verdict?.externalId);
    if (back === -1) return amended(after, null, null, own, diffAttendee(null, verdict, everybody));
    const [found] = waiting.splice(back, 1);
    const billed = verdict?.disposition.kind !== 'not_billable';
    const diff: AttendeeDiff = { change: billed ? 'added_back' : 'none', wire: billed };
    return amended(after, found?.row ?? null, found?.opened ?? null, own, diff);
  });
}

function amended(
  after: GatedSession,
  row: Row<'attendee'> | null,
  opened: SealedAttendee | null,
  verdict: AttendeeVerdict | null,
  diff: AttendeeDiff,
  samePresence = false,
): AmendedAttendee {
  const { change } = diff;
  const base = { row, opened, verdict, diff, samePresence };
  if (row === null || change === 'none' || change === 'added') return { ...base, wish: null, endsAt: null };
  const draft: ClaimDraft | null =
    verdict === null || verdict.disposition.kind === 'not_billable' ? null : verdict.disposition.draft;
  const endsAt = verdict === null || draft === null ? 0 : nothingLeft(after, verdict.index);
  const wish: Wish = {
    attendeeId: row.id,
    externalId: verdict?.externalId ?? opened?.externalId ?? '',
    index: verdict?.index ?? row.ordinal,
    change: endsAt === null ? change : 'removed',
    wire: diff.wire,
    samePresence,
    draft: endsAt === null ? draft : null,
    findings: verdict?.findings ?? [],
    notBillable: notBillable(verdict, endsAt),
  };
  return { ...base, wish, endsAt };
}

function notBillable(verdict: AttendeeVerdict | null, endsAt: number | null): string | null {
  if (verdict === null) return null;
  if (verdict.disposition.kind === 'not_billable') return verdict.disposition.reason;
  return endsAt === null ? null : 'crossed_over';
}

/** Every payer has decided, or forwarded the claim by itself: the first rank that is not billed by us, null while one is. */
function nothingLeft(after: GatedSession, index: number): number | null {
  const coverages = after.session.attendees[index]?.fields.coverages ?? [];
  const choice = billedCoverage(coverages, new Map([...after.payers].map(([id, p]) => [id, p.body])));
  if (choice.billed || (choice.reason !== 'all_adjudicated' && choice.reason !== 'crossed_over')) return null;
  return choice.index === null ? RANKS.length : RANKS.indexOf(coverages[choice.index]?.responsibility ?? 'P');
}

/**
 * What stays to be said about an attendee whom the amendment left as they were: new warnings, and the stops that the
 * ledger set when it was asked (duplicates, overlaps), which judging the session alone cannot see.
 */
export function findingsOfUntouched(after: AttendeeVerdict, stored: readonly StoredFinding[]): readonly StoredFinding[] {
  const said = new Set(after.findings.map((f) => f.rule));
  const fromLedger = stored.filter((f) => (f.severity === 'block' || f.severity === 'hold') && !said.has(f.rule));
  return [...after.findings, ...fromLedger.map((f) => atPosition(f, after.index))];
}

/** Of each rank the claim that stands last in its chain; a correction that was given up does not count. */
export function headsOf(claims: readonly Row<'claim'>[]): readonly Row<'claim'>[] {
  const heads = new Map<string, Row<'claim'>>();
  for (const c of claims) {
    const givenUp = c.frequency_code !== '1' && (c.state === 'cancelled' || c.state === 'not_billable');
    if (c.replaced_by !== null || givenUp) continue;
    const other = heads.get(c.responsibility);
    if (other === undefined || other.id < c.id) heads.set(c.responsibility, c);
  }
  return [...heads.values()].sort((a, b) => RANKS.indexOf(a.responsibility) - RANKS.indexOf(b.responsibility));
}
