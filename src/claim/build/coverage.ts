import type { Coverage, Relationship } from '../../../schemas/coverage.ts';
import type { Attendee } from '../../../schemas/group-session.ts';
import type { Payer } from '../../../schemas/payer.ts';
import type { ParsedAttendee } from '../../session/parse.ts';
import type { Demographics, Patient, PersonName, PostalAddress, Subscriber } from '../../x12/837p/model.ts';
import type { CoverageProblem, GateInput, ResolvedCoverage, ResolvedParties } from '../context.ts';
import type { IsoDate } from '../dates.ts';
import { type FitIssue, identifier, LENGTH, memberIdentifier, optionalText, personName, postalAddress } from '../fit.ts';
import type { Policy } from '../payers/policy.ts';
import { resolvePolicy } from '../payers/registry.ts';
import { lastDayToFile } from '../timely-filing.ts';
import { billedCoverage } from './billed-coverage.ts';

/** Individual relationship codes, PAT01 and 2320 SBR02; `self` is SBR02 18. */
export const RELATIONSHIP_CODE: Readonly<Record<Relationship, string>> = {
  self: '18',
  spouse: '01',
  child: '19',
  employee: '20',
  unknown: '21',
  organ_donor: '39',
  cadaver_donor: '40',
  life_partner: '53',
  other: 'G8',
};

/** The payer's id at one clearinghouse (NM109 of 2010BB and 2330B). */
export const wireIdOf = (payer: Payer, clearinghouseId: string | null): string =>
  (clearinghouseId === null ? undefined : payer.wireIds[clearinghouseId]) ?? payer.payerId;

export interface PayerRules {
  readonly policy: Policy;
  readonly problem: CoverageProblem | null;
  /** `policy.memberIdPattern`, compiled. */
  readonly memberIdPattern: RegExp | null;
  /** Last day of timely filing for an original. */
  readonly fileBy: IsoDate | null;
}

/** Resolves each configured payer's policy once per gate run; null and unknown payers get the default policy. */
export function policyReader(input: GateInput, dateOfService: IsoDate): (payerId: string | null) => PayerRules {
  const known = new Map<string | null, PayerRules>();
  const rulesOf = (policy: Policy, problem: CoverageProblem | null): PayerRules => ({
    policy,
    problem,
    memberIdPattern: policy.memberIdPattern === null ? null : new RegExp(policy.memberIdPattern, 'u'),
    fileBy: lastDayToFile(policy, 'original', { dateOfService, primaryRemittanceOn: null, remittanceOn: null }),
  });
  const read = (payerId: string | null): PayerRules => {
    const payer = payerId === null ? undefined : input.payers.get(payerId);
    const resolved = resolvePolicy(payer ?? { policy: 'default', policyOverrides: {} }, dateOfService);
    if (resolved.ok) return rulesOf(resolved.policy, null);
    if (payer === undefined) throw new Error('the default policy must resolve');
    return rulesOf(rulesFor(null).policy, resolved.code === 'unknown_policy' ? 'unknown_policy' : 'invalid_policy_overrides');
  };
  const rulesFor = (payerId: string | null): PayerRules => {
    const rules = known.get(payerId) ?? read(payerId);
    known.set(payerId, rules);
    return rules;
  };
  return rulesFor;
}

/** The last decision before a later payer's turn; null while there is none. */
const lastDecidedOn = (coverages: readonly Coverage[]): IsoDate | null =>
  coverages
    .flatMap((c) => c.adjudication?.adjudicatedOn ?? [])
    .sort()
    .at(-1) ?? null;

/** The coverage that is billed now: secondary and tertiary claims exist only after the earlier payer's adjudication (R5). */
export function resolveCoverage(
  input: GateInput,
  attendee: ParsedAttendee,
  base: string,
  rulesFor: (payerId: string | null) => PayerRules,
  dateOfService: IsoDate,
): ResolvedCoverage {
  const coverages = attendee.fields.coverages ?? [];
  const choice = billedCoverage(coverages, input.payers);
  const coverage = choice.billed ? (coverages[choice.index] ?? null) : null;
  const path = choice.index === null ? `${base}/coverages` : `${base}/coverages/${choice.index}`;
  const payer = coverage === null ? null : (input.payers.get(coverage.payerId) ?? null);
  const {
    policy,
    problem: policyProblem,
    memberIdPattern,
    fileBy,
  } = rulesFor(payer === null ? null : (coverage?.payerId ?? null));
  const clearinghouseId = payer === null ? null : (payer.clearinghouseId ?? input.practice.clearinghouseId);
  const clearinghouse = clearinghouseId === null ? null : (input.clearinghouses.get(clearinghouseId) ?? null);
  let problem: CoverageProblem | null = policyProblem;
  if (!choice.billed) problem = choice.reason;
  else if (payer === null) problem = 'unknown_payer';
  else if (clearinghouse === null) problem ??= 'no_clearinghouse';
  return {
    path,
    coverage,
    payer,
    clearinghouseId,
    clearinghouse,
    policy,
    memberIdPattern,
    claimFilingIndicator: coverage?.claimFilingIndicatorCode ?? payer?.claimFilingIndicatorCode ?? null,
    fileBy:
      coverage === null || coverage.responsibility === 'P'
        ? fileBy
        : lastDayToFile(policy, 'secondary', {
            dateOfService,
            primaryRemittanceOn: lastDecidedOn(coverages),
            remittanceOn: null,
          }),
    problem,
  };
}

const gender = (g: 'F' | 'M' | 'U' | 'X'): Demographics['gender'] => (g === 'X' ? 'U' : g);

interface PatientParts {
  readonly name: PersonName | null;
  readonly address: PostalAddress | null;
  readonly demographics: Demographics;
}

const patientParts = (issues: FitIssue[], path: string, patient: NonNullable<Attendee['patient']>): PatientParts => ({
  name: personName(issues, path, patient),
  address: postalAddress(issues, `${path}/address`, patient.address),
  demographics: { dateOfBirth: patient.dateOfBirth, gender: gender(patient.gender) },
});

const subscriberParts = (issues: FitIssue[], path: string, coverage: Coverage, withDetails: boolean) => {
  const s = coverage.subscriber;
  if (!s) return { name: null, address: null, demographics: null };
  return {
    name: personName(issues, path, s),
    address: withDetails && s.address ? postalAddress(issues, `${path}/address`, s.address) : null,
    demographics: withDetails && s.dateOfBirth ? { dateOfBirth: s.dateOfBirth, gender: gender(s.gender ?? 'U') } : null,
  };
};

/**
 * 2000B/2010BA and, for a dependent, 2000C/2010CA. The subscriber's address and birth date go only where the
 * receiver wants them always: `clearinghouse.profileOverrides` holds its profile's word, too (`withProfile`).
 */
export function resolveParties(attendee: ParsedAttendee, base: string, cover: ResolvedCoverage): ResolvedParties {
  const issues: FitIssue[] = [];
  const { patient } = attendee.fields;
  const { coverage, claimFilingIndicator } = cover;
  const own = patient ? patientParts(issues, `${base}/patient`, patient) : null;
  if (coverage === null || claimFilingIndicator === null) return { subscriber: null, patient: null, issues };

  const isPatient = coverage.relationshipToSubscriber === 'self';
  const withDetails = cover.clearinghouse?.profileOverrides.subscriberDetails === 'always';
  const parts = isPatient ? own : subscriberParts(issues, `${cover.path}/subscriber`, coverage, withDetails);
  const memberId = memberIdentifier(issues, `${cover.path}/memberId`, coverage.memberId, cover.memberIdPattern);
  const groupNumber = identifier(issues, `${cover.path}/groupNumber`, coverage.groupNumber || null, {
    min: 1,
    max: LENGTH.reference,
  });
  const planName =
    groupNumber === null ? optionalText(issues, `${cover.path}/planName`, coverage.planName, LENGTH.organization) : null;
  const medicareNotPrimary = coverage.responsibility !== 'P' && ['MA', 'MB'].includes(claimFilingIndicator);

  const complete = parts?.name && memberId !== null && (!isPatient || parts.address !== null);
  const subscriber: Subscriber | null = complete
    ? {
        responsibility: coverage.responsibility,
        isPatient,
        groupNumber,
        planName,
        insuranceTypeCode: medicareNotPrimary ? (coverage.insuranceTypeCode ?? null) : null,
        claimFilingIndicatorCode: claimFilingIndicator,
        name: parts.name as PersonName,
        memberId,
        address: parts.address,
        demographics: parts.demographics,
      }
    : null;
  const dependent: Patient | null =
    !isPatient && own?.name && own.address
      ? {
          relationshipCode: RELATIONSHIP_CODE[coverage.relationshipToSubscriber],
          name: own.name,
          address: own.address,
          demographics: own.demographics,
        }
      : null;
  return { subscriber: !isPatient && dependent === null ? null : subscriber, patient: dependent, issues };
}
