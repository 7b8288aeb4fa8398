import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { generate, parseBundle } from '../../src/pipeline/generate.ts';
import type { SnipType } from '../../src/x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES } from '../../src/x12/837p/validate/options.ts';
import { writeInterchange } from '../../src/x12/837p/writer.ts';
import { X12WriteError } from '../../src/x12/write-error.ts';
import { interchange, numbered } from '../golden/base.ts';
import { surfaceClaim } from '../property/x12/surface.ts';
import { EXAMPLE_NOW, manySessions, readExample } from '../support/sessions.ts';
import { damage, type Random, randomFrom } from './mutations.ts';
import { faultOfOwn, judgeDamaged, read } from './reading.ts';

/**
 * `npm run fuzz -- [--cases N] [--seed S]`: N files (100,000 by default), half of them claims over the whole surface of the
 * guide, half of them from sessions through the gate; the validator must pass each and read it back as written. Each is
 * then damaged, and the damage must be found or harmless. The same seed gives the same cases. 1 at the first that fails.
 */
const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' } },
});
const cases = Number(values.cases ?? 100_000);
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed))
  throw new Error('--cases and --seed take whole numbers');

/** A file may take this long; a thousand times what it should. */
const MAX_MS = 2_000;
const BATCH = 200;

const counts = { files: 0, refused: 0, damaged: 0, found: 0, slowestMs: 0 };
const pool: Uint8Array[] = readdirSync('test/golden')
  .filter((name) => name.endsWith('.837'))
  .map((name) => new Uint8Array(readFileSync(join('test/golden', name))));

function fail(what: string, bytes: Uint8Array): never {
  process.stderr.write(`seed ${seed}, file ${counts.files}: ${what}\n${new TextDecoder('latin1').decode(bytes)}\n`);
  process.exit(1);
}

function timed<T>(bytes: Uint8Array, work: () => T): T {
  const start = performance.now();
  try {
    return work();
  } catch (error) {
    return fail(`threw ${String(error)}`, bytes);
  } finally {
    const ms = performance.now() - start;
    counts.slowestMs = Math.max(counts.slowestMs, ms);
    if (ms > MAX_MS) fail(`took ${Math.round(ms)} ms`, bytes);
  }
}

function checkOwn(bytes: Uint8Array, claims: number, snip: readonly SnipType[], random: Random): void {
  counts.files++;
  const fault = timed(bytes, () => faultOfOwn(bytes, claims, snip));
  if (fault !== null) fail(fault, bytes);
  const original = pool[random(pool.length)] as Uint8Array;
  for (const source of [bytes, original]) {
    const { bytes: damaged, steps } = damage(source, random);
    counts.damaged++;
    const { wrong, found } = timed(damaged, () => judgeDamaged(read(source, { snip: [] }), damaged, 1 + random(200)));
    if (found) counts.found++;
    if (wrong !== null) fail(`${steps.join(', ')}: ${wrong}`, damaged);
  }
}

/** Claims of every kind that the writer takes, with made-up dates and codes, hence types 1 to 3; what it refuses is none of the validator's. */
function claims(batch: number, random: Random): void {
  for (const claim of fc.sample(surfaceClaim(), {
    numRuns: BATCH,
    seed: seed + batch,
  })) {
    const many = random(8) === 0 ? 2 + random(4) : 1;
    let bytes: Uint8Array;
    try {
      const members = Array.from({ length: many }, (_, n) => (many === 1 ? claim : numbered(claim, n + 1)));
      bytes = writeInterchange(interchange(members, { segmentNewline: random(2) === 0 }));
    } catch (error) {
      if (!(error instanceof X12WriteError)) throw error;
      counts.refused++;
      continue;
    }
    checkOwn(bytes, many, [1, 2, 3], random);
  }
}

const bundle = parseBundle(readExample('seed.json'));
if (!bundle.ok) throw new Error('the shipped seed is sound');

/** Sessions as an EHR would post them, through the gate. */
function sessions(batch: number, random: Random): void {
  for (const body of manySessions(10, (seed + batch) % 900)) {
    if (!bundle.ok) return;
    const result = generate({
      body,
      bundle: bundle.value,
      now: EXAMPLE_NOW,
      randomBytes: (size) => Uint8Array.from({ length: size }, () => random(256)),
    });
    if (!result.ok) continue;
    for (const attendee of result.value.attendees) {
      if (attendee.outcome === 'ready') checkOwn(attendee.bytes, 1, ALL_SNIP_TYPES, random);
      else counts.refused++;
    }
  }
}

const started = performance.now();
for (let batch = 0; counts.files < cases; batch++) {
  const random = randomFrom(seed + batch);
  if (batch % 4 === 0) claims(batch, random);
  else sessions(batch, random);
  if (batch % 50 === 0) process.stdout.write(`${counts.files} of ${cases}\r`);
}
process.stdout.write(
  `seed ${seed}: ${counts.files} files passed and read back, ${counts.damaged} damaged ones read rightly (${counts.found} with findings), ` +
    `${counts.refused} claims refused or not billable; slowest ${Math.round(counts.slowestMs)} ms, ${Math.round((performance.now() - started) / 1000)} s\n`,
);
