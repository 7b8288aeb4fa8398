import { type FormatName, formatTest } from './formats.ts';
import type {
  CheckKind,
  ElementRule,
  ElementType,
  FormatRule,
  LoopPlace,
  LoopRule,
  SegmentRule,
  SyntaxNote,
  Usage,
} from './model.ts';

/** A change to what the table says about one element; each carries its reason. */
export interface Correction {
  /** Loop id, or null for every loop that has the segment. */
  readonly loop: string | null;
  /** Segments are named by tag; `qualifier` picks among several of one tag (a value of their first coded element). */
  readonly tag: string;
  readonly qualifier?: string;
  /** `NM103`, `CLM05-03`. */
  readonly ref: string;
  readonly name?: string;
  readonly usage?: Usage;
  /** Null: any value. */
  readonly codes?: readonly string[] | null;
  readonly max?: number;
  readonly format?: FormatName;
  readonly when?: { readonly position: number; readonly values: readonly string[] };
  readonly why: string;
}

/**
 * Parses the compact guide table. One line per loop (`>>2010AA R 1 150 Name`: depth by `>`, usage, repeat, position,
 * name) or per segment (`2010AA NM1 R 1 150 P0809,C1110 Name|element|element…`). An element is `R AN 1-60 - Name` (usage,
 * type, length, codes or `ext:list` or `/pattern/` or `-`), `N` or `N3` for one or three that must be absent, and with a
 * leading dot a component of the composite (`C`) before it. A loop named a second time without segments hangs the first
 * one there too. Throws on anything else: the table is part of the program.
 */
export function parseGuideTable(text: string, corrections: readonly Correction[]): LoopRule {
  const loops = new Map<string, DraftLoop>();
  const depth: DraftLoop[] = [];
  let root: DraftLoop | null = null;
  let segments = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const loopLine = /^(>+)(\S+) ([RSN]) (\S+) (\d+) (.*)$/.exec(line);
    if (loopLine !== null) {
      const [, marks = '', id = '', usage = '', repeat = '', position = '', name = ''] = loopLine;
      const loop = loops.get(id) ?? { id, name, children: [] };
      const parent = depth[marks.length - 2];
      if (parent === undefined) root ??= loop;
      else parent.children.push({ usage: usage as Usage, repeat: toRepeat(repeat), position: Number(position), loop });
      if (!loops.has(id)) loops.set(id, loop);
      depth[marks.length - 1] = loop;
      depth.length = marks.length;
      continue;
    }
    const segmentLine = /^(\S+) (\S+) ([RSN]) (\S+) (\d+) (\S+) ([^|]*)\|(.*)$/.exec(line);
    if (segmentLine === null) throw new Error(`guide table: ${line.slice(0, 40)}`);
    const [, id = '', tag = '', usage = '', repeat = '', position = '', notes = '', name = '', elements = ''] = segmentLine;
    const loop = loops.get(id);
    if (loop === undefined) throw new Error(`guide table: no loop ${id}`);
    const parsed = parseElements(tag, elements.split('|'));
    loop.children.push({
      kind: 'segment',
      id: segments++,
      loop: id,
      tag,
      name,
      usage: usage as Usage,
      repeat: toRepeat(repeat),
      position: Number(position),
      notes: notes === '-' ? [] : notes.split(',').map(parseNote),
      elements: correct(parsed, id, tag, corrections),
      lastGood: { present: -1 },
      fixedWidth: tag === 'ISA',
      plain: tag !== 'ISA' && parsed.every((element) => element.type !== 'C'),
    });
  }
  if (root === null) throw new Error('guide table: empty');
  return freezeLoop(root, new Map());
}

interface DraftLoop {
  readonly id: string;
  readonly name: string;
  readonly children: (
    | Omit<SegmentRule, 'ordinal'>
    | (Omit<LoopPlace, 'ordinal' | 'loop' | 'kind'> & { readonly loop: DraftLoop })
  )[];
}

function freezeLoop(draft: DraftLoop, done: Map<DraftLoop, LoopRule>): LoopRule {
  const known = done.get(draft);
  if (known !== undefined) return known;
  const children = draft.children.map((child, ordinal) =>
    'kind' in child ? segmentAt(child, ordinal) : loopAt(child, freezeLoop(child.loop, done), ordinal),
  );
  const nextRequired: number[] = new Array(children.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = children.length - 1; i >= 0; i--) nextRequired[i] = children[i]?.usage === 'R' ? i : (nextRequired[i + 1] ?? 0);
  const loop: LoopRule = { id: draft.id, name: draft.name, children, nextRequired };
  done.set(draft, loop);
  return loop;
}

/**
 * Written out, so that all segments have one shape for the engine: a spread gives every object one of its own, and then
 * each look at a rule, of which a claim takes hundreds, is a search.
 */
function segmentAt(draft: Omit<SegmentRule, 'ordinal'>, ordinal: number): SegmentRule {
  const { kind, id, loop, tag, name, usage, repeat, position, notes, elements, lastGood, fixedWidth, plain } = draft;
  return { kind, id, loop, tag, name, usage, repeat, position, ordinal, notes, elements, lastGood, fixedWidth, plain };
}

function loopAt(
  { usage, repeat, position }: Omit<LoopPlace, 'ordinal' | 'loop' | 'kind'>,
  loop: LoopRule,
  ordinal: number,
): LoopPlace {
  return { kind: 'loop', usage, repeat, position, ordinal, loop };
}

const toRepeat = (text: string): number => (text === '>1' ? Number.POSITIVE_INFINITY : Number(text));

function parseNote(text: string): SyntaxNote {
  const [, kind = '', digits = ''] = /^([PRECL])((?:\d\d){2,})$/.exec(text) ?? [];
  if (kind === '') throw new Error(`guide table: syntax note ${text}`);
  const elements = (digits.match(/\d\d/g) ?? []).map(Number);
  const bits = elements.map((n) => 1 << (n - 1));
  return { text, kind: kind as SyntaxNote['kind'], elements, mask: bits.reduce((a, b) => a | b, 0), first: bits[0] ?? 0 };
}

/** Every element rule is built here, so that all have one shape: the writer's check reads them some 200 times per claim. */
function elementRule(
  fields: Omit<ElementRule, 'check' | 'components' | 'onlyCode'>,
  components: ElementRule[],
): ElementRule & { components: ElementRule[] } {
  const { ref, name, usage, type, min, max, codes, external, pattern, formats } = fields;
  const onlyCode = codes?.size === 1 ? ([...codes][0] ?? null) : null;
  return { check: checkKind(fields), ref, name, usage, type, min, max, codes, onlyCode, external, pattern, formats, components };
}

function checkKind(rule: Pick<ElementRule, 'usage' | 'type' | 'codes' | 'formats'>): CheckKind {
  if (rule.usage === 'N') return 'absent';
  if (rule.type === 'C') return 'composite';
  if (rule.codes !== null) return rule.codes.size === 1 ? 'one_code' : 'codes';
  return (rule.type === 'AN' || rule.type === 'ID') && rule.formats.length === 0 ? 'text' : 'shape';
}

const NOT_USED: Omit<ElementRule, 'ref' | 'check' | 'components' | 'onlyCode'> = {
  name: '',
  usage: 'N',
  type: 'AN',
  min: 0,
  max: 0,
  codes: null,
  external: null,
  pattern: null,
  formats: [],
};

function parseElements(tag: string, fields: readonly string[]): ElementRule[] {
  const elements: (ElementRule & { components: ElementRule[] })[] = [];
  for (const field of fields) {
    const isComponent = field.startsWith('.');
    const owner = elements.at(-1);
    const list: ElementRule[] | undefined = isComponent ? owner?.components : elements;
    if (list === undefined) throw new Error(`guide table: component without composite in ${tag}`);
    const prefix = isComponent ? `${owner?.ref}-` : tag;
    const ref = (n: number): string => `${prefix}${String(n).padStart(2, '0')}`;
    const absent = /^\.?N(\d*)$/.exec(field);
    if (absent !== null) {
      for (let n = Number(absent[1] || 1); n > 0; n--) list.push(elementRule({ ...NOT_USED, ref: ref(list.length + 1) }, []));
      continue;
    }
    const [, usage = '', type = '', length = '', values = '', name = ''] =
      /^\.?([RS]) (AN|ID|N0|R|DT|TM|C) (\S+) (\S+) (.*)$/.exec(field) ?? [];
    if (usage === '') throw new Error(`guide table: element ${field} of ${tag}`);
    const [min = 0, max = 0] = length === '-' ? [] : length.split('-').map(Number);
    const rule = {
      ref: ref(list.length + 1),
      name,
      usage: usage as Usage,
      type: type as ElementType,
      min,
      max,
      codes: values === '-' || values.startsWith('ext:') || values.startsWith('/') ? null : new Set(values.split(',')),
      external: values.startsWith('ext:') ? values.slice(4) : null,
      pattern: values.startsWith('/') ? new RegExp(`^${values.slice(1, -1)}$`) : null,
      formats: [],
    };
    list.push(elementRule(rule, []));
  }
  return elements;
}

function correct(elements: readonly ElementRule[], loop: string, tag: string, corrections: readonly Correction[]): ElementRule[] {
  const mine = corrections.filter(
    (c) => c.tag === tag && (c.loop === null || c.loop === loop) && hasQualifier(elements, c.qualifier),
  );
  const apply = (element: ElementRule): ElementRule => {
    let result = elementRule(element, element.components.map(apply));
    for (const c of mine) {
      if (c.ref !== element.ref || element.usage === 'N') continue;
      const format: readonly FormatRule[] =
        c.format === undefined ? [] : [{ format: c.format, test: formatTest(c.format), when: c.when ?? null }];
      const changed = {
        ...result,
        name: c.name ?? result.name,
        usage: c.usage ?? result.usage,
        codes: c.codes === undefined ? result.codes : c.codes === null ? null : new Set(c.codes),
        max: c.max ?? result.max,
        formats: [...result.formats, ...format],
      };
      result = elementRule(changed, result.components);
    }
    return result;
  };
  return elements.map(apply);
}

/** The codes by which segments of one tag are told apart: those of the first coded element or component. */
export function qualifierCodes(elements: readonly ElementRule[]): ReadonlySet<string> | null {
  const first = elements[0];
  return first?.codes ?? first?.components[0]?.codes ?? null;
}

function hasQualifier(elements: readonly ElementRule[], qualifier: string | undefined): boolean {
  return qualifier === undefined || qualifierCodes(elements)?.has(qualifier) === true;
}
