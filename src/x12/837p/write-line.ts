import { compactDate, formatAmount, formatQuantity } from '../format.ts';
import { addSegment, closeLoop, openLoop } from '../segments.ts';
import type { ServiceLine } from './model.ts';
import { loopPlace, segmentRule, WRITE_RULES } from './rules.ts';
import { type ClaimWriter, identifier, text } from './values.ts';

const LINE = loopPlace(WRITE_RULES, '2300', '2400');
const LX = segmentRule(WRITE_RULES, '2400', 'LX');
const SV1 = segmentRule(WRITE_RULES, '2400', 'SV1');
const SERVICE_DATE = segmentRule(WRITE_RULES, '2400', 'DTP', '472');
const CONTROL_NUMBER = segmentRule(WRITE_RULES, '2400', 'REF', '6R');
const NTE = segmentRule(WRITE_RULES, '2400', 'NTE', 'ADD');

/** Loop 2400: LX, SV1, DTP 472, REF 6R, NTE. SV105 only where the place differs from the claim's. */
export function writeLine(out: ClaimWriter, line: ServiceLine, number: number, claimPlace: string): void {
  openLoop(out, LINE);
  addSegment(out, LX, [String(number)]);
  addSegment(out, SV1, [
    ['HC', line.procedureCode, ...line.modifiers],
    formatAmount(line.chargeCents),
    line.unitCode,
    formatQuantity(line.units),
    line.placeOfServiceCode === claimPlace ? '' : line.placeOfServiceCode,
    '',
    line.diagnosisPointers.map(String),
  ]);
  addSegment(out, SERVICE_DATE, ['472', 'D8', compactDate(line.dateOfService)]);
  addSegment(out, CONTROL_NUMBER, ['6R', identifier(line.lineControlNumber)]);
  const note = text(line.note, 80);
  if (note !== '') addSegment(out, NTE, ['ADD', note]);
  closeLoop(out);
}
