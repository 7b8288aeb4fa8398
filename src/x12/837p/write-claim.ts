import { compactDate, formatAmount } from '../format.ts';
import { addSegment, closeLoop, openLoop } from '../segments.ts';
import type { ProfessionalClaim } from './model.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import { addReferences, byQualifier, type ClaimWriter, identifier, inTableOrder, text } from './values.ts';
import { writeLine } from './write-line.ts';
import { writeClaimProviders } from './write-providers.ts';

const OF_SUBSCRIBER = loopPlace(WRITE_RULES, '2000B', '2300');
const OF_PATIENT = loopPlace(WRITE_RULES, '2000C', '2300');
const CLM = segmentRule(WRITE_RULES, '2300', 'CLM');
const DATES = byQualifier(segmentRules(WRITE_RULES, '2300', 'DTP'));
const PWK = segmentRule(WRITE_RULES, '2300', 'PWK');
const PATIENT_PAID = segmentRule(WRITE_RULES, '2300', 'AMT', 'F5');
const REFERENCES = byQualifier(segmentRules(WRITE_RULES, '2300', 'REF'));
const NTE = segmentRule(WRITE_RULES, '2300', 'NTE');
const DIAGNOSES = segmentRule(WRITE_RULES, '2300', 'HI', 'ABK');

/** Loop 2300 with its providers and lines. */
export function writeClaim(out: ClaimWriter, claim: ProfessionalClaim): void {
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
  if (claim.dates.length > 0) {
    for (const { rule, item } of inTableOrder(DATES, claim.dates))
      addSegment(out, rule, [item.qualifier, 'D8', compactDate(item.date)]);
  }
  for (const attachment of claim.attachments) {
    const control = identifier(attachment.controlNumber);
    addSegment(out, PWK, [attachment.type, attachment.transmission, '', '', control === '' ? '' : 'AC', control]);
  }
  if (claim.patientPaidCents !== null && claim.patientPaidCents !== 0) {
    addSegment(out, PATIENT_PAID, ['F5', formatAmount(claim.patientPaidCents)]);
  }
  addReferences(out, REFERENCES, claim.references);
  const note = text(claim.note, 80);
  if (note !== '') addSegment(out, NTE, ['ADD', note]);
  addSegment(
    out,
    DIAGNOSES,
    claim.diagnoses.map((code, i) => [i === 0 ? 'ABK' : 'ABF', code]),
  );
  writeClaimProviders(out, claim);
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
