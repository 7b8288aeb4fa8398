import type { Delimiters } from '../../delimiters.ts';
import { compactDate } from '../../format.ts';
import type { SegmentRule } from '../../rules/model.ts';
import type { ScannedSegment } from '../../scan.ts';
import type { SnipType } from './finding.ts';
import type { ValidateOptions } from './options.ts';
import { createRecent, type Recent } from './recent.ts';
import { bitsOf, type Reporter } from './reporter.ts';
import { CLAIM_RULES } from './rules/registry.ts';
import type { ClaimRule, Report, RuleContext } from './rules/rule.ts';
import type { ReadClaim, ReadSet, TreeLoop, TreeSegment } from './tree.ts';

/** Builds the tree of one claim after the other and runs the rules of types 3 to 7 on it. */
export interface ClaimReader {
  header(rule: SegmentRule, segment: ScannedSegment): void;
  setOpened(): void;
  loopOpened(id: string, depth: number): void;
  segment(rule: SegmentRule, segment: ScannedSegment, depth: number): void;
  /** For loop 2300: its claim is complete. */
  loopClosed(id: string, depth: number): void;
  delimiters(declared: Delimiters): void;
}

interface OpenLoop extends TreeLoop {
  readonly segments: TreeSegment[];
  readonly loops: TreeLoop[];
}

/** The rules of the types asked for, by the bits of these types: found once, not for every file. */
const rulesOf = new Map<number, readonly ClaimRule[]>();

function rulesFor(snip: readonly SnipType[]): readonly ClaimRule[] {
  const types = bitsOf(snip);
  let rules = rulesOf.get(types);
  if (rules === undefined) {
    rules = CLAIM_RULES.filter((rule) => (types & (1 << rule.snip)) !== 0);
    rulesOf.set(types, rules);
  }
  return rules;
}

/** Levels that hang from the one above without being kept by it. */
const LEVELS: ReadonlySet<string> = new Set(['2000A', '2000B', '2000C', '2300']);

/** Null when none of the types asked for has a rule: then no tree is built. */
export function createClaimReader(options: ValidateOptions, reporter: Reporter): ClaimReader | null {
  const rules = rulesFor(options.snip);
  if (rules.length === 0) return null;
  const { cursor } = reporter;
  const scopes = new Map<string, Recent>();
  const { codeSets, receiver, own } = options;
  const context: RuleContext = { today: compactDate(options.today), codeSets, receiver, own, repeated };
  /** The loops from the set's down to the innermost open one, `depth`; what lies behind that is of loops already closed. */
  const open: OpenLoop[] = [];
  let depth = -1;
  let delimiters: Delimiters = { element: '*', component: ':', repetition: '^', segment: '~' };
  let isa: TreeSegment | null = null;
  let gs: TreeSegment | null = null;
  let st: TreeSegment | null = null;
  let set: ReadSet | null = null;
  let firstOfSet = true;

  let running = rules[0] as ClaimRule;
  const report: Report = (at, finding) =>
    reporter.report({
      ...finding,
      snip: running.snip,
      rule: finding.rule ?? running.rule,
      segment: finding.segment ?? at.tag,
      loop: finding.loop ?? at.rule.loop,
      at,
    });

  function repeated(scope: string, value: string): boolean {
    let recent = scopes.get(scope);
    if (recent === undefined) {
      recent = createRecent();
      scopes.set(scope, recent);
    }
    return recent.seenBefore(value);
  }

  const treeSegment = (rule: SegmentRule, { elements, flags }: ScannedSegment): TreeSegment => ({
    // Equal to the tag in the file, but one string for all files: comparing those of one object is cheaper.
    tag: rule.tag,
    elements,
    flags,
    rule,
    inFile: cursor.inFile,
    inSet: cursor.inSet,
    delimiters,
  });

  function header(rule: SegmentRule, segment: ScannedSegment): void {
    if (segment.tag === 'ISA') {
      isa = treeSegment(rule, segment);
      gs = null;
    } else if (segment.tag === 'GS') gs = treeSegment(rule, segment);
    else if (segment.tag === 'ST') st = treeSegment(rule, segment);
  }

  function setOpened(): void {
    const root: OpenLoop = { id: 'HEADER', segments: [], loops: [] };
    open[0] = root;
    depth = 0;
    set = { isa, gs, st, header: root };
    st = null;
    firstOfSet = true;
  }

  function loopOpened(id: string, at: number): void {
    const loop: OpenLoop = { id, segments: [], loops: [] };
    if (!LEVELS.has(id)) open[at - 1]?.loops.push(loop);
    open[at] = loop;
    depth = at;
  }

  function loopClosed(id: string, at: number): void {
    if (id === '2300') runRules(open[at] as OpenLoop);
    depth = at - 1;
  }

  function level(id: string): TreeLoop | null {
    for (let at = depth; at >= 0; at--) if (open[at]?.id === id) return open[at] ?? null;
    return null;
  }

  function runRules(loop: OpenLoop): void {
    const billing = level('2000A');
    const subscriber = level('2000B');
    if (billing === null || subscriber === null || set === null) return;
    const claim: ReadClaim = { set, billing, subscriber, patient: level('2000C'), loop, firstOfSet, memo: { facts: undefined } };
    firstOfSet = false;
    for (const rule of rules) {
      running = rule;
      rule.check(claim, context, report);
    }
  }

  return {
    header,
    setOpened,
    loopOpened,
    segment: (rule, segment, at) => open[at]?.segments.push(treeSegment(rule, segment)),
    loopClosed,
    delimiters: (declared) => {
      delimiters = declared;
    },
  };
}
