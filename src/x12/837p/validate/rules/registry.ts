import { BALANCING_RULES } from './balancing.ts';
import { BEHAVIORAL_RULES } from './behavioral.ts';
import { CLAIM_LEVEL_RULES } from './claim.ts';
import { CODE_LIST_RULES } from './code-lists.ts';
import { COORDINATION_RULES } from './coordination.ts';
import { DATE_RULES } from './dates.ts';
import { HOUSE_RULES } from './house.ts';
import { LINE_RULES } from './lines.ts';
import { PARTY_RULES } from './parties.ts';
import type { ClaimRule } from './rule.ts';
import { SHAPE_RULES } from './shapes.ts';

/** Checks of types 3 to 7, in the order in which they run; a balancing rule comes before one that trusts the sums. */
export const CLAIM_RULES: readonly ClaimRule[] = [
  ...BALANCING_RULES,
  ...COORDINATION_RULES,
  ...PARTY_RULES,
  ...CLAIM_LEVEL_RULES,
  ...LINE_RULES,
  ...DATE_RULES,
  ...SHAPE_RULES,
  ...CODE_LIST_RULES,
  ...BEHAVIORAL_RULES,
  ...HOUSE_RULES,
];
