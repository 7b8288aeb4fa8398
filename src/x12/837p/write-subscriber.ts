import { compactDate } from '../format.ts';
import type { SegmentRule } from '../rules/model.ts';
import { addSegment, closeLoop, type LoopMemo, openLoop, type SetWriter, writeRecurringLoop } from '../segments.ts';
import type { Demographics, Patient, Payer, ProfessionalClaim, Subscriber } from './model.ts';
import type { PatientCondition } from './model-supplement.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import {
  addAddress,
  addReferences,
  byQualifier,
  identifier,
  nameElements,
  phoneContactElements,
  quantity,
  text,
} from './values.ts';

const LEVEL = loopPlace(WRITE_RULES, '2000A', '2000B');
const NAME = loopPlace(WRITE_RULES, '2000B', '2010BA');
const PAYER = loopPlace(WRITE_RULES, '2000B', '2010BB');
const PATIENT_LEVEL = loopPlace(WRITE_RULES, '2000B', '2000C');
const PATIENT_NAME = loopPlace(WRITE_RULES, '2000C', '2010CA');
const HL = segmentRule(WRITE_RULES, '2000B', 'HL');
const SBR = segmentRule(WRITE_RULES, '2000B', 'SBR');
const PAT = segmentRule(WRITE_RULES, '2000B', 'PAT');
const NAME_NM1 = segmentRule(WRITE_RULES, '2010BA', 'NM1');
const NAME_N3 = segmentRule(WRITE_RULES, '2010BA', 'N3');
const NAME_N4 = segmentRule(WRITE_RULES, '2010BA', 'N4');
const NAME_DMG = segmentRule(WRITE_RULES, '2010BA', 'DMG');
const NAME_IDS = byQualifier(segmentRules(WRITE_RULES, '2010BA', 'REF'));
const NAME_PER = segmentRule(WRITE_RULES, '2010BA', 'PER');
const PAYER_NM1 = segmentRule(WRITE_RULES, '2010BB', 'NM1');
const PAYER_N3 = segmentRule(WRITE_RULES, '2010BB', 'N3');
const PAYER_N4 = segmentRule(WRITE_RULES, '2010BB', 'N4');
const PAYER_IDS = byQualifier([segmentRule(WRITE_RULES, '2010BB', 'REF', '2U')]);
const PAYER_BILLING_IDS = byQualifier([segmentRule(WRITE_RULES, '2010BB', 'REF', 'G2')]);
const PATIENT_HL = segmentRule(WRITE_RULES, '2000C', 'HL');
const PATIENT_PAT = segmentRule(WRITE_RULES, '2000C', 'PAT');
const PATIENT_NM1 = segmentRule(WRITE_RULES, '2010CA', 'NM1');
const PATIENT_N3 = segmentRule(WRITE_RULES, '2010CA', 'N3');
const PATIENT_N4 = segmentRule(WRITE_RULES, '2010CA', 'N4');
const PATIENT_DMG = segmentRule(WRITE_RULES, '2010CA', 'DMG');
const PATIENT_IDS = byQualifier(segmentRules(WRITE_RULES, '2010CA', 'REF'));
const PATIENT_PER = segmentRule(WRITE_RULES, '2010CA', 'PER');

/** Opens 2000B (it stays open for the claim) and writes HL, SBR, 2010BA and 2010BB. */
export function openSubscriber(out: SetWriter, claim: ProfessionalClaim): void {
  const { subscriber, payer } = claim;
  openLoop(out, LEVEL);
  addSegment(out, HL, ['2', '1', '22', claim.patient === null ? '0' : '1']);
  const group = subscriber.groupNumber === null ? '' : identifier(subscriber.groupNumber);
  addSegment(out, SBR, [
    subscriber.responsibility,
    subscriber.isPatient ? '18' : '',
    group,
    group === '' ? text(subscriber.planName, 60) : '',
    subscriber.insuranceTypeCode,
    '',
    '',
    '',
    subscriber.claimFilingIndicatorCode,
  ]);
  if (subscriber.condition !== undefined) addSegment(out, PAT, conditionElements('', subscriber.condition));
  writeSubscriberName(out, subscriber);
  writePayer(out, payer);
}

function writeSubscriberName(out: SetWriter, subscriber: Subscriber): void {
  openLoop(out, NAME);
  addSegment(out, NAME_NM1, nameElements('IL', subscriber.name, subscriber.memberIdQualifier ?? 'MI', subscriber.memberId));
  if (subscriber.address !== null) addAddress(out, NAME_N3, NAME_N4, subscriber.address);
  if (subscriber.demographics !== null) addDemographics(out, NAME_DMG, subscriber.demographics);
  addReferences(out, NAME_IDS, subscriber.references);
  if (subscriber.contact !== undefined) addSegment(out, NAME_PER, phoneContactElements(subscriber.contact));
  closeLoop(out);
}

const payers: LoopMemo = new Map();

function writePayer(out: SetWriter, payer: Payer): void {
  writeRecurringLoop(out, PAYER, payers, payer.id, [payer], () => {
    const name = { kind: 'organization', name: payer.name } as const;
    addSegment(out, PAYER_NM1, nameElements('PR', name, payer.idQualifier ?? 'PI', payer.id));
    if (payer.address !== null) addAddress(out, PAYER_N3, PAYER_N4, payer.address);
    addReferences(out, PAYER_IDS, payer.secondaryIds);
    addReferences(out, PAYER_BILLING_IDS, payer.billingProviderIds);
  });
}

export function closeSubscriber(out: SetWriter): void {
  closeLoop(out);
}

/** Opens 2000C (it stays open for the claim) and writes HL, PAT and 2010CA. */
export function openPatient(out: SetWriter, patient: Patient): void {
  openLoop(out, PATIENT_LEVEL);
  addSegment(out, PATIENT_HL, ['3', '2', '23', '0']);
  addSegment(out, PATIENT_PAT, conditionElements(patient.relationshipCode, patient.condition));
  openLoop(out, PATIENT_NAME);
  addSegment(out, PATIENT_NM1, nameElements('QC', patient.name, '', null));
  addAddress(out, PATIENT_N3, PATIENT_N4, patient.address);
  addDemographics(out, PATIENT_DMG, patient.demographics);
  addReferences(out, PATIENT_IDS, patient.references);
  if (patient.contact !== undefined) addSegment(out, PATIENT_PER, phoneContactElements(patient.contact));
  closeLoop(out);
}

export function closePatient(out: SetWriter): void {
  closeLoop(out);
}

function addDemographics(out: SetWriter, rule: SegmentRule, demographics: Demographics): void {
  addSegment(out, rule, ['D8', compactDate(demographics.dateOfBirth), demographics.gender]);
}

/** PAT: date of death, weight in pounds, pregnancy. */
function conditionElements(relationshipCode: string, condition: PatientCondition | undefined): (string | null)[] {
  if (condition === undefined) return [relationshipCode];
  const { deathDate, weightPounds, pregnant } = condition;
  const death = deathDate === undefined ? ['', ''] : ['D8', compactDate(deathDate)];
  const weight = weightPounds === undefined ? ['', ''] : ['01', quantity(weightPounds)];
  return [relationshipCode, '', '', '', ...death, ...weight, pregnant === true ? 'Y' : ''];
}
