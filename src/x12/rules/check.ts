import { isDataText } from '../charset.ts';
import { isDate8, isDigits, isTime } from '../format.ts';
import { hasFormat } from './formats.ts';
import type { ElementRule, SegmentRule } from './model.ts';

/** What a rule refuses: where, and by which rule. Never the value. */
export interface Violation {
  /** `NM103`, `CLM05-01`, or null when the whole segment is meant. */
  readonly element: string | null;
  /** `required`, `not_used`, `too_many`, `length`, `spaces`, `charset`, `type`, `code`, `pattern`, `format:npi`, `syntax:P0809`. */
  readonly rule: string;
}

/** A value as it goes into a segment: '' and null are absent, an array is a composite's components. */
export type ElementValue = string | null | readonly (string | null)[];

/** Checks the values of one segment, element 01 first, against its rule and syntax notes. Null when all is well. */
export function checkSegmentValues(rule: SegmentRule, values: readonly ElementValue[]): Violation | null {
  const { elements } = rule;
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as ElementRule;
    const value = values[i];
    if (value === undefined || value === null || value === '') {
      if (element.usage === 'R') return { element: element.ref, rule: 'required' };
      continue;
    }
    const violation =
      typeof value === 'string' ? checkElement(element, value, values, rule.fixedWidth) : checkComposite(element, value);
    if (violation !== null) return violation;
  }
  for (let i = elements.length; i < values.length; i++) {
    if (!isAbsent(values[i])) return { element: null, rule: 'too_many' };
  }
  for (const note of rule.notes) {
    if (!holds(note.kind, note.elements, values)) return { element: null, rule: `syntax:${note.text}` };
  }
  return null;
}

function isAbsent(value: ElementValue | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value !== 'string' && value.every((c) => c === null || c === ''))
  );
}

function checkComposite(rule: ElementRule, values: readonly (string | null)[]): Violation | null {
  if (isAbsent(values)) return rule.usage === 'R' ? { element: rule.ref, rule: 'required' } : null;
  if (rule.usage === 'N') return { element: rule.ref, rule: 'not_used' };
  if (rule.type !== 'C') return { element: rule.ref, rule: 'type' };
  for (let i = 0; i < rule.components.length; i++) {
    const component = rule.components[i] as ElementRule;
    const value = values[i];
    if (value === undefined || value === null || value === '') {
      if (component.usage === 'R') return { element: component.ref, rule: 'required' };
      continue;
    }
    const violation = checkElement(component, value, values, false);
    if (violation !== null) return violation;
  }
  for (let i = rule.components.length; i < values.length; i++) {
    if (!isAbsent(values[i])) return { element: rule.ref, rule: 'too_many' };
  }
  return null;
}

function checkElement(
  rule: ElementRule,
  value: string,
  siblings: readonly ElementValue[],
  fixedWidth: boolean,
): Violation | null {
  if (rule.usage === 'N') return { element: rule.ref, rule: 'not_used' };
  if (rule.codes !== null) return rule.codes.has(value) ? null : { element: rule.ref, rule: 'code' };
  const broken = brokenRule(rule, value, siblings, fixedWidth);
  return broken === null ? null : { element: rule.ref, rule: broken };
}

function brokenRule(rule: ElementRule, value: string, siblings: readonly ElementValue[], fixedWidth: boolean): string | null {
  if (!isDataText(value) && !isExtended(siblings, value)) return 'charset';
  if (!fixedWidth && (value.charCodeAt(0) === 32 || value.charCodeAt(value.length - 1) === 32)) return 'spaces';
  const { type } = rule;
  if (type === 'C') return 'type';
  const length = type === 'R' ? digitCount(value) : value.length;
  if (length < rule.min || length > rule.max) return 'length';
  if (type !== 'AN' && type !== 'ID' && !hasType(type, value)) return 'type';
  if (rule.pattern !== null && !rule.pattern.test(value)) return 'pattern';
  for (const { format, when } of rule.formats) {
    if (when !== null) {
      const sibling = siblings[when.position - 1];
      if (typeof sibling !== 'string' || !when.values.includes(sibling)) continue;
    }
    if (!hasFormat(format, value)) return `format:${format}`;
  }
  return null;
}

/** An e-mail address (PER beside `EM`) needs `@` and may have `_` or `%`: the one place where the extended set is let in (spec 04 §4.1). */
function isExtended(siblings: readonly ElementValue[], value: string): boolean {
  return siblings.includes('EM') && /^[A-Z0-9._%+-]+@[A-Z0-9.-]+$/.test(value);
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
  return /^-?(0|[1-9]\d*|(?:[1-9]\d*)?\.\d*[1-9])$/.test(value);
}

function digitCount(value: string): number {
  let count = value.length;
  if (value.charCodeAt(0) === 45) count--;
  return value.includes('.') ? count - 1 : count;
}

function holds(
  kind: SegmentRule['notes'][number]['kind'],
  elements: readonly number[],
  values: readonly ElementValue[],
): boolean {
  let present = 0;
  for (const n of elements) if (!isAbsent(values[n - 1])) present++;
  switch (kind) {
    case 'P':
      return present === 0 || present === elements.length;
    case 'R':
      return present > 0;
    case 'E':
      return present <= 1;
    case 'C':
      return isAbsent(values[(elements[0] ?? 0) - 1]) || present === elements.length;
    case 'L':
      return isAbsent(values[(elements[0] ?? 0) - 1]) || present > 1;
  }
}
