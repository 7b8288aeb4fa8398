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
  const groups = new Map<Adjustment['group'], Map<string, Omit<Adjustment, 'group'>>>();
  for (const { group, reason, amountCents, quantity: count } of adjustments) {
    const reasons = groups.get(group) ?? new Map<string, Omit<Adjustment, 'group'>>();
    groups.set(group, reasons);
    const known = reasons.get(reason);
    reasons.set(reason, {
      reason,
      amountCents: amountCents + (known?.amountCents ?? 0),
      quantity: count === null && (known?.quantity ?? null) === null ? null : (count ?? 0) + (known?.quantity ?? 0),
    });
  }
  return [...groups]
    .map(([group, reasons]) => ({ group, reasons: [...reasons.values()].filter((r) => r.amountCents !== 0) }))
    .filter(({ reasons }) => reasons.length > 0);
}

/** Sum in cents: what the payer took off the charge. */
export function totalAdjusted(adjustments: readonly Adjustment[]): number {
  return adjustments.reduce((sum, { amountCents }) => sum + amountCents, 0);
}

/** CAS segments of one claim or line. A seventh reason of a group is refused (X12WriteError `too_many`): the guide has no room for it. */
export function addAdjustments(out: SetWriter, rule: SegmentRule, adjustments: readonly Adjustment[]): void {
  if (adjustments.length === 0) return;
  for (const { group, reasons } of groupAdjustments(adjustments)) {
    const triplets = reasons.flatMap((r) => [r.reason, amount(r.amountCents), r.quantity === 0 ? '' : quantity(r.quantity)]);
    addSegment(out, rule, [group, ...triplets]);
  }
}
