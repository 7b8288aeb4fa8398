import type { Practice } from '../../schemas/practice.ts';
import { isTaxId, numberFindings, placeFindings, TAX_ID } from './edits/a13-providers.ts';
import { FIT_MEANING } from './edits/a14-text.ts';
import type { EditFinding } from './edits/edit.ts';
import { type FitIssue, LENGTH, personName, postalAddress, requiredText } from './fit.ts';

export interface PracticeProblem {
  /** JSON pointer into the practice. */
  readonly pointer: string;
  /** The edit that would hold every claim of the practice. */
  readonly code: 'A13' | 'A14' | 'A15';
  readonly message: string;
}

/**
 * Why claims of such a practice could never leave: what edits A13 and A14 would block on every one of them, asked before
 * the practice is stored. Empty when it can be billed for.
 */
export function practiceProblems(practice: Practice): readonly PracticeProblem[] {
  const { billingProvider: billing, payToAddress, secondaryIds } = practice;
  const at = '/billingProvider';
  const { address } = billing;
  const found: EditFinding[] = [
    ...numberFindings({ path: at, npi: billing.npi, taxonomyCode: billing.taxonomyCode ?? null }),
    ...placeFindings(at, address.line1, address.line2 ?? null, address.postalCode, 'billing address'),
    ...repeatedNumbers(secondaryIds),
    ...secondaryIds.flatMap(({ npi }, i) => numberFindings({ path: `/secondaryIds/${i}`, npi: npi ?? null, taxonomyCode: null })),
  ];
  if (!isTaxId(billing.taxId.value)) found.push({ severity: 'block', path: `${at}/taxId/value`, message: TAX_ID });
  const issues: FitIssue[] = [];
  if (billing.entityType === 'organization')
    requiredText(issues, `${at}/organizationName`, billing.organizationName, LENGTH.organization);
  else personName(issues, at, billing);
  postalAddress(issues, `${at}/address`, address);
  if (payToAddress) postalAddress(issues, '/payToAddress', payToAddress);

  const problems: PracticeProblem[] = found
    .filter((f) => f.severity === 'block')
    .map((f) => ({ pointer: f.path, code: 'A13', message: f.message }));
  for (const { path, kind } of issues) {
    const [severity, message] = FIT_MEANING[kind];
    // A billing ZIP code of another length than nine digits has been named above.
    const named = problems.some((p) => p.pointer === path);
    if (severity === 'block' && !named) problems.push({ pointer: path, code: 'A14', message });
  }
  if (!/^\d{2}$/.test(practice.placeOfServiceCode))
    problems.push({ pointer: '/placeOfServiceCode', code: 'A15', message: 'A place of service is a code of two digits.' });
  return problems;
}

/** Two numbers under one code that a payer gave one provider: no claim could say which is meant. */
function repeatedNumbers(ids: Practice['secondaryIds']): readonly EditFinding[] {
  const keys = ids.map(({ payerId, qualifier, npi }) => JSON.stringify([payerId, qualifier, npi ?? null]));
  return keys.flatMap((key, i) =>
    keys.indexOf(key) === i
      ? []
      : [{ severity: 'block', path: `/secondaryIds/${i}`, message: 'The same payer, code and provider stand here twice.' }],
  );
}
