import type { SnipType } from '../../src/x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES, type ValidateOptions } from '../../src/x12/837p/validate/options.ts';
import { validate } from '../../src/x12/837p/validate/validator.ts';
import { writeInterchange } from '../../src/x12/837p/writer.ts';
import { SHIPPED_CODE_SETS } from '../../src/x12/code-sets/shipped.ts';
import { CASES } from '../golden/cases.ts';

const FILES = 2_000;
const WARM_UP_MS = 4_000;
const ROUNDS = 25;

export interface ValidatingFigures {
  readonly filesPerSecond: number;
  readonly nsPerSegment: number;
}

/**
 * Single-claim files per second on one core, and nanoseconds per segment, over distinct files of our writer. The best of
 * many short rounds counts: what else the machine does can only add.
 */
export async function benchValidating(snip: readonly SnipType[] = ALL_SNIP_TYPES): Promise<ValidatingFigures> {
  const files = distinctFiles();
  const options: ValidateOptions = { snip, today: '2026-11-22', codeSets: SHIPPED_CODE_SETS, receiver: null, own: true };
  let segments = 0;
  const run = (): void => {
    segments = 0;
    for (const file of files) segments += validate(file, options).summary.segments;
  };
  const warmUntil = performance.now() + WARM_UP_MS;
  while (performance.now() < warmUntil) run();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { filesPerSecond: (files.length * 1_000) / best, nsPerSegment: (best * 1e6) / segments };
}

/** Every single-claim case again and again, each file with numbers and names of its own. */
function distinctFiles(): readonly Uint8Array[] {
  const cases = Object.values(CASES).filter((c) => c.transactionSets.length === 1);
  return Array.from({ length: FILES }, (_, i) => {
    const base = cases[i % cases.length] as (typeof cases)[number];
    const [set] = base.transactionSets as readonly [(typeof base.transactionSets)[number]];
    const number = String(i + 1).padStart(9, '0');
    const lineage = `K${i.toString(36).toUpperCase().padStart(6, '0')}QZ`;
    const claim = {
      ...set.claim,
      patientControlNumber: `${lineage}01`,
      subscriber: { ...set.claim.subscriber, memberId: `W${number}` },
      lines: set.claim.lines.map((line, n) => ({ ...line, lineControlNumber: `${lineage}01L${n + 1}` })),
    };
    return writeInterchange({
      ...base,
      controlNumber: number,
      transactionSets: [{ ...set, controlNumber: number, batchReference: `B${number}`, claim }],
    });
  });
}
