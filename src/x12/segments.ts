import { type ElementValue, emitSegmentValues, type Violation } from './rules/check.ts';
import type { LoopPlace, LoopRule, SegmentRule } from './rules/model.ts';
import { emptyDraft, isDraftClean, serializeDraft } from './serialize.ts';
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
  skipLoop(cursor, place);
  cursor.depth++;
  cursor.loops[cursor.depth] = place.loop;
  cursor.last[cursor.depth] = -1;
  cursor.count[cursor.depth] = 0;
}

/** Counts one occurrence of a child loop whose inside needs no look. Throws like `enterLoop`. */
function skipLoop(cursor: Cursor, place: LoopPlace): void {
  const { loop } = place;
  if ((cursor.loops[cursor.depth] as LoopRule).children[place.ordinal] !== place) {
    throw new X12WriteError({ loop: loop.id, segment: loop.id, element: null }, 'placement');
  }
  advance(cursor, place, loop.id, loop.id);
}

/** Leaves the loop that is open. Throws X12WriteError `missing` when a required child never came. */
export function leaveLoop(cursor: Cursor): void {
  requireNothingSkipped(cursor.loops[cursor.depth] as LoopRule, cursor.last[cursor.depth] as number, Number.POSITIVE_INFINITY);
  cursor.depth--;
}

/** A file under way: where it stands in the guide and its segments so far, each with its terminator. */
export interface SetWriter {
  readonly cursor: Cursor;
  readonly segments: string[];
}

/** Enters a loop of the set. Throws X12WriteError. */
export function openLoop(writer: SetWriter, place: LoopPlace): void {
  enterLoop(writer.cursor, place);
}

/** Leaves the loop that is open. Throws X12WriteError when something required never came. */
export function closeLoop(writer: SetWriter): void {
  leaveLoop(writer.cursor);
}

/** A loop that has been written once: what from, and its segments. */
export interface WrittenLoop {
  readonly from: readonly unknown[];
  readonly segments: readonly string[];
}
/** Loops of one kind that come again and again, such as a practice's own; by the id of whoever they name. */
export type LoopMemo = Map<string, WrittenLoop>;

/** More practices than one process serves at a time; beyond that the memo starts anew. */
const MEMO_SIZE = 64;

/**
 * Writes a loop that is the same in every file of a practice: from the memo where it has been written, and so checked,
 * from equal values, else by `write`. For parties of the practice and its receivers only: a memo outlives the claim.
 * Throws X12WriteError.
 */
export function writeRecurringLoop(
  writer: SetWriter,
  place: LoopPlace,
  memo: LoopMemo,
  id: string,
  from: readonly unknown[],
  write: () => void,
): void {
  const known = memo.get(id);
  if (known !== undefined && isEqual(known.from, from)) {
    skipLoop(writer.cursor, place);
    writer.segments.push(...known.segments);
    return;
  }
  const start = writer.segments.length;
  openLoop(writer, place);
  write();
  closeLoop(writer);
  if (memo.size >= MEMO_SIZE) memo.clear();
  memo.set(id, { from, segments: writer.segments.slice(start) });
}

/** The same values, whatever the objects: plain data only. One that holds `undefined` is equal to no other object. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((value, i) => isEqual(value, other[i]));
  }
  let surplus = 0;
  // Not Object.keys: that makes two lists for every object of every party of every claim.
  for (const key in one) {
    const value: unknown = one[key as keyof typeof one];
    if (value === undefined || !isEqual(value, other[key as keyof typeof other])) return false;
    surplus++;
  }
  for (const _ in other) surplus--;
  return surplus === 0;
}

/** Checks a segment and appends it. Throws X12WriteError. */
export function addSegment(writer: SetWriter, rule: SegmentRule, values: readonly ElementValue[]): void {
  writer.segments.push(checkedSegment(writer.cursor, rule, values));
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
  const violation = emitSegmentValues(rule, values, emptyDraft(), rule.plain ? 'later' : 'now');
  if (violation !== null) throw refusal(rule, violation);
  if (rule.plain && !isDraftClean()) {
    // The element's own rule names what is wrong, or allows it: the extended set of an e-mail address.
    const late = emitSegmentValues(rule, values, emptyDraft());
    if (late !== null) throw refusal(rule, late);
  }
  return serializeDraft(rule.tag);
}

function refusal({ loop, tag }: SegmentRule, violation: Violation): X12WriteError {
  return new X12WriteError({ loop, segment: tag, element: violation.element }, violation.rule);
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
