import { type SegmentCheck, segmentCheck } from './inspect.ts';
import type { LoopPlace, LoopRule, SegmentRule } from './model.ts';

/** A loop of a guide, made ready for reading: what may come in it, by segment tag. */
export interface LoopNode {
  readonly id: string;
  readonly name: string;
  /** The segment that starts it. */
  readonly start: SegmentCheck | null;
  readonly children: readonly ChildNode[];
  readonly byTag: ReadonlyMap<string, readonly ChildNode[]>;
  /** In the order of the guide. */
  readonly required: readonly ChildNode[];
  /** Every segment tag in it and below. */
  readonly tags: ReadonlySet<string>;
  /** The most children that it or a loop below has. */
  readonly widest: number;
}

/** A segment, or a loop by the segment that starts it, at its place in a loop. */
export interface ChildNode {
  /** Place among the children. */
  readonly index: number;
  /** Equal positions may come in any order. */
  readonly position: number;
  readonly repeat: number;
  readonly required: boolean;
  readonly check: SegmentCheck;
  /** The element that tells segments of one tag apart (0 = first), -1 where nothing does, and its codes. */
  readonly qualifierAt: number;
  readonly qualifiers: ReadonlySet<string> | null;
  /** The only one, where there is one; a comparison is cheaper than a set. */
  readonly onlyQualifier: string | null;
  readonly loop: LoopNode | null;
}

/** Segments that a guide tells apart by a qualifier: 0 = first element, 1 = PWK02, 2 = HL03. */
const QUALIFIER: ReadonlyMap<string, number> = new Map([
  ['HL', 2],
  ['PWK', 1],
  ...['NM1', 'REF', 'DTP', 'DTM', 'AMT', 'NTE', 'HI', 'CRC', 'QTY', 'PRV', 'N1'].map((tag): [string, number] => [tag, 0]),
]);

/** Distance between the positions of loops that only group others (`HEADER`, `DETAIL`), which are taken out of the tree. */
const GROUP = 1_000_000;

/** Prepares the loop of a transaction set with everything below it. ST and SE are the envelope's. */
export function guideTree(set: LoopRule): LoopNode {
  const children = set.children.filter((child) => child.kind === 'loop');
  return loopNode({ ...set, children }, null);
}

function loopNode(rule: LoopRule, start: SegmentCheck | null): LoopNode {
  const children: ChildNode[] = [];
  collect(rule, 0, start === null ? null : (rule.children[0] ?? null), children);
  const byTag = new Map<string, ChildNode[]>();
  for (const child of children) {
    const { tag } = child.check.rule;
    byTag.set(tag, [...(byTag.get(tag) ?? []), child]);
  }
  return {
    id: rule.id,
    name: rule.name,
    start,
    children,
    byTag,
    required: children.filter((c) => c.required),
    tags: new Set(children.flatMap((c) => [c.check.rule.tag, ...(c.loop?.tags ?? [])])),
    widest: Math.max(children.length, ...children.map((c) => c.loop?.widest ?? 0)),
  };
}

function collect(rule: LoopRule, base: number, start: SegmentRule | LoopPlace | null, into: ChildNode[]): void {
  for (const child of rule.children) {
    if (child === start || child.usage === 'N') continue;
    const position = base + child.position;
    if (child.kind === 'segment') {
      into.push(childNode(child, child, position, segmentCheck(child), null, into.length));
      continue;
    }
    const first = child.loop.children[0];
    if (first?.kind === 'segment' && isStart(child.loop, first)) {
      const check = segmentCheck(first);
      into.push(childNode(child, first, position, check, loopNode(child.loop, check), into.length));
    } else collect(child.loop, base + child.position * GROUP, null, into);
  }
}

/** The loop `HEADER` begins with a BHT, but no one sees it as a loop. */
const isStart = (loop: LoopRule, first: SegmentRule): boolean => first.tag !== 'BHT' && loop.children.length > 0;

function childNode(
  place: SegmentRule | LoopPlace,
  rule: SegmentRule,
  position: number,
  check: SegmentCheck,
  loop: LoopNode | null,
  index: number,
): ChildNode {
  const qualifierAt = QUALIFIER.get(rule.tag) ?? -1;
  const element = rule.elements[qualifierAt];
  const qualifiers = element?.codes ?? element?.components[0]?.codes ?? null;
  return {
    index,
    position,
    repeat: place.repeat,
    required: place.usage === 'R',
    check,
    qualifierAt: qualifiers === null ? -1 : qualifierAt,
    qualifiers,
    onlyQualifier: qualifiers?.size === 1 ? ([...qualifiers][0] ?? null) : null,
    loop,
  };
}

/** Whether the qualifier of a segment is one that the place takes. */
export function takes(child: ChildNode, elements: readonly string[], component: string): boolean {
  const { qualifierAt, qualifiers, onlyQualifier } = child;
  if (qualifiers === null) return true;
  const value = elements[qualifierAt];
  if (value === undefined) return false;
  if (onlyQualifier === null ? qualifiers.has(value) : value === onlyQualifier) return true;
  const end = value.indexOf(component);
  return end > 0 && qualifiers.has(value.slice(0, end));
}
