import { type Adjudication, adjudication, type Coverage } from '../../schemas/coverage.ts';
import type { GroupSession } from '../../schemas/group-session.ts';
import type { Practice } from '../../schemas/practice.ts';
import { asCorrection } from '../../src/claim/amend.ts';
import type { ClaimDraft } from '../../src/claim/draft.ts';
import { newLineage, newTraceNumber } from '../../src/claim/identifiers.ts';
import { freeze } from '../../src/pipeline/freeze.ts';
import { shiftSession } from '../../src/session/shift.ts';
import { gateInput, judge, withAttendee } from '../support/gate.ts';
import { exampleSession, type Overrides } from '../support/sessions.ts';
import { NPI } from './base.ts';

/** Files as the product makes them: a session's body through the gate, frozen with numbers that chance would give. */

/** Four weeks before the files are written, so that the payers' decisions lie between. */
const SESSION: GroupSession = shiftSession(exampleSession(), '2026-10-23');
const WRITTEN_AT = Date.parse('2026-11-21T09:15:00-05:00');

type Changes = Overrides<GroupSession['attendees'][number]>;
const SARAH = 0;
const DUC = 4;

const coverageOf = (index: number): Coverage => {
  const coverage = SESSION.attendees[index]?.coverages[0];
  if (coverage === undefined) throw new Error('the example session has that coverage');
  return coverage;
};
const decided = (coverage: Coverage, decision: Overrides<Adjudication> & { readonly adjudicatedOn: string }): Coverage => ({
  ...coverage,
  adjudication: adjudication.parse(decision),
});
const other = (responsibility: 'S' | 'T', payerId: string, memberId: string, changes: Partial<Coverage> = {}): Coverage => ({
  ...coverageOf(SARAH),
  payerId,
  responsibility,
  memberId,
  groupNumber: null,
  ...changes,
});
const adjustment = (group: 'CO' | 'OA' | 'PR', reason: string, amount: string) => ({ group, reason, amount });

const AETNA = coverageOf(SARAH);
const ANTHEM = other('S', 'bcbs_wi', 'XWM445566778');
const MEDICAID = other('T', 'medicaid_wi', '4400112233');

/** 38.50 of 60.00: 11.50 contractual, 10.00 coinsurance. */
const AETNA_ON_LINE = {
  adjudicatedOn: '2026-11-06',
  payerClaimControlNumber: 'AET20261106001',
  paidAmount: '38.50',
  remarkCodes: ['MA01', 'N19'],
  lines: [
    {
      procedureCode: '90853',
      modifiers: [],
      units: 1,
      paidAmount: '38.50',
      adjustments: [adjustment('CO', '45', '11.50'), adjustment('PR', '2', '10.00')],
      remarkCodes: [],
    },
  ],
};
const SECONDARY: Changes = { coverages: [decided(AETNA, AETNA_ON_LINE), ANTHEM] };

const draftOf = (index: number, changes: Changes, practice: Overrides<Practice> = {}): ClaimDraft => {
  const verdict = judge(withAttendee(SESSION, index, changes), { now: WRITTEN_AT, practice });
  const disposition = verdict.attendees[index]?.disposition;
  if (disposition?.kind !== 'ready') {
    throw new Error(`not ready: ${JSON.stringify(verdict.attendees[index]?.findings.map((f) => [f.rule, f.path, f.message]))}`);
  }
  return disposition.draft;
};

const corrected = (draft: ClaimDraft, frequencyCode: '7' | '8', icn: string): ClaimDraft => {
  const made = asCorrection(draft, frequencyCode, icn);
  if (!made.ok) throw new Error(made.reason);
  return made.draft;
};

/** `n` stands for the chance that names a claim; a correction has its original's lineage and a trace number of its own. */
const frozen = (draft: ClaimDraft, n: number, original = n): Uint8Array => {
  const { practice, clearinghouses } = gateInput(SESSION);
  const clearinghouse = clearinghouses.get(draft.clearinghouseId ?? '');
  if (clearinghouse === undefined || draft.claim === null) throw new Error('a ready draft has a claim and a clearinghouse');
  const chance = (of: number) => Uint8Array.from({ length: 14 }, (_, i) => i * 37 + of * 11);
  const due = {
    id: `clm_${n}`,
    lineage: newLineage(chance(original)),
    revision: 1,
    traceNumber: newTraceNumber(chance(100 + n)),
  };
  return freeze({
    isa13: 200 + n,
    firstSt: 200 + n,
    at: WRITTEN_AT,
    clearinghouse,
    practice,
    members: [{ due, claim: draft.claim }],
  }).bytes;
};

const line = (procedureCode: string, paidAmount: string, adjustments: ReturnType<typeof adjustment>[]) => ({
  procedureCode,
  modifiers: [],
  units: 1,
  paidAmount,
  adjustments,
  remarkCodes: [],
});

/** Every golden file that begins as a session, by its name. */
export const SESSION_CASES: Readonly<Record<string, () => Uint8Array>> = {
  /** Two more payers are named, neither asked yet; one is the spouse's. */
  'session-primary-with-others': () =>
    frozen(
      draftOf(SARAH, {
        coverages: [
          AETNA,
          {
            ...ANTHEM,
            relationshipToSubscriber: 'spouse',
            subscriber: { lastName: 'Moreno', firstName: 'Luis', dateOfBirth: '1985-01-02', gender: 'M' },
          },
          MEDICAID,
        ],
      }),
      1,
    ),
  /** The first payer decided on the line, with two adjustments. */
  'session-secondary-line': () => frozen(draftOf(SARAH, SECONDARY), 2),
  /** The first payer decided on the claim as a whole; the patient is a child under both parents' plans. */
  'session-secondary-claim-dependent': () =>
    frozen(
      draftOf(DUC, {
        coverages: [
          decided(coverageOf(DUC), {
            adjudicatedOn: '2026-11-09',
            payerClaimControlNumber: 'AET20261109014',
            paidAmount: '29.75',
            adjustments: [
              adjustment('PR', '1', '15.00'),
              adjustment('CO', '45', '11.50'),
              { ...adjustment('PR', '3', '5.00'), quantity: 1 },
              adjustment('OA', '225', '-1.25'),
            ],
          }),
          {
            ...ANTHEM,
            memberId: 'XWM900112233',
            relationshipToSubscriber: 'child',
            subscriber: { lastName: 'Tran', firstName: 'Mai', dateOfBirth: '1975-08-09', gender: 'F' },
          },
        ],
      }),
      3,
    ),
  /** Medicaid last: two decisions on each of two lines. */
  'session-tertiary': () =>
    frozen(
      draftOf(SARAH, {
        interactiveComplexity: {
          factor: 2,
          rationale: 'A disclosure had to be reported during the group.',
          chargeAmount: '15.00',
        },
        coverages: [
          decided(AETNA, {
            ...AETNA_ON_LINE,
            paidAmount: '48.50',
            lines: [...AETNA_ON_LINE.lines, line('90785', '10.00', [adjustment('CO', '45', '5.00')])],
          }),
          decided(ANTHEM, {
            adjudicatedOn: '2026-11-19',
            payerClaimControlNumber: 'ANT20261119007',
            paidAmount: '9.00',
            lines: [
              line('90853', '6.00', [adjustment('OA', '23', '50.00'), adjustment('PR', '3', '4.00')]),
              line('90785', '3.00', [adjustment('OA', '23', '12.00')]),
            ],
          }),
          MEDICAID,
        ],
      }),
      4,
    ),
  /** An employer's plan first (working aged), which left all that it allowed to the deductible. */
  'session-medicare-secondary': () =>
    frozen(
      draftOf(SARAH, {
        coverages: [
          decided(AETNA, {
            adjudicatedOn: '2026-11-06',
            paidAmount: '0.00',
            lines: [line('90853', '0.00', [adjustment('CO', '45', '11.50'), adjustment('PR', '1', '48.50')])],
          }),
          other('S', 'medicare_wi', '1EG4TE5MK73', { insuranceTypeCode: '12' }),
        ],
      }),
      5,
    ),
  /** The first payer covers nothing of it (AMT A8). */
  'session-passed-over': () =>
    frozen(
      draftOf(SARAH, {
        coverages: [decided(AETNA, { adjudicatedOn: '2026-11-06', paidAmount: '0.00', nonCoveredAmount: '60.00' }), ANTHEM],
      }),
      6,
    ),
  /** The secondary claim replaced after its payer decided: another diagnosis, the number of the payer billed in REF F8. */
  'session-secondary-replacement': () =>
    frozen(corrected(draftOf(SARAH, { ...SECONDARY, diagnoses: ['F43.23', 'F41.1'] }), '7', 'ANT20261120055'), 7, 2),
  'session-secondary-void': () => frozen(corrected(draftOf(SARAH, SECONDARY), '8', 'ANT20261120055'), 8, 2),
  /** Numbers that the earlier payer gave the practice and its clinician (2330D and G), and the payer billed too. */
  'session-payer-numbers': () =>
    frozen(
      draftOf(SARAH, SECONDARY, {
        secondaryIds: [
          { payerId: '60054', qualifier: 'G2', value: 'AE-7701' },
          { payerId: '60054', qualifier: 'G2', value: 'AE-7702', npi: NPI.rendering },
          { payerId: '60054', qualifier: '0B', value: 'LPC-8812', npi: NPI.rendering },
          { payerId: 'bcbs_wi', qualifier: 'LU', value: 'SITE-2' },
          { payerId: 'bcbs_wi', qualifier: 'G2', value: 'AN-31', npi: NPI.rendering },
        ],
      }),
      9,
    ),
};
