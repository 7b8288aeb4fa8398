import type { AuthorizedUse } from './facts.ts';

interface Count {
  readonly left: number;
  /** The last figure that the EHR gave. */
  readonly said: number;
}

/**
 * Units left under a prior authorization before the claim at hand, or null when nobody ever said how many there were.
 *
 * An EHR either repeats the figure of the payer's letter or counts it down itself, and both must come out right: a figure
 * larger than the one before opens a new or extended authorization; any other is a ceiling on what our own count leaves.
 * `earlier` are the live claims under the authorization, in their order: one that is cancelled, rejected or voided is not
 * among them any more, which gives its units back.
 */
export function unitsLeft(earlier: readonly Pick<AuthorizedUse, 'stated' | 'units'>[], stated: number | null): number | null {
  let count: Count | null = null;
  const heard = (figure: number | null): Count | null => {
    if (figure === null) return count;
    return { left: count === null || figure > count.said ? figure : Math.min(count.left, figure), said: figure };
  };
  for (const use of earlier) {
    count = heard(use.stated);
    if (count !== null) count = { ...count, left: count.left - (use.units ?? 1) };
  }
  return heard(stated)?.left ?? null;
}
