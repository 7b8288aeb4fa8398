import type { X12Finding } from '../837p/validate/finding.ts';

/** IK502: 1 not supported, 2 no SE, 3 and 4 control number and count, 5 and I5 segments in error, 6 and 7 ST01 and ST02, I6 ST03, 23 ST02 repeated. */
const SET_REASONS: Readonly<Record<string, string>> = {
  'set.trailer': '2',
  'file.truncated': '2',
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
const GS_REASONS: Readonly<Record<string, string>> = { GS01: '1', GS08: '2', GS06: '6' };

const MAX_REASONS = 5;

/** Why a set is refused, as IK502–506; empty when it is accepted. */
export function setReasons(findings: readonly X12Finding[]): readonly string[] {
  return distinct(
    findings.map(({ rule, place, snip }) => {
      const byHeader = place.segment === 'ST' ? ST_REASONS[place.element ?? ''] : undefined;
      return SET_REASONS[rule] ?? byHeader ?? (snip === 1 ? '5' : 'I5');
    }),
  );
}

/** Why a group is refused as a whole, as AK905–909; empty when its sets decide. */
export function groupReasons(findings: readonly X12Finding[]): readonly string[] {
  return distinct(
    findings.flatMap(({ rule, place }) => {
      const reason = GROUP_REASONS[rule] ?? (place.segment === 'GS' ? GS_REASONS[place.element ?? ''] : undefined);
      return reason === undefined ? [] : [reason];
    }),
  );
}

export const isOfGroup = ({ rule, place }: X12Finding): boolean => place.loop === 'GS_LOOP' || rule.startsWith('group.');

/** Faults that a TA1 answers, or that lie outside of any set. */
export const isOfInterchange = ({ rule, place }: X12Finding): boolean =>
  place.loop === 'ISA_LOOP' || rule.startsWith('interchange.') || rule.startsWith('isa.');

const distinct = (reasons: readonly string[]): readonly string[] => [...new Set(reasons)].slice(0, MAX_REASONS);
