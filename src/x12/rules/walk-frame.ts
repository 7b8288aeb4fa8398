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
  /** Where its children's counts begin in `Counts`. */
  readonly base: number;
  /** How many required children have been passed, and where each was; `null` = put down to an unknown segment. */
  passed: number;
  gaps: (SegmentPosition | null | undefined)[] | null;
  /** HL01 where the loop starts with an HL. */
  key: string;
  /** The segment that starts it is missing. */
  implied: boolean;
}

/** How often each child of each open loop came, at the frame's base and the child's index. */
export type Counts = Uint32Array;

export interface Frames {
  /** One per depth. */
  readonly frames: readonly Frame[];
  readonly counts: Counts;
}

/** Frames that nobody uses now; making them is most of what a validator of a small file would cost. */
const idle = new Map<LoopNode, Frames[]>();

export function takeFrames(root: LoopNode, depth: number): Frames {
  const ready = idle.get(root)?.pop();
  if (ready !== undefined) return ready;
  const frames: Frame[] = [];
  for (let i = 0; i < depth; i++) {
    frames.push({ node: root, position: 0, base: i * root.widest, passed: 0, gaps: null, key: '', implied: false });
  }
  return { frames, counts: new Uint32Array(depth * root.widest) };
}

/** Gives frames back; their user must not touch them again. */
export function giveFramesBack(root: LoopNode, frames: Frames): void {
  const list = idle.get(root);
  if (list === undefined) idle.set(root, [frames]);
  else if (list.length < 4) list.push(frames);
}

/** Makes it a loop that has just been opened. */
export function resetFrame(frame: Frame, counts: Counts, node: LoopNode, key: string): void {
  frame.node = node;
  frame.position = 0;
  const end = frame.base + node.children.length;
  for (let i = frame.base; i < end; i++) counts[i] = 0;
  frame.passed = 0;
  frame.gaps = null;
  frame.key = key;
  frame.implied = false;
}

/** How many segments and loops have come in it. */
export const total = ({ base, node }: Frame, counts: Counts): number =>
  node.children.reduce((sum, c) => sum + (counts[base + c.index] as number), 0);

export const copyOf = ({ inFile, inSet }: SegmentPosition): SegmentPosition => ({ inFile, inSet });
