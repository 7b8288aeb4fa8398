import type { Finding, Severity } from '../../../schemas/common.ts';
import type { Policy } from '../payers/policy.ts';
import type { Edit } from './edit.ts';

const MILDEST_FIRST: readonly Severity[] = ['info', 'warn', 'hold', 'block'];
const milder = (a: Severity, b: Severity): Severity => (MILDEST_FIRST.indexOf(a) < MILDEST_FIRST.indexOf(b) ? a : b);

/**
 * What a payer's own severity makes of a finding on one of its attendees: the finding, a milder or harder one, or
 * nothing. It stands in the place of the rule's default severity; what the rule itself finds milder than that ("nearly
 * used up", "not sent, so not checked") is capped by it and never raised. A rule that no payer may switch off (✱ in
 * `02` §2.2) stays as it is, whatever the payer's data say.
 */
export function applyOverride(
  finding: Finding,
  edit: Pick<Edit, 'id' | 'payerOverridable' | 'severity'>,
  policy: Pick<Policy, 'overrides'> | null,
): readonly Finding[] {
  const wanted = policy?.overrides[edit.id];
  if (wanted === undefined || !edit.payerOverridable) return [finding];
  if (wanted === 'off') return [];
  const isMilder = MILDEST_FIRST.indexOf(finding.severity) < MILDEST_FIRST.indexOf(edit.severity);
  return [{ ...finding, severity: isMilder ? milder(finding.severity, wanted) : wanted }];
}
