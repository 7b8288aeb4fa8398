import { isPostOfficeBox } from '../address.ts';
import { fitAddressLines, fitText } from '../charset.ts';
import { X12WriteError } from '../write-error.ts';
import type { PartyName, PostalAddress, ProfessionalClaim, Provider, TransactionSet } from './model.ts';

/**
 * What one element demands of another (spec 04 §4.4): the rules that no table of single segments can hold. `holds` gets a
 * claim whose codes may still be wrong; the segment rules look at those afterwards.
 */
interface Situation {
  readonly rule: string;
  readonly loop: string;
  readonly segment: string;
  readonly element: string | null;
  readonly holds: (claim: ProfessionalClaim, set: TransactionSet) => boolean;
}

const at = (rule: string, loop: string, element: string, holds: Situation['holds']): Situation => ({
  rule,
  loop,
  segment: /^(?:HI|N[1-4]|[A-Z]{3}|[A-Z]{2}\d)/.exec(element)?.[0] ?? element,
  element,
  holds,
});

const INPATIENT = ['21', '51', '61'];
const MEDICARE = ['MA', 'MB'];

const SITUATIONS: readonly Situation[] = [
  at('E8', '2010AA', 'N301', (c) => !isBox(c.billing.address)),
  at('E8', '2310C', 'N301', (c) => c.facility === null || !isBox(c.facility.address)),
  at('E10', '2010AA', 'NM104', (c) => hasFirstName(c.billing.name)),
  at('E10', '2010BA', 'NM104', (c) => hasFirstName(c.subscriber.name)),
  at('E10', '2010CA', 'NM104', (c) => c.patient === null || hasFirstName(c.patient.name)),
  at('E10', '2310A', 'NM104', (c) => c.referring === null || hasFirstName(c.referring.name)),
  at('E10', '2310B', 'NM104', (c) => c.rendering === null || hasFirstName(c.rendering.name)),
  at('E10', '2310D', 'NM104', (c) => c.supervising === null || hasFirstName(c.supervising.name)),
  at('E11', '2310B', 'NM109', (c) => !sameNpi(c.rendering, c.billing)),
  at('E12', '2310D', 'NM109', (c) => !sameNpi(c.supervising, c.rendering ?? c.billing)),
  at('E13', '2310C', 'N301', (c) => c.facility === null || !sameAddress(c.facility.address, c.billing.address)),
  at('E14', '2000B', 'SBR02', (c) => c.subscriber.isPatient === (c.patient === null)),
  at('E14', '2010BA', 'N301', (c) => !c.subscriber.isPatient || c.subscriber.address !== null),
  at('E14', '2010BA', 'DMG02', (c) => !c.subscriber.isPatient || c.subscriber.demographics !== null),
  at('E15', '2010BA', 'DMG02', (c) => bornBefore(c.subscriber.demographics?.dateOfBirth, c)),
  at('E15', '2010CA', 'DMG02', (c) => bornBefore(c.patient?.demographics.dateOfBirth, c)),
  at('E17', '2000B', 'SBR05', ({ subscriber: s }) => {
    const asked = MEDICARE.includes(s.claimFilingIndicatorCode) && s.responsibility !== 'P';
    return asked === (s.insuranceTypeCode !== null);
  }),
  at('E19', '2300', 'CLM02', (c) => c.lines.reduce((sum, line) => sum + line.chargeCents, 0) === c.totalChargeCents),
  at('E19', '2300', 'CLM02', (c, set) => set.claimOrEncounter !== 'CH' || c.totalChargeCents > 0),
  at('E20', '2300', 'REF01', (c) => (c.frequencyCode === '1') !== c.references.some((r) => r.qualifier === 'F8')),
  at('E21', '2300', 'HI01-02', ({ diagnoses: [first = ''] }) => first < 'V' || first >= 'Z'),
  at('E21', '2300', 'HI01-02', (c) => distinct(c.diagnoses)),
  at('E22', '2400', 'SV107-01', (c) => c.lines.every((l) => l.diagnosisPointers.every((p) => p <= c.diagnoses.length))),
  at('E22', '2400', 'SV107-01', (c) => c.lines.every((l) => distinct(l.diagnosisPointers))),
  at('E24', '2300', 'CLM11-04', (c) => c.relatedCauses.includes('AA') === (c.accidentState !== null)),
  at('E24', '2300', 'DTP01', (c) => !c.relatedCauses.some((cause) => cause === 'AA' || cause === 'OA') || hasDate(c, '439')),
  at('E24', '2300', 'CLM11-01', (c) => c.relatedCauses.length > 0 || !hasDate(c, '439')),
  at('E25', '2300', 'DTP01', (c) => !INPATIENT.includes(c.placeOfServiceCode) || hasDate(c, '435')),
  at('E26', '2300', 'PWK06', (c) => c.attachments.every((a) => a.transmission === 'AA' || a.controlNumber !== null)),
  at('E27', '2300', 'AMT02', (c) => c.patientPaidCents === null || c.patientPaidCents <= c.totalChargeCents),
  at('E31', '2400', 'SV104', (c) => c.lines.every((l) => l.units > 0 && (l.procedureCode !== '90853' || l.units === 1))),
  at('E32', '2400', 'SV101-03', (c) => c.lines.every((l) => l.modifiers.length <= 4 && distinct(l.modifiers))),
  at('E33', '2400', 'SV101-02', (c) => c.lines.some((l) => l.procedureCode !== '90785')),
  at('E2', '2400', 'REF02', (c) => c.lines.length < 2 || distinct(c.lines.map((l) => l.lineControlNumber.trim().toUpperCase()))),
];

/** Throws X12WriteError with the E number of the first situational rule that the claim breaks. */
export function checkSituations(set: TransactionSet): void {
  for (const situation of SITUATIONS) {
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

/** A person with one name only is so rare that a missing first name is taken for a mistake. */
function hasFirstName(name: PartyName): boolean {
  return name.kind === 'organization' || (name.firstName !== null && fitText(name.firstName).text !== '');
}

function sameNpi(one: Provider | null, other: Provider): boolean {
  return one?.npi != null && one.npi === other.npi;
}

/** E13 compares addresses as they would be written, without punctuation and with five digits of the ZIP code. */
function sameAddress(one: PostalAddress, other: PostalAddress): boolean {
  return one.postalCode.trim().slice(0, 5) === other.postalCode.trim().slice(0, 5) && streetAndCity(one) === streetAndCity(other);
}

function streetAndCity(address: PostalAddress): string {
  const { line1, line2 } = fitAddressLines(address.line1, address.line2);
  return fitText(`${line1} ${line2 ?? ''} ${address.city} ${address.state}`).text.replace(/[^A-Z0-9]+/g, ' ');
}

/** Not after the first service, and at most 150 years before it. ISO dates compare as text. */
function bornBefore(dateOfBirth: string | undefined, claim: ProfessionalClaim): boolean {
  if (dateOfBirth === undefined) return true;
  return claim.lines.every(
    (line) => dateOfBirth <= line.dateOfService && yearOf(line.dateOfService) - yearOf(dateOfBirth) <= 150,
  );
}

const yearOf = (date: string): number => Number(date.slice(0, 4));

const hasDate = (claim: ProfessionalClaim, qualifier: string): boolean => claim.dates.some((d) => d.qualifier === qualifier);

const distinct = (values: readonly (string | number)[]): boolean => values.length < 2 || new Set(values).size === values.length;
