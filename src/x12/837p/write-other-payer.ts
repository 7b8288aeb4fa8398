import { compactDate } from '../format.ts';
import { addSegment, closeLoop, openLoop, type SetWriter } from '../segments.ts';
import { addAdjustments } from './adjustments.ts';
import type { OtherPayer, OtherPayerProvider } from './model.ts';
import type { OutpatientAdjudication } from './model-supplement.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import { addAddress, addReferences, amount, byQualifier, identifier, nameElements, quantity, text } from './values.ts';

const COVERAGE = loopPlace(WRITE_RULES, '2300', '2320');
const SBR = segmentRule(WRITE_RULES, '2320', 'SBR');
const CAS = segmentRule(WRITE_RULES, '2320', 'CAS');
const PAID = segmentRule(WRITE_RULES, '2320', 'AMT', 'D');
const NON_COVERED = segmentRule(WRITE_RULES, '2320', 'AMT', 'A8');
const REMAINING = segmentRule(WRITE_RULES, '2320', 'AMT', 'EAF');
const OI = segmentRule(WRITE_RULES, '2320', 'OI');
const MOA = segmentRule(WRITE_RULES, '2320', 'MOA');
const NAME = loopPlace(WRITE_RULES, '2320', '2330A');
const NAME_NM1 = segmentRule(WRITE_RULES, '2330A', 'NM1');
const NAME_N3 = segmentRule(WRITE_RULES, '2330A', 'N3');
const NAME_N4 = segmentRule(WRITE_RULES, '2330A', 'N4');
const NAME_IDS = byQualifier(segmentRules(WRITE_RULES, '2330A', 'REF'));
const PAYER = loopPlace(WRITE_RULES, '2320', '2330B');
const PAYER_NM1 = segmentRule(WRITE_RULES, '2330B', 'NM1');
const PAYER_N3 = segmentRule(WRITE_RULES, '2330B', 'N3');
const PAYER_N4 = segmentRule(WRITE_RULES, '2330B', 'N4');
const PAYER_DATE = segmentRule(WRITE_RULES, '2330B', 'DTP', '573');
const PAYER_IDS = byQualifier(segmentRules(WRITE_RULES, '2330B', 'REF'));

/** Loops 2330C–G in the guide's order, with the NM101 that each takes. */
const PROVIDERS: readonly (readonly [role: OtherPayerProvider['role'], loopId: string, entity: string])[] = [
  ['referring', '2330C', 'DN'],
  ['primary_care', '2330C', 'P3'],
  ['rendering', '2330D', '82'],
  ['facility', '2330E', '77'],
  ['supervising', '2330F', 'DQ'],
  ['billing', '2330G', '85'],
];
const PROVIDER_LOOPS = PROVIDERS.map(([role, loopId, entity]) => ({
  role,
  entity,
  loop: loopPlace(WRITE_RULES, '2320', loopId),
  nm1: segmentRule(WRITE_RULES, loopId, 'NM1'),
  ids: byQualifier(segmentRules(WRITE_RULES, loopId, 'REF')),
}));

/** Loops 2320 and 2330A–G of one other payer. */
export function writeOtherPayer(out: SetWriter, other: OtherPayer): void {
  openLoop(out, COVERAGE);
  const group = identifier(other.groupNumber);
  addSegment(out, SBR, [
    other.responsibility,
    other.relationshipCode,
    group,
    group === '' ? text(other.planName, 60) : '',
    other.insuranceTypeCode,
    '',
    '',
    '',
    other.claimFilingIndicatorCode,
  ]);
  addAdjustments(out, CAS, other.adjustments);
  if (other.paidCents !== null) addSegment(out, PAID, ['D', amount(other.paidCents)]);
  if (other.nonCoveredCents !== null) addSegment(out, NON_COVERED, ['A8', amount(other.nonCoveredCents)]);
  if (other.remainingPatientLiabilityCents !== null) {
    addSegment(out, REMAINING, ['EAF', amount(other.remainingPatientLiabilityCents)]);
  }
  addSegment(out, OI, ['', '', other.benefitsAssigned, other.patientSignatureSource, '', other.releaseOfInformation]);
  if (other.outpatient !== undefined) addSegment(out, MOA, outpatientElements(other.outpatient));
  writeNames(out, other);
  if (other.providers !== undefined) writeProviders(out, other.providers);
  closeLoop(out);
}

function writeNames(out: SetWriter, { subscriber, payer, adjudicatedOn, references }: OtherPayer): void {
  openLoop(out, NAME);
  addSegment(out, NAME_NM1, nameElements('IL', subscriber.name, subscriber.memberIdQualifier ?? 'MI', subscriber.memberId));
  if (subscriber.address !== null) addAddress(out, NAME_N3, NAME_N4, subscriber.address);
  addReferences(out, NAME_IDS, subscriber.references);
  closeLoop(out);

  openLoop(out, PAYER);
  const name = { kind: 'organization', name: payer.name } as const;
  addSegment(out, PAYER_NM1, nameElements('PR', name, payer.idQualifier ?? 'PI', payer.id));
  if (payer.address !== null) addAddress(out, PAYER_N3, PAYER_N4, payer.address);
  if (adjudicatedOn !== null) addSegment(out, PAYER_DATE, ['573', 'D8', compactDate(adjudicatedOn)]);
  addReferences(out, PAYER_IDS, references);
  closeLoop(out);
}

/** A role that comes twice is refused by the loop's repeat count, one without numbers by the required REF. */
function writeProviders(out: SetWriter, providers: readonly OtherPayerProvider[]): void {
  for (const { role, entity, loop, nm1, ids } of PROVIDER_LOOPS) {
    for (const provider of providers) {
      if (provider.role !== role) continue;
      openLoop(out, loop);
      addSegment(out, nm1, [entity, provider.entity === 'person' ? '1' : '2']);
      addReferences(out, ids, provider.ids);
      closeLoop(out);
    }
  }
}

/** MOA01–09: 03 to 07 are remark codes; a sixth would be an amount and is refused. */
function outpatientElements(moa: OutpatientAdjudication): (string | null)[] {
  const codes = moa.remarkCodes.map((code) => identifier(code));
  const [one = '', two = '', three = '', four = '', five = '', ...more] = codes;
  const amounts = [amount(moa.esrdCents), amount(moa.nonPayableProfessionalCents)];
  return [quantity(moa.reimbursementRate), amount(moa.payableCents), one, two, three, four, five, ...amounts, ...more];
}
