import { X12Segment, type X12SerializationOptions, type X12Transaction } from './node-x12.ts';
import { checkSegmentValues, type ElementValue } from './rules/check.ts';
import type { LoopRule, SegmentRule } from './rules/model.ts';
import { X12WriteError } from './write-error.ts';

/** Where the writer stands in the guide's tree. Loops and segments must come in table order, no more often than the table says, none of the required ones missing. */
export interface Cursor {
  readonly loops: LoopRule[];
  /** Per open loop: ordinal of the last child, and how often it came. */
  readonly last: number[];
  readonly count: number[];
}

/** A cursor inside the root loop. */
export function openCursor(root: LoopRule): Cursor {
  return { loops: [root], last: [-1], count: [0] };
}

/** Enters one occurrence of a child loop of the loop that is open. Throws X12WriteError `placement`, `order`, `repeat`, `missing` or `not_used`. */
export function openLoop(cursor: Cursor, loop: LoopRule): void {
  const parent = cursor.loops.at(-1);
  const place = parent?.children.find((c) => c.kind === 'loop' && c.loop === loop);
  if (place === undefined) throw new X12WriteError({ loop: loop.id, segment: loop.id, element: null }, 'placement');
  advance(cursor, place.ordinal, place.repeat, place.usage, loop.id, loop.id);
  cursor.loops.push(loop);
  cursor.last.push(-1);
  cursor.count.push(0);
}

/** Leaves the loop that is open. Throws X12WriteError `missing` when a required child never came. */
export function closeLoop(cursor: Cursor): void {
  const loop = cursor.loops.pop();
  const last = cursor.last.pop();
  cursor.count.pop();
  if (loop !== undefined && last !== undefined) requireNothingSkipped(loop, last, Number.POSITIVE_INFINITY);
}

/**
 * Checks one segment against its place and its rule and gives its elements as text, composites joined, trailing absent
 * elements and components left out. Throws X12WriteError.
 */
export function checkedElements(cursor: Cursor, rule: SegmentRule, values: readonly ElementValue[]): string[] {
  const loop = cursor.loops.at(-1);
  if (loop === undefined || loop.children[rule.ordinal] !== rule) {
    throw new X12WriteError({ loop: rule.loop, segment: rule.tag, element: null }, 'placement');
  }
  advance(cursor, rule.ordinal, rule.repeat, rule.usage, rule.loop, rule.tag);
  const violation = checkSegmentValues(rule, values);
  if (violation !== null)
    throw new X12WriteError({ loop: rule.loop, segment: rule.tag, element: violation.element }, violation.rule);
  const elements: string[] = [];
  for (const value of values) elements.push(value === null ? '' : typeof value === 'string' ? value : joinComponents(value));
  while (elements.at(-1) === '') elements.pop();
  return elements;
}

export interface SetWriter {
  readonly cursor: Cursor;
  readonly transaction: X12Transaction;
  readonly options: X12SerializationOptions;
}

/** Checks a segment and appends it to the transaction set. Throws X12WriteError. */
export function addSegment(writer: SetWriter, rule: SegmentRule, values: readonly ElementValue[]): void {
  const segment = new X12Segment(rule.tag, writer.options);
  for (const element of checkedElements(writer.cursor, rule, values)) segment.addElement(element);
  writer.transaction.segments.push(segment);
}

function advance(cursor: Cursor, ordinal: number, repeat: number, usage: string, loopId: string, what: string): void {
  const depth = cursor.loops.length - 1;
  const last = cursor.last[depth] as number;
  let broken: string | null = null;
  if (usage === 'N') broken = 'not_used';
  else if (ordinal < last) broken = 'order';
  else if (ordinal === last && (cursor.count[depth] as number) >= repeat) broken = 'repeat';
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

function joinComponents(values: readonly (string | null)[]): string {
  let text = '';
  let gap = '';
  for (const value of values) {
    if (value !== null && value !== '') {
      text += gap + value;
      gap = '';
    }
    gap += ':';
  }
  return text;
}
