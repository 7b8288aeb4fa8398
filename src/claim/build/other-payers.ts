import type { Coverage } from '../../../schemas/coverage.ts';
import type { Payer } from '../../../schemas/payer.ts';
import type { AttendeeFields } from '../../session/parse.ts';
import { groupAdjustments, MAX_REASONS } from '../../x12/837p/adjustments.ts';
import type { OtherPayer, PartyName, PostalAddress, Reference } from '../../x12/837p/model.ts';
import type { Adjustment, ClaimAdjudication, LineAdjudication } from '../../x12/837p/model-supplement.ts';
import { coordinationFaults } from '../../x12/837p/situations-coordination.ts';
import type {
  CoordinationProblem,
  GateInput,
  ResolvedCoordination,
  ResolvedCoverage,
  ResolvedParties,
  ResolvedService,
} from '../context.ts';
import type { IsoDate } from '../dates.ts';
import {
  type FitIssue,
  identifier,
  LENGTH,
  memberIdentifier,
  optionalText,
  personName,
  postalAddress,
  requiredText,
} from '../fit.ts';
import { parseCents, parseSignedCents } from '../money.ts';
import { matchLines } from './adjudicated-lines.ts';
import { type PayerRules, RELATIONSHIP_CODE, wireIdOf } from './coverage.ts';
import { type ClaimProviders, otherPayerProviders } from './payer-numbers.ts';

type Adjudication = NonNullable<Coverage['adjudication']>;
type Kind = CoordinationProblem['kind'];

export interface CoordinationInput {
  readonly input: GateInput;
  readonly fields: AttendeeFields;
  readonly base: string;
  readonly cover: ResolvedCoverage;
  readonly parties: ResolvedParties;
  readonly service: ResolvedService;
  readonly providers: ClaimProviders;
  readonly rulesFor: (payerId: string | null) => PayerRules;
  readonly dateOfService: IsoDate;
  /** Of the gate's clock, in the session's zone. */
  readonly today: IsoDate;
}

const MEDICARE = ['MA', 'MB'];
const RANK = { P: 0, S: 1, T: 2 } as const;
/** MOA03–07. */
const MAX_REMARKS = 5;

/** Rules of the 837P by what they mean for a request. */
const MEANING: Readonly<Record<string, Kind>> = {
  E34: 'unbalanced',
  E35: 'same_payer',
  E37: 'told_twice',
  E38: 'liability',
  'date.order': 'decision_date',
};

const cents = (amount: string | null | undefined): number | null => (amount ? parseCents(amount) : null);

const adjustmentsOf = (wire: Adjudication['adjustments']): readonly Adjustment[] =>
  wire.map(({ group, reason, amount, quantity }) => ({
    group,
    reason,
    amountCents: parseSignedCents(amount) ?? 0,
    quantity: quantity ?? null,
  }));

/** What the payer left to the patient: the sum of group PR, which a correction may bring below nothing. */
const patientShare = (adjustments: readonly Adjustment[]): number =>
  Math.max(
    0,
    adjustments.reduce((sum, a) => (a.group === 'PR' ? sum + a.amountCents : sum), 0),
  );

const UNDECIDED: ClaimAdjudication = {
  adjustments: [],
  paidCents: null,
  nonCoveredCents: null,
  remainingPatientLiabilityCents: null,
  adjudicatedOn: null,
};

interface Decision {
  readonly claim: ClaimAdjudication;
  readonly byLine: readonly (readonly LineAdjudication[])[];
  readonly problems: readonly (readonly [field: string, kind: Kind])[];
}

/**
 * Request → 2320 and 2430. The date and the patient's remaining liability stand on one level only: on the lines where the
 * payer decided by line. Where the request does not say what remains, it is what the payer adjusted to the patient (PR).
 */
const decisionOf = (adjudication: Adjudication, service: ResolvedService, payerId: string): Decision => {
  const total = service.totalCents ?? 0;
  const adjustments = adjustmentsOf(adjudication.adjustments);
  const { lines } = adjudication;
  const paidCents = cents(adjudication.paidAmount) ?? 0;
  const problems: (readonly [string, Kind])[] = [];
  const nonCovered = cents(adjudication.nonCoveredAmount);
  if (nonCovered !== null && nonCovered === total && paidCents === 0 && adjustments.length === 0 && lines.length === 0) {
    return { claim: { ...UNDECIDED, nonCoveredCents: nonCovered }, byLine: service.lines.map(() => []), problems };
  }
  const remarkCodes = [...new Set(adjudication.remarkCodes)];
  if (remarkCodes.length > MAX_REMARKS) problems.push(['/remarkCodes', 'remarks_cut']);
  const remaining = cents(adjudication.remainingPatientLiability);
  const matched = matchLines(service, lines);
  const shares = lines.map((line) => patientShare(adjustmentsOf(line.adjustments)));
  const shared = shares.reduce((a, b) => a + b, 0);
  const byLine: LineAdjudication[][] = service.lines.map(() => []);
  lines.forEach((line, i) => {
    const position = matched[i] ?? null;
    const ofLine = adjustmentsOf(line.adjustments);
    if (tooMany(ofLine)) problems.push([`/lines/${i}/adjustments`, 'too_many_reasons']);
    if (position === null) {
      problems.push([`/lines/${i}`, 'unmatched_line']);
      return;
    }
    byLine[position]?.push({
      payerId,
      paidCents: cents(line.paidAmount) ?? 0,
      procedureCode: line.procedureCode,
      modifiers: line.modifiers,
      units: line.units,
      adjustments: ofLine,
      adjudicatedOn: line.adjudicatedOn ?? adjudication.adjudicatedOn,
      remainingPatientLiabilityCents: lineLiability(remaining, shared, shares[i] ?? 0, lines.length),
    });
  });
  if (tooMany(adjustments)) problems.push(['/adjustments', 'too_many_reasons']);
  const onClaim = lines.length === 0;
  return {
    byLine,
    problems,
    claim: {
      adjustments,
      paidCents,
      nonCoveredCents: null,
      remainingPatientLiabilityCents: onClaim ? (remaining ?? patientShare(adjustments)) : null,
      ...(remarkCodes.length === 0 ? {} : { outpatient: { remarkCodes: remarkCodes.slice(0, MAX_REMARKS) } }),
      adjudicatedOn: onClaim ? adjudication.adjudicatedOn : null,
    },
  };
};

/** A sum for the whole claim goes on lines only where it is clear how: it is theirs together, or there is one line. */
const lineLiability = (remaining: number | null, shared: number, share: number, lines: number): number | null => {
  if (remaining === null || remaining === shared) return share;
  return lines === 1 ? remaining : null;
};

const tooMany = (adjustments: readonly Adjustment[]): boolean =>
  groupAdjustments(adjustments).some(({ reasons }) => reasons.length > MAX_REASONS);

/** Loop 2330A: the patient where they are their own subscriber, else who is named. */
const subscriberOf = (
  issues: FitIssue[],
  path: string,
  coverage: Coverage,
  parties: ResolvedParties,
): { readonly name: PartyName | null; readonly address: PostalAddress | null } | null => {
  if (coverage.relationshipToSubscriber === 'self') {
    const own = parties.patient ?? parties.subscriber;
    return own === null ? null : { name: own.name, address: own.address };
  }
  const named = coverage.subscriber;
  if (!named) return null;
  const address = named.address ? postalAddress(issues, `${path}/subscriber/address`, named.address) : null;
  return { name: personName(issues, `${path}/subscriber`, named), address };
};

const referencesOf = (issues: FitIssue[], path: string, coverage: Coverage): readonly Reference[] => {
  const decision = coverage.adjudication;
  const wanted = [
    ['G1', 'priorAuthorization/number', coverage.priorAuthorization?.number],
    ['F8', 'adjudication/payerClaimControlNumber', decision?.payerClaimControlNumber],
  ] as const;
  return wanted.flatMap(([qualifier, field, text]) => {
    const value = identifier(issues, `${path}/${field}`, text || null, { min: 1, max: LENGTH.reference });
    return value === null ? [] : [{ qualifier, value }];
  });
};

/** Every coverage but the one billed: who else may pay, and what those before it have decided. */
export function resolveCoordination(given: CoordinationInput): ResolvedCoordination {
  const { fields, base, cover, service } = given;
  const coverages = fields.coverages ?? [];
  const others: OtherPayer[] = [];
  const byLine: LineAdjudication[][] = service.lines.map(() => []);
  const problems: CoordinationProblem[] = [];
  const issues: FitIssue[] = [];
  const billed = cover.coverage;
  if (billed === null) return { others, byLine, problems, issues };
  coverages.forEach((coverage, i) => {
    if (coverage === billed || coverage.responsibility === billed.responsibility) return;
    const resolved = resolveOther(
      given,
      coverage,
      `${base}/coverages/${i}`,
      RANK[coverage.responsibility] < RANK[billed.responsibility],
    );
    problems.push(...resolved.problems);
    issues.push(...resolved.issues);
    if (resolved.other === null) return;
    others.push(resolved.other);
    resolved.byLine.forEach((decisions, n) => {
      byLine[n]?.push(...decisions);
    });
  });
  if (new Set(others.map((o) => o.payer.id)).size < others.length) {
    problems.push({ path: `${base}/coverages`, kind: 'same_payer', needed: true });
  }
  others.sort((a, b) => RANK[a.responsibility as 'P'] - RANK[b.responsibility as 'P']);
  return { others, byLine, problems, issues };
}

interface ResolvedOther extends Omit<ResolvedCoordination, 'others'> {
  readonly other: OtherPayer | null;
}

const resolveOther = (given: CoordinationInput, coverage: Coverage, path: string, earlier: boolean): ResolvedOther => {
  const { input, cover, parties, service, rulesFor, dateOfService } = given;
  const problems: CoordinationProblem[] = [];
  const issues: FitIssue[] = [];
  const nothing: ResolvedOther = { other: null, byLine: [], problems, issues };
  const found = (field: string, kind: Kind, needed = earlier) => problems.push({ path: `${path}${field}`, kind, needed });
  const payer: Payer | undefined = input.payers.get(coverage.payerId);
  if (payer === undefined) {
    found('/payerId', 'unknown_payer');
    return nothing;
  }
  const subscriber = subscriberOf(issues, path, coverage, parties);
  if (subscriber === null && coverage.relationshipToSubscriber !== 'self') found('/subscriber', 'subscriber_missing');
  const { memberIdPattern } = rulesFor(coverage.payerId);
  const memberId = memberIdentifier(issues, `${path}/memberId`, coverage.memberId, memberIdPattern);
  const groupNumber = identifier(issues, `${path}/groupNumber`, coverage.groupNumber || null, { min: 1, max: LENGTH.reference });
  const name = requiredText(issues, `${path}/payerId`, payer.name, LENGTH.organization);
  const filing = coverage.claimFilingIndicatorCode ?? payer.claimFilingIndicatorCode;
  const medicareNotPrimary = coverage.responsibility !== 'P' && MEDICARE.includes(filing);
  if (medicareNotPrimary && !coverage.insuranceTypeCode) found('/insuranceTypeCode', 'insurance_type_missing', true);
  if (!earlier && coverage.adjudication) found('/adjudication', 'out_of_order', true);
  if (!subscriber?.name || memberId === null || name === null) return nothing;

  const id = wireIdOf(payer, cover.clearinghouseId);
  const decision = earlier && coverage.adjudication ? decisionOf(coverage.adjudication, service, id) : null;
  for (const [field, kind] of decision?.problems ?? []) found(`/adjudication${field}`, kind);
  const { claimDefaults, part2Program } = input.practice;
  const part2 = input.session.part2Program ?? part2Program;
  const providers = otherPayerProviders(input.practice, coverage.payerId, given.providers);
  const other: OtherPayer = {
    responsibility: coverage.responsibility,
    relationshipCode: RELATIONSHIP_CODE[coverage.relationshipToSubscriber],
    groupNumber,
    planName: groupNumber === null ? optionalText(issues, `${path}/planName`, coverage.planName, LENGTH.organization) : null,
    insuranceTypeCode: medicareNotPrimary ? (coverage.insuranceTypeCode ?? null) : null,
    claimFilingIndicatorCode: filing,
    ...(decision?.claim ?? UNDECIDED),
    benefitsAssigned: coverage.benefitsAssigned ?? claimDefaults.benefitsAssigned,
    patientSignatureSource: coverage.patientSignatureSource ?? null,
    releaseOfInformation: part2 ? 'Y' : (coverage.releaseOfInformation ?? claimDefaults.releaseOfInformation),
    subscriber: { name: subscriber.name, memberId, address: subscriber.address },
    payer: { name, id, address: payer.address ? postalAddress(issues, `${path}/payerId`, payer.address) : null },
    references: referencesOf(issues, path, coverage),
    ...(providers.length === 0 ? {} : { providers }),
  };
  const byLine = decision?.byLine ?? [];
  for (const kind of faultKinds(other, byLine, service, dateOfService)) found('/adjudication', kind);
  if (decision !== null && isAfter(coverage.adjudication, given.today)) found('/adjudication/adjudicatedOn', 'decision_date');
  return { other, byLine, problems, issues };
};

/** What the 837P writer would refuse about this payer alone. */
const faultKinds = (
  other: OtherPayer,
  byLine: ResolvedOther['byLine'],
  service: ResolvedService,
  dateOfService: IsoDate,
): readonly Kind[] => {
  if (service.totalCents === null) return [];
  const lines = service.lines.map((line, i) => ({
    chargeCents: line.chargeCents ?? 0,
    dateOfService,
    adjudications: byLine[i] ?? [],
  }));
  const faults = coordinationFaults({ otherPayers: [other], totalChargeCents: service.totalCents, lines });
  return faults.flatMap((rule) => MEANING[rule] ?? []);
};

/** A decision that nobody can have made yet. */
const isAfter = (decision: Coverage['adjudication'], today: IsoDate): boolean =>
  [decision?.adjudicatedOn, ...(decision?.lines ?? []).map((l) => l.adjudicatedOn)].some((day) => (day ?? '') > today);
