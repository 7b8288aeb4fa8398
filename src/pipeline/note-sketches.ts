import { dateOfServiceOf } from '../claim/build.ts';
import type { EarlierNote } from '../claim/context.ts';
import type { GateVerdict } from '../claim/draft.ts';
import type { Executor } from '../ledger/executor.ts';
import { findSketches, type NewSketch, type SessionSketches } from '../ledger/note-sketches.ts';
import { CLONE_BANDS } from '../session/notes/bands.ts';
import { bandKeys, CLINICIAN_BANDS, estimateJaccard, OWN_BANDS, SKETCH_VERSION, sketchNotes } from '../session/notes/sketch.ts';
import type { ParsedSession } from '../session/parse.ts';
import type { Vault } from './deps.ts';
import { patientHash } from './intake-facts.ts';

/** The practice's salt: 32 bytes that only the installation's hash key can make. */
const saltOf = (vault: Vault, practiceId: string): Uint8Array => vault.hash('note-sketch', practiceId);

/** Patients and clinicians as numbers that go into the look-up keys. */
const scopeNumber = (hash: Uint8Array): number => new DataView(hash.buffer, hash.byteOffset, 4).getInt32(0);

/** A session's paragraphs as they are looked up and kept: salted sketches, no text. */
export function sketchesOf(vault: Vault, session: ParsedSession, usage: 'T' | 'P' | null): SessionSketches {
  const { practiceId, attendees } = session;
  const clinician = session.renderingProvider.npi;
  const ofClinician = scopeNumber(vault.hash('note-sketch/clinician', `${practiceId}\n${clinician}`));
  const sketches = sketchNotes(session, saltOf(vault, practiceId), CLONE_BANDS.minShingles).map(
    ({ index, minima, shingles }): NewSketch => {
      const patient = patientHash(vault, practiceId, (attendees[index] as (typeof attendees)[number]).externalId);
      return {
        ordinal: index,
        patientHash: patient,
        shingles,
        minima,
        ownBands: bandKeys(minima, scopeNumber(patient), OWN_BANDS),
        clinicianBands: bandKeys(minima, ofClinician, CLINICIAN_BANDS),
      };
    },
  );
  const dateOfService = dateOfServiceOf({ session });
  return { scope: { practiceId, clinician, dateOfService, usage, keyId: vault.hashKeyId, version: SKETCH_VERSION }, sketches };
}

/** What earlier paragraphs ours are like, estimated; one statement, none when there is nothing to compare. */
export async function earlierNotes(db: Executor, sketches: SessionSketches, externalId: string): Promise<readonly EarlierNote[]> {
  const minima = new Map(sketches.sketches.map((s) => [s.ordinal, s.minima]));
  return (await findSketches(db, sketches, externalId)).map((found) => ({
    index: found.ordinal,
    whose: found.own ? 'own' : 'clinician',
    sessionId: found.sessionId,
    dateOfService: found.dateOfService,
    similarity: estimateJaccard(minima.get(found.ordinal) as Uint8Array, found.minima),
  }));
}

/** Sketches of the attendees who get a claim: of nobody else's note is anything kept. */
export function keptSketches(all: SessionSketches, { attendees }: Pick<GateVerdict, 'attendees'>): SessionSketches {
  const billed = new Set(attendees.flatMap((a) => (a.disposition.kind === 'not_billable' ? [] : [a.index])));
  return { ...all, sketches: all.sketches.filter((s) => billed.has(s.ordinal)) };
}
