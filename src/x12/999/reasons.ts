import type { X12Finding } from '../837p/validate/finding.ts';

/** IK502: 1 not supported, 2 no SE, 3 and 4 control number and count, 5 and I5 segments in error, 6 and 7 ST01 and ST02, I6 ST03, 23 ST02 repeated. */
const SET_REASONS: Readonly<Record<string, string>> = {
  'set.trailer': '2',
  'set.control_number': '3',
  'set.segment_count': '4',
  'set.repeated': '23',
};
const ST_REASONS: Readonly<Record<string, string>> = { ST01: '6', ST02: '7', ST03: 'I6' };

/** AK905: 1 and 2 group and version not supported, 3 no GE, 4 and 5 control number and count, 6 GS06, 19 GS06 repeated. */
const GROUP_REASONS: Readonly<Record<string, string>> = {
  'group.trailer': '3',
  'group.control_number': '4',
  'group.set_count': '5',
  'group.repeated': '19',
};
const GROUP_ELEMENT_REASONS: Readonly<Record<string, string>> = { GS01: '1', GS08: '2', GS06: '6', GE01: '5', GE02: '4' };

/** TA105 by rule: 001 numbers differ, 004 terminator, 021 group count, 022 structure, 023 premature end, 024 content, 025 repeated number. */
const NOTES: Readonly<Record<string, string>> = {
  'interchange.control_number': '001',
  'interchange.group_count': '021',
  'interchange.repeated': '025',
  'file.truncated': '023',
  'file.unterminated': '004',
  'group.header': '024',
};
/** TA105 by the element of the ISA at fault; a trailer’s own elements are those that it repeats or counts. */
const ELEMENT_NOTES: Readonly<Record<string, string>> = {
  ISA01: '010',
  ISA02: '011',
  ISA03: '012',
  ISA04: '013',
  ISA05: '005',
  ISA06: '006',
  ISA07: '007',
  ISA08: '008',
  ISA09: '014',
  ISA10: '015',
  ISA12: '017',
  ISA13: '018',
  ISA14: '019',
  ISA15: '020',
  ISA16: '027',
  IEA01: '021',
  IEA02: '001',
};
/** What an invalid GS is to a TA1, and what any other fault of the envelope is. */
const INVALID_CONTENT = '024';
const INVALID_STRUCTURE = '022';
/** The file ends before the interchange does. */
export const PREMATURE_END = '023';

const MAX_REASONS = 5;

/**
 * Whether a receiver's acknowledgement refuses for it: syntax and guide (types 1 and 2), and of situations and code sets
 * (4 and 5) what a 999 has a code for. Balances, lines of service and the receiver's own rules are a 277CA's matter.
 */
export const refuses = ({ severity, snip, ik3 }: X12Finding): boolean =>
  severity === 'error' && (snip <= 2 || ((snip === 4 || snip === 5) && ik3 !== null));

/** Why a set is refused, as IK502–506; empty when it is accepted. */
export function setReasons(findings: readonly X12Finding[]): readonly string[] {
  const reasons = findings.map(({ rule, place, snip }) => {
    const byHeader = place.segment === 'ST' ? ST_REASONS[place.element ?? ''] : undefined;
    return SET_REASONS[rule] ?? byHeader ?? (snip === 1 ? '5' : 'I5');
  });
  return [...new Set(reasons)].slice(0, MAX_REASONS);
}

/** AK905 for a fault of a group as a whole; null when it is not one, or when a 999 has no word for it. */
export function groupReason({ rule, place }: X12Finding): string | null {
  return GROUP_REASONS[rule] ?? (place.loop === 'GS_LOOP' ? GROUP_ELEMENT_REASONS[place.element ?? ''] : undefined) ?? null;
}

/** TA105 for a fault that lies in the envelope: in no transaction set, and no group can be refused for it. */
export function interchangeNote({ rule, place }: X12Finding): string {
  const byElement = rule.startsWith('element.') ? ELEMENT_NOTES[place.element ?? ''] : undefined;
  return NOTES[rule] ?? byElement ?? (place.segment === 'GS' ? INVALID_CONTENT : INVALID_STRUCTURE);
}
