import { isDate8, isDigits } from '../format.ts';

const STATES: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT ' +
    'VT VA WA WV WI WY AS FM GU MH MP PR PW UM VI AA AE AP AB BC MB NB NL NS NT NU ON PE QC SK YT'
  ).split(' '),
);

/**
 * Shapes that the guide's table leaves to its text or to an outside authority; which element has which is data
 * (`guide-corrections.ts`). Each admits data characters only and no space at an end: the check relies on it.
 */
const FORMATS = {
  /** NPI: ten digits, first 1 or 2, Luhn over `80840` + NPI (45 CFR 162.406, CMS check-digit note). */
  npi: (v: string) => isNpi(v),
  /** EIN or SSN without hyphens. */
  nine_digits: (v: string) => v.length === 9 && isDigits(v),
  /** NUCC taxonomy code. */
  taxonomy: (v: string) => v.length === 10 && v.endsWith('X') && isAlphanumeric(v),
  /** ICD-10-CM without the dot. */
  icd10: (v: string) => v.length >= 3 && v.length <= 7 && isAlphanumeric(v) && isLetterAt(v, 0) && !isLetterAt(v, 1),
  /** CPT or HCPCS. */
  procedure: (v: string) => v.length === 5 && isAlphanumeric(v),
  modifier: (v: string) => v.length === 2 && isAlphanumeric(v),
  /** CMS place-of-service code. */
  place_of_service: (v: string) => v.length === 2 && isDigits(v),
  /** USPS and Canada Post abbreviation. */
  state: (v: string) => STATES.has(v),
  /** US ZIP code, five or nine digits, no hyphen. */
  zip: (v: string) => (v.length === 5 || v.length === 9) && isDigits(v),
  zip9: (v: string) => v.length === 9 && isDigits(v),
  /** North American number: ten digits. */
  phone: (v: string) => v.length === 10 && isDigits(v),
  date8: (v: string) => isDate8(v),
  /** `CCYYMMDD-CCYYMMDD`, not backwards. */
  date_range: (v: string) =>
    v.length === 17 && v[8] === '-' && isDate8(v.slice(0, 8)) && isDate8(v.slice(9)) && v.slice(0, 8) <= v.slice(9),
  /** Money: at most two decimals and ten digits, never negative. */
  charge: (v: string) => (v.length <= 8 && isDigits(v)) || /^\d{0,8}\.\d{1,2}$/.test(v),
  /** CAS amounts: like `charge`, but a payer may also add to what it pays. */
  adjustment: (v: string) => /^-?(?:\d{1,8}|\d{0,8}\.\d{1,2})$/.test(v),
  /** Claim adjustment reason code. */
  carc: (v: string) => /^[A-Z]{0,2}\d{1,3}$/.test(v),
  /** Remittance advice remark code. */
  rarc: (v: string) => /^(?:M|MA|N)\d{1,4}$/.test(v),
  /**
   * K3 is for what a state regulator got X12's approval for and nothing else. The one use known to us is the state whose
   * workers' compensation law governs the claim: `LU` and its code (K, companion guides of state workers' compensation boards).
   */
  approved_file_information: (v: string) => v.length === 4 && v.startsWith('LU') && STATES.has(v.slice(2)),
  /** HL01, HL02, LX01: a count from 1. */
  counter: (v: string) => isDigits(v) && v[0] !== '0',
  /** Our own CLM01 (E1): random lineage, then a two-digit revision; 7 to 17 characters, letter first. */
  control_number: (v: string) =>
    v.length >= 7 &&
    v.length <= 17 &&
    isAlphanumeric(v) &&
    isLetterAt(v, 0) &&
    !isLetterAt(v, v.length - 1) &&
    !isLetterAt(v, v.length - 2),
} as const satisfies Record<string, (value: string) => boolean>;

export type FormatName = keyof typeof FORMATS;

/** The test of a named shape. */
export function formatTest(format: FormatName): (value: string) => boolean {
  return FORMATS[format];
}

function isAlphanumeric(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 48 || code > 90 || (code > 57 && code < 65)) return false;
  }
  return true;
}

/** For alphanumeric text: true for a letter, false for a digit. */
function isLetterAt(value: string, at: number): boolean {
  return value.charCodeAt(at) > 57;
}

/** Ten digits, first 1 or 2, and the check digit right. */
export function isNpi(value: string): boolean {
  if (value.length !== 10 || !isDigits(value) || (value[0] !== '1' && value[0] !== '2')) return false;
  let sum = 24;
  for (let i = 0; i < 10; i++) {
    const digit = value.charCodeAt(i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
