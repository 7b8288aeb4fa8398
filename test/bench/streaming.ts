import { ALL_SNIP_TYPES } from '../../src/x12/837p/validate/options.ts';
import { createValidator, type ValidationSummary } from '../../src/x12/837p/validate/validator.ts';
import { writeInterchange } from '../../src/x12/837p/writer.ts';
import { SHIPPED_CODE_SETS } from '../../src/x12/code-sets/shipped.ts';
import { CASES } from '../golden/cases.ts';

const SETS_PER_GROUP = 2_000;
/** Sets between two readings of the memory. */
const READ_EVERY = 2_000;

export interface StreamingFigures {
  readonly megabytes: number;
  readonly findings: number;
  readonly summary: ValidationSummary;
  readonly megabytesPerSecond: number;
  /** In MB: the highest reading in the first and in the last tenth of the file. Resident memory, and the heap after a collection. */
  readonly resident: { readonly first: number; readonly last: number };
  readonly heap: { readonly first: number; readonly last: number };
}

/**
 * One interchange of `megabytes` made on the way, validated as it comes: what it costs must not depend on how much has gone
 * by. Every set has a control number, a BHT03 and a CLM01 of its own.
 */
export async function measureStreaming(megabytes: number): Promise<StreamingFigures> {
  let findings = 0;
  const options = { snip: ALL_SNIP_TYPES, today: '2026-11-22', codeSets: SHIPPED_CODE_SETS, receiver: null, own: false };
  const validator = createValidator(options, { finding: () => void findings++ });
  const end = megabytes * 1e6;
  const resident = { first: 0, last: 0 };
  const heap = { first: 0, last: 0 };
  const read = (at: number): void => {
    const tenth = at < end / 10 ? 'first' : at > (9 * end) / 10 ? 'last' : null;
    if (tenth === null) return;
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    resident[tenth] = Math.max(resident[tenth], rss / 1e6);
    heap[tenth] = Math.max(heap[tenth], heapUsed / 1e6);
  };
  const start = performance.now();
  let size = 0;
  let sets = 0;
  for (const piece of pieces(end)) {
    validator.push(Buffer.from(piece, 'latin1'));
    size += piece.length;
    if (++sets % READ_EVERY === 0) {
      read(size);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const summary = validator.end();
  const seconds = (performance.now() - start) / 1_000;
  return { megabytes: size / 1e6, findings, summary, megabytesPerSecond: size / 1e6 / seconds, resident, heap };
}

/** A file's segments: the envelope's beginning, the set, the envelope's end. */
function partsOf(file: Uint8Array): {
  readonly head: readonly string[];
  readonly set: readonly string[];
  readonly tail: readonly string[];
} {
  const segments = Buffer.from(file)
    .toString('latin1')
    .split('~')
    .slice(0, -1)
    .map((s) => s.trim());
  const [from, to] = [segments.findIndex((s) => s.startsWith('ST*')), segments.findIndex((s) => s.startsWith('SE*'))];
  return { head: segments.slice(0, from), set: segments.slice(from, to + 1), tail: segments.slice(to + 1) };
}

const withElement = (segment: string, position: number, value: string): string =>
  segment
    .split('*')
    .map((element, i) => (i === position ? value : element))
    .join('*');

/** One set with numbers of its own. */
function numbered(set: readonly string[], inGroup: number, inFile: number): string {
  const control = String(inGroup).padStart(4, '0');
  const places: Readonly<Record<string, readonly [number, string]>> = {
    ST: [2, control],
    SE: [2, control],
    BHT: [3, `B${inFile}`],
    CLM: [1, `P${inFile}`],
  };
  const renumbered = set.map((segment) => {
    const place = places[segment.slice(0, segment.indexOf('*'))];
    return place === undefined ? segment : withElement(segment, ...place);
  });
  return `${renumbered.join('~')}~`;
}

function* pieces(size: number): Generator<string> {
  const cases = Object.values(CASES).filter((c) => c.transactionSets.length === 1);
  const files = cases.map((c) => partsOf(writeInterchange(c)));
  const [isa = '', gs = ''] = files[0]?.head ?? [];
  yield `${isa}~`;
  let done = 0;
  let sets = 0;
  let groups = 0;
  while (done < size) {
    groups++;
    yield `${withElement(gs, 6, String(groups))}~`;
    for (let n = 1; n <= SETS_PER_GROUP; n++) {
      const piece = numbered(files[sets % files.length]?.set ?? [], n, ++sets);
      done += piece.length;
      yield piece;
    }
    yield `GE*${SETS_PER_GROUP}*${groups}~`;
  }
  yield `IEA*${groups}*${isa.split('*')[13]}~`;
}
