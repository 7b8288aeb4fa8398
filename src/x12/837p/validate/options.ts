import type { CodeSets } from '../../code-sets/code-sets.ts';
import type { SnipType } from './finding.ts';
import type { ReceiverProfile } from './rules/rule.ts';

export interface ValidateOptions {
  /** Which types to look at. */
  readonly snip: readonly SnipType[];
  /** `YYYY-MM-DD`, for rules on dates. */
  readonly today: string;
  readonly codeSets: CodeSets | null;
  readonly receiver: ReceiverProfile | null;
  /** True for a file of ours: house style, basic character set and our own limits apply too. */
  readonly own: boolean;
}

export const ALL_SNIP_TYPES: readonly SnipType[] = [1, 2, 3, 4, 5, 6, 7];
