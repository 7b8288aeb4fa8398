import { decodeX12, type ReadSegment, readSegments, splitComponents } from '../read.ts';
import type { ElementRule, LoopRule, SegmentRule } from '../rules/model.ts';
import { startWalk, walk } from '../rules/walker.ts';
import { GUIDE } from './rules.ts';

export interface ExplainElement {
  /** `NM103`, `CLM05-01`. */
  readonly ref: string;
  /** Name in the guide, '' where it has none. */
  readonly name: string;
  readonly value: string;
}

export type ExplainNode =
  | { readonly kind: 'loop'; readonly id: string; readonly name: string; readonly children: readonly ExplainNode[] }
  | {
      readonly kind: 'segment';
      readonly tag: string;
      /** Name in the guide, null where the guide has no such segment at this place. */
      readonly name: string | null;
      /** The segment as it stands in the file, without its terminator. */
      readonly text: string;
      /** Elements that hold something, composites taken apart. */
      readonly elements: readonly ExplainElement[];
    }
  | { readonly kind: 'fault'; readonly reason: string; readonly offset: number };

type Loop = { kind: 'loop'; id: string; name: string; children: ExplainNode[] };

/**
 * An 837P file as a tree of named loops and segments (005010X222A1), whatever its delimiters. Segments that the guide
 * has no place for stay where they are, without a name; what cannot be read ends the list as a `fault`. Never throws.
 */
export function explain(bytes: Uint8Array): readonly ExplainNode[] {
  const { segments, fault } = readSegments(decodeX12(bytes));
  const top: ExplainNode[] = [];
  const open: Loop[] = [];
  const walker = startWalk(GUIDE);
  for (const segment of segments) {
    const step = walk(walker, segment.tag, segment.elements, segment.delimiters.component);
    open.length -= step.closed;
    for (const loop of step.opened) {
      const node = loopNode(loop);
      (open.at(-1)?.children ?? top).push(node);
      open.push(node);
    }
    (open.at(-1)?.children ?? top).push(segmentNode(segment, step.rule));
  }
  if (fault !== null) top.push({ kind: 'fault', ...fault });
  return top;
}

/** The tree as text for a terminal: loops with their names, one line per segment, indented by two. With `elements` one more line per element. */
export function renderTree(bytes: Uint8Array, options: { readonly elements?: boolean } = {}): string {
  const lines: string[] = [];
  for (const node of explain(bytes)) render(node, '', options.elements === true, lines);
  return `${lines.join('\n')}\n`;
}

function loopNode(loop: LoopRule): Loop {
  return { kind: 'loop', id: loop.id.replace('_LOOP', ''), name: loop.name, children: [] };
}

function segmentNode(segment: ReadSegment, rule: SegmentRule | null): ExplainNode {
  const { tag, elements, delimiters } = segment;
  const explained: ExplainElement[] = [];
  elements.forEach((value, i) => {
    if (value.trim() === '') return;
    const element = rule?.elements[i];
    const ref = element?.ref ?? `${tag}${String(i + 1).padStart(2, '0')}`;
    const components = tag === 'ISA' ? [value] : splitComponents(value, delimiters);
    if (components.length === 1 && (element === undefined || element.components.length === 0)) {
      explained.push({ ref, name: element?.name ?? '', value });
      return;
    }
    components.forEach((part, n) => {
      if (part !== '') explained.push(componentOf(element, ref, n, part));
    });
  });
  return {
    kind: 'segment',
    tag,
    name: rule?.name ?? null,
    text: [tag, ...elements].join(delimiters.element),
    elements: explained,
  };
}

function componentOf(element: ElementRule | undefined, ref: string, n: number, value: string): ExplainElement {
  const rule = element?.components[n];
  return { ref: rule?.ref ?? `${ref}-${String(n + 1).padStart(2, '0')}`, name: rule?.name ?? '', value };
}

function render(node: ExplainNode, indent: string, withElements: boolean, lines: string[]): void {
  if (node.kind === 'fault') {
    lines.push(`${indent}cannot be read from character ${node.offset} on: ${node.reason}`);
    return;
  }
  if (node.kind === 'loop') {
    lines.push(`${indent}${node.id} ${node.name}`);
    for (const child of node.children) render(child, `${indent}  `, withElements, lines);
    return;
  }
  lines.push(`${`${indent}${node.text}`.padEnd(72)}  ${node.name ?? 'not in the guide at this place'}`.trimEnd());
  if (!withElements) return;
  for (const { ref, name, value } of node.elements)
    lines.push(`${indent}    ${ref.padEnd(8)} ${value}${name === '' ? '' : `  (${name})`}`);
}
