import type { GateInput } from '../../../src/claim/context.ts';
import type { ClaimDraft } from '../../../src/claim/draft.ts';
import { newLineage, newTraceNumber, patientControlNumber } from '../../../src/claim/identifiers.ts';
import { profileOf } from '../../../src/delivery/profiles/registry.ts';
import { checkFile } from '../../../src/pipeline/check-file.ts';
import { freeze, numbered } from '../../../src/pipeline/freeze.ts';
import type { ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { canonicalClaim, difference } from '../x12/canonical-claim.ts';
import { type Loop, readSets } from '../x12/loops.ts';
import { readClaim } from '../x12/read-claim.ts';

export interface FrozenClaim {
  readonly bytes: Uint8Array;
  /** As it was handed to the writer, its numbers filled in. */
  readonly claim: ProfessionalClaim;
  /** The one transaction set, read back by code of the tests. */
  readonly set: Loop;
}

/** The file of one ready claim, as the release makes it. `chance` names the claim. */
export function frozenClaim(input: GateInput, draft: ClaimDraft, chance: Uint8Array): FrozenClaim {
  const clearinghouse = input.clearinghouses.get(draft.clearinghouseId ?? '');
  if (clearinghouse === undefined || draft.claim === null) throw new Error('a ready draft has a claim and a clearinghouse');
  const due = { id: 'clm_1', lineage: newLineage(chance), revision: 1, traceNumber: newTraceNumber(chance) };
  const { bytes } = freeze({
    isa13: 1,
    firstSt: 1,
    at: input.now,
    clearinghouse,
    practice: input.practice,
    members: [{ due, claim: draft.claim }],
  });
  const claim = numbered(draft.claim, {
    pcn: patientControlNumber(due.lineage, 1),
    traceNumber: due.traceNumber,
    revision: 1,
    emitD9: profileOf(clearinghouse).emitD9,
  });
  const [set, ...more] = readSets(new TextDecoder().decode(bytes));
  if (set === undefined || more.length > 0) throw new Error('one claim is one transaction set');
  return { bytes, claim, set };
}

/** Why the file of a claim is not right: what the release check says of it, or where it reads back to another claim; null when it is. */
export function faultOfFrozen(input: GateInput, { bytes, claim, set }: FrozenClaim): string | null {
  const clearinghouse = [...input.clearinghouses.values()][0];
  if (clearinghouse === undefined) throw new Error('there is a clearinghouse');
  const errors = checkFile({ bytes, clearinghouse, at: input.now, codeSets: input.codeSets }).filter(
    (f) => f.severity === 'error',
  );
  if (errors.length > 0) return errors.map((f) => `${f.rule} ${f.place.loop} ${f.place.element}: ${f.message}`).join('\n');
  const { contact } = input.practice.submitter;
  return difference(readClaim(set), canonicalClaim(claim, { ...contact, email: contact.email ?? null }));
}
