import type { Attendee } from '../../schemas/group-session.ts';
import type { PatientPrivacy } from './facts.ts';

type Consent = NonNullable<Attendee['part2']>;

const earlier = (a: string | null | undefined, b: string | null | undefined): string | null => {
  if (!a || !b) return a || b || null;
  return a < b ? a : b;
};

/**
 * Which consent holds when one came with the session and one was put on record for the patient: the one signed later. A
 * revocation on record ends every consent that was signed before it, whatever an EHR still sends.
 */
export function consentInForce(sent: Attendee['part2'] | undefined, recorded: PatientPrivacy['part2']): Consent | null {
  if (recorded === null) return sent ?? null;
  const own: Consent | null = recorded.signedOn ? recorded : null;
  const base = sent?.signedOn && (own?.signedOn ?? '') < sent.signedOn ? sent : (own ?? sent ?? null);
  if (base === null) return null;
  const ends = recorded.revokedOn && (base.signedOn ?? '') <= recorded.revokedOn ? recorded.revokedOn : null;
  const saidOfIt = sent?.signedOn === base.signedOn ? sent?.revokedOn : null;
  return { ...base, revokedOn: earlier(earlier(base.revokedOn, saidOfIt), ends) };
}
