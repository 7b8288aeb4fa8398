import type { ClaimRule } from './rule.ts';

/** Checks of types 3 to 7, in the order in which they run; a balancing rule comes before one that trusts the sums. */
export const CLAIM_RULES: readonly ClaimRule[] = [];
