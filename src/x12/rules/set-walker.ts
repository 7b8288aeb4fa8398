import { type ChildNode, type LoopNode, takes } from './guide-tree.ts';
import { copyOf, type Frame, giveFramesBack, resetFrame, type SegmentPosition, takeFrames, total } from './walk-frame.ts';

/**
 * What is wrong with the place of a segment. `max_use` more often than the guide allows, `order` its place is behind us,
 * `qualifier` the guide has such a segment here but not with that qualifier, `unexpected` it belongs elsewhere in the
 * guide, `unknown` it belongs nowhere in it.
 */
export type PlaceFault = 'max_use' | 'order' | 'qualifier' | 'unexpected' | 'unknown';

/** Told in file order, except `missing`, which comes when the loop ends. */
export interface WalkEvents {
  opened(loop: LoopNode, depth: number): void;
  closed(loop: LoopNode, depth: number): void;
  /** `child` is where the guide has the segment (for `max_use` and `order`), else null. `loop` is the innermost open one. */
  misplaced(fault: PlaceFault, child: ChildNode | null, loop: LoopNode): void;
  /** A required child of `loop` did not come and was missed at `at`. `implied`: its loop is there, only the segment that starts it is not. */
  missing(child: ChildNode, loop: LoopNode, at: SegmentPosition, implied: boolean): void;
}

/** A set walker says where each segment of a transaction set belongs. */
export interface SetWalker {
  /** The place of the next segment, null where it has none; then it belongs to nothing. */
  place(tag: string, elements: readonly string[], component: string, at: SegmentPosition): ChildNode | null;
  /** Ends the set: closes what is open. Without `complete` nothing is reported as missing. */
  end(at: SegmentPosition, complete: boolean): void;
  /** Ends the walker's use; no other call may follow. */
  release(): void;
  /** The open loop that the last placed segment belongs to: 0 the set itself, 1 the loop in it … */
  belongsTo(): number;
}

interface Found {
  readonly depth: number;
  readonly child: ChildNode;
}

/** Tags that only say more about the segment before them; behind a stray one they are no second fault. */
const DETAIL: ReadonlySet<string> = new Set(['N2', 'N3', 'N4', 'REF', 'PER', 'PRV', 'DMG', 'DTP']);
/** Loops that start with nothing but a number, so that a repeated first segment means a new loop without it. */
const NUMBERED: ReadonlySet<string> = new Set(['HL', 'LX']);

const MAX_DEPTH = 12;

/** A walker at the beginning of a set. After `end` it can be used for the next one. */
export function createSetWalker(root: LoopNode, events: WalkEvents): SetWalker {
  const borrowed = takeFrames(root, MAX_DEPTH);
  const { frames, counts } = borrowed;
  let top = 0;
  /** Unknown segments just before: each explains one required segment that is not there. */
  let unknown = 0;
  /** The segment before was misplaced. */
  let stray = false;
  /** Inside what looks like a loop that the guide does not have here. */
  let insideStray = false;
  let tagBefore = '';
  let belongsTo = 0;
  let here: SegmentPosition = { inFile: 0, inSet: 0 };
  open(root, 0, '');

  function open(node: LoopNode, depth: number, key: string): void {
    resetFrame(frames[depth] as Frame, counts, node, key);
    top = depth;
  }

  function close(depth: number, complete: boolean): void {
    for (let d = top; d > depth; d--) closeOne(frames[d] as Frame, d, complete);
    top = depth;
  }

  function closeOne(frame: Frame, depth: number, complete: boolean): void {
    const { node } = frame;
    if (complete && node.required.length > 0) {
      notePassed(frame, Number.POSITIVE_INFINITY);
      node.required.forEach((child, i) => {
        const gap = frame.gaps?.[i];
        if (counts[frame.base + child.index] === 0 && gap != null) events.missing(child, node, gap, false);
      });
    }
    events.closed(node, depth);
  }

  /** Notes for every required child before `index` that it has not come so far, and where that was noticed. */
  function notePassed(frame: Frame, index: number): void {
    const { required } = frame.node;
    while (frame.passed < required.length) {
      const child = required[frame.passed] as ChildNode;
      if (child.index >= index) return;
      if (counts[frame.base + child.index] === 0) {
        frame.gaps ??= [];
        frame.gaps[frame.passed] = unknown > 0 ? null : copyOf(here);
        if (unknown > 0) unknown--;
      }
      frame.passed++;
    }
  }

  function accept(depth: number, child: ChildNode, elements: readonly string[]): ChildNode {
    const frame = frames[depth] as Frame;
    if (depth < top) {
      if ((frames[depth + 1] as Frame).node === child.loop) forgetImplied(depth + 1);
      close(depth, true);
    }
    if (frame.passed < frame.node.required.length) notePassed(frame, child.index);
    counts[frame.base + child.index] = (counts[frame.base + child.index] as number) + 1;
    if (child.position > frame.position) frame.position = child.position;
    belongsTo = depth;
    enter(depth, child, elements[0] ?? '');
    unknown = 0;
    stray = false;
    if (child.loop !== null) insideStray = false;
    return child;
  }

  /** A loop that one segment seemed to imply and that now starts: the segment was a stray, and nothing is missing from it. */
  function forgetImplied(depth: number): void {
    const frame = frames[depth] as Frame;
    if (frame.implied && total(frame, counts) === 1) frame.passed = frame.node.required.length;
  }

  function enter(depth: number, child: ChildNode, key: string): void {
    if (child.loop === null) return;
    belongsTo = depth + 1;
    open(child.loop, depth + 1, key);
    events.opened(child.loop, depth + 1);
  }

  function place(tag: string, elements: readonly string[], component: string, at: SegmentPosition): ChildNode | null {
    here = at;
    const child = placeNow(tag, elements, component);
    tagBefore = tag;
    return child;
  }

  function placeNow(tag: string, elements: readonly string[], component: string): ChildNode | null {
    for (let depth = top; depth >= 0; depth--) {
      const frame = frames[depth] as Frame;
      const candidates = frame.node.byTag.get(tag);
      if (candidates === undefined) continue;
      for (let i = 0; i < candidates.length; i++) {
        const child = candidates[i] as ChildNode;
        if (child.position < frame.position || (counts[frame.base + child.index] as number) >= child.repeat) continue;
        if (takes(child, elements, component)) return accept(depth, child, elements);
      }
    }
    return misplace(tag, elements, component);
  }

  function misplace(tag: string, elements: readonly string[], component: string): ChildNode | null {
    const takesIt = (child: ChildNode): boolean => takes(child, elements, component);
    const late = findPlace(tag, takesIt);
    if (impliedLoop(tag, takesIt, late)) return placeNow(tag, elements, component);
    const silent = (stray || insideStray) && DETAIL.has(tag);
    if (late !== null) return acceptLate(late.depth, late.child, elements, silent);
    const loop = wrongQualifier(tag, elements);
    if (loop !== null) return accept(loop.depth, loop.child, elements);
    if (!silent) {
      const similar = findPlace(tag, () => true);
      const fault = similar !== null ? 'qualifier' : root.tags.has(tag) ? 'unexpected' : 'unknown';
      events.misplaced(fault, similar?.child ?? null, (frames[top] as Frame).node);
      unknown++;
      if (!DETAIL.has(tag)) insideStray = true;
    }
    stray = true;
    return null;
  }

  /** Takes a segment too often or too late; the loops that are open stay open, so that what follows still finds its place. */
  function acceptLate(depth: number, child: ChildNode, elements: readonly string[], silent: boolean): ChildNode {
    const frame = frames[depth] as Frame;
    const before = counts[frame.base + child.index] as number;
    const tooOften = before >= child.repeat;
    if (!silent && (!tooOften || before === child.repeat)) {
      events.misplaced(tooOften ? 'max_use' : 'order', child, frame.node);
    }
    counts[frame.base + child.index] = before + 1;
    belongsTo = depth;
    if (tooOften && child.position >= frame.position && child.loop !== null) {
      close(depth, true);
      frame.position = child.position;
      enter(depth, child, elements[0] ?? '');
    } else if (child.loop !== null && top + 1 < MAX_DEPTH) enter(top, child, elements[0] ?? '');
    stray = true;
    return child;
  }

  /** The innermost open loop that has such a segment, wherever it stands in it. */
  function findPlace(tag: string, fits: (child: ChildNode) => boolean): Found | null {
    for (let depth = top; depth >= 0; depth--) {
      const child = (frames[depth] as Frame).node.byTag.get(tag)?.find(fits);
      if (child !== undefined) return { depth, child };
    }
    return null;
  }

  /** A segment may belong to a loop whose first segment is missing. Reports that one, opens the loop and answers true. */
  function impliedLoop(tag: string, takesIt: (child: ChildNode) => boolean, late: Found | null): boolean {
    for (let depth = top; depth >= 0; depth--) {
      const frame = frames[depth] as Frame;
      for (const child of frame.node.children) {
        const count = counts[frame.base + child.index] as number;
        if (child.loop === null || child.position < frame.position || count >= child.repeat) continue;
        if (!child.loop.byTag.get(tag)?.some(takesIt)) continue;
        const inner = depth < top ? (frames[depth + 1] as Frame) : null;
        const implied = inner?.node === child.loop ? startsAgain(child, tag, inner) : mayBegin(child, tag, count, late, depth);
        if (!implied) continue;
        close(depth, true);
        notePassed(frame, child.index);
        if (unknown > 0) unknown--;
        else events.missing(child, frame.node, copyOf(here), true);
        counts[frame.base + child.index] = count + 1;
        frame.position = child.position;
        enter(depth, child, '');
        (frames[top] as Frame).implied = true;
        return true;
      }
    }
    return false;
  }

  /** Where only a number starts a loop (HL, LX), its first required segment once more means another one. */
  function startsAgain({ check, loop }: ChildNode, tag: string, inner: Frame): boolean {
    const first = loop?.required[0];
    if (first === undefined || first.loop !== null || !NUMBERED.has(check.rule.tag)) return false;
    return first.check.rule.tag === tag && tag !== tagBefore && (counts[inner.base + first.index] as number) > 0;
  }

  /**
   * A segment that has no other place begins any loop; a detail behind a stray segment, only one that must come now. So
   * does a detail that is too late in the loop beside it, unless it follows its like (N3 after N3).
   */
  function mayBegin(child: ChildNode, tag: string, count: number, late: Found | null, depth: number): boolean {
    const due = child.required && count === 0;
    if (late === null) return due || !(insideStray && DETAIL.has(tag));
    return due && DETAIL.has(tag) && tag !== tagBefore && late.depth > depth;
  }

  /** The loop that a segment with a wrong qualifier most likely starts: the required one that has not come, or for an HL the one below its parent. */
  function wrongQualifier(tag: string, elements: readonly string[]): Found | null {
    for (let depth = top; depth >= 0; depth--) {
      const frame = frames[depth] as Frame;
      for (const child of frame.node.byTag.get(tag) ?? []) {
        const count = counts[frame.base + child.index] as number;
        if (child.loop === null || child.position < frame.position || count >= child.repeat) continue;
        if (tag === 'HL' ? frame.key === (elements[1] ?? '') : child.required && count === 0) return { depth, child };
      }
    }
    return null;
  }

  function end(at: SegmentPosition, complete: boolean): void {
    here = at;
    close(0, complete);
    closeOne(frames[0] as Frame, 0, complete);
    unknown = 0;
    stray = false;
    insideStray = false;
    tagBefore = '';
    open(root, 0, '');
  }

  return {
    place,
    end,
    release: () => giveFramesBack(root, borrowed),
    belongsTo: () => belongsTo,
  };
}
