import { childLoop, component, element, type ReadClaim, segmentOf, type TreeLoop, type TreeSegment } from '../tree.ts';
import { daysOf, isoDay, toCents } from './values.ts';

/** Adjustments of one CAS: `CAS01` with up to six reasons. */
export interface AdjustmentFacts {
  readonly segment: TreeSegment;
  readonly group: string;
  /** `ref` is the element that holds the reason, `cents` null where the amount cannot be read. */
  readonly reasons: readonly { readonly code: string; readonly cents: number | null; readonly ref: string }[];
}

/** 2430: what another payer decided on a line. */
export interface DecisionFacts {
  readonly loop: TreeLoop;
  readonly svd: TreeSegment;
  readonly payerId: string;
  readonly paid: number | null;
  /** Null where an amount cannot be read. */
  readonly adjusted: number | null;
  readonly adjustments: readonly AdjustmentFacts[];
  readonly bundled: boolean;
  readonly remitted: TreeSegment | null;
}

/** 2400. */
export interface LineFacts {
  readonly loop: TreeLoop;
  readonly sv1: TreeSegment;
  readonly procedure: string;
  readonly modifiers: readonly string[];
  readonly charge: number | null;
  readonly units: string;
  /** SV105, or the claim's place. */
  readonly place: string;
  readonly pointers: readonly string[];
  readonly service: TreeSegment | null;
  /** `CCYYMMDD`, '' where it cannot be read. */
  readonly from: string;
  readonly to: string;
  /** `from` as code lists ask for it, `YYYY-MM-DD`; '' likewise. */
  readonly day: string;
  readonly decisions: readonly DecisionFacts[];
}

/** 2320 with its 2330B. */
export interface OtherPayerFacts {
  readonly loop: TreeLoop;
  readonly sbr: TreeSegment;
  readonly rank: string;
  readonly payer: TreeSegment | null;
  readonly payerId: string;
  /** AMT D, null where there is none. */
  readonly paidSegment: TreeSegment | null;
  readonly paid: number | null;
  readonly adjustments: readonly AdjustmentFacts[];
  readonly adjusted: number | null;
  readonly remaining: TreeSegment | null;
  readonly remitted: TreeSegment | null;
}

export interface DiagnosisFacts {
  readonly segment: TreeSegment;
  /** `HI01-02`. */
  readonly ref: string;
  readonly qualifier: string;
  readonly code: string;
}

/** What rules read of a claim, taken apart once. */
export interface ClaimFacts {
  /** Every loop of the claim and of the levels above it, and all their segments, in file order. */
  readonly loops: readonly TreeLoop[];
  readonly segments: readonly TreeSegment[];
  /** The flags of all these segments together. */
  readonly flags: number;
  readonly clm: TreeSegment;
  readonly sbr: TreeSegment | null;
  readonly total: number | null;
  readonly frequency: string;
  readonly place: string;
  readonly diagnoses: readonly DiagnosisFacts[];
  readonly lines: readonly LineFacts[];
  readonly others: readonly OtherPayerFacts[];
  /** First and last day of service, `CCYYMMDD`; '' where no line has one. */
  readonly firstService: string;
  readonly lastService: string;
  /** `firstService` as code lists ask for it, `YYYY-MM-DD`. */
  readonly firstDay: string;
}

/** Null when the claim has no CLM: type 2 has said so. */
export function factsOf(claim: ReadClaim): ClaimFacts | null {
  const { memo } = claim;
  if (memo.facts === undefined) memo.facts = takeApart(claim);
  return memo.facts;
}

function takeApart(claim: ReadClaim): ClaimFacts | null {
  const clm = segmentOf(claim.loop, 'CLM');
  if (clm === null) return null;
  const place = component(clm, 5, 1);
  const lines: LineFacts[] = [];
  const others: OtherPayerFacts[] = [];
  let firstService = '';
  let lastService = '';
  for (const loop of claim.loop.loops) {
    if (loop.id === '2400') {
      const line = lineOf(loop, place);
      if (line === null) continue;
      lines.push(line);
      if (line.from === '') continue;
      // The ends of a range may stand in the wrong order.
      const [first, last] = line.from <= line.to ? [line.from, line.to] : [line.to, line.from];
      if (firstService === '' || first < firstService) firstService = first;
      if (last > lastService) lastService = last;
    } else if (loop.id === '2320') {
      const other = otherPayerOf(loop);
      if (other !== null) others.push(other);
    }
  }
  const loops: TreeLoop[] = [];
  const segments: TreeSegment[] = [];
  gather(claim.billing, loops, segments);
  gather(claim.subscriber, loops, segments);
  if (claim.patient !== null) gather(claim.patient, loops, segments);
  gather(claim.loop, loops, segments);
  let flags = 0;
  for (const segment of segments) flags |= segment.flags;
  return {
    loops,
    segments,
    flags,
    clm,
    sbr: segmentOf(claim.subscriber, 'SBR'),
    total: toCents(element(clm, 2)),
    frequency: component(clm, 5, 3),
    place,
    diagnoses: diagnosesOf(claim.loop),
    lines,
    others,
    firstService,
    lastService,
    firstDay: firstService === '' ? '' : isoDay(firstService),
  };
}

function gather(loop: TreeLoop, loops: TreeLoop[], segments: TreeSegment[]): void {
  loops.push(loop);
  for (const segment of loop.segments) segments.push(segment);
  for (const inner of loop.loops) gather(inner, loops, segments);
}

function lineOf(loop: TreeLoop, claimPlace: string): LineFacts | null {
  const sv1 = segmentOf(loop, 'SV1');
  if (sv1 === null) return null;
  const service = segmentOf(loop, 'DTP', '472');
  const [from, to] = daysOf(service);
  const place = element(sv1, 5);
  return {
    loop,
    sv1,
    procedure: component(sv1, 1, 2),
    modifiers: componentsOf(sv1, 1, 3, 6),
    charge: toCents(element(sv1, 2)),
    units: element(sv1, 4),
    place: place === '' ? claimPlace : place,
    pointers: componentsOf(sv1, 7, 1, 4),
    service,
    from,
    to,
    day: from === '' ? '' : isoDay(from),
    decisions: decisionsOf(loop),
  };
}

/** Components `first` to `last` (1-based) of element `n` without the empty ones. */
function componentsOf(segment: TreeSegment, n: number, first: number, last: number): readonly string[] {
  const found: string[] = [];
  for (let m = first; m <= last; m++) {
    const value = component(segment, n, m);
    if (value !== '') found.push(value);
  }
  return found;
}

function decisionsOf(line: TreeLoop): readonly DecisionFacts[] {
  const decisions: DecisionFacts[] = [];
  for (const loop of line.loops) {
    const svd = loop.id === '2430' ? segmentOf(loop, 'SVD') : null;
    if (svd === null) continue;
    const adjustments = adjustmentsOf(loop);
    decisions.push({
      loop,
      svd,
      payerId: element(svd, 1),
      paid: toCents(element(svd, 2)),
      adjustments,
      adjusted: totalOf(adjustments),
      bundled: element(svd, 6) !== '',
      remitted: segmentOf(loop, 'DTP', '573'),
    });
  }
  return decisions;
}

function otherPayerOf(loop: TreeLoop): OtherPayerFacts | null {
  const sbr = segmentOf(loop, 'SBR');
  if (sbr === null) return null;
  const payerLoop = childLoop(loop, '2330B');
  const payer = payerLoop === null ? null : segmentOf(payerLoop, 'NM1');
  const paidSegment = segmentOf(loop, 'AMT', 'D');
  const adjustments = adjustmentsOf(loop);
  return {
    loop,
    sbr,
    rank: element(sbr, 1),
    payer,
    payerId: element(payer, 9),
    paidSegment,
    paid: paidSegment === null ? null : toCents(element(paidSegment, 2)),
    adjustments,
    adjusted: totalOf(adjustments),
    remaining: segmentOf(loop, 'AMT', 'EAF'),
    remitted: payerLoop === null ? null : segmentOf(payerLoop, 'DTP', '573'),
  };
}

/** Where a CAS has its reasons. */
const REASON_REFS: readonly (readonly [number, string])[] = [2, 5, 8, 11, 14, 17].map((n) => [
  n,
  `CAS${String(n).padStart(2, '0')}`,
]);

function adjustmentsOf(loop: TreeLoop): readonly AdjustmentFacts[] {
  const found: AdjustmentFacts[] = [];
  for (const segment of loop.segments) {
    if (segment.tag !== 'CAS') continue;
    const reasons: { code: string; cents: number | null; ref: string }[] = [];
    for (const [n, ref] of REASON_REFS) {
      const code = element(segment, n);
      if (code !== '') reasons.push({ code, cents: toCents(element(segment, n + 1)), ref });
    }
    found.push({ segment, group: element(segment, 1), reasons });
  }
  return found;
}

function totalOf(adjustments: readonly AdjustmentFacts[]): number | null {
  let sum = 0;
  for (const { reasons } of adjustments)
    for (const { cents } of reasons) {
      if (cents === null) return null;
      sum += cents;
    }
  return sum;
}

const DIAGNOSIS_QUALIFIERS = new Set(['ABK', 'ABF', 'BK', 'BF']);
/** `HI01-02` … of the twelve diagnoses that an HI holds. */
const DIAGNOSIS_REFS: readonly string[] = Array.from({ length: 12 }, (_, i) => `HI${String(i + 1).padStart(2, '0')}-02`);

function diagnosesOf(loop: TreeLoop): readonly DiagnosisFacts[] {
  const found: DiagnosisFacts[] = [];
  for (const segment of loop.segments) {
    if (segment.tag !== 'HI') continue;
    for (let n = 1; n <= segment.elements.length; n++) {
      const qualifier = component(segment, n, 1);
      const ref = DIAGNOSIS_REFS[n - 1];
      if (ref === undefined || !DIAGNOSIS_QUALIFIERS.has(qualifier)) continue;
      found.push({ segment, ref, qualifier, code: component(segment, n, 2) });
    }
  }
  return found;
}
