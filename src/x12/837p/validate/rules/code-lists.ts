import type { CodeSetName, CodeSets, CodeStatus } from '../../../code-sets/code-sets.ts';
import { formatTest } from '../../../rules/formats.ts';
import type { X12Finding } from '../finding.ts';
import { component, element, segmentsOf, type TreeSegment } from '../tree.ts';
import { type AdjustmentFacts, type ClaimFacts, factsOf } from './facts.ts';
import type { ClaimRule, Report } from './rule.ts';
import { STATUS } from './status.ts';
import { daysOf, isoDay } from './values.ts';

interface Asked {
  readonly set: CodeSetName;
  readonly rule: string;
  readonly what: string;
  readonly status: X12Finding['status'];
  readonly severity: X12Finding['severity'];
  /** The list is meant to hold every code: one that it lacks where it is not complete is worth a warning. */
  readonly whole?: true;
}

const ASKED = {
  diagnosis: { set: 'icd10cm', rule: 'E21', what: 'diagnosis', status: STATUS.diagnosis, severity: 'error' },
  place: { set: 'pos', rule: 'E23', what: 'place of service', status: STATUS.place, severity: 'error' },
  modifier: { set: 'modifier', rule: 'E32', what: 'modifier', status: STATUS.modifier, severity: 'error' },
  taxonomy: { set: 'taxonomy', rule: 'E7', what: 'taxonomy code', status: STATUS.taxonomy, severity: 'warning', whole: true },
  reason: {
    set: 'carc',
    rule: 'E39',
    what: 'adjustment reason',
    status: STATUS.adjustmentReason,
    severity: 'error',
    whole: true,
  },
  remark: { set: 'rarc', rule: 'remark', what: 'remark code', status: STATUS.remark, severity: 'error', whole: true },
  state: { set: 'state', rule: 'state', what: 'state', status: STATUS.state, severity: 'error' },
} as const satisfies Record<string, Asked>;

const SAYS: Readonly<Record<CodeStatus, ((what: string) => string) | null>> = {
  valid: null,
  not_checked: null,
  header: (what) => `The ${what} is a category; a claim needs one of the codes below it.`,
  not_in_effect: (what) => `The ${what} is not in effect on that day.`,
  unknown: (what) => `There is no such ${what} on that day.`,
};

/** Neither right nor wrong as far as we know: lists that official bodies extend several times a year. */
const UNLISTED = (what: string): string =>
  `The ${what} is not in the list at hand, which may lack codes of that day (rollcall tables load brings a newer one).`;

function ask(codeSets: CodeSets, asked: Asked, code: string, on: string, at: TreeSegment, ref: string, report: Report): void {
  if (code === '' || on === '') return;
  const status = codeSets.look(asked.set, code, on);
  const unlisted = status === 'not_checked' && asked.whole === true;
  const says = unlisted ? UNLISTED : SAYS[status];
  if (says === null) return;
  report(at, {
    rule: asked.rule,
    severity: unlisted ? 'warning' : asked.severity,
    element: ref,
    message: says(asked.what),
    ik3: '8',
    ik4: '7',
    status: asked.status,
  });
}

const dayOf = (day: string): string => (day === '' ? '' : isoDay(day));

type Check = (facts: ClaimFacts, codeSets: CodeSets, report: Report) => void;
const lists = (rule: string, check: Check): ClaimRule => ({
  snip: 5,
  rule,
  check(claim, { codeSets }, report) {
    const facts = factsOf(claim);
    if (facts !== null && codeSets !== null) check(facts, codeSets, report);
  },
});

const isIcd10 = formatTest('icd10');
const isPlace = formatTest('place_of_service');
const isModifier = formatTest('modifier');
const isTaxonomy = formatTest('taxonomy');
const isProcedure = formatTest('procedure');
const isZip = formatTest('zip');
/** A Canadian postal code, whatever the country element says. */
const CANADIAN = /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/;

/**
 * The number space of HCPCS: category I of CPT from 00100 to 99607, its categories with a letter last, level II with a
 * letter first (K). Which numbers of it are in use only a licensed list knows.
 */
const isNumbered = (procedure: string): boolean =>
  /^\d{5}$/.test(procedure)
    ? procedure >= '00100' && procedure <= '99607'
    : /^(?:\d{4}[AFMTU]|[ABCDEGHJKLMPQRSTUV]\d{4})$/.test(procedure);

/** Type 5: codes that lists know, on the date of service; an ill-formed one has been reported as such. */
export const CODE_LIST_RULES: readonly ClaimRule[] = [
  lists('E21', ({ diagnoses, firstDay }, codeSets, report) => {
    for (const { segment, ref, qualifier, code } of diagnoses) {
      if (qualifier.startsWith('A') && isIcd10(code)) ask(codeSets, ASKED.diagnosis, code, firstDay, segment, ref, report);
    }
  }),
  lists('E23', ({ clm, place, lines, firstDay }, codeSets, report) => {
    if (isPlace(place)) ask(codeSets, ASKED.place, place, firstDay, clm, 'CLM05-01', report);
    for (const { sv1, day } of lines) {
      const own = element(sv1, 5);
      if (own !== '' && isPlace(own)) ask(codeSets, ASKED.place, own, day, sv1, 'SV105', report);
    }
  }),
  lists('E32', ({ lines }, codeSets, report) => {
    for (const { sv1, modifiers, day } of lines) {
      modifiers.forEach((modifier, i) => {
        if (isModifier(modifier)) ask(codeSets, ASKED.modifier, modifier, day, sv1, `SV101-0${i + 3}`, report);
      });
    }
  }),
  {
    snip: 5,
    rule: 'E32',
    check(claim, _context, report) {
      for (const { sv1, procedure } of factsOf(claim)?.lines ?? []) {
        if (component(sv1, 1, 1) !== 'HC' || !isProcedure(procedure) || isNumbered(procedure)) continue;
        report(sv1, {
          element: 'SV101-02',
          message: 'Neither CPT nor HCPCS numbers procedures like this.',
          ik3: '8',
          ik4: '7',
          status: STATUS.procedure,
        });
      }
    },
  },
  lists('E39', ({ others, lines, firstDay }, codeSets, report) => {
    /** A payer's codes are those of the day on which it decided, where that is told. */
    const decidedOn = (remitted: TreeSegment | null): string => dayOf(daysOf(remitted)[0]) || firstDay;
    const look = ({ segment, reasons }: AdjustmentFacts, on: string): void => {
      for (const { code, ref } of reasons) ask(codeSets, ASKED.reason, code, on, segment, ref, report);
    };
    for (const { adjustments, remitted } of others) for (const a of adjustments) look(a, decidedOn(remitted));
    for (const { decisions } of lines) {
      for (const { adjustments, remitted } of decisions) for (const a of adjustments) look(a, decidedOn(remitted));
    }
    for (const { loop, remitted } of others) {
      for (const moa of segmentsOf(loop, 'MOA')) {
        for (const n of [3, 4, 5, 6, 7])
          ask(codeSets, ASKED.remark, element(moa, n), decidedOn(remitted), moa, `MOA0${n}`, report);
      }
    }
  }),
  {
    snip: 5,
    rule: 'address',
    check(claim, { codeSets }, report) {
      const facts = factsOf(claim);
      if (facts === null) return;
      const on = facts.firstDay;
      for (const segment of facts.segments) {
        if (segment.tag === 'N4') {
          const country = element(segment, 4);
          if (country !== '' && country !== 'US' && country !== 'CA') continue;
          if (codeSets !== null) ask(codeSets, ASKED.state, element(segment, 2), on, segment, 'N402', report);
          const zip = element(segment, 3);
          if (country !== 'CA' && zip !== '' && !isZip(zip) && !CANADIAN.test(zip))
            report(segment, {
              rule: 'zip',
              element: 'N403',
              message: 'A ZIP code has five or nine digits and no hyphen.',
              ik3: '8',
              ik4: 'I12',
              status: STATUS.zip,
            });
        } else if (segment.tag === 'PRV' && codeSets !== null && isTaxonomy(element(segment, 3)))
          ask(codeSets, ASKED.taxonomy, element(segment, 3), on, segment, 'PRV03', report);
        else if (segment.tag === 'CLM' && codeSets !== null)
          ask(codeSets, ASKED.state, component(segment, 11, 4), on, segment, 'CLM11-04', report);
      }
    },
  },
];
