import type { ReadClaim } from '../tree.ts';
import { component, element, segmentOf } from '../tree.ts';
import { type ClaimFacts, factsOf } from './facts.ts';
import type { ClaimRule, Report, RuleContext } from './rule.ts';
import { STATUS } from './status.ts';
import { toCents } from './values.ts';

type Check = (facts: ClaimFacts, report: Report, claim: ReadClaim, context: RuleContext) => void;
const situation = (rule: string, check: Check): ClaimRule => ({
  snip: 4,
  rule,
  check(claim, context, report) {
    const facts = factsOf(claim);
    if (facts !== null) check(facts, report, claim, context);
  },
});

/** Places of service where the patient is an inpatient. */
const INPATIENT = new Set(['21', '51', '61']);

/** Type 4: the claim level, loop 2300 (E1, E3, E20 to E27 of spec 04 §4.4). */
export const CLAIM_LEVEL_RULES: readonly ClaimRule[] = [
  situation('E1', (facts, report, _claim, context) => {
    if (facts.frequency !== '1' || element(facts.clm, 1) === '') return;
    if (!context.repeated('CLM01', element(facts.clm, 1).toUpperCase())) return;
    report(facts.clm, {
      element: 'CLM01',
      message: 'Another claim of this file has the same number; answers could not be told apart.',
      status: STATUS.duplicate,
    });
  }),
  {
    snip: 4,
    rule: 'E3',
    check({ set, firstOfSet }, context, report) {
      const bht = firstOfSet ? segmentOf(set.header, 'BHT') : null;
      if (bht === null || element(bht, 3) === '') return;
      if (!context.repeated('BHT03', element(bht, 3).toUpperCase())) return;
      report(bht, {
        element: 'BHT03',
        message: 'Another transaction set of this file has the same reference; answers could not be told apart.',
        status: STATUS.duplicate,
      });
    },
  },
  situation('E20', (facts, report, { loop }) => {
    const number = segmentOf(loop, 'REF', 'F8');
    const corrects = facts.frequency === '7' || facts.frequency === '8';
    if (corrects && number === null)
      report(facts.clm, {
        segment: 'REF',
        element: null,
        message: 'A replacement or void names the payer’s number of the claim that it corrects (REF*F8).',
        ik3: 'I6',
        status: STATUS.payerClaimNumber,
      });
    if (facts.frequency === '1' && number !== null)
      report(number, {
        element: 'REF01',
        message: 'An original claim has no payer’s claim number (REF*F8).',
        ik3: 'I9',
        status: STATUS.frequency,
      });
  }),
  situation('E20', (facts, report) => {
    const indicator = element(facts.sbr, 9);
    if ((indicator !== 'MB' && indicator !== 'MA') || (facts.frequency !== '7' && facts.frequency !== '8')) return;
    report(facts.clm, {
      element: 'CLM05-03',
      message: 'Original Medicare takes neither replacements nor voids: frequency 1, or a reopening or appeal.',
      status: STATUS.frequency,
    });
  }),
  situation('E21', ({ diagnoses }, report) => {
    const seen = new Set<string>();
    for (const { segment, ref, code } of diagnoses) {
      if (code !== '' && seen.has(code))
        report(segment, { element: ref, message: 'The diagnosis is repeated.', ik3: '8', ik4: 'I12', status: STATUS.diagnosis });
      seen.add(code);
    }
  }),
  situation('E21', ({ diagnoses }, report) => {
    const [first] = diagnoses;
    if (first === undefined || !/^[V-Y]/.test(first.code) || !first.qualifier.startsWith('A')) return;
    report(first.segment, {
      element: first.ref,
      message: 'An external cause (V to Y) cannot be the principal diagnosis.',
      ik3: '8',
      ik4: 'I12',
      status: STATUS.principalDiagnosis,
    });
  }),
  situation('E21', ({ diagnoses, lastService }, report) => {
    if (lastService < '20151001') return;
    for (const { segment, ref, qualifier } of diagnoses) {
      if (qualifier === 'ABK' || qualifier === 'ABF') continue;
      report(segment, {
        element: ref.replace('-02', '-01'),
        message: 'ICD-9 ended with services of 30 September 2015.',
        ik3: '8',
        ik4: 'I6',
        status: STATUS.invalid('508'),
      });
      return;
    }
  }),
  situation('E24', (facts, report, { loop }) => {
    const causes = [1, 2, 3].map((n) => component(facts.clm, 11, n)).filter((c) => c !== '');
    const auto = causes.includes('AA');
    const accident = segmentOf(loop, 'DTP', '439');
    if (auto && component(facts.clm, 11, 4) === '')
      report(facts.clm, {
        element: 'CLM11-04',
        message: 'An automobile accident needs the state.',
        ik3: '8',
        ik4: 'I9',
        status: STATUS.accidentState,
      });
    if (!auto && component(facts.clm, 11, 4) !== '')
      report(facts.clm, {
        element: 'CLM11-04',
        message: 'The state is that of an automobile accident only.',
        ik3: '8',
        ik4: 'I13',
        status: STATUS.invalid('750'),
      });
    if ((auto || causes.includes('OA')) && accident === null)
      report(facts.clm, {
        segment: 'DTP',
        element: null,
        message: 'An accident needs its date (DTP*439).',
        ik3: 'I6',
        status: STATUS.accidentDate,
      });
    if (causes.length === 0 && accident !== null)
      report(accident, {
        element: 'DTP01',
        message: 'An accident date needs its cause (CLM11).',
        ik3: 'I9',
        status: STATUS.missing('633'),
      });
  }),
  situation('E25', (facts, report, { loop }) => {
    if (!INPATIENT.has(facts.place) || segmentOf(loop, 'DTP', '435') !== null) return;
    report(facts.clm, {
      segment: 'DTP',
      element: null,
      message: 'Inpatient care needs the admission date (DTP*435).',
      ik3: 'I6',
      status: STATUS.admission,
    });
  }),
  situation('E26', ({ segments }, report) => {
    for (const pwk of segments) {
      // A DME certificate indicator (PWK*CT) has no paper of its own to point at.
      if (pwk.tag !== 'PWK' || element(pwk, 2) === 'AA' || element(pwk, 1) === 'CT' || element(pwk, 6) !== '') continue;
      report(pwk, {
        element: 'PWK06',
        message: 'Papers that are sent have an attachment control number.',
        ik3: '8',
        ik4: 'I9',
        status: STATUS.attachment,
      });
    }
  }),
  situation('E27', (facts, report, { loop }) => {
    const amount = segmentOf(loop, 'AMT', 'F5');
    const paid = toCents(element(amount, 2));
    if (amount === null || paid === null || facts.total === null) return;
    if (paid > facts.total)
      report(amount, { element: 'AMT02', message: 'The patient paid more than the charge.', status: STATUS.patientPaid });
    if (paid === 0)
      report(amount, {
        severity: 'warning',
        element: 'AMT02',
        message: 'A patient who paid nothing is not reported.',
        status: STATUS.notZero,
      });
  }),
];
