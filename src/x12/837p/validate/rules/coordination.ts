import { element, segmentOf, type TreeSegment } from '../tree.ts';
import { type AdjustmentFacts, type ClaimFacts, type DecisionFacts, factsOf, type OtherPayerFacts } from './facts.ts';
import type { ClaimRule, Report } from './rule.ts';
import { STATUS } from './status.ts';
import { toCents } from './values.ts';

type Check = (facts: ClaimFacts, report: Report) => void;

/** A rule that has nothing to say of a claim without other payers. */
const cob = (rule: string, check: Check): ClaimRule => ({
  snip: 3,
  rule,
  check(claim, _context, report) {
    const facts = factsOf(claim);
    if (facts === null) return;
    if (facts.others.length > 0 || facts.lines.some((l) => l.decisions.length > 0)) check(facts, report);
  },
});

// Loops instead of flatMap here and below, which takes the engine many times as long.
function decisionsOf(facts: ClaimFacts, payerId: string): readonly DecisionFacts[] {
  const found: DecisionFacts[] = [];
  for (const { decisions } of facts.lines)
    for (const decision of decisions) if (decision.payerId === payerId) found.push(decision);
  return found;
}

/** Null as soon as one of the amounts cannot be read. */
function sum(amounts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const amount of amounts) {
    if (amount === null) return null;
    total += amount;
  }
  return total;
}

/** Type 3, coordination of benefits: E34 to E39 of spec 04 §4.4, loops 2320, 2330B and 2430. */
export const COORDINATION_RULES: readonly ClaimRule[] = [
  cob('E34', (facts, report) => {
    for (const other of facts.others) {
      if (other.paidSegment !== null) continue;
      const decided = other.adjustments.length > 0 || other.remitted !== null || decisionsOf(facts, other.payerId).length > 0;
      if (!decided) continue;
      report(other.sbr, {
        segment: 'AMT',
        element: null,
        message: 'A payer that has decided on the claim needs the amount that it paid (AMT*D), zero included.',
        ik3: 'I6',
        status: STATUS.missing('183'),
      });
    }
  }),
  cob('E34', (facts, report) => {
    for (const other of facts.others) {
      const decisions = decisionsOf(facts, other.payerId);
      const paid = sum(decisions.map((d) => d.paid));
      if (other.paidSegment === null || other.paid === null || other.adjusted === null || paid === null) continue;
      if (decisions.length === 0 || other.paid === paid - other.adjusted) continue;
      report(other.paidSegment, {
        element: 'AMT02',
        message:
          'What the other payer paid for the claim is not the sum of what it paid for the lines, less its claim adjustments.',
        status: STATUS.otherPayerBalance,
      });
    }
  }),
  cob('E34', (facts, report) => {
    for (const other of facts.others) {
      const adjusted = sum([other.adjusted, ...decisionsOf(facts, other.payerId).map((d) => d.adjusted)]);
      if (other.paidSegment === null || other.paid === null || facts.total === null || adjusted === null) continue;
      if (facts.total === other.paid + adjusted) continue;
      report(other.paidSegment, {
        element: 'AMT02',
        message: 'The total charge is not what the other payer paid plus all its adjustments.',
        status: STATUS.otherPayerBalance,
      });
    }
  }),
  cob('E34', (facts, report) => {
    for (const line of facts.lines) {
      const seen = new Set<string>();
      for (const { svd, payerId } of line.decisions) {
        if (seen.has(payerId)) continue;
        seen.add(payerId);
        const mine = line.decisions.filter((d) => d.payerId === payerId);
        const told = sum([...mine.map((d) => d.paid), ...mine.map((d) => d.adjusted)]);
        if (told === null || line.charge === null || told === line.charge) continue;
        if (decisionsOf(facts, payerId).some((d) => d.bundled)) continue;
        report(svd, {
          element: 'SVD02',
          message: 'The line charge is not what the other payer paid for the line plus its adjustments.',
          status: STATUS.otherPayerBalance,
        });
      }
    }
  }),
  cob('E35', (facts, report) => {
    const payers = new Set(facts.others.map((o) => o.payerId));
    for (const line of facts.lines) {
      for (const { svd, payerId } of line.decisions) {
        if (payerId === '' || payers.has(payerId)) continue;
        report(svd, {
          element: 'SVD01',
          message: 'The line names a payer that is none of the other payers of the claim (2330B).',
          ik3: '8',
          ik4: 'I12',
          status: STATUS.otherPayerId,
        });
      }
    }
  }),
  cob('E35', (facts, report) => {
    const seen = new Set<string>();
    for (const { payer, payerId } of facts.others) {
      if (payer === null || payerId === '') continue;
      if (seen.has(payerId))
        report(payer, {
          element: 'NM109',
          message: 'Two other payers of the claim have the same id, so that lines cannot name one of them.',
          status: STATUS.otherPayerId,
        });
      seen.add(payerId);
    }
  }),
  cob('E36', (facts, report) => {
    for (const other of facts.others) {
      const ofLines = decisionsOf(facts, other.payerId).some((d) => d.remitted !== null);
      if (other.remitted !== null && ofLines)
        report(other.remitted, {
          element: 'DTP01',
          message: 'The remittance date stands on the lines already; it is given at one level only.',
          ik3: 'I9',
          status: STATUS.remittanceDate,
        });
      if (other.remitted === null && !ofLines && other.paidSegment !== null)
        report(other.payer ?? other.sbr, {
          segment: 'DTP',
          loop: '2330B',
          element: null,
          message: 'A payer that has decided on the claim needs its remittance date (DTP*573).',
          ik3: 'I6',
          status: STATUS.missing('516'),
        });
    }
  }),
  cob('E37', (facts, report) => {
    for (const other of facts.others) {
      if (other.adjustments.length === 0) continue;
      const single = new Set<string>();
      const totals = new Map<string, number>();
      for (const { adjustments } of decisionsOf(facts, other.payerId))
        for (const { group, reasons } of adjustments)
          for (const { code, cents } of reasons) {
            single.add(`${group} ${code} ${cents}`);
            totals.set(`${group} ${code}`, (totals.get(`${group} ${code}`) ?? 0) + (cents ?? 0));
          }
      for (const { segment, group, reasons } of other.adjustments) {
        for (const { code, cents, ref } of reasons) {
          if (cents === null || !(single.has(`${group} ${code} ${cents}`) || totals.get(`${group} ${code}`) === cents)) continue;
          report(segment, {
            element: ref,
            message: 'The adjustment stands on the lines already; it is told at one level only.',
            status: STATUS.contradicts('519'),
          });
        }
      }
    }
  }),
  cob('E38', (facts, report) => {
    for (const other of facts.others) {
      if (other.remaining === null) continue;
      const decided = decisionsOf(facts, other.payerId).length > 0;
      if (decided)
        report(other.remaining, {
          element: 'AMT01',
          message: 'Where the other payer decided line by line, the remaining patient liability stands on the lines.',
          ik3: 'I9',
          status: STATUS.contradicts('639'),
        });
      else remains(other.remaining, facts.total, other.paid ?? 0, other.adjustments, report);
    }
    for (const line of facts.lines) {
      for (const decision of line.decisions) {
        const amount = segmentOf(decision.loop, 'AMT', 'EAF');
        if (amount !== null) remains(amount, line.charge, decision.paid, decision.adjustments, report);
      }
    }
  }),
  cob('E39', (facts, report) => {
    const look = ({ adjustments }: OtherPayerFacts | DecisionFacts): void => {
      const seen = new Set<string>();
      for (const { segment, group, reasons } of adjustments) {
        if (seen.has(group))
          report(segment, {
            element: 'CAS01',
            message: 'Adjustments of one group stand in one CAS.',
            ik3: '8',
            ik4: 'I12',
            status: STATUS.adjustmentGroup,
          });
        seen.add(group);
        const codes = new Set<string>();
        for (const { code, ref } of reasons) {
          if (codes.has(code))
            report(segment, {
              element: ref,
              message: 'The reason is repeated; amounts of one reason are one amount.',
              ik3: '8',
              ik4: 'I12',
              status: STATUS.adjustmentReason,
            });
          codes.add(code);
        }
      }
    };
    facts.others.forEach(look);
    for (const { decisions } of facts.lines) decisions.forEach(look);
  }),
];

/** E38: never more than is left of the charge, and what the payer itself put on the patient (PR) where it says so. */
function remains(
  amount: TreeSegment,
  charge: number | null,
  paid: number | null,
  adjustments: readonly AdjustmentFacts[],
  report: Report,
): void {
  const remaining = toCents(element(amount, 2));
  if (remaining === null || charge === null || paid === null) return;
  if (remaining > charge - paid) {
    report(amount, {
      element: 'AMT02',
      message: 'The remaining patient liability is more than the charge less what the other payer paid.',
      status: STATUS.contradicts('639'),
    });
    return;
  }
  let onPatient: number | null = null;
  for (const { group, reasons } of adjustments)
    if (group === 'PR') for (const { cents } of reasons) onPatient = (onPatient ?? 0) + (cents ?? 0);
  if (onPatient === null || onPatient === remaining) return;
  report(amount, {
    severity: 'warning',
    element: 'AMT02',
    message: 'The remaining patient liability is not what the other payer put on the patient (CAS*PR).',
    status: STATUS.contradicts('639'),
  });
}
