import type { ClaimDraft } from '../claim/draft.ts';

/** What lies in the `sealed` columns. Note text is in none of them. */
export interface SealedAttendee {
  readonly externalId: string;
  /** Status, faults and the fields that could be read, notes and rationale removed: what the gate needs to judge again. */
  readonly attendee: unknown;
}

export interface SealedClaim {
  readonly externalId: string;
  readonly draft: ClaimDraft;
}

/** Bytes of one drop as text: an 837P of ours is ASCII, and sealed values are JSON. */
export interface SealedDrop {
  readonly text: string;
}

/** Everything of the session but its attendees and its narrative: what re-gating and amendments need. */
export function sessionWithoutNotes(session: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { attendees: _attendees, groupNote, ...rest } = session;
  const count = (groupNote as { attendeeCount?: number } | undefined)?.attendeeCount ?? null;
  return { ...rest, attendeeCount: count };
}

export function attendeeWithoutNotes(attendee: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { note: _note, interactiveComplexity, ...rest } = attendee;
  if (interactiveComplexity === null || typeof interactiveComplexity !== 'object')
    return { ...rest, interactiveComplexity: null };
  const { rationale: _rationale, ...complexity } = interactiveComplexity as Record<string, unknown>;
  return { ...rest, interactiveComplexity: complexity };
}
