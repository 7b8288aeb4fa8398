import type { Finding } from '../../schemas/common.ts';
import { addDays, type IsoDate, lastFilingDay } from './dates.ts';
import type { Policy } from './payers/policy.ts';

/** Which of a payer's three limits runs: the first claim, one after an earlier payer, or a correction of an adjudicated one. */
export type FilingKind = keyof Policy['timelyFiling'];

export interface FilingAnchors {
  readonly dateOfService: IsoDate;
  /** Day on which the earlier payer adjudicated; null while it has not. */
  readonly primaryRemittanceOn: IsoDate | null;
  /** Day of this payer's own remittance, for a correction; null where there is none. */
  readonly remittanceOn: IsoDate | null;
}

/**
 * Last day on which this payer still takes the claim, rolled to a business day where its policy says so; null where it
 * has no limit. Where the day that the limit counts from is not known, the date of service stands in: too early rather
 * than too late.
 */
export function lastDayToFile(policy: Pick<Policy, 'timelyFiling'>, kind: FilingKind, anchors: FilingAnchors): IsoDate | null {
  const rule = policy.timelyFiling[kind];
  const known = {
    date_of_service: anchors.dateOfService,
    primary_remittance: anchors.primaryRemittanceOn,
    remittance: anchors.remittanceOn,
  }[rule.from];
  return lastFilingDay(known ?? anchors.dateOfService, rule);
}

/**
 * Findings of a claim that corrects an adjudicated one: the limit of an original (A18) says nothing of it, its own does.
 * `fileBy` is that of the correction, null while the remittance that it counts from is not known.
 */
export function findingsOfCorrection(findings: readonly Finding[], fileBy: IsoDate | null, today: IsoDate): readonly Finding[] {
  return filingStatus(fileBy, today) === 'expired' ? findings : findings.filter((f) => f.rule !== 'A18');
}

/** Days before the limit from which a claim goes ahead of others. */
export const URGENT_DAYS = 14;

export type FilingStatus = 'open' | 'urgent' | 'expired';

/** `expired` from the day after the last one, `urgent` from fourteen days before it. Calendar days in one zone. */
export function filingStatus(fileBy: IsoDate | null, today: IsoDate): FilingStatus {
  if (fileBy === null) return 'open';
  if (today > fileBy) return 'expired';
  return addDays(today, URGENT_DAYS) >= fileBy ? 'urgent' : 'open';
}
