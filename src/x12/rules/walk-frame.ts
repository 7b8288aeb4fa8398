import type { LoopNode } from './guide-tree.ts';

/** Where a segment stands; both count from 1. */
export interface SegmentPosition {
  readonly inFile: number;
  readonly inSet: number;
}

/** One open loop of a set that is being read. */
export interface Frame {
  node: LoopNode;
  position: number;
  /** How often each child came. */
  readonly counts: Uint32Array;
  /** How many required children have been passed, and where each was; `null` = put down to an unknown segment. */
  passed: number;
  readonly gaps: (SegmentPosition | null | undefined)[];
  /** HL01 where the loop starts with an HL. */
  key: string;
  /** The segment that starts it is missing. */
  implied: boolean;
}

/** Frames to be used again and again, one per depth. */
export function newFrames(root: LoopNode, depth: number): readonly Frame[] {
  const widest = maxChildren(root);
  return Array.from({ length: depth }, () => ({
    node: root,
    position: 0,
    counts: new Uint32Array(widest),
    passed: 0,
    gaps: [],
    key: '',
    implied: false,
  }));
}

/** Makes it a loop that has just been opened. */
export function resetFrame(frame: Frame, node: LoopNode, key: string): void {
  frame.node = node;
  frame.position = 0;
  frame.counts.fill(0, 0, node.children.length);
  frame.passed = 0;
  frame.gaps.length = 0;
  frame.key = key;
  frame.implied = false;
}

/** How many segments and loops have come in it. */
export const total = ({ counts, node }: Frame): number => node.children.reduce((sum, c) => sum + (counts[c.index] as number), 0);

export const copyOf = ({ inFile, inSet }: SegmentPosition): SegmentPosition => ({ inFile, inSet });

function maxChildren(node: LoopNode): number {
  return node.children.reduce((most, c) => Math.max(most, c.loop === null ? 0 : maxChildren(c.loop)), node.children.length);
}

/** Every segment tag of a guide. */
export function allTags(node: LoopNode, into = new Set<string>()): ReadonlySet<string> {
  for (const child of node.children) {
    into.add(child.check.rule.tag);
    if (child.loop !== null) allTags(child.loop, into);
  }
  return into;
}
