import type { LoopPlace, LoopRule, SegmentRule } from './model.ts';

/** Finds the loop and the rule that each segment of a file belongs to. Mutable; one per file. */
export interface Walker {
  readonly root: LoopRule;
  /** Open loops, outermost first, each with the table position of its last child. */
  readonly path: { readonly loop: LoopRule; position: number }[];
}

export interface WalkStep {
  /** How many open loops the segment ends. */
  readonly closed: number;
  /** Loops that it starts, outermost first. */
  readonly opened: readonly LoopRule[];
  /** Null when the guide has no place for the segment here; it then belongs to the loop that is open. */
  readonly rule: SegmentRule | null;
}

export function startWalk(root: LoopRule): Walker {
  return { root, path: [] };
}

/**
 * Moves on by one segment. Segments of equal table position may come in any order; a segment that the innermost loop has
 * no place for from here on is sought in the loops around it. Counts and required segments are not looked at.
 * `elements` are the raw elements, 01 first; `component` is the component separator.
 */
export function walk(walker: Walker, tag: string, elements: readonly string[], component: string): WalkStep {
  const { path } = walker;
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const frame = path[depth];
    if (frame === undefined) continue;
    for (const child of frame.loop.children) {
      if (child.position < frame.position) continue;
      if (child.kind === 'segment') {
        if (child.ordinal === 0 || !takes(child, tag, elements, component)) continue;
        const closed = path.length - 1 - depth;
        path.length = depth + 1;
        frame.position = child.position;
        return { closed, opened: [], rule: child };
      }
      const start = startOf(child, tag, elements, component);
      if (start === null) continue;
      const closed = path.length - 1 - depth;
      path.length = depth + 1;
      frame.position = child.position;
      for (const loop of start.loops) path.push({ loop, position: loop === start.loops.at(-1) ? start.rule.position : 0 });
      return { closed, opened: start.loops, rule: start.rule };
    }
  }
  const first = walker.root.children[0];
  if (first?.kind === 'segment' && first.tag === tag) {
    const closed = path.length;
    path.length = 0;
    path.push({ loop: walker.root, position: first.position });
    return { closed, opened: [walker.root], rule: first };
  }
  return { closed: 0, opened: [], rule: null };
}

/** A loop starts with its first segment; a loop that only groups others starts with the first of these that does. */
function startOf(
  place: LoopPlace,
  tag: string,
  elements: readonly string[],
  component: string,
): { readonly loops: readonly LoopRule[]; readonly rule: SegmentRule } | null {
  const first = place.loop.children[0];
  if (first === undefined) return null;
  if (first.kind === 'segment') return takes(first, tag, elements, component) ? { loops: [place.loop], rule: first } : null;
  const inner = startOf(first, tag, elements, component);
  return inner === null ? null : { loops: [place.loop, ...inner.loops], rule: inner.rule };
}

/** Segments that a guide tells apart by a qualifier: 0 = first element, 2 = HL03. */
const QUALIFIER: ReadonlyMap<string, number> = new Map([
  ['HL', 2],
  ...['NM1', 'REF', 'DTP', 'DTM', 'AMT', 'NTE', 'HI', 'CRC', 'QTY', 'PRV', 'N1'].map((tag): [string, number] => [tag, 0]),
]);

function takes(rule: SegmentRule, tag: string, elements: readonly string[], component: string): boolean {
  if (rule.tag !== tag) return false;
  const position = QUALIFIER.get(tag);
  if (position === undefined) return true;
  const element = rule.elements[position];
  const codes = element?.codes ?? element?.components[0]?.codes ?? null;
  const value = (elements[position] ?? '').split(component)[0] ?? '';
  return codes === null || codes.has(value);
}
