import { addSet, closeEnvelope, type EnvelopeRules, openEnvelope } from '../envelope.ts';
import { closeLoop, openLoop, type SetWriter } from '../segments.ts';
import type { Interchange, TransactionSet } from './model.ts';
import { loopPlace, segmentRule, WRITE_RULES } from './rules.ts';
import { checkSituations, checkTransmission } from './situations.ts';
import { closeBilling, openBilling } from './write-billing.ts';
import { writeClaim } from './write-claim.ts';
import { writeHeader } from './write-header.ts';
import { closePatient, closeSubscriber, openPatient, openSubscriber } from './write-subscriber.ts';

const ENVELOPE: EnvelopeRules = {
  root: WRITE_RULES,
  groupLoop: loopPlace(WRITE_RULES, 'ISA_LOOP', 'GS_LOOP'),
  setLoop: loopPlace(WRITE_RULES, 'GS_LOOP', 'ST_LOOP'),
  isa: segmentRule(WRITE_RULES, 'ISA_LOOP', 'ISA'),
  gs: segmentRule(WRITE_RULES, 'GS_LOOP', 'GS'),
  st: segmentRule(WRITE_RULES, 'ST_LOOP', 'ST'),
  se: segmentRule(WRITE_RULES, 'ST_LOOP', 'SE'),
  ge: segmentRule(WRITE_RULES, 'GS_LOOP', 'GE'),
  iea: segmentRule(WRITE_RULES, 'ISA_LOOP', 'IEA'),
  functionalId: 'HC',
  setId: '837',
  version: '005010X222A1',
};
const DETAIL = loopPlace(WRITE_RULES, 'ST_LOOP', 'DETAIL');

/**
 * One interchange with one functional group (005010X222A1) and one transaction set per claim, as the bytes of a file:
 * ASCII, upper case, delimiters `* : ^ ~`. Text is made to fit, identifiers are not; whatever the guide's table, the
 * code shapes, our own limits (`rules.ts`) or the situational rules (`situations.ts`) refuse is thrown as X12WriteError.
 */
export function writeInterchange(interchange: Interchange): Uint8Array {
  checkTransmission(interchange.transactionSets);
  const envelope = openEnvelope(ENVELOPE, interchange);
  for (const set of interchange.transactionSets) {
    checkSituations(set);
    addSet(envelope, set.controlNumber, (out) => writeSet(out, interchange, set));
  }
  return closeEnvelope(envelope);
}

/** HL01 is 1 for the billing provider, 2 for the subscriber, 3 for a patient of their own: every set has one claim. */
function writeSet(out: SetWriter, interchange: Interchange, set: TransactionSet): void {
  const { claim } = set;
  writeHeader(out, interchange, set);
  openLoop(out, DETAIL);
  openBilling(out, claim, interchange.submitter.contact);
  openSubscriber(out, claim);
  if (claim.patient === null) {
    writeClaim(out, claim);
  } else {
    openPatient(out, claim.patient);
    writeClaim(out, claim);
    closePatient(out);
  }
  closeSubscriber(out);
  closeBilling(out);
  closeLoop(out);
}
