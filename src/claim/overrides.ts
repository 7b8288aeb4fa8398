import type { HoldLift } from '../../schemas/claim.ts';
import { duplicateRule } from '../../schemas/override.ts';
import type { ProfessionalClaim } from '../x12/837p/model.ts';
import { claimKeys, type KeyInput } from './build/keys.ts';
import type { ClaimDraft } from './draft.ts';
import type { Confidence } from './payers/policy.ts';

/** As strings, to ask about any rule. */
export const DUPLICATE_RULES: readonly string[] = duplicateRule.options;

/** Holds that one person must not lift alone (`03` §3.2): an override of two people does. */
export const TWO_PERSON_RULES: readonly string[] = [...DUPLICATE_RULES, 'A21', 'A23', 'S10'];

/** Lifted by nobody: only a consent on record, or sent with an amendment, lets a Part 2 claim go (42 CFR 2.31, 2.33). */
export const CONSENT_RULE = 'A19';

/** Holds about where and when somebody was: keys say nothing of it. */
export const PRESENCE_RULES: readonly string[] = ['A04', 'S10', 'S11'];

/** What lifts a hold: a block only an amendment does, what may be a second original only two people, Part 2 only a consent. */
export function liftOf(hold: { readonly rule: string; readonly severity: string }): HoldLift {
  if (hold.severity === 'block') return 'amendment';
  if (hold.rule === CONSENT_RULE) return 'consent';
  return TWO_PERSON_RULES.includes(hold.rule) ? 'override' : 'reason';
}

/** Everything that an override may name: also what one person may lift, where a practice wants two to decide it. */
export const OVERRIDABLE_RULES = ['A04', 'A05', 'A21', 'A23', 'K1', 'K3', 'S10', 'S11'] as const;

/** R6: a denial for one of these means that another payer is the right one. `effectiveFrom` null = as long as the list knows. */
export const WRONG_PAYER_CARCS: readonly {
  readonly carc: string;
  readonly effectiveFrom: string | null;
  readonly confidence: Confidence;
  readonly source: string;
}[] = ['22', '24', '26', '27', '31', '109'].map((carc) => ({
  carc,
  effectiveFrom: null,
  confidence: 'D',
  source: 'spec 03 §3.2 R6; X12 claim adjustment reason codes',
}));

/** States of an original that is out of the way of another payer's (R6); denied ones by reason. */
export const WRONG_PAYER_STATES = ['rejected', 'voided', 'denied'] as const;

const NOT_ORDERED = Number.MAX_SAFE_INTEGER;

const withModifier = (claim: ProfessionalClaim, modifier: string, order: readonly string[]): ProfessionalClaim | null => {
  const [first, ...rest] = claim.lines;
  if (first === undefined || first.modifiers.includes(modifier)) return claim;
  const rank = (m: string) => (order.includes(m) ? order.indexOf(m) : NOT_ORDERED);
  const modifiers = [...first.modifiers, modifier].sort((a, b) => rank(a) - rank(b));
  return modifiers.length > 4 ? null : { ...claim, lines: [{ ...first, modifiers }, ...rest] };
};

/**
 * A draft as it goes out under an override: the modifier on its group line, in the payer's order, and duplicate keys of the
 * override's number (R7: a modifier alone never lifts a key). Null when there is no claim to alter or no place for a fifth
 * modifier.
 */
export function underOverride(
  draft: ClaimDraft,
  named: Omit<KeyInput, 'claim' | 'overrideNumber'>,
  override: { readonly number: number; readonly modifier: string | null },
  modifierOrder: readonly string[],
): ClaimDraft | null {
  if (draft.claim === null) return null;
  const claim = override.modifier === null ? draft.claim : withModifier(draft.claim, override.modifier, modifierOrder);
  if (claim === null) return null;
  const { duplicateKeys } = claimKeys({ ...named, claim, overrideNumber: override.number });
  return { ...draft, claim, duplicateKeys };
}
