/** Thirty-two signs that nobody mistakes for each other on a phone (Crockford's alphabet): five unbiased bits each. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTERS = 'ABCDEFGHJKMNPQRS';

/** Bytes of randomness that `newLineage` and `newTraceNumber` need. */
export const LINEAGE_BYTES = 14;
/** The revision has two digits; past this the claim stops and is held (`03` §3.3). */
export const MAX_REVISION = 99;

const randomWord = (bytes: Uint8Array): string => {
  if (bytes.length < LINEAGE_BYTES) throw new RangeError(`an identifier needs ${LINEAGE_BYTES} random bytes`);
  let word = LETTERS[(bytes[0] ?? 0) & 15] ?? 'A';
  for (const byte of bytes.subarray(1, LINEAGE_BYTES)) word += ALPHABET[byte & 31];
  return word;
};

/** Random stem of CLM01, 14 signs, letter first, 69 bits: says nothing of session or patient, so no payer can join attendees. */
export function newLineage(bytes: Uint8Array): string {
  return randomWord(bytes);
}

/** REF*D9: stable per claim, 15 signs (limit 20). Not the lineage: a frequency 7 claim shares its original's lineage. */
export function newTraceNumber(bytes: Uint8Array): string {
  return `T${randomWord(bytes)}`;
}

/** CLM01 = lineage + two-digit revision, `^[A-Z][A-Z0-9]{4,14}[0-9]{2}$` (7–17). Throws past revision 99. */
export function patientControlNumber(lineage: string, revision: number): string {
  if (!/^[A-Z][A-Z0-9]{4,14}$/.test(lineage)) throw new RangeError('a lineage has 5 to 15 signs, letter first');
  if (!Number.isInteger(revision) || revision < 1 || revision > MAX_REVISION) throw new RangeError('a revision is 1 to 99');
  return `${lineage}${String(revision).padStart(2, '0')}`;
}

/** Takes an answer's CLM01 apart (any case, spaces around); null when it cannot be one of ours. */
export function parsePatientControlNumber(text: string): { lineage: string; revision: number } | null {
  const match = /^([A-Z][A-Z0-9]{4,14})(\d{2})$/.exec(text.trim().toUpperCase());
  return match?.[1] === undefined || match[2] === undefined ? null : { lineage: match[1], revision: Number(match[2]) };
}

/** REF*6R: unique per line for ever, because the trace number is unique per claim. `line` counts from 1. 20 signs (limit 30). */
export function lineControlNumber(traceNumber: string, revision: number, line: number): string {
  return `${traceNumber}${String(revision).padStart(2, '0')}L${String(line).padStart(2, '0')}`;
}

/** BHT03: unique for ever across lanes, 26 signs (limit 30): claim, revision and the interchange it went in. */
export function batchReference(traceNumber: string, revision: number, interchangeControlNumber: string): string {
  return `${traceNumber}${String(revision).padStart(2, '0')}${interchangeControlNumber}`;
}

export const DEFAULT_FILE_NAME_TEMPLATE = '<sender>_<ISA13>.837';

export type FileNameResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly code: 'unknown_placeholder' | 'no_control_number' | 'unsafe_character' | 'too_long' };

const MAX_FILE_NAME = 50;

/**
 * File name from a receiver's template: `<sender>`, `<receiver>` (signs that no file system minds), `<ISA13>`, `<usage>`.
 * At most 50 signs, nothing of a patient can enter, and ISA13 must be in it: it is what makes the name unique.
 */
export function fileName(
  template: string,
  values: { senderId: string; receiverId: string; interchangeControlNumber: string; usage: 'T' | 'P' },
): FileNameResult {
  const plain = (id: string) => id.replace(/[^A-Za-z0-9]/g, '');
  const known: Readonly<Record<string, string>> = {
    sender: plain(values.senderId),
    receiver: plain(values.receiverId),
    ISA13: values.interchangeControlNumber,
    usage: values.usage,
  };
  let unknown = false;
  const name = template.replace(/<([^<>]*)>/g, (_, key: string) => {
    const value = Object.hasOwn(known, key) ? known[key] : undefined;
    if (value === undefined) unknown = true;
    return value ?? '';
  });
  if (unknown) return { ok: false, code: 'unknown_placeholder' };
  if (!template.includes('<ISA13>')) return { ok: false, code: 'no_control_number' };
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return { ok: false, code: 'unsafe_character' };
  if (name.length > MAX_FILE_NAME) return { ok: false, code: 'too_long' };
  return { ok: true, name };
}

/** NPI: ten digits, first 1 or 2, Luhn over 80840 + NPI (CMS NPI check digit; the prefix adds the constant 24). */
export function isValidNpi(npi: string): boolean {
  if (!/^[12]\d{9}$/.test(npi)) return false;
  let sum = 24;
  for (let i = 0; i < 10; i++) {
    const digit = npi.charCodeAt(i) - 48;
    const weighted = i % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** Check digit for the first nine digits of an NPI (examples and tests). */
export function npiWithCheckDigit(nine: string): string {
  for (let digit = 0; digit < 10; digit++) if (isValidNpi(`${nine}${digit}`)) return `${nine}${digit}`;
  throw new RangeError('an NPI begins with 1 or 2 and has nine digits before its check digit');
}
