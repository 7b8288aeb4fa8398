import { totalAdjusted } from './adjustments.ts';
import type { OtherPayer, ProfessionalClaim, ServiceLine } from './model.ts';
import type { Adjustment, LineAdjudication } from './model-supplement.ts';
import { at, distinct, hasFirstName, isMedicare, type Situation } from './situation.ts';

/** As much of a claim as coordination of benefits looks at. */
export interface CoordinatedClaim extends Pick<ProfessionalClaim, 'otherPayers' | 'totalChargeCents'> {
  readonly lines: readonly Pick<ServiceLine, 'chargeCents' | 'dateOfService' | 'adjudications'>[];
}

/** One other payer with what it decided, summed once for all rules. */
interface PayerView {
  readonly other: OtherPayer;
  readonly claim: CoordinatedClaim;
  /** By line of the claim. */
  readonly byLine: readonly (readonly LineAdjudication[])[];
  readonly decisions: readonly LineAdjudication[];
  /** SVD02 and CAS of all lines, CAS of the claim. */
  readonly linesPaid: number;
  readonly linesAdjusted: number;
  readonly claimAdjusted: number;
}

type Place = Omit<Situation, 'holds'>;
interface Rule<T> extends Place {
  readonly holds: (subject: T) => boolean;
}

const rule = <T>(id: string, loop: string, element: string, holds: Rule<T>['holds']): Rule<T> => ({
  ...at(id, loop, element, () => true),
  holds,
});

const paid = (decisions: readonly LineAdjudication[]): number => decisions.reduce((sum, d) => sum + d.paidCents, 0);
const adjusted = (decisions: readonly LineAdjudication[]): number =>
  decisions.reduce((sum, d) => sum + totalAdjusted(d.adjustments), 0);

/**
 * Coordination of benefits (E34–E39): what each other payer decided, in loops 2320, 2330 and 2430. All amounts are cents,
 * so that balances are exact.
 */
const PAYER_RULES: readonly Rule<PayerView>[] = [
  rule('E10', '2330A', 'NM104', ({ other }) => hasFirstName(other.subscriber.name)),
  rule('E17', '2320', 'SBR05', ({ other }) => {
    const asked = isMedicare(other.claimFilingIndicatorCode) && other.responsibility !== 'P';
    return asked === (other.insuranceTypeCode !== null);
  }),
  rule('E34', '2320', 'AMT02', isDecidedOrSilent),
  rule('E34', '2320', 'AMT02', isWholeWhenPassedOver),
  rule('E34', '2320', 'AMT02', ({ other, decisions, linesPaid, claimAdjusted }) => {
    return other.paidCents === null || decisions.length === 0 || other.paidCents === linesPaid - claimAdjusted;
  }),
  rule('E34', '2320', 'AMT02', ({ other, claim, claimAdjusted, linesAdjusted }) => {
    return other.paidCents === null || claim.totalChargeCents === other.paidCents + claimAdjusted + linesAdjusted;
  }),
  rule('E34', '2430', 'SVD02', ({ claim, byLine, decisions }) => {
    if (decisions.length === 0 || decisions.some((d) => d.bundledInto !== undefined)) return true;
    return byLine.every((d, i) => claim.lines[i]?.chargeCents === paid(d) + adjusted(d));
  }),
  rule('E36', '2330B', 'DTP03', ({ other, decisions }) => {
    return other.paidCents === null || (other.adjudicatedOn === null) === decisions.length > 0;
  }),
  rule('date.order', '2330B', 'DTP03', ({ other, claim }) => {
    return other.adjudicatedOn === null || other.adjudicatedOn >= firstService(claim);
  }),
  rule('date.order', '2430', 'DTP03', ({ claim, decisions }) => decisions.every((d) => d.adjudicatedOn >= firstService(claim))),
  rule('E37', '2320', 'CAS02', (view) => view.other.adjustments.length === 0 || !toldTwice(view)),
  rule('E38', '2320', 'AMT02', ({ other, claim, decisions }) => {
    const remaining = other.remainingPatientLiabilityCents;
    return remaining === null || (decisions.length === 0 && remaining <= claim.totalChargeCents - (other.paidCents ?? 0));
  }),
];

/** The same over all payers together, and over single decisions. */
const CLAIM_RULES: readonly Rule<CoordinatedClaim>[] = [
  rule('E35', '2330B', 'NM109', ({ otherPayers = [] }) => distinct(otherPayers.map((o) => o.payer.id))),
  rule('E35', '2430', 'SVD01', ({ otherPayers = [], lines }) => {
    return lines.every((l) => l.adjudications?.every((d) => otherPayers.some((o) => o.payer.id === d.payerId)) !== false);
  }),
  rule('E38', '2430', 'AMT02', ({ lines }) => {
    return lines.every((l) => l.adjudications?.every((d) => leavesEnough(d, l.chargeCents)) !== false);
  }),
  rule('guide', '2430', 'SVD06', ({ lines }) => {
    return lines.every((l) => {
      return (
        l.adjudications?.every(({ bundledInto: n }) => n === undefined || (n <= lines.length && lines[n - 1] !== l)) !== false
      );
    });
  }),
];

/** Rules that the claim breaks, each once: what `writeInterchange` would refuse it for. */
export function coordinationFaults(claim: CoordinatedClaim): readonly string[] {
  return [...new Set([...brokenRules(claim)].map((place) => place.rule))];
}

/** The rules that the claim breaks, one after the other, with the place that each is about. */
export function* brokenRules(claim: CoordinatedClaim): Generator<Place> {
  for (const other of claim.otherPayers ?? []) {
    const view = viewOf(claim, other);
    for (const one of PAYER_RULES) if (!one.holds(view)) yield one;
  }
  for (const one of CLAIM_RULES) if (!one.holds(claim)) yield one;
}

function viewOf(claim: CoordinatedClaim, other: OtherPayer): PayerView {
  const byLine = claim.lines.map(({ adjudications = [] }) => adjudications.filter((d) => d.payerId === other.payer.id));
  const decisions: LineAdjudication[] = [];
  for (const ofLine of byLine) decisions.push(...ofLine);
  return {
    other,
    claim,
    byLine,
    decisions,
    linesPaid: paid(decisions),
    linesAdjusted: adjusted(decisions),
    claimAdjusted: totalAdjusted(other.adjustments),
  };
}

/** No payer decides before the service. ISO dates compare as text. */
function firstService({ lines }: CoordinatedClaim): string {
  return lines.reduce((first, { dateOfService }) => (first === '' || dateOfService < first ? dateOfService : first), '');
}

/** A payer that has decided says what it paid (0 included); one that has not says nothing. */
function isDecidedOrSilent({ other, decisions }: PayerView): boolean {
  if (other.paidCents !== null) return true;
  const { adjustments, adjudicatedOn, remainingPatientLiabilityCents: remaining, outpatient } = other;
  return (
    adjustments.length === 0 && adjudicatedOn === null && remaining === null && outpatient === undefined && decisions.length === 0
  );
}

/** AMT A8 stands for a payer that was never asked: the whole charge, and no decision beside it (K: text of the guide's AMT A8). */
function isWholeWhenPassedOver({ other, claim }: PayerView): boolean {
  return other.nonCoveredCents === null || (other.paidCents === null && other.nonCoveredCents === claim.totalChargeCents);
}

function leavesEnough(decision: LineAdjudication, chargeCents: number): boolean {
  const remaining = decision.remainingPatientLiabilityCents;
  return remaining === null || remaining <= chargeCents - decision.paidCents;
}

/** An adjustment of the claim that one line, or all of them together, already tell (E37). */
function toldTwice({ other, decisions }: PayerView): boolean {
  return other.adjustments.some((a) => {
    const same: Adjustment[] = [];
    for (const { adjustments } of decisions)
      for (const b of adjustments) if (b.group === a.group && b.reason === a.reason) same.push(b);
    return same.some((b) => b.amountCents === a.amountCents) || (same.length > 0 && totalAdjusted(same) === a.amountCents);
  });
}
