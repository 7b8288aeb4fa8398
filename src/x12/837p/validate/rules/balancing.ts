import { element, segmentOf } from '../tree.ts';
import { factsOf } from './facts.ts';
import type { ClaimRule } from './rule.ts';
import { STATUS } from './status.ts';
import { toCents } from './values.ts';

/** Elements that hold money (DE 782) beside CLM02 and SV102, by segment. */
const MONEY: ReadonlyMap<string, readonly number[]> = new Map([
  ['AMT', [2]],
  ['CAS', [3, 6, 9, 12, 15, 18]],
  ['SVD', [2]],
  ['MOA', [2, 8, 9]],
  ['CN1', [2]],
  ['HCP', [2, 3, 7]],
  ['PS1', [2]],
]);

const NONE: readonly number[] = [];

/** Type 3: what must add up or count up within a claim. Cents are integers, so that balances are exact. */
export const BALANCING_RULES: readonly ClaimRule[] = [
  {
    snip: 3,
    rule: 'amount.decimals',
    check(claim, _context, report) {
      const facts = factsOf(claim);
      if (facts === null) return;
      const say = (segment: Parameters<typeof report>[0], n: number) =>
        report(segment, {
          element: `${segment.tag}${String(n).padStart(2, '0')}`,
          message: 'An amount of money has at most two decimals and no sign but a minus.',
          ik3: '8',
          ik4: '6',
          status: STATUS.invalid('697'),
        });
      if (facts.total === null && element(facts.clm, 2) !== '') say(facts.clm, 2);
      for (const line of facts.lines) if (line.charge === null && element(line.sv1, 2) !== '') say(line.sv1, 2);
      for (const segment of facts.segments) {
        for (const n of MONEY.get(segment.tag) ?? NONE) {
          if (n > segment.elements.length) break;
          const value = element(segment, n);
          if (value !== '' && toCents(value) === null) say(segment, n);
        }
      }
    },
  },
  {
    snip: 3,
    rule: 'E19',
    check(claim, _context, report) {
      const facts = factsOf(claim);
      if (facts === null || facts.total === null || facts.lines.length === 0) return;
      let sum = 0;
      for (const { charge } of facts.lines) {
        if (charge === null) return;
        sum += charge;
      }
      if (sum === facts.total) return;
      report(facts.clm, {
        element: 'CLM02',
        message: 'The total charge is not the sum of the service lines.',
        status: STATUS.balance,
      });
    },
  },
  {
    snip: 3,
    rule: 'E19',
    check(claim, _context, report) {
      const facts = factsOf(claim);
      if (facts === null || facts.total === null || facts.total > 0) return;
      if (element(segmentOf(claim.set.header, 'BHT'), 6) !== 'CH') return;
      report(facts.clm, { element: 'CLM02', message: 'A claim for payment charges more than zero.', status: STATUS.notZero });
    },
  },
  {
    snip: 3,
    rule: 'E31',
    check(claim, _context, report) {
      let n = 0;
      for (const loop of claim.loop.loops) {
        if (loop.id !== '2400') continue;
        n += 1;
        const lx = segmentOf(loop, 'LX');
        if (lx === null || element(lx, 1) === String(n)) continue;
        report(lx, {
          element: 'LX01',
          message: 'Service lines are numbered 1, 2, 3 within a claim.',
          ik3: '8',
          ik4: 'I12',
          status: STATUS.lineNumber,
        });
        return;
      }
    },
  },
];
