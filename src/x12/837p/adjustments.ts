import type { SegmentRule } from '../rules/model.ts';
import { addSegment, type SetWriter } from '../segments.ts';
import type { Adjustment } from './model-supplement.ts';
import { amount, quantity } from './values.ts';

/** One CAS segment: a group and its reasons, each once. */
export interface AdjustmentGroup {
  readonly group: Adjustment['group'];
  readonly reasons: readonly Omit<Adjustment, 'group'>[];
}

/** Reasons that one CAS segment has room for; the guide lets a group have one segment. */
export const MAX_REASONS = 6;

/**
 * Adjustments as CAS segments (E39): one per group, in the order in which the groups first come; one entry per reason,
 * amounts and quantities added up; what adds up to nothing is left out, since a CAS amount of zero says nothing.
 */
export function groupAdjustments(adjustments: readonly Adjustment[]): readonly AdjustmentGroup[] {
  const groups: { readonly group: Adjustment['group']; readonly reasons: Omit<Adjustment, 'group'>[] }[] = [];
  for (const { group, reason, amountCents, quantity: count } of adjustments) {
    let entry = groups.find((g) => g.group === group);
    if (entry === undefined) {
      entry = { group, reasons: [] };
      groups.push(entry);
    }
    const at = entry.reasons.findIndex((r) => r.reason === reason);
    // Not `reasons[-1]`: the engine looks for a property of that name.
    const known = at === -1 ? undefined : entry.reasons[at];
    if (known === undefined) entry.reasons.push({ reason, amountCents, quantity: count });
    else entry.reasons[at] = { reason, amountCents: known.amountCents + amountCents, quantity: added(known.quantity, count) };
  }
  if (!groups.some(({ reasons }) => reasons.some(isNothing))) return groups;
  return groups
    .map(({ group, reasons }) => ({ group, reasons: reasons.filter((r) => !isNothing(r)) }))
    .filter(({ reasons }) => reasons.length > 0);
}

const isNothing = ({ amountCents }: Pick<Adjustment, 'amountCents'>): boolean => amountCents === 0;

function added(one: number | null, other: number | null): number | null {
  return one === null && other === null ? null : (one ?? 0) + (other ?? 0);
}

/** Sum in cents: what the payer took off the charge. */
export function totalAdjusted(adjustments: readonly Adjustment[]): number {
  return adjustments.reduce((sum, { amountCents }) => sum + amountCents, 0);
}

/** CAS segments of one claim or line. A seventh reason of a group is refused (X12WriteError `too_many`): the guide has no room for it. */
export function addAdjustments(out: SetWriter, rule: SegmentRule, adjustments: readonly Adjustment[]): void {
  if (adjustments.length === 0) return;
  for (const { group, reasons } of groupAdjustments(adjustments)) {
    const values: string[] = [group];
    for (const r of reasons) values.push(r.reason, amount(r.amountCents), r.quantity === 0 ? '' : quantity(r.quantity));
    addSegment(out, rule, values);
  }
}
