import type { Finding } from '../../../schemas/common.ts';
import type { Policy } from '../payers/policy.ts';
import type { Edit } from './edit.ts';

/**
 * What a payer's own severity makes of a finding on one of its attendees: the finding, a milder or harder one, or
 * nothing. A rule that no payer may switch off (✱ in `02` §2.2) stays as it is, whatever the payer's data say.
 */
export function applyOverride(
  finding: Finding,
  edit: Pick<Edit, 'id' | 'payerOverridable'>,
  policy: Pick<Policy, 'overrides'> | null,
): readonly Finding[] {
  const wanted = policy?.overrides[edit.id];
  if (wanted === undefined || !edit.payerOverridable) return [finding];
  return wanted === 'off' ? [] : [{ ...finding, severity: wanted }];
}
