import type { Address } from '../../schemas/common.ts';
import type { PersonName, PostalAddress } from '../x12/837p/model.ts';
import { cutText, fitAddressLines, fitIdentifier, fitText } from '../x12/charset.ts';

/** What had to be done to a text on its way to the claim, or why it cannot go there (edit A14 turns these into findings). */
export type FitKind =
  | 'replaced'
  | 'cut'
  | 'empty'
  | 'missing'
  | 'identifier_trimmed'
  | 'identifier_unfit'
  | 'identifier_length'
  | 'state'
  | 'postal_code';

export interface FitIssue {
  readonly path: string;
  readonly kind: FitKind;
}

/** Element lengths of 005010X222A1 (NM103–07, N301, N401, REF02, NTE02). */
export const LENGTH = {
  last: 60,
  first: 35,
  middle: 25,
  suffix: 10,
  organization: 60,
  addressLine: 55,
  city: 30,
  reference: 50,
  note: 80,
} as const;

const STATES = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT ' +
    'VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP'
  ).split(' '),
);

export const isUsState = (code: string): boolean => STATES.has(code.trim().toUpperCase());

/** Five or nine digits, hyphen and spaces gone; null for anything else. */
export function plainPostalCode(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{5}(\d{4})?$/.test(digits) ? digits : null;
}

type Issues = FitIssue[];

/** Required text: null (and an issue that blocks) when nothing is left of it. */
export function requiredText(issues: Issues, path: string, value: string | null | undefined, max: number): string | null {
  if (value === null || value === undefined || value.trim() === '') {
    issues.push({ path, kind: 'missing' });
    return null;
  }
  const { text, notes } = fitText(value);
  if (text === '') {
    issues.push({ path, kind: 'empty' });
    return null;
  }
  if (notes.includes('replaced')) issues.push({ path, kind: 'replaced' });
  if (text.length > max) issues.push({ path, kind: 'cut' });
  return cutText(text, max);
}

/** Optional text: null when absent or when nothing is left of it, which is reported but stops nothing. */
export function optionalText(issues: Issues, path: string, value: string | null | undefined, max: number): string | null {
  if (value === null || value === undefined || value.trim() === '') return null;
  const { text, notes } = fitText(value);
  if (notes.includes('replaced')) issues.push({ path, kind: 'replaced' });
  if (text.length > max) issues.push({ path, kind: 'cut' });
  return text === '' ? null : cutText(text, max);
}

/** Identifier: trimmed and upper-cased, never altered otherwise; null (and an issue that blocks) when it does not fit. */
export function identifier(
  issues: Issues,
  path: string,
  value: string | null | undefined,
  limit: { readonly min: number; readonly max: number },
): string | null {
  if (value === null || value === undefined) return null;
  const fitted = fitIdentifier(value);
  if (!fitted.ok) {
    issues.push({ path, kind: 'identifier_unfit' });
    return null;
  }
  if (fitted.value.length < limit.min || fitted.value.length > limit.max) {
    issues.push({ path, kind: 'identifier_length' });
    return null;
  }
  return fitted.value;
}

/** Member id: where the payer's pattern fits only without hyphens and spaces (an MBI as printed), they go. */
export function memberIdentifier(issues: Issues, path: string, value: string, pattern: RegExp | null): string | null {
  const fitted = identifier(issues, path, value, { min: 2, max: 80 });
  if (fitted === null || pattern === null) return fitted;
  const bare = fitted.replace(/[\s-]/g, '');
  if (bare === fitted || pattern.test(fitted) || !pattern.test(bare)) return fitted;
  issues.push({ path, kind: 'identifier_trimmed' });
  return bare;
}

interface NameParts {
  readonly lastName: string;
  readonly firstName?: string | null | undefined;
  readonly middleName?: string | null | undefined;
  readonly suffix?: string | null | undefined;
}

/** A person has a last and a first name; null when one of them is missing or ends up empty. */
export function personName(issues: Issues, path: string, parts: NameParts): PersonName | null {
  const lastName = requiredText(issues, `${path}/lastName`, parts.lastName, LENGTH.last);
  const firstName = requiredText(issues, `${path}/firstName`, parts.firstName, LENGTH.first);
  const middleName = optionalText(issues, `${path}/middleName`, parts.middleName, LENGTH.middle);
  const suffix = optionalText(issues, `${path}/suffix`, parts.suffix, LENGTH.suffix);
  return lastName === null || firstName === null ? null : { kind: 'person', lastName, firstName, middleName, suffix };
}

/** US postal address; line 1 flows into line 2 where it is too long. Null when a part is missing or not valid. */
export function postalAddress(issues: Issues, path: string, address: Address): PostalAddress | null {
  const line = requiredText(issues, `${path}/line1`, address.line1, Number.POSITIVE_INFINITY);
  const second = optionalText(issues, `${path}/line2`, address.line2, Number.POSITIVE_INFINITY);
  const city = requiredText(issues, `${path}/city`, address.city, LENGTH.city);
  if (city !== null && city.length < 2) issues.push({ path: `${path}/city`, kind: 'empty' });
  const state = address.state.trim().toUpperCase();
  if (!STATES.has(state)) issues.push({ path: `${path}/state`, kind: 'state' });
  const postalCode = plainPostalCode(address.postalCode);
  if (postalCode === null) issues.push({ path: `${path}/postalCode`, kind: 'postal_code' });
  if (line === null || city === null || city.length < 2 || postalCode === null || !STATES.has(state)) return null;
  const lines = fitAddressLines(line, second, LENGTH.addressLine);
  if (lines.cut) issues.push({ path: `${path}/line1`, kind: 'cut' });
  return { line1: lines.line1, line2: lines.line2, city, state, postalCode };
}

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    STREET: 'ST',
    AVENUE: 'AVE',
    ROAD: 'RD',
    BOULEVARD: 'BLVD',
    DRIVE: 'DR',
    LANE: 'LN',
    COURT: 'CT',
    PLACE: 'PL',
    SUITE: 'STE',
    HIGHWAY: 'HWY',
    PARKWAY: 'PKWY',
    SQUARE: 'SQ',
    TERRACE: 'TER',
    CIRCLE: 'CIR',
    APARTMENT: 'APT',
    BUILDING: 'BLDG',
    FLOOR: 'FL',
    ROOM: 'RM',
    NORTH: 'N',
    SOUTH: 'S',
    EAST: 'E',
    WEST: 'W',
    NORTHEAST: 'NE',
    NORTHWEST: 'NW',
    SOUTHEAST: 'SE',
    SOUTHWEST: 'SW',
  }),
);

/** Same place, however it is written: punctuation gone, USPS abbreviations (Publication 28), five-digit ZIP. */
export function addressKey(address: PostalAddress): string {
  const words = `${address.line1} ${address.line2 ?? ''}`
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((w) => w !== '')
    .map((w) => SPELLINGS.get(w) ?? w);
  return [...words, address.city.toUpperCase(), address.state, address.postalCode.slice(0, 5)].join(' ');
}
