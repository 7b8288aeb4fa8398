import { isDataText } from '../../../charset.ts';
import { isDigits } from '../../../format.ts';
import { formatTest } from '../../../rules/formats.ts';
import { HAS_EXTENDED, HAS_FOREIGN } from '../../../scan.ts';
import { GUIDE_SEGMENTS } from '../../rules.ts';
import { childLoop, element, type ReadClaim, segmentOf, type TreeLoop, type TreeSegment } from '../tree.ts';
import { factsOf } from './facts.ts';
import type { ClaimRule, Report, RuleContext } from './rule.ts';
import { STATUS } from './status.ts';

/** BHT, 1000A, 1000B. */
function everyHeaderSegment({ set }: ReadClaim, visit: (segment: TreeSegment) => void): void {
  const walk = (loop: TreeLoop): void => {
    for (const segment of loop.segments) visit(segment);
    for (const inner of loop.loops) walk(inner);
  };
  walk(set.header);
}

/** Positions (1-based) of the decimal elements of each segment of the guide. */
const DECIMALS: readonly (readonly number[])[] = GUIDE_SEGMENTS.map((rule) =>
  rule.elements.flatMap((e, i) => (e.type === 'R' ? [i + 1] : [])),
);

/** R as X12 wants it: no plus, no leading zero, no trailing zero behind the point, no bare point. */
const SHORTEST = /^-?(?:0|[1-9]\d*(?:\.\d*[1-9])?|\.\d*[1-9])$/;
const isShortest = (value: string): boolean =>
  isDigits(value) ? value.length === 1 || value.charCodeAt(0) !== 48 : SHORTEST.test(value);

const isPlain = (value: string, separator: string): boolean =>
  value.includes(separator) ? value.split(separator).every((part) => isPlain(part, '\u0000')) : isDataText(value);

const isControlNumber = formatTest('control_number');
const isFileInformation = formatTest('approved_file_information');

/** A rule of our house or of the receiver's. House style is asked of our own files only. */
const house = (rule: string, check: (claim: ReadClaim, context: RuleContext, report: Report) => void): ClaimRule => ({
  snip: 7,
  rule,
  check,
});

/** Type 7: our own style and limits, and what the receiver's profile asks (E1, E2, E4 of spec 04 §4.4; spec 03 §3.3). */
export const HOUSE_RULES: readonly ClaimRule[] = [
  house('E1', (claim, { own }, report) => {
    const facts = factsOf(claim);
    if (facts === null) return;
    const number = element(facts.clm, 1);
    if (number.length > 20)
      report(facts.clm, {
        element: 'CLM01',
        message: 'A claim number over 20 characters does not come back whole.',
        ik3: '8',
        ik4: '5',
        status: STATUS.claimNumber,
      });
    else if (own && !isControlNumber(number))
      report(facts.clm, {
        element: 'CLM01',
        message: 'Our claim numbers are letters and digits, 7 to 17, a letter first and a two-digit revision last.',
        status: STATUS.claimNumber,
      });
  }),
  house('E2', (claim, _context, report) => {
    for (const { loop } of factsOf(claim)?.lines ?? []) {
      const number = segmentOf(loop, 'REF', '6R');
      if (number === null || element(number, 2).length <= 30) continue;
      report(number, {
        element: 'REF02',
        message: 'A line control number over 30 characters does not come back whole.',
        ik3: '8',
        ik4: '5',
        status: STATUS.lineNumber,
      });
    }
  }),
  house('E3', (claim, context, report) => {
    if (!context.own) return;
    const bht = segmentOf(claim.set.header, 'BHT');
    if (bht !== null && element(bht, 3).length > 30 && claim.firstOfSet)
      report(bht, { element: 'BHT03', message: 'Our references have at most 30 characters.', status: STATUS.length });
    const trace = segmentOf(claim.loop, 'REF', 'D9');
    if (trace !== null && element(trace, 2).length > 20)
      report(trace, { element: 'REF02', message: 'A trace number has at most 20 characters.', status: STATUS.length });
  }),
  house('E4', (claim, context, report) => {
    const { receiver } = context;
    const { isa } = claim.set;
    if (receiver === null || isa === null || !claim.firstOfSet) return;
    const differs = (n: number, wanted: string | null, ref: string, message: string): void => {
      if (wanted === null || element(isa, n).trim() === wanted.trim()) return;
      report(isa, { element: ref, message, status: null });
    };
    differs(
      15,
      receiver.usage,
      'ISA15',
      'The file is marked for the other environment (test or production) than the receiver is set up for.',
    );
    differs(6, receiver.senderId, 'ISA06', 'The sender is not the one agreed with this receiver.');
    differs(8, receiver.receiverId, 'ISA08', 'The receiver is not the one that the file is for.');
  }),
  house('house.delimiters', (claim, context, report) => {
    const { isa } = claim.set;
    if (!context.own || isa === null || !claim.firstOfSet) return;
    const { element: e, component: c, repetition: r, segment: s } = isa.delimiters;
    if (`${e}${c}${r ?? ''}${s}` !== '*:^~')
      report(isa, { element: null, message: 'Our files are delimited by *, :, ^ and ~.', status: null });
  }),
  house('house.characters', (claim, context, report) => {
    if (!context.own) return;
    const look = (segment: TreeSegment): void => {
      if ((segment.flags & (HAS_EXTENDED | HAS_FOREIGN)) === 0) return;
      const separator = segment.delimiters.component;
      segment.elements.forEach((value, i) => {
        // An e-mail address cannot do without the @ of the extended set.
        if (value === '' || isPlain(value, separator) || (segment.tag === 'PER' && segment.elements[i - 1] === 'EM')) return;
        report(segment, {
          element: `${segment.tag}${String(i + 1).padStart(2, '0')}`,
          message: 'Our files hold upper case letters and the other characters of the basic set only.',
          ik3: '8',
          ik4: '6',
          status: STATUS.characters,
        });
      });
    };
    if (claim.firstOfSet) everyHeaderSegment(claim, look);
    const facts = factsOf(claim);
    if (facts !== null && (facts.flags & (HAS_EXTENDED | HAS_FOREIGN)) !== 0) facts.segments.forEach(look);
  }),
  house('house.decimals', (claim, { own }, report) => {
    if (!own) return;
    for (const segment of factsOf(claim)?.segments ?? []) {
      for (const n of DECIMALS[segment.rule.id] ?? []) {
        const value = element(segment, n);
        if (value === '' || isShortest(value)) continue;
        report(segment, {
          element: `${segment.tag}${String(n).padStart(2, '0')}`,
          message: 'A number is written without leading zeros, and without zeros or a bare point at its end.',
          ik3: '8',
          ik4: '6',
          status: STATUS.invalid('697'),
        });
      }
    }
  }),
  house('house.file_information', (claim, { own }, report) => {
    if (!own) return;
    for (const k3 of factsOf(claim)?.segments ?? []) {
      if (k3.tag !== 'K3' || isFileInformation(element(k3, 1))) continue;
      report(k3, { element: 'K301', message: 'K3 holds only what X12 has approved.', status: STATUS.guidelines });
    }
  }),
  house('E16', (claim, { receiver }, report) => {
    const payer = childLoop(claim.subscriber, '2010BB');
    const subscriber = childLoop(claim.subscriber, '2010BA');
    const payerNm1 = payer === null ? null : segmentOf(payer, 'NM1');
    const nm1 = subscriber === null ? null : segmentOf(subscriber, 'NM1');
    const payers = receiver?.payers ?? null;
    if (payers === null || payerNm1 === null || nm1 === null) return;
    const known = payers.get(element(payerNm1, 9));
    if (known === undefined)
      report(payerNm1, {
        severity: 'warning',
        element: 'NM109',
        message: 'No payer with this id is configured.',
        status: STATUS.invalid('153'),
      });
    else if (known.memberIdPattern !== null && !known.memberIdPattern.test(element(nm1, 9)))
      report(nm1, {
        severity: 'warning',
        element: 'NM109',
        message: 'The member id has not the shape that this payer gives out.',
        status: STATUS.memberId,
      });
  }),
];
