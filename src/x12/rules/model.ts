import type { FormatName } from './formats.ts';

/** R required, S situational, N must be absent. */
export type Usage = 'R' | 'S' | 'N';
/** X12 element types as far as the guides use them; C is a composite. */
export type ElementType = 'AN' | 'ID' | 'N0' | 'R' | 'DT' | 'TM' | 'C';

/** How a value is checked, decided once from the rest of the rule. */
export type CheckKind = 'absent' | 'one_code' | 'codes' | 'text' | 'shape' | 'composite';

export interface ElementRule {
  readonly check: CheckKind;
  /** `NM103`, `CLM05-01`. */
  readonly ref: string;
  readonly name: string;
  readonly usage: Usage;
  readonly type: ElementType;
  /** Characters; for R without sign and point. */
  readonly min: number;
  readonly max: number;
  /** The only values allowed, null = any. */
  readonly codes: ReadonlySet<string> | null;
  /** The code where there is only one; a comparison is cheaper than a set. */
  readonly onlyCode: string | null;
  /** Name of an external code list (`states`, `pos` …), checked where such a list is loaded. */
  readonly external: string | null;
  readonly pattern: RegExp | null;
  /** Further shapes, some of them only beside a certain qualifier; all that apply must hold. */
  readonly formats: readonly FormatRule[];
  readonly components: readonly ElementRule[];
}

export interface FormatRule {
  readonly format: FormatName;
  readonly test: (value: string) => boolean;
  /** 1-based element (or, inside a composite, component) that must have one of these values; null = always. */
  readonly when: { readonly position: number; readonly values: readonly string[] } | null;
}

/** `P0809` → kind P over elements 8 and 9. P all or none, R at least one, E at most one, C first needs the rest, L first needs one of the rest. */
export interface SyntaxNote {
  readonly text: string;
  readonly kind: 'P' | 'R' | 'E' | 'C' | 'L';
  readonly elements: readonly number[];
  /** Bit n-1 for element n; no segment of our guides has more than 24. */
  readonly mask: number;
  /** The bit of the first element named. */
  readonly first: number;
}

export interface SegmentRule {
  readonly kind: 'segment';
  /** Counts the segments of a guide from 0 in table order, so that what is derived from each can stand in an array. */
  readonly id: number;
  readonly loop: string;
  readonly tag: string;
  readonly name: string;
  readonly usage: Usage;
  readonly repeat: number;
  /** Place in the guide's table; equal places may come in any order. */
  readonly position: number;
  /** Index among the children of its loop: the order in which we write. */
  readonly ordinal: number;
  readonly notes: readonly SyntaxNote[];
  readonly elements: readonly ElementRule[];
  /** Bits of the elements that were there when required elements and syntax notes were last found to hold; -1 = never yet. */
  readonly lastGood: { present: number };
  /** ISA: elements of fixed width, padded with spaces. */
  readonly fixedWidth: boolean;
  /** Neither composites nor fixed width: the characters of all its elements can be checked in one pass. */
  readonly plain: boolean;
}

/** A loop as a child of another one: the same loop (2300) may hang at two places with different usage. */
export interface LoopPlace {
  readonly kind: 'loop';
  readonly usage: Usage;
  readonly repeat: number;
  readonly position: number;
  readonly ordinal: number;
  readonly loop: LoopRule;
}

export interface LoopRule {
  readonly id: string;
  readonly name: string;
  readonly children: readonly (SegmentRule | LoopPlace)[];
  /** `nextRequired[i]`: the first required child at or after ordinal i, Infinity if there is none. */
  readonly nextRequired: readonly number[];
}
