import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Attendee } from '../../schemas/group-session.ts';
import { runGate } from '../../src/claim/gate.ts';
import type { SnipType } from '../../src/x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES } from '../../src/x12/837p/validate/options.ts';
import { writeInterchange } from '../../src/x12/837p/writer.ts';
import { X12WriteError } from '../../src/x12/write-error.ts';
import { interchange, numbered } from '../golden/base.ts';
import { coveredSession } from '../property/claim/covered-sessions.ts';
import { type FrozenClaim, faultOfFrozen, frozenClaim } from '../property/claim/frozen.ts';
import { toldByFile, toldBySession } from '../property/claim/meant.ts';
import { canonicalClaim, difference } from '../property/x12/canonical-claim.ts';
import { readSets } from '../property/x12/loops.ts';
import { readClaim } from '../property/x12/read-claim.ts';
import { surfaceClaim } from '../property/x12/surface.ts';
import { gateInput } from '../support/gate.ts';
import { judgeDamaged, type Sound, soundFile } from './damaged.ts';
import { damage, type Random, randomFrom } from './mutations.ts';
import { faultOfOwn } from './reading.ts';

/** A case that failed: what was wrong, and the bytes that it was wrong with. */
export class FuzzFailure extends Error {
  readonly bytes: Uint8Array;
  constructor(what: string, bytes: Uint8Array) {
    super(what);
    this.bytes = bytes;
  }
}

export interface FuzzCounts {
  files: number;
  refused: number;
  damaged: number;
  found: number;
  slowestMs: number;
  /** How often a change of this element went unseen. */
  readonly unseen: Map<string, number>;
}

/** Told before every reading of a file, and null after it, so that somebody else can see that it takes too long. */
export type Watch = (bytes: Uint8Array | null) => void;

/** A ready claim that the writer refuses is a failure of its own: the session stands where its file would. */
function frozenOrFailed(freeze: () => FrozenClaim, session: object): FrozenClaim {
  try {
    return freeze();
  } catch (error) {
    throw new FuzzFailure(`not written: ${String(error)}`, new TextEncoder().encode(JSON.stringify(session)));
  }
}

/** Draws of claims per batch. */
const CLAIMS = 200;
const SESSIONS = 40;

/**
 * Runs cases until there are `cases` files; the same seed gives the same cases. Throws FuzzFailure for the first that
 * fails. Half of the files are claims over the whole surface of the guide, half come from sessions through the gate; each
 * must pass the validator and read back to the claim that was written, value by value. Each, and a golden file beside it,
 * is then damaged: the damage must be found, or change nothing but the values that it hit.
 */
export function fuzz(cases: number, seed: number, watch: Watch, progress: (files: number) => void): FuzzCounts {
  const counts: FuzzCounts = { files: 0, refused: 0, damaged: 0, found: 0, slowestMs: 0, unseen: new Map() };
  const golden = readdirSync('test/golden')
    .filter((name) => name.endsWith('.837'))
    .map((name) => soundFile(new Uint8Array(readFileSync(join('test/golden', name))), ALL_SNIP_TYPES));

  const timed = <T>(bytes: Uint8Array, work: () => T): T => {
    watch(bytes);
    const start = performance.now();
    try {
      return work();
    } catch (error) {
      throw new FuzzFailure(`threw ${String(error)}`, bytes);
    } finally {
      watch(null);
      counts.slowestMs = Math.max(counts.slowestMs, performance.now() - start);
    }
  };

  /** `fault` null: the file is right as far as its caller can tell. */
  const check = (bytes: Uint8Array, claims: number, snip: readonly SnipType[], random: Random, fault: string | null): void => {
    counts.files++;
    const wrongly = fault ?? timed(bytes, () => faultOfOwn(bytes, claims, snip));
    if (wrongly !== null) throw new FuzzFailure(`file ${counts.files}: ${wrongly}`, bytes);
    for (const sound of [soundFile(bytes, snip), golden[random(golden.length)] as Sound]) {
      const { bytes: damaged, steps } = damage(sound.bytes, random);
      counts.damaged++;
      const verdict = timed(damaged, () => judgeDamaged(sound, damaged, 1 + random(200), steps.length));
      if (verdict.found) counts.found++;
      for (const place of verdict.unseen) counts.unseen.set(place, (counts.unseen.get(place) ?? 0) + 1);
      if (verdict.wrong !== null) throw new FuzzFailure(`file ${counts.files}, ${steps.join(', ')}: ${verdict.wrong}`, damaged);
    }
  };

  /** Claims of every kind that the writer takes, with made-up dates and codes, hence types 1 to 3; what it refuses is none of the validator's. */
  const claims = (batch: number, random: Random): void => {
    for (const claim of fc.sample(surfaceClaim(), { numRuns: CLAIMS, seed: seed + batch })) {
      const many = random(8) === 0 ? 2 + random(4) : 1;
      const members = Array.from({ length: many }, (_, n) => (many === 1 ? claim : numbered(claim, n + 1)));
      const input = interchange(members, { segmentNewline: random(2) === 0 });
      let bytes: Uint8Array;
      try {
        bytes = writeInterchange(input);
      } catch (error) {
        if (!(error instanceof X12WriteError)) throw error;
        counts.refused++;
        continue;
      }
      const sets = readSets(new TextDecoder().decode(bytes));
      const other = members.map((meant, n) => {
        const set = sets[n];
        return set === undefined
          ? 'a set is missing'
          : difference(readClaim(set), canonicalClaim(meant, input.submitter.contact));
      });
      check(bytes, many, [1, 2, 3], random, other.find((d) => d !== null) ?? null);
    }
  };

  /** Sessions as an EHR would post them, each attendee's claim ready by construction. */
  const sessions = (batch: number, random: Random): void => {
    for (const { body, options } of fc.sample(coveredSession, { numRuns: SESSIONS, seed: seed + batch })) {
      const input = gateInput(body, options);
      for (const { disposition, findings, index } of runGate(input).attendees) {
        if (disposition.kind !== 'ready') {
          const stops = findings.filter((f) => f.severity === 'hold' || f.severity === 'block').map((f) => `${f.rule} ${f.path}`);
          throw new FuzzFailure(`held: ${stops.join(', ')}`, new TextEncoder().encode(JSON.stringify({ body, options })));
        }
        const chance = Uint8Array.from({ length: 14 }, () => random(256));
        const frozen = frozenOrFailed(() => frozenClaim(input, disposition.draft, chance), { body, options });
        const told = [toldByFile(frozen.set), toldBySession(body.attendees[index] as Attendee)].map((t) => JSON.stringify(t));
        const fault = faultOfFrozen(input, frozen) ?? (told[0] === told[1] ? null : `${told[0]} for ${told[1]}`);
        check(frozen.bytes, 1, ALL_SNIP_TYPES, random, fault);
      }
    }
  };

  for (let batch = 0; counts.files < cases; batch++) {
    const random = randomFrom(seed + batch);
    if (batch % 2 === 0) claims(batch, random);
    else sessions(batch, random);
    progress(counts.files);
  }
  return counts;
}
