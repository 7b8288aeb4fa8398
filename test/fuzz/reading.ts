import type { SnipType, X12Finding } from '../../src/x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES, type ValidateOptions } from '../../src/x12/837p/validate/options.ts';
import { createValidator, type ValidationSummary } from '../../src/x12/837p/validate/validator.ts';
import { SHIPPED_CODE_SETS } from '../../src/x12/code-sets/shipped.ts';

/** Its tag and its elements with components between 0x1F, whatever the file's delimiters. */
export type ReadSegment = readonly string[];

/** What a validator made of a file. */
export interface Reading {
  readonly findings: readonly X12Finding[];
  readonly summary: ValidationSummary;
  readonly segments: readonly ReadSegment[];
  /** Segments that the guide had no place for. */
  readonly strangers: number;
}

export interface ReadOptions {
  readonly snip?: readonly SnipType[];
  readonly own?: boolean;
  /** Bytes per push. */
  readonly piece?: number;
}

/** After every date in the files. */
const TODAY = '2026-11-22';
const COMPONENT = '\u001f';

export function read(bytes: Uint8Array, { snip = ALL_SNIP_TYPES, own = false, piece = bytes.length }: ReadOptions = {}): Reading {
  const findings: X12Finding[] = [];
  const segments: ReadSegment[] = [];
  let strangers = 0;
  const options: ValidateOptions = { snip, today: TODAY, codeSets: SHIPPED_CODE_SETS, receiver: null, own };
  const validator = createValidator(options, {
    finding: (f) => findings.push(f),
    trace: {
      loopOpened: () => undefined,
      loopClosed: () => undefined,
      segment(rule, { tag, elements }, _at, delimiters) {
        if (rule === null) strangers++;
        const values = elements.map((e) => e.replaceAll(delimiters.component, COMPONENT));
        // ISA11 and ISA16 are the delimiters themselves.
        if (tag === 'ISA' && values[10] === delimiters.repetition) values[10] = '';
        if (tag === 'ISA' && values[15] === COMPONENT) values[15] = '';
        segments.push([tag, ...values]);
      },
    },
  });
  for (let at = 0; at < bytes.length; at += Math.max(1, piece)) validator.push(bytes.subarray(at, at + Math.max(1, piece)));
  return { findings, summary: validator.end(), segments, strangers };
}

/** The segments of a file of ours, split by hand. */
const splitByHand = (bytes: Uint8Array): readonly ReadSegment[] =>
  new TextDecoder('latin1')
    .decode(bytes)
    .split(/~\n?/)
    .slice(0, -1)
    .map((text) => {
      if (text.startsWith('ISA')) return text.split('*').map((e, i) => (i === 11 || i === 16 ? '' : e));
      return text.replaceAll(':', COMPONENT).split('*');
    });

/** Why a file of ours is not what the validator should make of it, null when it is: no error of these types, every segment in its place and as written. */
export function faultOfOwn(bytes: Uint8Array, claims: number, snip: readonly SnipType[]): string | null {
  const { findings, summary, segments, strangers } = read(bytes, { own: true, snip });
  const errors = findings.filter((f) => f.severity === 'error');
  if (errors.length > 0)
    return errors.map(({ snip, rule, place, message }) => `${snip} ${rule} ${place.inSet} ${message}`).join('\n');
  if (strangers > 0) return `${strangers} segments without a place`;
  if (summary.sets !== claims || summary.claims !== claims)
    return `${summary.sets} sets and ${summary.claims} claims for ${claims}`;
  return JSON.stringify(segments) === JSON.stringify(splitByHand(bytes)) ? null : 'reads back to other segments';
}
