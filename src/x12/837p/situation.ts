import { fitAddressLines, fitText, leavesText } from '../charset.ts';
import type { PartyName, PostalAddress, ProfessionalClaim, Provider, TransactionSet } from './model.ts';

/**
 * What one element demands of another (spec 04 §4.4): a rule that no table of single segments can hold. `holds` gets a
 * claim whose codes may still be wrong; the segment rules look at those afterwards.
 */
export interface Situation {
  /** E number, or `guide` for a situational rule of the guide that has none. */
  readonly rule: string;
  readonly loop: string;
  readonly segment: string;
  readonly element: string | null;
  readonly holds: (claim: ProfessionalClaim, set: TransactionSet) => boolean;
}

/** One row of a table of situations; the segment is taken from the element. */
export const at = (rule: string, loop: string, element: string, holds: Situation['holds']): Situation => ({
  rule,
  loop,
  segment: /^(?:HI|N[1-4]|[A-Z]{3}|[A-Z]{2}\d)/.exec(element)?.[0] ?? element,
  element,
  holds,
});

/** SBR09 of Original Medicare. */
export const isMedicare = (claimFilingIndicator: string): boolean =>
  claimFilingIndicator === 'MB' || claimFilingIndicator === 'MA';

/** A person with one name only is so rare that a missing first name is taken for a mistake (E10). */
export function hasFirstName(name: PartyName | undefined): boolean {
  return name === undefined || name.kind === 'organization' || (name.firstName !== null && leavesText(name.firstName));
}

export function sameNpi(one: Provider | null | undefined, other: Provider): boolean {
  return one?.npi != null && one.npi === other.npi;
}

/** E13 compares addresses as they would be written, without punctuation and with five digits of the ZIP code. */
export function sameAddress(one: PostalAddress, other: PostalAddress): boolean {
  return one.postalCode.trim().slice(0, 5) === other.postalCode.trim().slice(0, 5) && streetAndCity(one) === streetAndCity(other);
}

function streetAndCity(address: PostalAddress): string {
  const { line1, line2 } = fitAddressLines(address.line1, address.line2);
  return fitText(`${line1} ${line2 ?? ''} ${address.city} ${address.state}`).text.replace(/[^A-Z0-9]+/g, ' ');
}

export const distinct = (values: readonly (string | number)[]): boolean =>
  values.length < 2 || new Set(values).size === values.length;
