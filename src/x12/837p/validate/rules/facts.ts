import {
  childLoop,
  childLoops,
  component,
  element,
  type ReadClaim,
  segmentOf,
  segmentsOf,
  type TreeLoop,
  type TreeSegment,
} from '../tree.ts';

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
  for (const loop of claim.loop.loops) {
    if (loop.id === '2400') {
      const line = lineOf(loop, place);
      if (line !== null) lines.push(line);
    } else if (loop.id === '2320') {
      const other = otherPayerOf(loop);
      if (other !== null) others.push(other);
    }
  }
  const loops: TreeLoop[] = [];
  const segments: TreeSegment[] = [];
  for (const level of [claim.billing, claim.subscriber, claim.patient, claim.loop])
    if (level !== null) gather(level, loops, segments);
  const days = lines.flatMap((l) => (l.from === '' ? [] : [l.from, l.to])).sort();
  return {
    loops,
    segments,
    clm,
    sbr: segmentOf(claim.subscriber, 'SBR'),
    total: toCents(element(clm, 2)),
    frequency: component(clm, 5, 3),
    place,
    diagnoses: diagnosesOf(claim.loop),
    lines,
    others,
    firstService: days[0] ?? '',
    lastService: days.at(-1) ?? '',
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
  return {
    loop,
    sv1,
    procedure: component(sv1, 1, 2),
    modifiers: [3, 4, 5, 6].map((n) => component(sv1, 1, n)).filter((m) => m !== ''),
    charge: toCents(element(sv1, 2)),
    units: element(sv1, 4),
    place: element(sv1, 5) === '' ? claimPlace : element(sv1, 5),
    pointers: [1, 2, 3, 4].map((n) => component(sv1, 7, n)).filter((p) => p !== ''),
    service,
    from,
    to,
    decisions: childLoops(loop, '2430').flatMap((l) => decisionOf(l) ?? []),
  };
}

function decisionOf(loop: TreeLoop): DecisionFacts | null {
  const svd = segmentOf(loop, 'SVD');
  if (svd === null) return null;
  const adjustments = adjustmentsOf(loop);
  return {
    loop,
    svd,
    payerId: element(svd, 1),
    paid: toCents(element(svd, 2)),
    adjustments,
    adjusted: totalOf(adjustments),
    bundled: element(svd, 6) !== '',
    remitted: segmentOf(loop, 'DTP', '573'),
  };
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

function adjustmentsOf(loop: TreeLoop): readonly AdjustmentFacts[] {
  return segmentsOf(loop, 'CAS').map((segment) => {
    const reasons: { code: string; cents: number | null; ref: string }[] = [];
    for (let n = 2; n <= 17; n += 3) {
      const code = element(segment, n);
      if (code === '') continue;
      reasons.push({ code, cents: toCents(element(segment, n + 1)), ref: `CAS${String(n).padStart(2, '0')}` });
    }
    return { segment, group: element(segment, 1), reasons };
  });
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

function diagnosesOf(loop: TreeLoop): readonly DiagnosisFacts[] {
  const found: DiagnosisFacts[] = [];
  for (const segment of segmentsOf(loop, 'HI')) {
    segment.elements.forEach((_, i) => {
      const qualifier = component(segment, i + 1, 1);
      if (!DIAGNOSIS_QUALIFIERS.has(qualifier)) return;
      found.push({ segment, ref: `HI${String(i + 1).padStart(2, '0')}-02`, qualifier, code: component(segment, i + 1, 2) });
    });
  }
  return found;
}

/** First and last day of a DTP, `CCYYMMDD`; both '' where there is none or it cannot be read. */
export function daysOf(dtp: TreeSegment | null): readonly [string, string] {
  const text = element(dtp, 3);
  if (/^\d{8}$/.test(text)) return [text, text];
  return /^\d{8}-\d{8}$/.test(text) ? [text.slice(0, 8), text.slice(9)] : ['', ''];
}

/** `CCYYMMDD` → `YYYY-MM-DD`, the form of code lists and `today`. */
export const isoDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;

/**
 * An R amount of up to two decimals in integer cents, whatever its zeros (`60`, `60.00`, `085`, `.5`); null for anything
 * else, which nothing can be balanced with.
 */
export function toCents(text: string): number | null {
  const match = /^(-?)(\d{0,12})(?:\.(\d{0,2}))?$/.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', part = ''] = match;
  if (whole === '' && part === '') return null;
  const cents = Number(whole || '0') * 100 + Number(part.padEnd(2, '0'));
  return sign === '-' ? -cents : cents;
}
