import nodeX12 from 'node-x12';
import type { Interchange } from '../../src/x12/837p/model.ts';
import { writeInterchange } from '../../src/x12/837p/writer.ts';
import { readSegments } from '../../src/x12/read.ts';
import { CASES } from '../golden/cases.ts';

const WARM_UP = 3000;
const ROUNDS = 150;
const PER_ROUND = 10;

/**
 * Cost of one single-claim file in microseconds: our writer (text made to fit, every element and loop checked, situational
 * rules) against node-x12 alone, given the finished elements of the same files (`addSegment` for each, `toString`, bytes).
 * The two alternate in rounds of a few milliseconds in one process and the best round of each counts: what else the machine
 * does can only add. The files are the golden ones of a practice's work, each from objects of its own, as claims come out of
 * the ledger. `every-loop` is measured alone (`alone`): it has in one claim every loop and segment that the writer knows, which
 * no claim of a practice does, and would outweigh five of the others.
 */
export async function benchWriting(): Promise<{ ratio: number; alone: number }> {
  const files = Object.entries(CASES).filter(([, c]) => c.transactionSets.length === 1);
  return {
    ratio: await ratioOver(files.filter(([name]) => name !== 'every-loop').map(([, c]) => structuredClone(c))),
    alone: await ratioOver(files.filter(([name]) => name === 'every-loop').map(([, c]) => structuredClone(c))),
  };
}

async function ratioOver(inputs: readonly Interchange[]): Promise<number> {
  const bareInputs = inputs.map((input) => {
    const text = new TextDecoder().decode(writeInterchange(input));
    return {
      segments: readSegments(text).segments.map(({ tag, elements }) => ({ tag, elements: [...elements] })),
      format: input.segmentNewline,
    };
  });
  const ours = (): void => {
    for (const input of inputs) writeInterchange(input);
  };
  const bare = (): void => {
    for (const { segments, format } of bareInputs) writeBare(segments, format);
  };
  measure(ours, WARM_UP);
  measure(bare, WARM_UP);
  let writer = Number.POSITIVE_INFINITY;
  let bareTime = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    writer = Math.min(writer, measure(ours, PER_ROUND) / inputs.length);
    bareTime = Math.min(bareTime, measure(bare, PER_ROUND) / inputs.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return writer / bareTime;
}

function writeBare(segments: readonly { readonly tag: string; readonly elements: string[] }[], format: boolean): Uint8Array {
  const interchange = new nodeX12.X12Interchange({ subElementDelimiter: ':', format });
  const [isa, gs, st, ...rest] = segments;
  interchange.setHeader(isa?.elements ?? []);
  const group = interchange.addFunctionalGroup();
  group.setHeader(gs?.elements ?? []);
  const set = group.addTransaction();
  set.setHeader(st?.elements ?? []);
  for (const { tag, elements } of rest.slice(0, -3)) set.addSegment(tag, elements);
  return new TextEncoder().encode(interchange.toString());
}

function measure(run: () => void, times: number): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return ((performance.now() - start) * 1000) / times;
}
