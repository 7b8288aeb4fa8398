import type { SegmentRule } from '../../../rules/model.ts';
import { GUIDE_SEGMENTS } from '../../rules.ts';
import { childLoop, component, element, segmentOf, type TreeLoop, type TreeSegment } from '../tree.ts';
import { type ClaimFacts, factsOf, type LineFacts } from './facts.ts';
import type { ClaimRule, Report, RuleContext } from './rule.ts';
import { STATUS } from './status.ts';

/**
 * The numbers of the psychiatry section of CPT since 2013 (numbers only, K; descriptions are copyrighted). Another number
 * of its range does not exist.
 */
const PSYCHIATRY = new Set(
  (
    '90785 90791 90792 90832 90833 90834 90836 90837 90838 90839 90840 90845 90846 90847 90849 90853 90863 90865 90867 90868 90869 ' +
    '90870 90875 90876 90880 90882 90885 90887 90889 90899'
  ).split(' '),
);
const SECTION = { first: '90785', last: '90899', since: '20130101' };

/** With what 90785 may be reported (spec 02 §2.1): diagnostic evaluations, psychotherapy, group psychotherapy. */
const TAKES_90785 = new Set('90791 90792 90832 90833 90834 90836 90837 90838 90853'.split(' '));
const INDIVIDUAL = new Set(['90832', '90834', '90837']);
/** Separate-service modifiers that NCCI accepts (spec 02 §2.1). */
const SEPARATE = ['59', 'XE', 'XP', 'XS', 'XU'];
/** With one of these a second service of the day is meant, not sent twice by mistake (edit A23 asks two people for it). */
const AGAIN = [...SEPARATE, '76', '77', '91'];
const TELEHEALTH_PLACES = new Set(['02', '10']);
const BY_VIDEO = ['95', 'GT', 'GQ'];
const BY_VOICE = ['93', 'FQ'];

/** Behavioral health: psychiatry of CPT, and HCPCS H codes of mental health and substance use. */
const isBehavioral = (procedure: string): boolean => PSYCHIATRY.has(procedure) || /^H\d{4}$/.test(procedure);

type Check = (facts: ClaimFacts, report: Report, loop: TreeLoop, context: RuleContext) => void;

/** A rule for claims whose every line is behavioral health; it says nothing of others. */
const behavioral = (rule: string, check: Check): ClaimRule => ({
  snip: 6,
  rule,
  check(claim, context, report) {
    const facts = factsOf(claim);
    if (facts === null || facts.lines.length === 0) return;
    if (facts.lines.every((line) => isBehavioral(line.procedure))) check(facts, report, claim.loop, context);
  },
});

const sameDay = (one: LineFacts, other: LineFacts): boolean => one.from !== '' && one.from <= other.to && other.from <= one.to;
const has = (line: LineFacts, modifiers: readonly string[]): boolean => line.modifiers.some((m) => modifiers.includes(m));

/** Segments and loops of other lines of service that a behavioral health claim has no place for. */
const FOREIGN_SEGMENTS: ReadonlyMap<string, string> = new Map([
  ['CR1', 'ambulance transport'],
  ['CR2', 'spinal manipulation'],
  ['CR3', 'durable medical equipment'],
  ['SV5', 'durable medical equipment'],
  ['MEA', 'test results'],
  ['QTY', 'ambulance or anesthesia'],
]);
const FOREIGN_LOOPS: ReadonlyMap<string, string> = new Map([
  ['2310E', 'ambulance transport'],
  ['2310F', 'ambulance transport'],
  ['2410', 'drugs'],
  ['2420G', 'ambulance transport'],
  ['2420H', 'ambulance transport'],
  ['2440', 'durable medical equipment'],
]);
/** What these loops start with: one finding for each is enough. */
const STARTS_LOOP = new Set(['NM1', 'LIN', 'LQ']);
/** CRC01: ambulance, vision, homebound, hospice, equipment; EPSDT (ZZ) may stand on a minor’s claim. */
const FOREIGN_CONDITIONS = new Set(['07', 'E1', 'E2', 'E3', '75', '70', '09']);
/** HI01-1: procedures of anesthesia. */
const FOREIGN_CODES = new Set(['BP', 'BO']);

/** The line of service that a segment belongs to where that is not behavioral health. */
type Foreign = (segment: TreeSegment) => string | null;

function foreignBy({ tag, loop }: SegmentRule): Foreign | null {
  const ofLoop = STARTS_LOOP.has(tag) ? FOREIGN_LOOPS.get(loop) : undefined;
  const always = ofLoop ?? FOREIGN_SEGMENTS.get(tag);
  if (always !== undefined) return () => always;
  if (tag === 'CRC') return (crc) => (FOREIGN_CONDITIONS.has(element(crc, 1)) ? 'another line of service' : null);
  if (tag === 'PWK') return (pwk) => (element(pwk, 1) === 'CT' ? 'durable medical equipment' : null);
  if (tag === 'HI') return (hi) => (FOREIGN_CODES.has(component(hi, 1, 1)) ? 'anesthesia' : null);
  return null;
}

/** By segment of the guide; null where it tells nothing of the kind. */
const FOREIGN: readonly (Foreign | null)[] = GUIDE_SEGMENTS.map(foreignBy);

/** Type 6: what belongs to behavioral health and group therapy (E31 to E33, spec 04 §4.6). */
export const BEHAVIORAL_RULES: readonly ClaimRule[] = [
  {
    snip: 6,
    rule: 'E32',
    check(claim, _context, report) {
      for (const { sv1, procedure, from } of factsOf(claim)?.lines ?? []) {
        if (procedure < SECTION.first || procedure > SECTION.last || !/^\d{5}$/.test(procedure)) continue;
        if (from < SECTION.since || PSYCHIATRY.has(procedure)) continue;
        report(sv1, {
          element: 'SV101-02',
          message: 'The psychiatry section of CPT has no such code.',
          ik3: '8',
          ik4: '7',
          status: STATUS.procedure,
        });
      }
    },
  },
  behavioral('E31', ({ lines }, report) => {
    for (const { sv1, procedure, units } of lines) {
      if (procedure !== '90853' || units === '' || Number(units) === 1) continue;
      report(sv1, {
        element: 'SV104',
        message: 'Group psychotherapy is one unit per patient and day, whatever its length.',
        ik3: '8',
        ik4: '7',
        status: STATUS.units,
      });
    }
  }),
  behavioral('E31', ({ lines }, report) => {
    lines.forEach((line, i) => {
      if (line.procedure !== '90853' || has(line, AGAIN)) return;
      if (!lines.some((l, n) => n < i && l.procedure === '90853' && sameDay(l, line))) return;
      report(line.sv1, {
        element: 'SV101-02',
        message: 'Group psychotherapy is billed once per patient and day, and the claim has another line of that day.',
        ik3: '8',
        ik4: 'I12',
        status: STATUS.duplicate,
      });
    });
  }),
  behavioral('E33', ({ lines }, report) => {
    for (const line of lines) {
      if (line.procedure !== '90785' || lines.some((l) => TAKES_90785.has(l.procedure) && sameDay(l, line))) continue;
      report(line.sv1, {
        element: 'SV101-02',
        message: 'The add-on 90785 needs its evaluation or psychotherapy on the same claim and day.',
        ik3: '8',
        ik4: 'I12',
        status: STATUS.invalid('736'),
      });
    }
  }),
  behavioral('E33', ({ lines }, report) => {
    for (const line of lines) {
      if (!INDIVIDUAL.has(line.procedure) || has(line, SEPARATE)) continue;
      if (!lines.some((l) => l.procedure === '90853' && sameDay(l, line))) continue;
      report(line.sv1, {
        severity: 'warning',
        element: 'SV101-03',
        message: 'Individual psychotherapy on the day of group psychotherapy needs 59 or XE on the individual code.',
        status: STATUS.modifier,
      });
    }
  }),
  behavioral('E32', ({ lines }, report) => {
    for (const line of lines) {
      const video = has(line, BY_VIDEO);
      const voice = has(line, BY_VOICE);
      const remote = TELEHEALTH_PLACES.has(line.place);
      if (video && voice)
        report(line.sv1, {
          element: 'SV101-03',
          message: 'A service is by video (95, GT) or by voice alone (93, FQ), not both.',
          status: STATUS.modifier,
        });
      else if ((video || voice) && !remote)
        report(line.sv1, {
          severity: 'warning',
          element: 'SV101-03',
          message: 'A telehealth modifier with a place of service that is not telehealth (02, 10).',
          status: STATUS.modifier,
        });
    }
  }),
  behavioral('E32', ({ lines, sbr }, report) => {
    if (element(sbr, 9) !== 'MB') return;
    for (const line of lines) {
      if (!TELEHEALTH_PLACES.has(line.place) || !has(line, ['95']) || line.from < '20240101') continue;
      report(line.sv1, {
        severity: 'warning',
        element: 'SV101-03',
        message: 'Original Medicare takes place 02 or 10 without modifier 95, except from a hospital-based clinician.',
        status: STATUS.modifier,
      });
    }
  }),
  behavioral('E12', (_facts, report, loop) => {
    const supervisor = childLoop(loop, '2310D');
    const nm1 = supervisor === null ? null : segmentOf(supervisor, 'NM1');
    if (nm1 === null || childLoop(loop, '2310B') !== null) return;
    report(nm1, {
      severity: 'warning',
      element: null,
      message: 'A supervising provider without a rendering provider: whom does the supervisor supervise?',
      status: STATUS.missing('562'),
    });
  }),
  behavioral('line_of_service', ({ segments }, report) => {
    for (const segment of segments) {
      const what = FOREIGN[segment.rule.id]?.(segment) ?? null;
      if (what === null) continue;
      report(segment, {
        element: null,
        message: `A claim for behavioral health has nothing to say of ${what}.`,
        ik3: 'I9',
        status: STATUS.guidelines,
      });
    }
  }),
];
