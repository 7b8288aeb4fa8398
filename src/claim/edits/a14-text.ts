import type { Severity } from '../../../schemas/common.ts';
import { addMonths, type IsoDate } from '../dates.ts';
import type { FitIssue, FitKind } from '../fit.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

/** Severity and sentence of each; only what blocks keeps a practice from being stored. */
export const FIT_MEANING: Readonly<Record<FitKind, readonly [Severity, string]>> = {
  replaced: ['info', 'A character without equivalent in the X12 basic set was replaced by a space.'],
  cut: ['warn', 'The text is longer than its X12 element and was cut.'],
  empty: ['block', 'Nothing is left of the text in the X12 basic set.'],
  missing: ['block', 'The text is missing.'],
  identifier_trimmed: ['info', 'Hyphens and spaces were taken out of the member id.'],
  identifier_unfit: ['block', 'The identifier has a character that X12 does not allow; identifiers are never altered.'],
  identifier_length: ['block', 'The identifier is too short or too long for its X12 element.'],
  state: ['block', 'The state must be a two-letter USPS code.'],
  postal_code: ['block', 'The ZIP code must have five or nine digits.'],
};

/** E15 of spec 04 §4.4. */
const OLDEST_YEARS = 150;

const fitFindings = (issues: readonly FitIssue[]): EditFinding[] => {
  const once = new Map(issues.map((issue) => [`${issue.kind} ${issue.path}`, issue]));
  return [...once.values()].map(({ path, kind }) => {
    const [severity, message] = FIT_MEANING[kind];
    return { severity, path, message };
  });
};

const yearOf = (date: IsoDate): number => Number(date.slice(0, 4));

/** Years first: for nearly everybody they are answer enough. */
const isTooLongAgo = (birth: IsoDate, dateOfService: IsoDate): boolean =>
  yearOf(dateOfService) - yearOf(birth) >= OLDEST_YEARS && addMonths(birth, OLDEST_YEARS * 12) < dateOfService;

export const a14: AttendeeEdit = {
  id: 'A14',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  snip: 1,
  title: 'Names, addresses and identifiers fit the X12 basic character set and lengths',
  fixedBy: ['front_desk'],
  provenance: { confidence: 'H', source: '005010X222A1 appendix B.1.1.2; no release character in 5010' },
  check: ({ fitIssues, cover, parties, attendee, dateOfService, base }) => {
    const findings = fitIssues.length === 0 ? [] : fitFindings(fitIssues);
    const { memberIdPattern } = cover;
    const memberId = parties.subscriber?.memberId;
    if (memberIdPattern !== null && memberId !== undefined && !memberIdPattern.test(memberId)) {
      findings.push({
        severity: 'warn',
        path: `${cover.path}/memberId`,
        message: 'The member id does not look like one of this payer’s.',
      });
    }
    const births = [
      [`${base}/patient/dateOfBirth`, attendee.fields.patient?.dateOfBirth],
      [
        `${cover.path}/subscriber/dateOfBirth`,
        parties.subscriber?.isPatient ? undefined : parties.subscriber?.demographics?.dateOfBirth,
      ],
    ] as const;
    for (const [path, birth] of births) {
      if (birth === undefined) continue;
      if (birth > dateOfService) findings.push({ severity: 'block', path, message: 'Nobody is born after the service.' });
      if (isTooLongAgo(birth, dateOfService)) {
        findings.push({ severity: 'block', path, message: 'This date of birth is more than 150 years ago.' });
      }
    }
    return findings;
  },
};
