import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Finding } from '../../schemas/common.ts';
import type { X12Finding } from '../x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES } from '../x12/837p/validate/options.ts';
import { validate } from '../x12/837p/validate/validator.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { wallClock } from './freeze.ts';

export interface FileCheck {
  readonly bytes: Uint8Array;
  readonly clearinghouse: Clearinghouse;
  /** When the file is made, epoch ms: its "today" is the receiver's. */
  readonly at: number;
  readonly codeSets: CodeSets;
}

/** What the validator says of a file of ours for this receiver: SNIP types 1 to 7, house style included. */
export function checkFile({ bytes, clearinghouse, at, codeSets }: FileCheck): readonly X12Finding[] {
  const { senderId, receiverId } = clearinghouse.interchange;
  return validate(bytes, {
    snip: ALL_SNIP_TYPES,
    today: wallClock(at, clearinghouse.timezone).date,
    codeSets,
    // Member ids are judged by the payer's policy at intake (A14).
    receiver: { usage: clearinghouse.usage, senderId, receiverId, payers: null },
    own: true,
  }).findings;
}

/** One sentence with its place in the guide, `2310B NM109`; no value of the patient's. */
export function sentenceOf({ message, place }: X12Finding): string {
  const at = [place.loop, place.element ?? place.segment].filter((part) => part !== null && part !== '').join(' ');
  return `${message} (${at})`;
}

/** The same as findings of one attendee, for answers to an intake: an error blocks as it would at release. */
export function attendeeFindings(found: readonly X12Finding[], attendee: { externalId: string; index: number }): Finding[] {
  return found.map((finding) => ({
    rule: finding.rule,
    severity: finding.severity === 'error' ? 'block' : 'warn',
    scope: 'attendee',
    attendee: attendee.externalId,
    path: `/attendees/${attendee.index}`,
    message: sentenceOf(finding),
    ruleVersion: '1',
  }));
}
