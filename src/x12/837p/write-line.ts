import { compactDate, formatAmount, formatQuantity } from '../format.ts';
import { addSegment, closeLoop, openLoop, type SetWriter } from '../segments.ts';
import { addAdjustments } from './adjustments.ts';
import type { ServiceLine } from './model.ts';
import type { LineAdjudication } from './model-supplement.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import { addDates, addReferences, amount, byQualifier, dateElements, identifier, quantity, text } from './values.ts';
import { writeLineProviders } from './write-providers.ts';
import { addAttachments, addContract, addFileInformation, addPricing } from './write-supplement.ts';

const LINE = loopPlace(WRITE_RULES, '2300', '2400');
const LX = segmentRule(WRITE_RULES, '2400', 'LX');
const SV1 = segmentRule(WRITE_RULES, '2400', 'SV1');
const PWK = segmentRule(WRITE_RULES, '2400', 'PWK', 'OZ');
const SERVICE_DATE = segmentRule(WRITE_RULES, '2400', 'DTP', '472');
const DATES = byQualifier(segmentRules(WRITE_RULES, '2400', 'DTP'));
const CN1 = segmentRule(WRITE_RULES, '2400', 'CN1');
const REFERENCES = byQualifier(segmentRules(WRITE_RULES, '2400', 'REF'));
const CONTROL_NUMBER = segmentRule(WRITE_RULES, '2400', 'REF', '6R');
const SALES_TAX = segmentRule(WRITE_RULES, '2400', 'AMT', 'T');
const POSTAGE = segmentRule(WRITE_RULES, '2400', 'AMT', 'F4');
const K3 = segmentRule(WRITE_RULES, '2400', 'K3');
const NTE = segmentRule(WRITE_RULES, '2400', 'NTE', 'ADD');
const THIRD_PARTY_NOTE = segmentRule(WRITE_RULES, '2400', 'NTE', 'TPO');
const PS1 = segmentRule(WRITE_RULES, '2400', 'PS1');
const HCP = segmentRule(WRITE_RULES, '2400', 'HCP');
const ADJUDICATION = loopPlace(WRITE_RULES, '2400', '2430');
const SVD = segmentRule(WRITE_RULES, '2430', 'SVD');
const CAS = segmentRule(WRITE_RULES, '2430', 'CAS');
const ADJUDICATED_ON = segmentRule(WRITE_RULES, '2430', 'DTP', '573');
const REMAINING = segmentRule(WRITE_RULES, '2430', 'AMT', 'EAF');

/** Loop 2400 with its providers and what other payers decided on it. SV105 only where the place differs from the claim's. */
export function writeLine(out: SetWriter, line: ServiceLine, number: number, claimPlace: string): void {
  openLoop(out, LINE);
  addSegment(out, LX, [String(number)]);
  writeService(out, line, claimPlace);
  addAttachments(out, PWK, line.attachments);
  addSegment(
    out,
    SERVICE_DATE,
    line.endDate === undefined
      ? ['472', 'D8', compactDate(line.dateOfService)]
      : dateElements({ qualifier: '472', date: line.dateOfService, endDate: line.endDate }),
  );
  addDates(out, DATES, line.dates);
  if (line.contract !== undefined) addContract(out, CN1, line.contract);
  writeReferences(out, line);
  if (line.salesTaxCents !== undefined) addSegment(out, SALES_TAX, ['T', amount(line.salesTaxCents)]);
  if (line.postageCents !== undefined) addSegment(out, POSTAGE, ['F4', amount(line.postageCents)]);
  addFileInformation(out, K3, line.fileInformation);
  const note = text(line.note, 80);
  if (note !== '') addSegment(out, NTE, [line.noteCode ?? 'ADD', note]);
  const thirdParty = text(line.thirdPartyNote ?? null, 80);
  if (thirdParty !== '') addSegment(out, THIRD_PARTY_NOTE, ['TPO', thirdParty]);
  if (line.purchasedService !== undefined) {
    addSegment(out, PS1, [identifier(line.purchasedService.providerId), amount(line.purchasedService.chargeCents)]);
  }
  if (line.pricing !== undefined) addPricing(out, HCP, line.pricing);
  writeLineProviders(out, line);
  if (line.adjudications !== undefined) for (const decision of line.adjudications) writeAdjudication(out, decision);
  closeLoop(out);
}

function writeService(out: SetWriter, line: ServiceLine, claimPlace: string): void {
  const values = [
    line.description === undefined
      ? ['HC', line.procedureCode, ...line.modifiers]
      : procedureElements(line.procedureCode, line.modifiers, line.description),
    formatAmount(line.chargeCents),
    line.unitCode,
    formatQuantity(line.units),
    line.placeOfServiceCode === claimPlace ? '' : line.placeOfServiceCode,
    '',
    line.diagnosisPointers.map(String),
  ];
  if (line.emergency === true || line.epsdt === true || line.familyPlanning === true || line.copayExempt === true) {
    const yes = (said: boolean | undefined): string => (said === true ? 'Y' : '');
    values.push('', yes(line.emergency), '', yes(line.epsdt), yes(line.familyPlanning), '', '', line.copayExempt ? '0' : '');
  }
  addSegment(out, SV1, values);
}

/** HC composite with a description as its seventh component. */
function procedureElements(code: string, modifiers: readonly string[], description: string | undefined): readonly string[] {
  if (description === undefined) return ['HC', code, ...modifiers];
  const [one = '', two = '', three = '', four = '', ...more] = modifiers;
  return ['HC', code, one, two, three, four, text(description, 80), ...more];
}

/** REF 6R stands among the other references, in the guide's order. */
function writeReferences(out: SetWriter, { references, lineControlNumber }: ServiceLine): void {
  if (references === undefined || references.length === 0) {
    addSegment(out, CONTROL_NUMBER, ['6R', identifier(lineControlNumber)]);
    return;
  }
  addReferences(out, REFERENCES, [...references, { qualifier: '6R', value: lineControlNumber }]);
}

/** Loop 2430. */
function writeAdjudication(out: SetWriter, decision: LineAdjudication): void {
  openLoop(out, ADJUDICATION);
  addSegment(out, SVD, [
    identifier(decision.payerId),
    amount(decision.paidCents),
    procedureElements(decision.procedureCode, decision.modifiers, decision.description),
    '',
    quantity(decision.units),
    decision.bundledInto === undefined ? '' : String(decision.bundledInto),
  ]);
  addAdjustments(out, CAS, decision.adjustments);
  addSegment(out, ADJUDICATED_ON, ['573', 'D8', compactDate(decision.adjudicatedOn)]);
  if (decision.remainingPatientLiabilityCents !== null) {
    addSegment(out, REMAINING, ['EAF', amount(decision.remainingPatientLiabilityCents)]);
  }
  closeLoop(out);
}
