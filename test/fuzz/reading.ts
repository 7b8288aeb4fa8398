import type { SnipType, X12Finding } from '../../src/x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES, type ValidateOptions } from '../../src/x12/837p/validate/options.ts';
import { createValidator, type ValidationSummary } from '../../src/x12/837p/validate/validator.ts';
import { SHIPPED_CODE_SETS } from '../../src/x12/code-sets/shipped.ts';

/** What a validator made of a file. */
export interface Reading {
  readonly findings: readonly X12Finding[];
  readonly summary: ValidationSummary;
  /** Every segment as it was read, elements joined with `*`, whatever the file's delimiters. */
  readonly segments: readonly string[];
  /** Segments that the guide had no place for. */
  readonly strangers: number;
}

export interface ReadOptions {
  readonly snip?: readonly SnipType[];
  readonly own?: boolean;
  /** Bytes per push. */
  readonly piece?: number;
}

export function read(bytes: Uint8Array, { snip = ALL_SNIP_TYPES, own = false, piece = bytes.length }: ReadOptions = {}): Reading {
  const findings: X12Finding[] = [];
  const segments: string[] = [];
  let strangers = 0;
  const options: ValidateOptions = {
    snip,
    today: '2026-11-22',
    codeSets: SHIPPED_CODE_SETS,
    receiver: null,
    own,
  };
  const validator = createValidator(options, {
    finding: (f) => findings.push(f),
    trace: {
      loopOpened: () => undefined,
      loopClosed: () => undefined,
      segment(rule, segment) {
        if (rule === null) strangers++;
        segments.push([segment.tag, ...segment.elements].join('*'));
      },
    },
  });
  for (let at = 0; at < bytes.length; at += Math.max(1, piece)) validator.push(bytes.subarray(at, at + Math.max(1, piece)));
  return { findings, summary: validator.end(), segments, strangers };
}

/** Why a file of ours is not what the validator should make of it, null when it is: no error of these types, every segment in its place and as written. */
export function faultOfOwn(bytes: Uint8Array, claims: number, snip: readonly SnipType[]): string | null {
  const { findings, summary, segments, strangers } = read(bytes, { own: true, snip });
  const errors = findings.filter((f) => f.severity === 'error');
  if (errors.length > 0)
    return errors.map(({ snip, rule, place, message }) => `${snip} ${rule} ${place.inSet} ${message}`).join('\n');
  if (strangers > 0) return `${strangers} segments without a place`;
  if (summary.sets !== claims || summary.claims !== claims)
    return `${summary.sets} sets and ${summary.claims} claims for ${claims}`;
  const written = new TextDecoder('latin1').decode(bytes).split(/~\n?/).slice(0, -1);
  return segments.join('~') === written.join('~') ? null : 'reads back to other segments';
}

const tags = (segments: readonly string[]): string =>
  segments
    .map((s) => s.split('*')[0])
    .sort()
    .join(' ');

export interface DamageVerdict {
  /** Why the damaged file was read wrongly, null when it was not. */
  readonly wrong: string | null;
  readonly found: boolean;
}

/**
 * Judges how a damaged file is read: either there is a finding, or it still has the same segments, so that the damage is
 * inside an element that may hold anything, or in line ends and the order of equals. Cutting the bytes otherwise must
 * change nothing. Throws whatever the validator throws.
 */
export function judgeDamaged(original: Reading, damaged: Uint8Array, piece: number): DamageVerdict {
  const whole = read(damaged, { snip: [1, 2] });
  const pieces = read(damaged, { snip: [1, 2], piece });
  const found = whole.findings.length > 0;
  if (JSON.stringify(whole.findings) !== JSON.stringify(pieces.findings))
    return { wrong: `other findings in pieces of ${piece}`, found };
  const same = found || tags(whole.segments) === tags(original.segments);
  return { wrong: same ? null : 'other segments and no finding', found };
}
