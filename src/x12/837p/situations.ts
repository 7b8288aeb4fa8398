import { isPostOfficeBox } from '../address.ts';
import { X12WriteError } from '../write-error.ts';
import type { PostalAddress, ProfessionalClaim, TransactionSet } from './model.ts';
import type { PatientCondition } from './model-supplement.ts';
import { at, distinct, hasFirstName, isMedicare, type Situation, sameAddress, sameNpi } from './situation.ts';
import { brokenRules } from './situations-coordination.ts';
import { hasDetails, LINE_DETAIL_SITUATIONS, LINE_SITUATIONS } from './situations-lines.ts';

const INPATIENT = ['21', '51', '61'];
/** Dates of loop 2300 that lie on or before the service. */
const BEFORE_SERVICE: ReadonlySet<string> = new Set(['431', '454', '304', '453', '439', '484', '455', '435', '444']);
/** Beginning and end of a disability reported one by one; 314 reports both. */
const ONE_DAY = ['360', '361'];

const CLAIM_SITUATIONS: readonly Situation[] = [
  at('E8', '2010AA', 'N301', (c) => !isBox(c.billing.address)),
  at('E8', '2310C', 'N301', (c) => c.facility === null || !isBox(c.facility.address)),
  at('E10', '2010AA', 'NM104', (c) => hasFirstName(c.billing.name)),
  at('E10', '2010BA', 'NM104', (c) => hasFirstName(c.subscriber.name)),
  at('E10', '2010CA', 'NM104', (c) => c.patient === null || hasFirstName(c.patient.name)),
  at('E10', '2310A', 'NM104', (c) => c.referring === null || hasFirstName(c.referring.name)),
  at('E10', '2310A', 'NM104', (c) => hasFirstName(c.primaryCare?.name)),
  at('E10', '2310B', 'NM104', (c) => c.rendering === null || hasFirstName(c.rendering.name)),
  at('E10', '2310D', 'NM104', (c) => c.supervising === null || hasFirstName(c.supervising.name)),
  at('E11', '2310B', 'NM109', (c) => !sameNpi(c.rendering, c.billing)),
  at('E12', '2310D', 'NM109', (c) => !sameNpi(c.supervising, c.rendering ?? c.billing)),
  at('E13', '2310C', 'N301', (c) => c.facility === null || !sameAddress(c.facility.address, c.billing.address)),
  at('E14', '2000B', 'SBR02', (c) => c.subscriber.isPatient === (c.patient === null)),
  at('E14', '2010BA', 'N301', (c) => !c.subscriber.isPatient || c.subscriber.address !== null),
  at('E14', '2010BA', 'DMG02', (c) => !c.subscriber.isPatient || c.subscriber.demographics !== null),
  at('E14', '2000B', 'SBR02', (c) => c.patient === null || !isMedicare(c.subscriber.claimFilingIndicatorCode)),
  at('E15', '2010BA', 'DMG02', (c) => bornBefore(c.subscriber.demographics?.dateOfBirth, c)),
  at('E15', '2010CA', 'DMG02', (c) => bornBefore(c.patient?.demographics.dateOfBirth, c)),
  at('E17', '2000B', 'SBR05', ({ subscriber: s }) => {
    const asked = isMedicare(s.claimFilingIndicatorCode) && s.responsibility !== 'P';
    return asked === (s.insuranceTypeCode !== null);
  }),
  at('E17', '2320', 'SBR01', ({ subscriber: s, otherPayers = [] }) => {
    if (s.responsibility === 'P' && otherPayers.length === 0) return true;
    const ranks = [s.responsibility, ...otherPayers.map((o) => o.responsibility)];
    return distinct(ranks) && (!(ranks.includes('S') || ranks.includes('T')) || ranks.includes('P'));
  }),
  at('guide', '2000B', 'PAT06', (c) => c.subscriber.isPatient || c.subscriber.condition === undefined),
  at('E19', '2300', 'CLM02', (c) => c.lines.reduce((sum, line) => sum + line.chargeCents, 0) === c.totalChargeCents),
  at('E19', '2300', 'CLM02', (c, set) => set.claimOrEncounter !== 'CH' || c.totalChargeCents > 0),
  at('E20', '2300', 'REF01', (c) => (c.frequencyCode === '1') !== c.references.some((r) => r.qualifier === 'F8')),
  at('E20', '2300', 'CLM05-03', (c) => c.frequencyCode === '1' || !isMedicare(c.subscriber.claimFilingIndicatorCode)),
  at('E21', '2300', 'HI01-02', ({ diagnoses: [first = ''] }) => first < 'V' || first >= 'Z'),
  at('E21', '2300', 'HI01-02', (c) => distinct(c.diagnoses)),
  at('E24', '2300', 'CLM11-04', (c) => c.relatedCauses.includes('AA') === (c.accidentState !== null)),
  at('E24', '2300', 'DTP01', (c) => !c.relatedCauses.some((cause) => cause === 'AA' || cause === 'OA') || hasDate(c, '439')),
  at('E24', '2300', 'CLM11-01', (c) => c.relatedCauses.length > 0 || !hasDate(c, '439')),
  at('E25', '2300', 'DTP01', (c) => !INPATIENT.includes(c.placeOfServiceCode) || hasDate(c, '435')),
  at('E26', '2300', 'PWK06', (c) => c.attachments.every((a) => a.transmission === 'AA' || a.controlNumber !== null)),
  at('E27', '2300', 'AMT02', (c) => c.patientPaidCents === null || c.patientPaidCents <= c.totalChargeCents),
  at('date.order', '2300', 'DTP03', (c) => c.dates.every((d) => !BEFORE_SERVICE.has(d.qualifier) || d.date <= lastService(c))),
  at(
    'date.order',
    '2300',
    'DTP03',
    (c) => dateOf(c, '096') === undefined || (dateOf(c, '435') ?? '') <= (dateOf(c, '096') ?? ''),
  ),
  at('date.order', '2000B', 'PAT06', (c) => livedAt(c, c.subscriber.condition)),
  at('date.order', '2000C', 'PAT06', (c) => livedAt(c, c.patient?.condition)),
  at('guide', '2300', 'DTP02', (c) => c.dates.every((d) => d.qualifier !== '314' || d.endDate !== undefined)),
  at('guide', '2300', 'DTP02', (c) => c.dates.every((d) => !ONE_DAY.includes(d.qualifier) || d.endDate === undefined)),
  at('guide', '2300', 'CRC03', ({ epsdt }) => epsdt === undefined || epsdt.referralGiven !== epsdt.conditions.includes('NU')),
  at('guide', '2300', 'CRC03', ({ epsdt }) => epsdt === undefined || distinct(epsdt.conditions)),
  at('guide', '2310A', 'NM101', (c) => c.primaryCare === undefined || c.referring !== null),
];

/** Throws X12WriteError with the number of the first situational rule that the claim breaks. */
export function checkSituations(set: TransactionSet): void {
  const { claim } = set;
  check(CLAIM_SITUATIONS, set);
  check(LINE_SITUATIONS, set);
  if (claim.lines.some(hasDetails)) check(LINE_DETAIL_SITUATIONS, set);
  if (claim.otherPayers !== undefined || claim.lines.some((line) => line.adjudications !== undefined)) {
    for (const broken of brokenRules(claim)) throw new X12WriteError(broken, broken.rule);
  }
}

function check(situations: readonly Situation[], set: TransactionSet): void {
  for (const situation of situations) {
    if (!situation.holds(set.claim, set)) throw new X12WriteError(situation, situation.rule);
  }
}

/** Throws X12WriteError when a number that must be unique in a file comes twice: ST02 and BHT03 (E3), CLM01 of originals (E1). */
export function checkTransmission(sets: readonly TransactionSet[]): void {
  if (sets.length < 2) return;
  const numbers = sets.map((s) => s.controlNumber);
  if (!distinct(numbers)) throw new X12WriteError({ loop: 'ST_LOOP', segment: 'ST', element: 'ST02' }, 'E3');
  const references = sets.map((s) => s.batchReference.trim().toUpperCase());
  if (!distinct(references)) throw new X12WriteError({ loop: 'HEADER', segment: 'BHT', element: 'BHT03' }, 'E3');
  const originals = sets.filter((s) => s.claim.frequencyCode === '1').map((s) => s.claim.patientControlNumber.toUpperCase());
  if (!distinct(originals)) throw new X12WriteError({ loop: '2300', segment: 'CLM', element: 'CLM01' }, 'E1');
}

function isBox(address: PostalAddress): boolean {
  return isPostOfficeBox(address.line1) || (address.line2 !== null && isPostOfficeBox(address.line2));
}

/** Not after the first service, and at most 150 years before it. ISO dates compare as text. */
function bornBefore(dateOfBirth: string | undefined, claim: ProfessionalClaim): boolean {
  if (dateOfBirth === undefined) return true;
  return claim.lines.every(
    (line) => dateOfBirth <= line.dateOfService && yearOf(line.dateOfService) - yearOf(dateOfBirth) <= 150,
  );
}

const yearOf = (date: string): number => Number(date.slice(0, 4));

const dateOf = (claim: ProfessionalClaim, qualifier: string): string | undefined =>
  claim.dates.find((d) => d.qualifier === qualifier)?.date;

/** ISO dates compare as text. */
function lastService({ lines }: ProfessionalClaim): string {
  let last = '';
  for (const { endDate, dateOfService } of lines) {
    const day = endDate ?? dateOfService;
    if (day > last) last = day;
  }
  return last;
}

function livedAt(claim: ProfessionalClaim, condition: PatientCondition | undefined): boolean {
  return condition?.deathDate === undefined || condition.deathDate >= lastService(claim);
}

const hasDate = (claim: ProfessionalClaim, qualifier: string): boolean => claim.dates.some((d) => d.qualifier === qualifier);
