import type { ClaimSummary } from '../../../schemas/claim.ts';
import type { Io } from '../io.ts';
import { table } from '../table.ts';

/** The live table of claims: redrawn in place on a terminal, one line per change elsewhere. */
export interface Board {
  show(claims: readonly ClaimSummary[], now: number): void;
}

export const clockTime = (at: number | string | null): string => (at === null ? '' : new Date(at).toISOString().slice(11, 19));

const MARK: Readonly<Record<string, string>> = {
  held: '!',
  scheduled: '.',
  released: '>',
  transmitted: '>>',
  picked_up: '>>>',
};

interface Seen {
  readonly state: string;
  readonly since: number;
  readonly planned: string | null;
  readonly reasons: readonly string[];
}

export function createBoard(io: Io): Board {
  const seen = new Map<string, Seen>();
  let drawn = 0;

  function note(claim: ClaimSummary, now: number): { before: Seen | undefined; after: Seen } {
    const before = seen.get(claim.id);
    // A claim that has left has no plan any more; the board keeps showing what it was.
    const after: Seen = {
      state: claim.state,
      since: before?.state === claim.state ? before.since : now,
      planned: claim.plannedReleaseAt ?? before?.planned ?? null,
      reasons: claim.planReasons.length > 0 ? claim.planReasons : (before?.reasons ?? []),
    };
    seen.set(claim.id, after);
    return { before, after };
  }

  function redraw(claims: readonly ClaimSummary[], now: number): void {
    const rows = claims.map((claim) => {
      const { planned, reasons, since } = note(claim, now).after;
      return [
        claim.attendeeExternalId,
        claim.payerId,
        MARK[claim.state] ?? '',
        claim.state,
        clockTime(since),
        clockTime(planned),
        reasons.join(' '),
      ];
    });
    const text = table(['ATTENDEE', 'PAYER', '', 'STATE', 'SINCE', 'PLANNED', 'WHY THEN'], rows, io.columns - 1);
    io.out(`${drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`}${text}`);
    drawn = rows.length + 1;
  }

  function append(claims: readonly ClaimSummary[], now: number): void {
    for (const claim of claims) {
      const { before, after } = note(claim, now);
      if (before === undefined) {
        const plan =
          after.planned === null
            ? ''
            : `, planned ${clockTime(after.planned)}${after.reasons.length === 0 ? '' : ` (${after.reasons.join(' ')})`}`;
        io.out(`${clockTime(now)}  ${claim.attendeeExternalId}  ${claim.payerId}  ${claim.state}${plan}\n`);
      } else if (before.state !== after.state) {
        io.out(`${clockTime(now)}  ${claim.attendeeExternalId}  ${claim.payerId}  ${before.state} -> ${after.state}\n`);
      } else if (before.planned !== after.planned && claim.state === 'scheduled') {
        io.out(
          `${clockTime(now)}  ${claim.attendeeExternalId}  ${claim.payerId}  planned ${clockTime(after.planned)} instead of ${clockTime(before.planned)}\n`,
        );
      }
    }
  }

  return {
    show(claims, now) {
      const ordered = [...claims].sort((a, b) => (a.attendeeExternalId < b.attendeeExternalId ? -1 : 1));
      if (io.isTty) redraw(ordered, now);
      else append(ordered, now);
    },
  };
}
