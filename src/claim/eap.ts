import type { ParsedAttendee } from '../session/parse.ts';
import type { Policy } from './payers/policy.ts';

/** The employee assistance benefit that this attendee's service is billed to, or null when it is not billed to one. */
export function eapBenefit(attendee: ParsedAttendee, policy: Pick<Policy, 'eap'>): NonNullable<Policy['eap']> | null {
  const { eap } = policy;
  return eap !== null && (eap.appliesTo === 'all' || attendee.fields.billing === 'eap') ? eap : null;
}
