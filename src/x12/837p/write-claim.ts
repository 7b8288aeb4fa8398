import { compactDate, formatAmount } from '../format.ts';
import { addSegment, closeLoop, openLoop } from '../segments.ts';
import type { ProfessionalClaim } from './model.ts';
import { loopRule, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import { addReferences, type ClaimSetWriter, identifier, inTableOrder, text } from './values.ts';
import { writeLine } from './write-line.ts';
import { writeClaimProviders } from './write-providers.ts';

const CLAIM = loopRule(WRITE_RULES, '2300');
const CLM = segmentRule(WRITE_RULES, '2300', 'CLM');
const DATES = segmentRules(WRITE_RULES, '2300', 'DTP');
const PWK = segmentRule(WRITE_RULES, '2300', 'PWK');
const PATIENT_PAID = segmentRule(WRITE_RULES, '2300', 'AMT', 'F5');
const REFERENCES = segmentRules(WRITE_RULES, '2300', 'REF');
const NTE = segmentRule(WRITE_RULES, '2300', 'NTE');
const DIAGNOSES = segmentRule(WRITE_RULES, '2300', 'HI', 'ABK');

/** Loop 2300 with its providers and lines. Throws X12WriteError. */
export function writeClaim(out: ClaimSetWriter, claim: ProfessionalClaim): void {
  openLoop(out.cursor, CLAIM);
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
  closeLoop(out.cursor);
}

/** CLM11: causes, and the state of an auto accident as its fourth component. */
function relatedCauses(claim: ProfessionalClaim): readonly string[] | null {
  if (claim.relatedCauses.length === 0) return null;
  const [first = '', second = '', ...more] = claim.relatedCauses;
  return [first, second, ...(more.length > 0 ? more : ['']), claim.accidentState ?? ''];
}
