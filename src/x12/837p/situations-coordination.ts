import { totalAdjusted } from './adjustments.ts';
import type { OtherPayer, ProfessionalClaim, ServiceLine } from './model.ts';
import type { Adjustment, LineAdjudication } from './model-supplement.ts';
import { at, distinct, hasFirstName, isMedicare, type Situation } from './situation.ts';

/** As much of a claim as coordination of benefits looks at. */
export interface CoordinatedClaim extends Pick<ProfessionalClaim, 'otherPayers' | 'totalChargeCents'> {
  readonly lines: readonly Pick<ServiceLine, 'chargeCents' | 'adjudications'>[];
}

interface CoordinationSituation extends Situation {
  readonly holds: (claim: CoordinatedClaim) => boolean;
}

const rule = (id: string, loop: string, element: string, holds: CoordinationSituation['holds']): CoordinationSituation => ({
  ...at(id, loop, element, holds),
  holds,
});

/** Rules that the claim breaks, in the order of the table, each once: what `writeInterchange` would refuse it for. */
export function coordinationFaults(claim: CoordinatedClaim): readonly string[] {
  return [...new Set(COORDINATION_SITUATIONS.filter((s) => !s.holds(claim)).map((s) => s.rule))];
}

const otherPayers = (claim: CoordinatedClaim): readonly OtherPayer[] => claim.otherPayers ?? [];

const everyPayer =
  (holds: (other: OtherPayer, claim: CoordinatedClaim) => boolean): CoordinationSituation['holds'] =>
  (claim) =>
    otherPayers(claim).every((other) => holds(other, claim));

const everyDecision =
  (
    holds: (decision: LineAdjudication, line: CoordinatedClaim['lines'][number], claim: CoordinatedClaim) => boolean,
  ): CoordinationSituation['holds'] =>
  (claim) =>
    claim.lines.every((line) => (line.adjudications ?? []).every((decision) => holds(decision, line, claim)));

/** What one payer decided on each line of the claim. */
const decisionsOf = (claim: CoordinatedClaim, { payer }: OtherPayer): readonly (readonly LineAdjudication[])[] =>
  claim.lines.map((line) => (line.adjudications ?? []).filter((d) => d.payerId === payer.id));

const decidedLines = (claim: CoordinatedClaim, other: OtherPayer): boolean => decisionsOf(claim, other).some((d) => d.length > 0);

const paid = (decisions: readonly LineAdjudication[]): number => decisions.reduce((sum, d) => sum + d.paidCents, 0);
const adjusted = (decisions: readonly LineAdjudication[]): number =>
  decisions.reduce((sum, d) => sum + totalAdjusted(d.adjustments), 0);

/**
 * Coordination of benefits (E34–E39): what other payers decided, in loops 2320, 2330 and 2430. All amounts are cents, so
 * that balances are exact.
 */
export const COORDINATION_SITUATIONS: readonly CoordinationSituation[] = [
  rule(
    'E10',
    '2330A',
    'NM104',
    everyPayer((o) => hasFirstName(o.subscriber.name)),
  ),
  rule(
    'E17',
    '2320',
    'SBR05',
    everyPayer((o) => {
      return (isMedicare(o.claimFilingIndicatorCode) && o.responsibility !== 'P') === (o.insuranceTypeCode !== null);
    }),
  ),
  rule('E34', '2320', 'AMT02', everyPayer(isDecidedOrSilent)),
  rule('E34', '2320', 'AMT02', everyPayer(isWholeWhenPassedOver)),
  rule(
    'E34',
    '2320',
    'AMT02',
    everyPayer((o, c) => {
      if (o.paidCents === null || !decidedLines(c, o)) return true;
      return o.paidCents === paid(decisionsOf(c, o).flat()) - totalAdjusted(o.adjustments);
    }),
  ),
  rule(
    'E34',
    '2320',
    'AMT02',
    everyPayer((o, c) => {
      if (o.paidCents === null) return true;
      return c.totalChargeCents === o.paidCents + totalAdjusted(o.adjustments) + adjusted(decisionsOf(c, o).flat());
    }),
  ),
  rule(
    'E34',
    '2430',
    'SVD02',
    everyPayer((o, c) => {
      const byLine = decisionsOf(c, o);
      if (byLine.every((d) => d.length === 0) || byLine.flat().some((d) => d.bundledInto !== undefined)) return true;
      return byLine.every((d, i) => c.lines[i]?.chargeCents === paid(d) + adjusted(d));
    }),
  ),
  rule('E35', '2330B', 'NM109', (c) => distinct(otherPayers(c).map((o) => o.payer.id))),
  rule(
    'E35',
    '2430',
    'SVD01',
    everyDecision((d, _line, c) => otherPayers(c).some((o) => o.payer.id === d.payerId)),
  ),
  rule(
    'E36',
    '2330B',
    'DTP03',
    everyPayer((o, c) => {
      return o.paidCents === null || (o.adjudicatedOn === null) === decidedLines(c, o);
    }),
  ),
  rule(
    'E37',
    '2320',
    'CAS02',
    everyPayer((o, c) => !toldTwice(c, o)),
  ),
  rule(
    'E38',
    '2320',
    'AMT02',
    everyPayer((o, c) => {
      const remaining = o.remainingPatientLiabilityCents;
      return remaining === null || (!decidedLines(c, o) && remaining <= c.totalChargeCents - (o.paidCents ?? 0));
    }),
  ),
  rule(
    'E38',
    '2430',
    'AMT02',
    everyDecision((d, line) => {
      return d.remainingPatientLiabilityCents === null || d.remainingPatientLiabilityCents <= line.chargeCents - d.paidCents;
    }),
  ),
  rule(
    'guide',
    '2430',
    'SVD06',
    everyDecision((d, line, c) => {
      return d.bundledInto === undefined || (d.bundledInto <= c.lines.length && c.lines[d.bundledInto - 1] !== line);
    }),
  ),
];

/** A payer that has decided says what it paid (0 included); one that has not says nothing. */
function isDecidedOrSilent(other: OtherPayer, claim: CoordinatedClaim): boolean {
  if (other.paidCents !== null) return true;
  const { adjustments, adjudicatedOn, remainingPatientLiabilityCents: remaining, outpatient } = other;
  const silent = adjustments.length === 0 && adjudicatedOn === null && remaining === null && outpatient === undefined;
  return silent && !decidedLines(claim, other);
}

/** AMT A8 stands for a payer that was never asked: the whole charge, and no decision beside it (K: text of the guide's AMT A8). */
function isWholeWhenPassedOver(other: OtherPayer, claim: CoordinatedClaim): boolean {
  return other.nonCoveredCents === null || (other.paidCents === null && other.nonCoveredCents === claim.totalChargeCents);
}

/** An adjustment of the claim that one line, or all of them together, already tell (E37). */
function toldTwice(claim: CoordinatedClaim, other: OtherPayer): boolean {
  const ofLines = decisionsOf(claim, other).flatMap((d) => d.flatMap((one) => one.adjustments));
  const known = new Set(ofLines.map((a) => keyOf(a, a.amountCents)));
  const totals = new Map<string, number>();
  for (const a of ofLines) totals.set(keyOf(a), (totals.get(keyOf(a)) ?? 0) + a.amountCents);
  return other.adjustments.some((a) => known.has(keyOf(a, a.amountCents)) || totals.get(keyOf(a)) === a.amountCents);
}

const keyOf = ({ group, reason }: Adjustment, amountCents?: number): string => `${group} ${reason} ${amountCents ?? ''}`;
