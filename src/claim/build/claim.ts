import type { Attendee } from '../../../schemas/group-session.ts';
import type { AttendeeFields } from '../../session/parse.ts';
import type { ProfessionalClaim, Reference } from '../../x12/837p/model.ts';
import type { Attachment } from '../../x12/837p/model-supplement.ts';
import type { GateInput, ResolvedCoordination, ResolvedCoverage, ResolvedParties, ResolvedService } from '../context.ts';
import { type FitIssue, identifier, LENGTH, optionalText, postalAddress, requiredText } from '../fit.ts';
import { wireIdOf } from './coverage.ts';
import { billingNumbers, type ClaimProviders, numberedFacility, numberedProvider } from './payer-numbers.ts';

export interface ClaimParts extends ClaimProviders {
  readonly input: GateInput;
  readonly fields: AttendeeFields;
  readonly base: string;
  readonly dateOfService: string;
  readonly cover: ResolvedCoverage;
  readonly service: ResolvedService;
  readonly parties: ResolvedParties;
  readonly coordination: ResolvedCoordination;
}

type OptionalData = Attendee['claim'];

/** DTP qualifiers of loop 2300, in the guide's order. */
const CLAIM_DATES: readonly (readonly [string, keyof OptionalData & `${string}Date`])[] = [
  ['431', 'onsetDate'],
  ['454', 'initialTreatmentDate'],
  ['304', 'lastSeenDate'],
  ['439', 'accidentDate'],
  ['435', 'admissionDate'],
  ['096', 'dischargeDate'],
];

const claimDates = (data: OptionalData): ProfessionalClaim['dates'] => {
  const dates: { readonly qualifier: string; readonly date: string }[] = [];
  for (const [qualifier, field] of CLAIM_DATES) {
    const date = data[field];
    if (date !== undefined) dates.push({ qualifier, date });
  }
  return dates;
};

/** REF G1, 9F, EA. REF D9 is added when bytes are frozen, F8 when a claim replaces another. */
const references = (issues: FitIssue[], { base, cover }: ClaimParts, data: OptionalData): readonly Reference[] => {
  const wanted = [
    ['9F', `${base}/claim/referralNumber`, data.referralNumber],
    ['G1', `${cover.path}/priorAuthorization/number`, cover.coverage?.priorAuthorization?.number],
    ['EA', `${base}/claim/medicalRecordNumber`, data.medicalRecordNumber],
  ] as const;
  return wanted.flatMap(([qualifier, path, text]) => {
    const value = identifier(issues, path, text || null, { min: 1, max: LENGTH.reference });
    return value === null ? [] : [{ qualifier, value }];
  });
};

const attachments = (issues: FitIssue[], base: string, data: OptionalData): readonly Attachment[] =>
  (data.attachments ?? []).map((a, i) => ({
    type: a.type,
    transmission: a.transmission,
    controlNumber: identifier(issues, `${base}/claim/attachments/${i}/controlNumber`, a.controlNumber || null, {
      min: 2,
      max: 80,
    }),
  }));

/**
 * One attendee's 837P claim, or null when a part that every claim needs is missing (an edit has said so). CLM01 and
 * REF 6R stay empty: they are given when bytes are frozen. Amounts are cents, the total is the sum of the lines.
 */
export function assembleClaim(parts: ClaimParts): {
  readonly claim: ProfessionalClaim | null;
  readonly issues: readonly FitIssue[];
} {
  const issues: FitIssue[] = [];
  const { input, fields, base, cover, billing, service, parties, coordination } = parts;
  const { coverage, payer } = cover;
  const data = fields.claim ?? {};
  const refs = references(issues, parts, data);
  const papers = attachments(issues, base, data);
  const note = optionalText(issues, `${base}/claim/note`, data.note, LENGTH.note);
  const lineNote = optionalText(issues, `${base}/claim/lineNote`, data.lineNote, LENGTH.note);
  const { practice } = input;
  const payToAddress = practice.payToAddress ? postalAddress(issues, '/practiceId', practice.payToAddress) : null;
  const payerName = payer && requiredText(issues, `${cover.path}/payerId`, payer.name, LENGTH.organization);
  const payerAddress = payer?.address ? postalAddress(issues, `${cover.path}/payerId`, payer.address) : null;

  const { totalCents, diagnoses } = service;
  if (
    !coverage ||
    !payer ||
    !payerName ||
    !parties.subscriber ||
    !billing.provider ||
    totalCents === null ||
    diagnoses.length === 0
  ) {
    return { claim: null, issues };
  }
  const defaults = practice.claimDefaults;
  const part2 = input.session.part2Program ?? practice.part2Program;
  const patientPaid = cover.policy.sendPatientPaid && service.patientPaidCents ? service.patientPaidCents : null;
  const pointers = diagnoses.slice(0, 4).map((_, i) => i + 1);
  const payerId = coverage.payerId;
  const claim: ProfessionalClaim = {
    billing: { ...billing.provider, secondaryIds: billingNumbers(practice, payerId, billing.npi, ['0B', '1G']) },
    payToAddress,
    subscriber: parties.subscriber,
    patient: parties.patient,
    payer: {
      name: payerName,
      id: wireIdOf(payer, cover.clearinghouseId),
      address: payerAddress,
      secondaryIds: payer.secondaryIds,
      billingProviderIds: billingNumbers(practice, payerId, billing.npi, ['G2', 'LU']),
    },
    patientControlNumber: '',
    totalChargeCents: totalCents,
    placeOfServiceCode: service.placeOfServiceCode,
    frequencyCode: '1',
    providerSignatureOnFile: defaults.providerSignatureOnFile,
    acceptAssignment: coverage.acceptAssignment ?? defaults.acceptAssignment,
    benefitsAssigned: coverage.benefitsAssigned ?? defaults.benefitsAssigned,
    // Always Y in a 42 CFR Part 2 programme: a signature was collected [RFI 924].
    releaseOfInformation: part2 ? 'Y' : (coverage.releaseOfInformation ?? defaults.releaseOfInformation),
    patientSignatureSource: coverage.patientSignatureSource ?? null,
    relatedCauses: data.relatedCauses ?? [],
    accidentState: data.accidentState?.toUpperCase() || null,
    specialProgramCode: data.specialProgramCode || null,
    delayReasonCode: data.delayReasonCode || null,
    dates: claimDates(data),
    attachments: papers,
    patientPaidCents: patientPaid,
    references: refs,
    note,
    diagnoses: diagnoses.slice(0, 12),
    referring: numberedProvider(practice, payerId, 'referring', parts.referring),
    rendering: numberedProvider(practice, payerId, 'rendering', parts.rendering),
    facility: numberedFacility(practice, payerId, parts.facility),
    supervising: numberedProvider(practice, payerId, 'supervising', parts.supervising),
    ...(coordination.others.length === 0 ? {} : { otherPayers: coordination.others }),
    lines: service.lines.map((line, i) => ({
      procedureCode: line.procedureCode,
      modifiers: line.modifiers.slice(0, 4),
      chargeCents: line.chargeCents ?? 0,
      units: line.units,
      unitCode: 'UN',
      placeOfServiceCode: null,
      diagnosisPointers: pointers,
      dateOfService: parts.dateOfService,
      lineControlNumber: '',
      note: i === 0 ? lineNote : null,
      ...(coordination.byLine[i]?.length ? { adjudications: coordination.byLine[i] } : {}),
    })),
  };
  return { claim, issues };
}
