import type { Finding } from '../../schemas/common.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import type { Wish } from './amending.ts';

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

/** A finding as it lies in `attendee.findings`, in clear: whom it is about is in the attendee's sealed row only. */
export type StoredFinding = Omit<Finding, 'attendee'>;

export function storedFindings(findings: readonly Finding[]): StoredFinding[] {
  return findings.map(({ attendee: _attendee, ...finding }) => finding);
}

/** The findings of one attendee as an authorised answer shows them. */
export function openedFindings(stored: readonly StoredFinding[], externalId: string): Finding[] {
  return stored.map(({ rule, severity, scope, ...rest }) => ({ rule, severity, scope, attendee: externalId, ...rest }));
}

/** What waits on a claim: the attendee as amended. */
export interface SealedPending {
  readonly wish: Wish;
}

/** One version of an amended session: everything of it but texts, and why it was amended. */
export interface SealedVersion {
  readonly session: unknown;
  readonly attendees: readonly SealedAttendee[];
  /** Null for the first. */
  readonly reason: string | null;
}
