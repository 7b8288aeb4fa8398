import { isDataText } from '../charset.ts';
import { isDate8, isDigits, isTime } from '../format.ts';
import type { ElementRule, SegmentRule, SyntaxNote } from './model.ts';

/** What a rule refuses: where, and by which rule. Never the value. */
export interface Violation {
  /** `NM103`, `CLM05-01`, or null when the whole segment is meant. */
  readonly element: string | null;
  /** `required`, `not_used`, `too_many`, `length`, `spaces`, `charset`, `type`, `code`, `pattern`, `format:npi`, `syntax:P0809`. */
  readonly rule: string;
}

/** A value as it goes into a segment: '' and null are absent, an array is a composite's components. */
export type ElementValue = string | null | readonly (string | null)[];

/** Takes the elements of a segment one after the other. */
export interface ElementSink {
  addElement(value: string): unknown;
}

/** `later`: whoever asks looks at the characters of plain texts afterwards, of all elements in one pass. */
export type TextCheck = 'now' | 'later';

/**
 * Checks the values of one segment, element 01 first, against its rule and syntax notes, and hands them to the sink:
 * composites joined, trailing absent elements and components left out. Null when all is well; after a violation the sink
 * holds a part of them or all.
 */
export function emitSegmentValues(
  rule: SegmentRule,
  values: readonly ElementValue[],
  sink: ElementSink,
  texts: TextCheck = 'now',
): Violation | null {
  const { elements, fixedWidth } = rule;
  const count = values.length;
  let emitted = 0;
  let present = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value === '' || value === null || value === undefined) continue;
    const element = elements[i];
    if (element === undefined) return { element: null, rule: 'too_many' };
    let text: string;
    if (typeof value === 'string') {
      const broken = brokenRule(element, value, values, fixedWidth, texts);
      if (broken !== null) return { element: element.ref, rule: broken };
      text = value;
    } else {
      const joined = joinChecked(element, value);
      if (typeof joined !== 'string') return joined;
      if (joined === '') continue;
      text = joined;
    }
    for (; emitted < i; emitted++) sink.addElement('');
    sink.addElement(text);
    emitted++;
    present |= 1 << i;
  }
  if (present === rule.lastGood.present) return null;
  const violation = checkPresence(rule, present);
  if (violation === null) rule.lastGood.present = present;
  return violation;
}

/** What depends only on which elements are there: the required ones and the syntax notes. */
function checkPresence(rule: SegmentRule, present: number): Violation | null {
  const { elements, notes } = rule;
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as ElementRule;
    if (element.usage === 'R' && (present & (1 << i)) === 0) return { element: element.ref, rule: 'required' };
  }
  for (const note of notes) if (!holds(note, present)) return { element: null, rule: `syntax:${note.text}` };
  return null;
}

/** The components of a composite as one text, '' when all are absent, or the first violation. */
function joinChecked(rule: ElementRule, values: readonly (string | null)[]): string | Violation {
  const { components } = rule;
  let text = '';
  let present = 0;
  let colons = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === '' || value === null || value === undefined) continue;
    if (rule.usage === 'N') return { element: rule.ref, rule: 'not_used' };
    if (rule.type !== 'C') return { element: rule.ref, rule: 'type' };
    const component = components[i];
    if (component === undefined) return { element: rule.ref, rule: 'too_many' };
    const broken = brokenRule(component, value, values, false, 'now');
    if (broken !== null) return { element: component.ref, rule: broken };
    for (; colons < i; colons++) text += ':';
    text += value;
    present |= 1 << i;
  }
  if (present === 0) return '';
  for (let i = 0; i < components.length; i++) {
    const component = components[i] as ElementRule;
    if (component.usage === 'R' && (present & (1 << i)) === 0) return { element: component.ref, rule: 'required' };
  }
  return text;
}

function brokenRule(
  rule: ElementRule,
  value: string,
  siblings: readonly ElementValue[],
  fixedWidth: boolean,
  texts: TextCheck,
): string | null {
  switch (rule.check) {
    case 'one_code':
      return value === rule.onlyCode ? null : 'code';
    case 'codes':
      return rule.codes?.has(value) === true ? null : 'code';
    case 'text':
      if (value.length < rule.min || value.length > rule.max) return 'length';
      return texts === 'later' && rule.pattern === null ? null : brokenText(rule, value, siblings, fixedWidth);
    case 'shape':
      return brokenShape(rule, value, siblings, fixedWidth);
    case 'composite':
      return 'type';
    case 'absent':
      return 'not_used';
  }
}

function brokenShape(rule: ElementRule, value: string, siblings: readonly ElementValue[], fixedWidth: boolean): string | null {
  const { type, formats } = rule;
  const length = type === 'R' ? digitCount(value) : value.length;
  if (length < rule.min || length > rule.max) return 'length';
  let shaped = type !== 'AN' && type !== 'ID';
  if (shaped && !hasType(type, value)) return isDataText(value) ? 'type' : 'charset';
  for (let i = 0; i < formats.length; i++) {
    const { format, test, when } = formats[i] as ElementRule['formats'][number];
    if (when !== null && !isOneOf(when.values, siblings[when.position - 1])) continue;
    if (!test(value)) return isDataText(value) ? `format:${format}` : 'charset';
    shaped = true;
  }
  return shaped ? null : brokenText(rule, value, siblings, fixedWidth);
}

/** Text that no type and no format has looked at: characters, spaces at the ends, pattern. */
function brokenText(rule: ElementRule, value: string, siblings: readonly ElementValue[], fixedWidth: boolean): string | null {
  if (!isDataText(value) && !isExtended(siblings, value)) return 'charset';
  if (!fixedWidth && (value.charCodeAt(0) === 32 || value.charCodeAt(value.length - 1) === 32)) return 'spaces';
  return rule.pattern === null || rule.pattern.test(value) ? null : 'pattern';
}

/** An e-mail address (PER beside `EM`) needs `@` and may have `_` or `%`: the one place where the extended set is let in (spec 04 §4.1). */
function isExtended(siblings: readonly ElementValue[], value: string): boolean {
  return siblings.includes('EM') && /^[A-Z0-9._%+-]+@[A-Z0-9.-]+$/.test(value);
}

function isOneOf(values: readonly string[], value: ElementValue | undefined): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] === value) return true;
  return false;
}

function hasType(type: ElementRule['type'], value: string): boolean {
  switch (type) {
    case 'N0':
      return isDigits(value);
    case 'R':
      return isCanonicalDecimal(value);
    case 'DT':
      return value.length === 6 ? isDate8(`20${value}`) : isDate8(value);
    case 'TM':
      return isTime(value);
    default:
      return true;
  }
}

/** `85`, `85.5`, `.99`, `0`: no leading zero, no trailing zero after the point (appendix B.1.1.3.1.2). */
function isCanonicalDecimal(value: string): boolean {
  if (isDigits(value)) return value.length === 1 || value.charCodeAt(0) !== 48;
  return /^-?(?:[1-9]\d*|(?:[1-9]\d*)?\.\d*[1-9])$/.test(value);
}

function digitCount(value: string): number {
  const sign = value.charCodeAt(0) === 45 ? 1 : 0;
  return value.length - sign - (value.includes('.') ? 1 : 0);
}

function holds(note: SyntaxNote, present: number): boolean {
  const named = present & note.mask;
  switch (note.kind) {
    case 'P':
      return named === 0 || named === note.mask;
    case 'R':
      return named !== 0;
    case 'E':
      return (named & (named - 1)) === 0;
    case 'C':
      return (present & note.first) === 0 || named === note.mask;
    case 'L':
      return (present & note.first) === 0 || named !== note.first;
  }
}
