import type { Attendee } from '../../schemas/group-session.ts';
import type { IsoDate } from './dates.ts';
import type { PatientPrivacy } from './facts.ts';

export type ConsentStatus = 'valid' | 'missing' | 'not_yet' | 'revoked';

/**
 * Consent to disclosure for payment (42 CFR 2.31, 2.33) on the day of sending. It is in force from the day of signing and
 * ends on the day of its revocation: what has not left by then stays. A consent without id or date is none.
 */
export function consentStatus(part2: Attendee['part2'] | undefined, on: IsoDate): ConsentStatus {
  if (!part2?.consentId?.trim() || !part2.signedOn) return 'missing';
  if (part2.revokedOn && part2.revokedOn <= on) return 'revoked';
  return part2.signedOn <= on ? 'valid' : 'not_yet';
}

/** What is said of a claim without valid consent (A19), at intake and on the day of sending alike. */
export const CONSENT_MESSAGE: Readonly<Record<Exclude<ConsentStatus, 'valid'>, string>> = {
  missing: 'A programme under 42 CFR Part 2 may not send this claim without the patient’s signed consent.',
  not_yet: 'The consent under 42 CFR Part 2 was not yet signed on the day of sending.',
  revoked: 'The consent under 42 CFR Part 2 has been revoked.',
};

const earlier = (a: string | null | undefined, b: string | null | undefined): string | null => {
  if (!a || !b) return a || b || null;
  return a < b ? a : b;
};

/**
 * Which consent holds when one came with the session and one was put on record for the patient: the one signed later. A
 * revocation on record ends every consent that was signed before it, whatever an EHR still sends.
 */
export function consentInForce(
  sent: Attendee['part2'] | undefined,
  recorded: PatientPrivacy['part2'],
): NonNullable<Attendee['part2']> | null {
  if (recorded === null) return sent ?? null;
  const own = recorded.signedOn ? recorded : null;
  const base = sent?.signedOn && (own?.signedOn ?? '') < sent.signedOn ? sent : (own ?? sent ?? null);
  if (base === null) return null;
  const ends = recorded.revokedOn && (base.signedOn ?? '') <= recorded.revokedOn ? recorded.revokedOn : null;
  const saidOfIt = sent?.signedOn === base.signedOn ? sent?.revokedOn : null;
  return { ...base, revokedOn: earlier(earlier(base.revokedOn, saidOfIt), ends) };
}
