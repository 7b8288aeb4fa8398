import { type ElementValue, emitSegmentValues } from './rules/check.ts';
import type { LoopPlace, LoopRule, SegmentRule } from './rules/model.ts';
import { emptyDraft, serializeDraft } from './serialize.ts';
import { X12WriteError } from './write-error.ts';

/** Where the writer stands in the guide's tree. Loops and segments must come in table order, no more often than the table says, none of the required ones missing. */
export interface Cursor {
  /** Open loops, outermost first, and per open loop the ordinal of the last child and how often it came; `depth` of them are in use. */
  readonly loops: LoopRule[];
  readonly last: number[];
  readonly count: number[];
  depth: number;
}

/** A cursor inside the root loop. */
export function openCursor(root: LoopRule): Cursor {
  return { loops: [root], last: [-1], count: [0], depth: 0 };
}

/** Enters one occurrence of a child loop of the loop that is open. Throws X12WriteError `placement`, `order`, `repeat`, `missing` or `not_used`. */
export function enterLoop(cursor: Cursor, place: LoopPlace): void {
  const { loop } = place;
  if ((cursor.loops[cursor.depth] as LoopRule).children[place.ordinal] !== place) {
    throw new X12WriteError({ loop: loop.id, segment: loop.id, element: null }, 'placement');
  }
  advance(cursor, place, loop.id, loop.id);
  cursor.depth++;
  cursor.loops[cursor.depth] = loop;
  cursor.last[cursor.depth] = -1;
  cursor.count[cursor.depth] = 0;
}

/** Leaves the loop that is open. Throws X12WriteError `missing` when a required child never came. */
export function leaveLoop(cursor: Cursor): void {
  requireNothingSkipped(cursor.loops[cursor.depth] as LoopRule, cursor.last[cursor.depth] as number, Number.POSITIVE_INFINITY);
  cursor.depth--;
}

/** A file under way: where it stands in the guide, its text so far, and how many segments the open set has. */
export interface SetWriter {
  readonly cursor: Cursor;
  /** What follows every terminator: a line end or nothing. */
  readonly lineEnd: string;
  text: string;
  segmentCount: number;
}

/** Enters a loop of the set. Throws X12WriteError. */
export function openLoop(writer: SetWriter, place: LoopPlace): void {
  enterLoop(writer.cursor, place);
}

/** Leaves the loop that is open. Throws X12WriteError when something required never came. */
export function closeLoop(writer: SetWriter): void {
  leaveLoop(writer.cursor);
}

/** Checks a segment and appends it. Throws X12WriteError. */
export function addSegment(writer: SetWriter, rule: SegmentRule, values: readonly ElementValue[]): void {
  writer.text += checkedSegment(writer.cursor, rule, values) + writer.lineEnd;
  writer.segmentCount += 1;
}

/**
 * Checks one segment against its place and its rule and gives its text with the terminator: composites joined, trailing
 * absent elements and components left out. Throws X12WriteError.
 */
export function checkedSegment(cursor: Cursor, rule: SegmentRule, values: readonly ElementValue[]): string {
  if ((cursor.loops[cursor.depth] as LoopRule).children[rule.ordinal] !== rule) {
    throw new X12WriteError({ loop: rule.loop, segment: rule.tag, element: null }, 'placement');
  }
  advance(cursor, rule, rule.loop, rule.tag);
  const violation = emitSegmentValues(rule, values, emptyDraft());
  if (violation !== null) {
    throw new X12WriteError({ loop: rule.loop, segment: rule.tag, element: violation.element }, violation.rule);
  }
  return serializeDraft(rule.tag);
}

function advance(cursor: Cursor, to: SegmentRule | LoopPlace, loopId: string, what: string): void {
  const { depth } = cursor;
  const { ordinal } = to;
  const last = cursor.last[depth] as number;
  let broken: string | null = null;
  if (to.usage === 'N') broken = 'not_used';
  else if (ordinal < last) broken = 'order';
  else if (ordinal === last && (cursor.count[depth] as number) >= to.repeat) broken = 'repeat';
  if (broken !== null) throw new X12WriteError({ loop: loopId, segment: what, element: null }, broken);
  if (ordinal === last) {
    cursor.count[depth] = (cursor.count[depth] as number) + 1;
    return;
  }
  requireNothingSkipped(cursor.loops[depth] as LoopRule, last, ordinal);
  cursor.last[depth] = ordinal;
  cursor.count[depth] = 1;
}

function requireNothingSkipped(loop: LoopRule, last: number, next: number): void {
  const required = loop.nextRequired[last + 1] as number;
  if (required >= next) return;
  const child = loop.children[required];
  const name = child === undefined ? loop.id : child.kind === 'loop' ? child.loop.id : child.tag;
  throw new X12WriteError({ loop: loop.id, segment: name, element: null }, 'missing');
}
