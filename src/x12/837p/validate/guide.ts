import { type ChildNode, guideTree, type LoopNode } from '../../rules/guide-tree.ts';
import type { ElementFaultKind } from '../../rules/inspect.ts';
import type { ElementRule, SegmentRule, SyntaxNote } from '../../rules/model.ts';
import type { PlaceFault } from '../../rules/set-walker.ts';
import type { SegmentPosition } from '../../rules/walk-frame.ts';
import { GUIDE, loopRule } from '../rules.ts';
import type { SnipType } from './finding.ts';
import type { Fault } from './reporter.ts';

/** The transaction set of 005010X222A1, ready for reading. */
export const SET_TREE: LoopNode = guideTree(loopRule(GUIDE, 'ST_LOOP'));

interface ElementFaultText {
  readonly snip: SnipType;
  /** `error` unless given. */
  readonly severity?: 'warning';
  readonly ik4: string;
  readonly says: (rule: ElementRule | null, note: SyntaxNote | null) => string;
}

const NUMBER = 'is not a number as X12 writes it (digits, at most one point, no comma, no plus sign)';

const ELEMENT_FAULTS: Readonly<Record<ElementFaultKind, ElementFaultText>> = {
  required: { snip: 2, ik4: '1', says: () => 'is required and missing' },
  not_used: { snip: 2, ik4: 'I10', says: () => 'must not be sent: the guide does not use it here' },
  too_many: { snip: 1, ik4: '3', says: () => 'has more elements than the guide knows' },
  too_short: { snip: 1, ik4: '4', says: (r) => `is too short: at least ${r?.min} characters` },
  too_long: { snip: 1, ik4: '5', says: (r) => `is too long: at most ${r?.max} characters` },
  charset: {
    snip: 1,
    ik4: '6',
    says: () => 'has a character that X12 does not allow (a control character, or a letter with an accent)',
  },
  spaces: { snip: 1, ik4: '6', says: () => 'begins or ends with a space' },
  number: { snip: 1, ik4: '6', says: (r) => (r?.type === 'N0' ? 'may have digits only' : NUMBER) },
  padded: {
    snip: 1,
    severity: 'warning',
    ik4: '6',
    says: (r) => `begins with zeros that a number of at least ${r?.min} ${r?.min === 1 ? 'digit' : 'digits'} does not have`,
  },
  date: { snip: 1, ik4: '8', says: (r) => `is not an existing day written ${r?.max === 6 ? 'YYMMDD' : 'CCYYMMDD'}` },
  time: { snip: 1, ik4: '9', says: (r) => `is not a time written HHMM${r?.max === 4 ? '' : ', HHMMSS or with hundredths'}` },
  code: { snip: 2, ik4: '7', says: (r) => `has a code that the guide does not allow here; allowed: ${codesOf(r)}` },
  pattern: { snip: 2, ik4: 'I12', says: () => 'does not have the form that the guide asks for' },
  date_format: {
    snip: 2,
    ik4: '8',
    says: () => 'is not a date in the form that its qualifier names (D8 CCYYMMDD, RD8 CCYYMMDD-CCYYMMDD)',
  },
  too_many_components: { snip: 1, ik4: '13', says: () => 'has more components than the guide knows' },
  repeated: { snip: 1, ik4: '12', says: () => 'is repeated, which the guide does not allow' },
  syntax: { snip: 2, ik4: '2', says: (_, note) => `is missing although ${noteText(note)}` },
  exclusion: { snip: 2, ik4: '10', says: (_, note) => `must not be sent together with element ${listed(note?.elements, 'or')}` },
  trailing_delimiters: {
    snip: 1,
    ik4: '3',
    says: () => 'ends in empty elements: no element separator may come before the terminator',
  },
  trailing_components: { snip: 1, ik4: '13', says: () => 'ends in empty components: no component separator may come last' },
};

/** A fault inside a segment as a finding. */
export function elementFault(
  rule: SegmentRule,
  kind: ElementFaultKind,
  ref: string | null,
  element: ElementRule | null,
  note: SyntaxNote | null,
): Fault {
  const { snip, severity = 'error', ik4, says } = ELEMENT_FAULTS[kind];
  const name = element === null || element.name === '' ? '' : ` (${element.name})`;
  const what = ref === null ? `The segment ${rule.tag}` : `${ref}${name}`;
  return {
    snip,
    severity,
    rule: `${ref === null ? 'segment' : 'element'}.${kind}`,
    segment: rule.tag,
    loop: rule.loop,
    element: ref,
    message: `${what} of ${rule.name}, loop ${loopLabel(rule.loop)}, ${says(element, note)}.`,
    ik3: '8',
    ik4,
  };
}

/** A segment at a place that the guide does not have for it. `child` is what it was measured against, if anything. */
export function placeFault(fault: PlaceFault, found: string, child: ChildNode | null, loop: LoopNode): Fault {
  const tag = segmentId(found);
  const where = `loop ${loopLabel(loop.id)}`;
  const common = { segment: tag, element: null };
  const rule = child?.check.rule;
  switch (fault) {
    case 'max_use':
      return child?.loop == null
        ? {
            ...common,
            snip: 2,
            rule: 'segment.max_use',
            loop: loop.id,
            message: `The segment ${tag} (${rule?.name}) may come ${times(child?.repeat)} in ${where} and comes more often.`,
            ik3: '5',
          }
        : {
            ...common,
            snip: 2,
            rule: 'loop.max_use',
            loop: child.loop.id,
            message: `Loop ${child.loop.id} (${child.loop.name}) may come ${times(child.repeat)} in ${where} and comes more often.`,
            ik3: '4',
          };
    case 'order':
      return {
        ...common,
        snip: 2,
        rule: 'segment.order',
        loop: rule?.loop ?? loop.id,
        message: `The segment ${tag} (${rule?.name}) comes too late: its place in ${where} is before the segments that precede it.`,
        ik3: '7',
      };
    case 'qualifier': {
      const at = child?.qualifierAt ?? 0;
      const ref = `${tag}${String(at + 1).padStart(2, '0')}`;
      return {
        ...common,
        snip: 2,
        rule: 'segment.qualifier',
        loop: loop.id,
        element: rule?.elements[at]?.type === 'C' ? `${ref}-01` : ref,
        message: `The segment ${tag} has a qualifier in ${ref} that the guide does not allow at this place, in or below ${where}.`,
        ik3: '8',
        ik4: '7',
      };
    }
    case 'unexpected':
      return {
        ...common,
        snip: 2,
        rule: 'segment.unexpected',
        loop: loop.id,
        message: `The guide has no segment ${tag} at this place, in or below ${where}.`,
        ik3: '2',
      };
    case 'unknown':
      return {
        ...common,
        snip: 1,
        rule: 'segment.unknown',
        loop: loop.id,
        message: 'There is no such segment in an 837P: its name is misspelt or it belongs to another kind of file.',
        ik3: '1',
      };
  }
}

/** A segment's name as far as it is one: behind a lost terminator anything may stand where the name should. */
const segmentId = (tag: string): string => (/^[A-Z][A-Z0-9]{1,2}$/.test(tag) ? tag : '');

/** A required segment or loop that did not come in `loop`; `implied` when only the segment that starts the loop is missing. */
export function missingFault(child: ChildNode, loop: LoopNode, at: SegmentPosition, implied: boolean): Fault {
  const { rule } = child.check;
  const inner = child.loop;
  const where = `loop ${loopLabel(loop.id)} (${loop.name})`;
  const common = { snip: 2, segment: rule.tag, loop: rule.loop, element: null, at } as const;
  if (inner === null) {
    const message = `The segment ${rule.tag} (${rule.name}) is required in ${where} and missing.`;
    return { ...common, rule: 'segment.required', message, ik3: '3' };
  }
  if (implied) {
    const message = `The segment ${rule.tag} that starts loop ${inner.id} (${inner.name}) is missing before this segment.`;
    return { ...common, rule: 'segment.required', message, ik3: '3' };
  }
  const message = `Loop ${inner.id} (${inner.name}), which the segment ${rule.tag} starts, is required in ${where} and missing.`;
  return { ...common, rule: 'loop.required', message, ik3: 'I7' };
}

/** `ST_LOOP` is a name of the table only. */
const loopLabel = (id: string): string => id.replace('_LOOP', '');

const times = (n: number | undefined): string => (n === 1 ? 'once' : `${n} times`);

function codesOf(rule: ElementRule | null): string {
  const codes = [...(rule?.codes ?? [])];
  return codes.length > 12 ? `${codes.slice(0, 12).join(', ')} …` : codes.join(', ');
}

function noteText(note: SyntaxNote | null): string {
  if (note === null) return 'another element asks for it';
  if (note.kind === 'R') return `one of the elements ${listed(note.elements, 'and')} must be sent`;
  if (note.kind === 'P') return `the elements ${listed(note.elements, 'and')} go together`;
  return `element ${two(note.elements[0])} is sent`;
}

const two = (n: number | undefined): string => String(n ?? '').padStart(2, '0');

function listed(elements: readonly number[] | undefined, word: string): string {
  const names = (elements ?? []).map(two);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
