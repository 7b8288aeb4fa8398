import type { Delimiters } from '../../delimiters.ts';
import type { SegmentRule } from '../../rules/model.ts';
import type { ScannedSegment } from '../../scan.ts';
import type { ValidateOptions } from './options.ts';
import { createRecent, type Recent } from './recent.ts';
import type { Reporter } from './reporter.ts';
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

/** Levels that hang from the one above without being kept by it. */
const LEVELS: ReadonlySet<string> = new Set(['2000A', '2000B', '2000C', '2300']);

/** Null when none of the types asked for has a rule: then no tree is built. */
export function createClaimReader(options: ValidateOptions, reporter: Reporter): ClaimReader | null {
  const rules = CLAIM_RULES.filter((rule) => options.snip.includes(rule.snip));
  if (rules.length === 0) return null;
  const { cursor } = reporter;
  const scopes = new Map<string, Recent>();
  const context: RuleContext = { ...options, todayCompact: options.today.replaceAll('-', ''), repeated };
  const open: (OpenLoop | null)[] = [];
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
    open.length = 0;
    const root: OpenLoop = { id: 'HEADER', segments: [], loops: [] };
    open.push(root);
    set = { isa, gs, st, header: root };
    st = null;
    firstOfSet = true;
  }

  function loopOpened(id: string, depth: number): void {
    const loop: OpenLoop = { id, segments: [], loops: [] };
    if (!LEVELS.has(id)) open[depth - 1]?.loops.push(loop);
    open.length = depth;
    open.push(loop);
  }

  function loopClosed(id: string, depth: number): void {
    if (id === '2300') runRules(open[depth] as OpenLoop);
    open.length = depth;
  }

  function runRules(loop: OpenLoop): void {
    const level = (id: string): TreeLoop | null => open.findLast((l) => l?.id === id) ?? null;
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
    segment: (rule, segment, depth) => open[depth]?.segments.push(treeSegment(rule, segment)),
    loopClosed,
    delimiters: (declared) => {
      delimiters = declared;
    },
  };
}
