import type { Attendee } from '../../schemas/group-session.ts';
import type { IsoDate } from './dates.ts';

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
