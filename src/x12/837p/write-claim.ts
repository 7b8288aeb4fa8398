import { formatAmount } from '../format.ts';
import { addSegment, closeLoop, openLoop, type SetWriter } from '../segments.ts';
import type { ProfessionalClaim } from './model.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import { addDates, addReferences, byQualifier, text } from './values.ts';
import { writeLine } from './write-line.ts';
import { writeOtherPayer } from './write-other-payer.ts';
import { writeClaimProviders } from './write-providers.ts';
import { addAttachments, addContract, addFileInformation, addPricing } from './write-supplement.ts';

const OF_SUBSCRIBER = loopPlace(WRITE_RULES, '2000B', '2300');
const OF_PATIENT = loopPlace(WRITE_RULES, '2000C', '2300');
const CLM = segmentRule(WRITE_RULES, '2300', 'CLM');
const DATES = byQualifier(segmentRules(WRITE_RULES, '2300', 'DTP'));
const PWK = segmentRule(WRITE_RULES, '2300', 'PWK');
const CN1 = segmentRule(WRITE_RULES, '2300', 'CN1');
const PATIENT_PAID = segmentRule(WRITE_RULES, '2300', 'AMT', 'F5');
const REFERENCES = byQualifier(segmentRules(WRITE_RULES, '2300', 'REF'));
const K3 = segmentRule(WRITE_RULES, '2300', 'K3');
const NTE = segmentRule(WRITE_RULES, '2300', 'NTE');
const EPSDT = segmentRule(WRITE_RULES, '2300', 'CRC', 'ZZ');
const DIAGNOSES = segmentRule(WRITE_RULES, '2300', 'HI', 'ABK');
const HCP = segmentRule(WRITE_RULES, '2300', 'HCP');

/** Loop 2300 with its providers, other payers and lines. */
export function writeClaim(out: SetWriter, claim: ProfessionalClaim): void {
  openLoop(out, claim.patient === null ? OF_SUBSCRIBER : OF_PATIENT);
  addSegment(out, CLM, [
    claim.patientControlNumber,
    formatAmount(claim.totalChargeCents),
    '',
    '',
    [claim.placeOfServiceCode, 'B', claim.frequencyCode],
    claim.providerSignatureOnFile,
    claim.acceptAssignment,
    claim.benefitsAssigned,
    claim.releaseOfInformation,
    claim.patientSignatureSource,
    relatedCauses(claim),
    claim.specialProgramCode,
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    claim.delayReasonCode,
  ]);
  addDates(out, DATES, claim.dates);
  addAttachments(out, PWK, claim.attachments);
  if (claim.contract !== undefined) addContract(out, CN1, claim.contract);
  if (claim.patientPaidCents !== null && claim.patientPaidCents !== 0) {
    addSegment(out, PATIENT_PAID, ['F5', formatAmount(claim.patientPaidCents)]);
  }
  addReferences(out, REFERENCES, claim.references);
  addFileInformation(out, K3, claim.fileInformation);
  const note = text(claim.note, 80);
  if (note !== '') addSegment(out, NTE, [claim.noteCode ?? 'ADD', note]);
  if (claim.epsdt !== undefined) {
    addSegment(out, EPSDT, ['ZZ', claim.epsdt.referralGiven ? 'Y' : 'N', ...claim.epsdt.conditions]);
  }
  addSegment(
    out,
    DIAGNOSES,
    claim.diagnoses.map((code, i) => [i === 0 ? 'ABK' : 'ABF', code]),
  );
  if (claim.pricing !== undefined) addPricing(out, HCP, claim.pricing);
  writeClaimProviders(out, claim);
  if (claim.otherPayers !== undefined) for (const payer of claim.otherPayers) writeOtherPayer(out, payer);
  for (let i = 0; i < claim.lines.length; i++) {
    const line = claim.lines[i];
    if (line !== undefined) writeLine(out, line, i + 1, claim.placeOfServiceCode);
  }
  closeLoop(out);
}

/** CLM11: causes, and the state of an auto accident as its fourth component. */
function relatedCauses(claim: ProfessionalClaim): readonly string[] | null {
  if (claim.relatedCauses.length === 0) return null;
  const [first = '', second = '', ...more] = claim.relatedCauses;
  return [first, second, ...(more.length > 0 ? more : ['']), claim.accidentState ?? ''];
}
