import type { Severity } from '../../../schemas/common.ts';
import type { CoordinationProblem } from '../context.ts';
import type { AttendeeEdit } from './edit.ts';

type Kind = CoordinationProblem['kind'];

/** By whether the claim depends on it: a later payer's place on the claim may be left out on purpose, an earlier payer's decision may not. */
const MEANING: Readonly<Record<Kind, readonly [needed: Severity, otherwise: Severity, message: string]>> = {
  unknown_payer: ['block', 'hold', 'The payer of this other coverage is not configured, so that the claim cannot name it.'],
  subscriber_missing: [
    'block',
    'hold',
    'The subscriber of this other coverage must be named when the patient is not the subscriber.',
  ],
  insurance_type_missing: ['block', 'block', 'Medicare that does not pay first needs an insurance type code.'],
  out_of_order: ['hold', 'hold', 'This payer has decided although an earlier one has not.'],
  unmatched_line: ['hold', 'hold', 'This line of the payer’s decision fits no line of the claim.'],
  too_many_reasons: ['hold', 'hold', 'A group of adjustments has more than six reasons, which a claim has no room for.'],
  remarks_cut: ['info', 'info', 'A claim has room for five remark codes: the others are left out.'],
  unbalanced: ['hold', 'hold', 'What this payer paid and adjusted does not add up to the charge.'],
  same_payer: ['hold', 'hold', 'Two other coverages have the same payer, so that its decisions cannot be told apart.'],
  told_twice: ['hold', 'hold', 'An adjustment stands on the claim and on its lines.'],
  decision_date: ['hold', 'hold', 'This payer cannot have decided before the service or after today.'],
  liability: ['hold', 'hold', 'The patient’s remaining liability is more than this payer left unpaid.'],
};

export const a26: AttendeeEdit = {
  id: 'A26',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '1',
  snip: 3,
  title: 'Other coverages can go on the claim; what earlier payers decided balances',
  fixedBy: ['biller', 'front_desk', 'administrator'],
  provenance: { confidence: 'H', source: '005010X222A1 2320, 2330B, 2430 (spec 04 §4.4 E17, E34–E39)' },
  check: ({ coordination, cover }) => {
    const findings = coordination.problems.map(({ path, kind, needed }) => {
      const [forNeeded, otherwise, message] = MEANING[kind];
      return { severity: needed ? forNeeded : otherwise, path, message };
    });
    const { coverage, claimFilingIndicator, path } = cover;
    const medicareLater =
      coverage !== null && coverage.responsibility !== 'P' && ['MA', 'MB'].includes(claimFilingIndicator ?? '');
    if (medicareLater && !coverage.insuranceTypeCode) {
      const [severity, , message] = MEANING.insurance_type_missing;
      findings.push({ severity, path: `${path}/insuranceTypeCode`, message });
    }
    return findings;
  },
};
