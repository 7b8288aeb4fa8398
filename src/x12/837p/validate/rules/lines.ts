import { component, element, segmentOf } from '../tree.ts';
import { type ClaimFacts, factsOf, type LineFacts } from './facts.ts';
import type { ClaimRule, Report } from './rule.ts';
import { STATUS } from './status.ts';

const everyLine = (rule: string, check: (line: LineFacts, report: Report, facts: ClaimFacts) => void): ClaimRule => ({
  snip: 4,
  rule,
  check(claim, _context, report) {
    const facts = factsOf(claim);
    if (facts !== null) for (const line of facts.lines) check(line, report, facts);
  },
});

/** Type 4: service lines, loop 2400 (E2, E22, E31, E32 of spec 04 §4.4). */
export const LINE_RULES: readonly ClaimRule[] = [
  {
    snip: 4,
    rule: 'E2',
    check(claim, _context, report) {
      const facts = factsOf(claim);
      const seen = new Set<string>();
      for (const line of facts?.lines ?? []) {
        const ref = segmentOf(line.loop, 'REF', '6R');
        if (ref === null) continue;
        const number = element(ref, 2).toUpperCase();
        if (seen.has(number))
          report(ref, {
            element: 'REF02',
            message: 'Two lines of the claim have the same control number; a remittance could not tell them apart.',
            ik3: '8',
            ik4: 'I12',
            status: STATUS.lineNumber,
          });
        seen.add(number);
      }
    },
  },
  everyLine('E22', ({ sv1, pointers }, report, { diagnoses }) => {
    if (component(sv1, 7, 1) === '')
      report(sv1, {
        element: 'SV107-01',
        message: 'A line points to the diagnosis that it treats.',
        ik3: '8',
        ik4: '1',
        status: STATUS.pointer,
      });
    pointers.forEach((pointer, i) => {
      const at = { element: `SV107-0${i + 1}`, ik3: '8', ik4: '7', status: STATUS.pointer };
      const n = Number(pointer);
      if (!/^\d{1,2}$/.test(pointer) || n < 1) report(sv1, { ...at, message: 'A diagnosis pointer is a number from 1 to 12.' });
      else if (n > diagnoses.length)
        report(sv1, { ...at, message: 'The line points to a diagnosis that the claim does not have.' });
      else if (pointers.indexOf(pointer) < i) report(sv1, { ...at, message: 'The line points to one diagnosis twice.' });
    });
  }),
  everyLine('E23', ({ sv1 }, report, { place }) => {
    if (place === '' || element(sv1, 5) !== place) return;
    report(sv1, {
      severity: 'warning',
      element: 'SV105',
      message: 'A line names its place of service only where it is not that of the claim (CLM05).',
      ik3: '8',
      ik4: 'I13',
      status: STATUS.place,
    });
  }),
  everyLine('E31', ({ sv1, units }, report) => {
    const n = Number(units);
    if (units === '' || (Number.isFinite(n) && n > 0)) return;
    report(sv1, { element: 'SV104', message: 'A line bills more than zero units.', ik3: '8', ik4: '7', status: STATUS.units });
  }),
  everyLine('E32', ({ sv1, modifiers }, report) => {
    modifiers.forEach((modifier, i) => {
      if (modifiers.indexOf(modifier) === i) return;
      report(sv1, {
        element: `SV101-0${i + 3}`,
        message: 'The modifier is repeated.',
        ik3: '8',
        ik4: 'I12',
        status: STATUS.modifier,
      });
    });
  }),
];
