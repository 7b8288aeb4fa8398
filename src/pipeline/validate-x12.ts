import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ValidationAnswer } from '../../schemas/validation.ts';
import type { SnipType, X12Finding } from '../x12/837p/validate/finding.ts';
import type { ReceiverProfile } from '../x12/837p/validate/rules/rule.ts';
import { createValidator } from '../x12/837p/validate/validator.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';

/** Findings in one answer; a broken file of two megabytes may have hundreds of thousands. */
const MAX_FINDINGS = 1_000;
/** Bytes between two turns of the event loop: a few milliseconds of work. */
const PIECE = 64 * 1024;

/** Validates anybody's 837P and keeps nothing of it; payers are those configured here. Lets others have their turn in between. */
export async function validateX12(
  deps: { readonly codeSets: CodeSets; readonly payers: ReceiverProfile['payers']; readonly today: string },
  input: { readonly bytes: Uint8Array; readonly snip: readonly SnipType[] },
): Promise<ValidationAnswer> {
  const findings: X12Finding[] = [];
  let omitted = 0;
  const validator = createValidator(
    {
      snip: input.snip,
      today: deps.today,
      codeSets: deps.codeSets,
      receiver: { usage: null, senderId: null, receiverId: null, payers: deps.payers },
      own: false,
    },
    {
      finding: (finding) => {
        if (findings.length < MAX_FINDINGS) findings.push(finding);
        else omitted++;
      },
    },
  );
  for (let at = 0; at < input.bytes.length; at += PIECE) {
    if (at > 0) await nextTurn();
    validator.push(input.bytes.subarray(at, at + PIECE));
  }
  const summary = validator.end();
  return { valid: summary.errors === 0, summary, findings, omitted };
}
