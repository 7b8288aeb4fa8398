import type { Finding } from '../../schemas/common.ts';
import { CONSENT_RULE, TWO_PERSON_RULES } from '../claim/overrides.ts';
import type { Row } from '../ledger/types.ts';
import { ProblemError } from './problem.ts';

type Hold = Pick<Row<'claim_hold'>, 'rule' | 'severity' | 'path' | 'message'>;

/** Nobody lifts A19, neither alone nor in twos (42 CFR 2.31, 2.33). */
export const consentNeeded = (): ProblemError =>
  new ProblemError(409, 'consent_needed', 'Only the patient’s consent lets this claim go (42 CFR Part 2)', {
    detail:
      'Put the consent on record with PUT /v1/patients/{practiceId}/{externalId}/privacy, or amend the session with it: the claim is then judged again by itself.',
  });

/**
 * Of the holds that one person may not lift, those whose cause is gone: by what the claim has been judged to be just now.
 * `found` null: nothing speaks of this claim, so all of them stand.
 */
export function settledRules(holds: readonly Hold[], found: readonly Finding[] | null): readonly string[] {
  if (found === null) return [];
  const governed = [...TWO_PERSON_RULES, CONSENT_RULE];
  const still = new Set(found.filter((f) => f.severity === 'hold' || f.severity === 'block').map((f) => f.rule));
  return [...new Set(holds.map((h) => h.rule))].filter((r) => governed.includes(r) && !still.has(r));
}

/** Throws 409 with what is right instead when one person may not lift these holds. */
export function refuseUnliftable(holds: readonly Hold[], unbuildable: boolean): void {
  const named = (list: readonly Hold[]) => list.map((h) => ({ pointer: h.path, code: h.rule, message: h.message }));
  const blocking = holds.filter((h) => h.severity === 'block');
  if (blocking.length > 0 || unbuildable) {
    throw new ProblemError(409, 'blocked', 'A block is lifted only by an amendment of the session', { errors: named(blocking) });
  }
  if (holds.some((h) => h.rule === CONSENT_RULE)) throw consentNeeded();
  const governed = holds.filter((h) => TWO_PERSON_RULES.includes(h.rule));
  if (governed.length > 0) {
    throw new ProblemError(409, 'override_needed', 'These holds are lifted only by an override of two people', {
      detail: 'Ask for one with POST /v1/overrides; another person approves it.',
      errors: named(governed),
    });
  }
}
