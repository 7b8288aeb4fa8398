import type { LoopPlace, LoopRule, SegmentRule } from '../rules/model.ts';
import { parseGuideTable, qualifierCodes } from '../rules/table.ts';
import { GUIDE_CORRECTIONS, GUIDE_FORMATS, HOUSE_RULES } from './guide-corrections.ts';
import { GUIDE_TABLE } from './guide-table.ts';

/** 005010X222A1 as its table says, corrected: what any file is measured by (SNIP types 1 and 2), and the names that `explain` prints. */
export const GUIDE: LoopRule = parseGuideTable(GUIDE_TABLE, GUIDE_CORRECTIONS);

/** The same with code shapes and our own limits: what the writer may emit. */
export const WRITE_RULES: LoopRule = parseGuideTable(GUIDE_TABLE, [...GUIDE_CORRECTIONS, ...GUIDE_FORMATS, ...HOUSE_RULES]);

/** Every segment of GUIDE, each at its `id`: what a check derives from them stands in an array beside this one. */
export const GUIDE_SEGMENTS: readonly SegmentRule[] = [...segmentsBelow(GUIDE)].sort((a, b) => a.id - b.id);

/** Finds a loop of a guide by its id (`2010AA`). Throws when there is none: a misspelling in the program. */
export function loopRule(root: LoopRule, id: string): LoopRule {
  const found = findLoop(root, id);
  if (found === null) throw new Error(`no loop ${id}`);
  return found;
}

/** Finds the place of a loop under its parent. Throws when there is none. */
export function loopPlace(root: LoopRule, parentId: string, id: string): LoopPlace {
  const found = loopRule(root, parentId).children.find((c): c is LoopPlace => c.kind === 'loop' && c.loop.id === id);
  if (found === undefined) throw new Error(`no loop ${id} in ${parentId}`);
  return found;
}

/** Finds a segment of a loop by tag and, where a tag comes more than once, by a qualifier that it takes. Throws when there is none. */
export function segmentRule(root: LoopRule, loopId: string, tag: string, qualifier?: string): SegmentRule {
  const found = segmentRules(root, loopId, tag).find(
    (s) => qualifier === undefined || qualifierCodes(s.elements)?.has(qualifier) === true,
  );
  if (found === undefined) throw new Error(`no segment ${tag} ${qualifier ?? ''} in loop ${loopId}`);
  return found;
}

/** All segments of one tag in a loop, in table order. */
export function segmentRules(root: LoopRule, loopId: string, tag: string): readonly SegmentRule[] {
  return loopRule(root, loopId).children.filter((c): c is SegmentRule => c.kind === 'segment' && c.tag === tag);
}

/** Once each, though a loop may hang at two places. */
function segmentsBelow(loop: LoopRule): ReadonlySet<SegmentRule> {
  return new Set(loop.children.flatMap((c) => (c.kind === 'segment' ? [c] : [...segmentsBelow(c.loop)])));
}

function findLoop(loop: LoopRule, id: string): LoopRule | null {
  if (loop.id === id) return loop;
  for (const child of loop.children) {
    const found = child.kind === 'loop' ? findLoop(child.loop, id) : null;
    if (found !== null) return found;
  }
  return null;
}
