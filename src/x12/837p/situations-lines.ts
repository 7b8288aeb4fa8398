import { isPostOfficeBox } from '../address.ts';
import type { ProfessionalClaim, Reference, ServiceLine } from './model.ts';
import { at, distinct, hasFirstName, type Situation, sameAddress, sameNpi } from './situation.ts';

/** A modifier by which a second service of the day is meant. */
const isAgain = (modifier: string): boolean => /^(?:59|X[EPSU]|76|77|91)$/i.test(modifier.trim());

const everyLine =
  (holds: (line: ServiceLine, claim: ProfessionalClaim) => boolean): Situation['holds'] =>
  (claim) =>
    claim.lines.every((line) => holds(line, claim));

/** Situational rules of loop 2400 that every line has to keep. */
export const LINE_SITUATIONS: readonly Situation[] = [
  at(
    'E22',
    '2400',
    'SV107-01',
    everyLine((l, c) => l.diagnosisPointers.every((p) => p <= c.diagnoses.length)),
  ),
  at(
    'E22',
    '2400',
    'SV107-01',
    everyLine((l) => distinct(l.diagnosisPointers)),
  ),
  at(
    'E31',
    '2400',
    'SV104',
    everyLine((l) => l.units > 0 && (l.procedureCode !== '90853' || l.units === 1)),
  ),
  at(
    'E32',
    '2400',
    'SV101-03',
    everyLine((l) => l.modifiers.length <= 4 && distinct(l.modifiers)),
  ),
  at('E31', '2400', 'SV101-02', (c) => {
    const groups = c.lines.length < 2 ? [] : c.lines.filter((l) => l.procedureCode === '90853' && !l.modifiers.some(isAgain));
    return distinct(groups.map((l) => l.dateOfService));
  }),
  at('E33', '2400', 'SV101-02', (c) => c.lines.some((l) => l.procedureCode !== '90785')),
  at('E2', '2400', 'REF02', (c) => c.lines.length < 2 || distinct(c.lines.map((l) => l.lineControlNumber.trim().toUpperCase()))),
];

/** True for a line that has anything of its own beyond the service: providers, papers, numbers. */
export function hasDetails(line: ServiceLine): boolean {
  return (
    line.references !== undefined ||
    line.attachments !== undefined ||
    line.purchasedService !== undefined ||
    line.facility !== undefined ||
    hasProvider(line)
  );
}

function hasProvider(line: ServiceLine): boolean {
  return (
    line.rendering !== undefined ||
    line.supervising !== undefined ||
    line.ordering !== undefined ||
    line.referring !== undefined ||
    line.primaryCare !== undefined
  );
}

/** Of what only such lines have, by itself and against what the claim says already. */
export const LINE_DETAIL_SITUATIONS: readonly Situation[] = [
  at(
    'E26',
    '2400',
    'PWK06',
    everyLine((l) => isComplete(l.attachments)),
  ),
  at(
    'guide',
    '2400',
    'REF02',
    everyLine((l, c) => l.references === undefined || !repeats(l.references, c.references)),
  ),
  at('guide', '2400', 'REF04', everyLine(namesOtherPayers)),
  at(
    'E8',
    '2420C',
    'N301',
    everyLine(({ facility: f }) => f === undefined || !isBox(f.address.line1, f.address.line2)),
  ),
  at(
    'E10',
    '2420A',
    'NM104',
    everyLine((l) => hasFirstName(l.rendering?.name)),
  ),
  at(
    'E10',
    '2420D',
    'NM104',
    everyLine((l) => hasFirstName(l.supervising?.name)),
  ),
  at(
    'E10',
    '2420E',
    'NM104',
    everyLine((l) => hasFirstName(l.ordering?.name)),
  ),
  at(
    'E10',
    '2420F',
    'NM104',
    everyLine((l) => hasFirstName(l.referring?.name) && hasFirstName(l.primaryCare?.name)),
  ),
  at(
    'E11',
    '2420A',
    'NM109',
    everyLine((l, c) => l.rendering === undefined || !sameNpi(l.rendering, c.rendering ?? c.billing)),
  ),
  at(
    'E12',
    '2420D',
    'NM109',
    everyLine((l, c) => !sameNpi(l.supervising, l.rendering ?? c.rendering ?? c.billing)),
  ),
  at(
    'E13',
    '2420C',
    'N301',
    everyLine(({ facility }, c) => {
      return facility === undefined || !sameAddress(facility.address, (c.facility ?? c.billing).address);
    }),
  ),
  at(
    'guide',
    '2420D',
    'NM109',
    everyLine((l, c) => c.supervising === null || !sameNpi(l.supervising, c.supervising)),
  ),
  at(
    'guide',
    '2420F',
    'NM109',
    everyLine((l, c) => c.referring === null || !sameNpi(l.referring, c.referring)),
  ),
  at(
    'guide',
    '2420F',
    'NM101',
    everyLine((l) => l.primaryCare === undefined || l.referring !== undefined),
  ),
];

/** E26: papers that are sent have a control number. */
function isComplete(attachments: ServiceLine['attachments']): boolean {
  return attachments === undefined || attachments.every((a) => a.transmission === 'AA' || a.controlNumber !== null);
}

/** A line's number that says no more than the claim's own. */
function repeats(ofLine: readonly Reference[], ofClaim: readonly Reference[]): boolean {
  return ofLine.some((r) => r.payerId === undefined && ofClaim.some((c) => c.qualifier === r.qualifier && c.value === r.value));
}

/** REF04 2U names a payer of a 2330B. */
function namesOtherPayers(line: ServiceLine, claim: ProfessionalClaim): boolean {
  const ids = [
    line.references,
    line.rendering?.secondaryIds,
    line.facility?.secondaryIds,
    line.supervising?.secondaryIds,
    line.ordering?.secondaryIds,
    line.referring?.secondaryIds,
    line.primaryCare?.secondaryIds,
    line.purchasedService?.provider.secondaryIds,
  ];
  return ids.every(
    (references) =>
      references === undefined ||
      references.every((r) => r.payerId === undefined || claim.otherPayers?.some((o) => o.payer.id === r.payerId) === true),
  );
}

function isBox(line1: string, line2: string | null): boolean {
  return isPostOfficeBox(line1) || (line2 !== null && isPostOfficeBox(line2));
}
