import type { Delimiters } from '../delimiters.ts';
import { isDate8, isDigits, isTime } from '../format.ts';
import { HAS_COMPONENTS, HAS_EDGE_SPACE, HAS_FOREIGN, HAS_REPETITION, isExtendedText, type ScannedSegment } from '../scan.ts';
import type { ElementRule, SegmentRule, SyntaxNote } from './model.ts';

/** What can be wrong inside a segment that somebody else wrote. */
export type ElementFaultKind =
  | 'required'
  | 'not_used'
  | 'too_many'
  | 'too_short'
  | 'too_long'
  | 'charset'
  | 'spaces'
  | 'number'
  | 'padded'
  | 'date'
  | 'time'
  | 'code'
  | 'pattern'
  | 'date_format'
  | 'too_many_components'
  | 'repeated'
  | 'syntax'
  | 'exclusion'
  | 'trailing_delimiters'
  | 'trailing_components';

/** `ref` is `NM103` or `CLM05-01`, null when the whole segment is meant; `element` is its rule where there is one; `note` the syntax note that does not hold. */
export type ReportFault = (
  kind: ElementFaultKind,
  ref: string | null,
  element: ElementRule | null,
  note: SyntaxNote | null,
) => void;

/** A segment rule with what reading asks of it again and again. */
export interface SegmentCheck {
  readonly rule: SegmentRule;
  /** Bit n-1 for each required element. */
  readonly required: number;
}

export function segmentCheck(rule: SegmentRule): SegmentCheck {
  let required = 0;
  rule.elements.forEach((element, i) => {
    if (element.usage === 'R') required |= 1 << i;
  });
  return { rule, required };
}

/**
 * Measures a segment by its rule: presence, types, lengths, codes, syntax notes, and what must not be there. Each element
 * gives one fault at most, and a composite with a bad component none for what is missing behind it. Decimals may carry zeros that X12 would leave out, text may use the extended character set.
 */
export function inspectSegment(check: SegmentCheck, segment: ScannedSegment, delimiters: Delimiters, report: ReportFault): void {
  const { rule } = check;
  const { elements, flags } = segment;
  const rules = rule.elements;
  const count = elements.length;
  const plain = (flags & (HAS_FOREIGN | HAS_EDGE_SPACE | HAS_REPETITION)) === 0 || rule.fixedWidth;
  const known = Math.min(count, rules.length);
  let present = 0;
  for (let i = 0; i < known; i++) {
    const value = elements[i] as string;
    if (value === '') continue;
    present |= 1 << i;
    const element = rules[i] as ElementRule;
    if (element.type === 'C') inspectComposite(element, value, flags, delimiters, report);
    else {
      const fault =
        (flags & HAS_COMPONENTS) !== 0 && !rule.fixedWidth && value.includes(delimiters.component)
          ? componentsFault(element)
          : valueFault(element, value, elements, plain, rule.fixedWidth, delimiters);
      if (fault !== null) report(fault, element.ref, element, null);
    }
  }
  if (count > 0 && elements[count - 1] === '' && !rule.fixedWidth) report('trailing_delimiters', null, null, null);
  else if (count > rules.length) report('too_many', null, null, null);
  const missing = check.required & ~present;
  if (missing !== 0) {
    for (let i = 0; i < rules.length; i++) {
      if ((missing & (1 << i)) !== 0) report('required', (rules[i] as ElementRule).ref, rules[i] as ElementRule, null);
    }
  }
  const { notes } = rule;
  for (let i = 0; i < notes.length; i++) {
    const note = notes[i] as SyntaxNote;
    if ((present & note.mask) !== note.mask || note.kind === 'E') reportNote(note, present, rules, report);
  }
}

const componentsFault = (element: ElementRule): ElementFaultKind => (element.usage === 'N' ? 'not_used' : 'too_many_components');

function inspectComposite(element: ElementRule, value: string, flags: number, delimiters: Delimiters, report: ReportFault): void {
  if (element.usage === 'N') {
    report('not_used', element.ref, element, null);
    return;
  }
  const parts = (flags & HAS_COMPONENTS) === 0 ? [value] : componentsOf(value, delimiters.component);
  const { components } = element;
  const plain = (flags & (HAS_FOREIGN | HAS_EDGE_SPACE | HAS_REPETITION)) === 0;
  let faulty = false;
  for (let i = 0; i < components.length; i++) {
    const component = components[i] as ElementRule;
    const part = parts[i];
    if (part === undefined || part === '') {
      if (component.usage === 'R' && !faulty) report('required', component.ref, component, null);
      continue;
    }
    const fault = valueFault(component, part, parts, plain, false, delimiters);
    if (fault === null) continue;
    faulty = true;
    report(fault, component.ref, component, null);
  }
  if (parts.length > 1 && parts[parts.length - 1] === '') report('trailing_components', element.ref, element, null);
  else if (parts.length > components.length) report('too_many_components', element.ref, element, null);
}

/** The same as `split`, which takes twice as long for so few. */
function componentsOf(value: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let end = value.indexOf(separator); end !== -1; end = value.indexOf(separator, from)) {
    parts.push(value.slice(from, end));
    from = end + 1;
  }
  parts.push(value.slice(from));
  return parts;
}

function valueFault(
  rule: ElementRule,
  value: string,
  siblings: readonly string[],
  plain: boolean,
  fixedWidth: boolean,
  delimiters: Delimiters,
): ElementFaultKind | null {
  switch (rule.check) {
    case 'absent':
      return 'not_used';
    case 'one_code':
      return value === rule.onlyCode ? null : codeFault(value, delimiters);
    case 'codes':
      return rule.codes?.has(value) === true ? null : codeFault(value, delimiters);
    case 'composite':
      return null;
  }
  if (!plain) {
    const fault = textFault(value, delimiters);
    if (fault !== null) return fault;
  } else if (fixedWidth && !isExtendedText(value) && !isDelimiterOf(delimiters, value)) return 'charset';
  const fault = rule.check === 'text' ? lengthFault(rule, value.length) : shapeFault(rule, value, siblings);
  return fault ?? (rule.pattern === null || rule.pattern.test(value) ? null : 'pattern');
}

const codeFault = (value: string, { repetition }: Delimiters): ElementFaultKind =>
  repetition !== null && value.includes(repetition) ? 'repeated' : 'code';

/** ISA11 and ISA16 hold a delimiter, which may be a control character. */
const isDelimiterOf = ({ repetition, component }: Delimiters, value: string): boolean =>
  value === repetition || value === component;

/** Trailing spaces must be suppressed (appendix B.1.1.3.1.4) and leading ones would be data; an element of spaces only holds nothing. */
function textFault(value: string, { repetition }: Delimiters): ElementFaultKind | null {
  if (!isExtendedText(value)) return 'charset';
  if (value.charCodeAt(0) === 32 || value.charCodeAt(value.length - 1) === 32) return 'spaces';
  return repetition !== null && value.includes(repetition) ? 'repeated' : null;
}

function lengthFault(rule: ElementRule, length: number): ElementFaultKind | null {
  if (length > rule.max) return 'too_long';
  return length < rule.min ? 'too_short' : null;
}

function shapeFault(rule: ElementRule, value: string, siblings: readonly string[]): ElementFaultKind | null {
  switch (rule.type) {
    case 'N0':
      if (!isDigits(value)) return 'number';
      return lengthFault(rule, value.length) ?? (value.charCodeAt(0) === 48 && value.length > rule.min ? 'padded' : null);
    case 'R': {
      const digits = decimalDigits(value);
      return digits === -1 ? 'number' : lengthFault(rule, digits);
    }
    case 'DT':
      return lengthFault(rule, value.length) ?? (isDate8(value.length === 6 ? `20${value}` : value) ? null : 'date');
    case 'TM':
      return lengthFault(rule, value.length) ?? (isTime(value) ? null : 'time');
    default:
      return lengthFault(rule, value.length) ?? formatFault(rule, value, siblings);
  }
}

function formatFault(rule: ElementRule, value: string, siblings: readonly string[]): ElementFaultKind | null {
  for (const { test, when } of rule.formats) {
    if (when !== null && !when.values.includes(siblings[when.position - 1] ?? '')) continue;
    if (!test(value)) return 'date_format';
  }
  return null;
}

/** Digits of a decimal number (a minus, digits, at most one point), -1 when it is none. Sign and point do not count for the length. */
function decimalDigits(value: string): number {
  const from = value.charCodeAt(0) === 45 ? 1 : 0;
  let digits = 0;
  let points = 0;
  for (let i = from; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 46) points++;
    else if (code >= 48 && code <= 57) digits++;
    else return -1;
  }
  return points > 1 || digits === 0 ? -1 : digits;
}

/** Blames the element that the note misses or does not want; one that is required or not used anyway has had its own fault. */
function reportNote(note: SyntaxNote, present: number, rules: readonly ElementRule[], report: ReportFault): void {
  const named = present & note.mask;
  let blamed = 0;
  switch (note.kind) {
    case 'P':
      blamed = named === 0 ? 0 : note.mask & ~named;
      break;
    case 'R':
      blamed = named === 0 ? note.first : 0;
      break;
    case 'E':
      blamed = (named & (named - 1)) === 0 ? 0 : named & ~note.first;
      break;
    case 'C':
      blamed = (named & note.first) === 0 ? 0 : note.mask & ~named;
      break;
    case 'L':
      blamed = named === note.first ? note.mask & ~note.first : 0;
      break;
  }
  if (blamed === 0) return;
  const element = rules[31 - Math.clz32(blamed & -blamed)];
  if (element === undefined || (element.usage !== 'S' && note.kind !== 'E')) return;
  report(note.kind === 'E' ? 'exclusion' : 'syntax', element.ref, element, note);
}
