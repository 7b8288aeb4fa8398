import type { Delimiters } from '../../delimiters.ts';
import type { SegmentRule } from '../../rules/model.ts';
import { HAS_COMPONENTS } from '../../scan.ts';
import type { ClaimFacts } from './rules/facts.ts';

/** One segment of a transaction set as it stands in the file, at a place that the guide has for it. */
export interface TreeSegment {
  readonly tag: string;
  /** Element 01 first, composites not taken apart, '' where absent. */
  readonly elements: readonly string[];
  /** HAS_EXTENDED and the like of `scan.ts`: what the segment holds somewhere. */
  readonly flags: number;
  /** What the guide says about it: loop id, name, elements. */
  readonly rule: SegmentRule;
  /** Counted from 1: in the file with the first ISA, in the set with the ST. */
  readonly inFile: number;
  readonly inSet: number;
  readonly delimiters: Delimiters;
}

/** One occurrence of a loop. What was misplaced or unknown is not in it: types 1 and 2 report that. */
export interface TreeLoop {
  /** `2010AA`. */
  readonly id: string;
  /** In file order; the first starts the loop, except where the file lacks it. */
  readonly segments: readonly TreeSegment[];
  readonly loops: readonly TreeLoop[];
}

/** A transaction set while it is read: what its claims share. */
export interface ReadSet {
  /** ISA, GS and ST above it; a segment that the file lacks is null. */
  readonly isa: TreeSegment | null;
  readonly gs: TreeSegment | null;
  readonly st: TreeSegment | null;
  /** BHT, with 1000A and 1000B below. */
  readonly header: TreeLoop;
}

/**
 * One claim with the levels it hangs from. 2000A holds 2010AA, AB and AC only, 2000B 2010BA and BB, 2000C 2010CA: other
 * claims and levels are never kept. A file may lack anything in here, and values are as they stand; types 1 and 2 have
 * reported what is missing or ill-formed, so a rule passes over it.
 */
export interface ReadClaim {
  readonly set: ReadSet;
  /** 2000A. */
  readonly billing: TreeLoop;
  /** 2000B. */
  readonly subscriber: TreeLoop;
  /** 2000C, null when the patient is the subscriber. */
  readonly patient: TreeLoop | null;
  /** 2300 and all below. */
  readonly loop: TreeLoop;
  /** The first claim of its set: what a set's claims share is looked at with this one. */
  readonly firstOfSet: boolean;
  /** What rules take apart once (`rules/facts.ts`); undefined until the first asks. */
  readonly memo: { facts: ClaimFacts | null | undefined };
}

/** The first loop of that id directly below, or null. */
export function childLoop(parent: TreeLoop, id: string): TreeLoop | null {
  for (const loop of parent.loops) if (loop.id === id) return loop;
  return null;
}

/** The first segment of that tag, and where given with that first element (for HI the first component), or null. */
export function segmentOf(loop: TreeLoop, tag: string, qualifier?: string): TreeSegment | null {
  for (const segment of loop.segments) if (isSegment(segment, tag, qualifier)) return segment;
  return null;
}

/** All segments of that tag and qualifier, in file order. */
export function segmentsOf(loop: TreeLoop, tag: string, qualifier?: string): readonly TreeSegment[] {
  return loop.segments.filter((segment) => isSegment(segment, tag, qualifier));
}

/** Element `n` (1-based) as it stands, '' where absent or where there is no segment. */
export function element(segment: TreeSegment | null, n: number): string {
  return segment?.elements[n - 1] ?? '';
}

/** Component `m` (1-based) of element `n`, '' where absent; a simple element is its own first component. */
export function component(segment: TreeSegment | null, n: number, m: number): string {
  if (segment === null) return '';
  const value = segment.elements[n - 1] ?? '';
  if ((segment.flags & HAS_COMPONENTS) === 0) return m === 1 ? value : '';
  const separator = segment.delimiters.component;
  let from = 0;
  for (let i = 1; i < m; i++) {
    from = value.indexOf(separator, from) + 1;
    if (from === 0) return '';
  }
  const end = value.indexOf(separator, from);
  return end === -1 ? value.slice(from) : value.slice(from, end);
}

function isSegment(segment: TreeSegment, tag: string, qualifier: string | undefined): boolean {
  return segment.tag === tag && (qualifier === undefined || component(segment, 1, 1) === qualifier);
}
