import type { ProfessionalClaim } from '../../x12/837p/model.ts';
import type { ClaimAuthorization, ClaimDraft, ClaimIdentity } from '../draft.ts';

/** Override number of a service that nobody has overridden (R7 counts from 1). */
const NO_OVERRIDE = 0;

/**
 * Canonical strings of `03` §3.1 and §3.2. The pipeline keys them by HMAC: except the look-alike key they hold patient
 * data and never leave memory as they are. Every one begins with the usage indicator, so that T never meets P.
 */
export interface KeyInput {
  readonly usage: 'T' | 'P';
  readonly practiceId: string;
  /** The EHR's stable id of the patient. */
  readonly patientExternalId: string;
  /** The payer itself, not its id at one clearinghouse. */
  readonly payerId: string;
  readonly renderingNpi: string;
  readonly claim: ProfessionalClaim;
  /** 1 and up under an override of two people (R7): a further service of the day. */
  readonly overrideNumber?: number;
}

const canonical = (...parts: readonly (string | number | null)[]): string => JSON.stringify(parts);

type Keys = Pick<ClaimDraft, 'lookAlikeKey' | 'siblingKey' | 'duplicateKeys'>;

/** The patient of a claim as the keys write him: last and first name, or the organization's. */
const personOf = ({ subscriber, patient }: ProfessionalClaim) => {
  const { name } = patient ?? subscriber;
  return name.kind === 'person' ? ([name.lastName, name.firstName] as const) : ([name.name, null] as const);
};

const demographicsOf = ({ subscriber, patient }: ProfessionalClaim) =>
  (patient ?? subscriber).demographics ?? { dateOfBirth: null, gender: null };

/** Whose claim it is (K3b, A21); a dependent is never its own subscriber. */
export function claimIdentity({ usage, payerId, claim }: Pick<KeyInput, 'usage' | 'payerId' | 'claim'>): ClaimIdentity {
  const [lastName, firstName] = personOf(claim);
  const { dateOfBirth, gender } = demographicsOf(claim);
  return {
    member: canonical('MEMBER', usage, payerId, claim.subscriber.memberId),
    person: canonical('PERSON', lastName, firstName, dateOfBirth, gender),
    demographics: canonical('DEMOGRAPHICS', dateOfBirth, gender, firstName?.slice(0, 1) ?? null),
    isSubscriber: claim.subscriber.isPatient,
  };
}

/** The prior authorization that a claim uses (A09); null where it carries none. `stated`: units left by the EHR's count. */
export function claimAuthorization(
  { usage, payerId, claim }: Pick<KeyInput, 'usage' | 'payerId' | 'claim'>,
  stated: number | null,
): ClaimAuthorization | null {
  const number = claim.references.find((r) => r.qualifier === 'G1');
  if (number === undefined) return null;
  return {
    canonical: canonical('AUTHORIZATION', usage, payerId, claim.subscriber.memberId, number.value),
    units: claim.lines[0]?.units ?? 1,
    stated,
  };
}

export function claimKeys(input: KeyInput): Keys {
  const { usage, practiceId, patientExternalId, payerId, renderingNpi, claim, overrideNumber = NO_OVERRIDE } = input;
  const [line] = claim.lines;
  if (line === undefined) return { lookAlikeKey: null, siblingKey: null, duplicateKeys: [] };
  const { subscriber, patient } = claim;
  const billingNpi = claim.billing.npi;
  const date = line.dateOfService;
  const code = line.procedureCode;
  const rank = subscriber.responsibility;
  const person = personOf(claim);
  const { dateOfBirth, gender } = demographicsOf(claim);
  const dependent = patient ? [...person, dateOfBirth] : [null, null, null];
  const initial = person[1]?.slice(0, 1) ?? null;
  const service = canonical(code, ...line.modifiers);
  return {
    lookAlikeKey: canonical('LA', usage, payerId, billingNpi, renderingNpi, date, code),
    siblingKey: canonical('K4', usage, subscriber.memberId, date, code, billingNpi, claim.totalChargeCents),
    duplicateKeys: [
      {
        kind: 'K1',
        canonical: canonical(
          'K1',
          usage,
          payerId,
          subscriber.memberId,
          ...dependent,
          billingNpi,
          renderingNpi,
          date,
          service,
          claim.placeOfServiceCode,
          claim.totalChargeCents,
          // An identical claim under no override keeps the key that it always had.
          ...(overrideNumber === NO_OVERRIDE ? [] : [overrideNumber]),
        ),
      },
      { kind: 'K2a', canonical: canonical('K2a', usage, practiceId, patientExternalId, date, code, rank, overrideNumber) },
      {
        kind: 'K2b',
        canonical: canonical(
          'K2b',
          usage,
          payerId,
          subscriber.memberId,
          ...person,
          dateOfBirth,
          date,
          code,
          rank,
          overrideNumber,
        ),
      },
      {
        // Wider than K2b on purpose: another spelling of the name under another patient id is still suspect. The initial
        // keeps most twins of one subscriber apart, `apartOnRoster` those who share it.
        kind: 'K3',
        canonical: canonical(
          'K3',
          usage,
          payerId,
          subscriber.memberId,
          dateOfBirth,
          gender,
          initial,
          date,
          code,
          rank,
          overrideNumber,
        ),
      },
    ],
  };
}

/** First name of a dependent as the claim writes it; null of a subscriber and of what has no name. */
const dependentName = ({ claim }: ClaimDraft): string | null => (claim?.patient ? personOf(claim)[1] : null);

/** A short form of the other is still a spelling of it. */
const areTwoNames = (a: string, b: string): boolean => !a.startsWith(b) && !b.startsWith(a);

const suspectKey = ({ duplicateKeys }: ClaimDraft): string | undefined => duplicateKeys.find((k) => k.kind === 'K3')?.canonical;

/**
 * Twins with one initial and gender who sat in one group are two people there, not one under two ids: of dependents who
 * share K3 the first on the roster keeps it, so that it goes on guarding against other sessions and practices; one with
 * another first name has a K3 with that name in it. Drafts in roster order, null for those who get no claim.
 */
export function apartOnRoster(drafts: readonly (ClaimDraft | null)[]): readonly (ClaimDraft | null)[] {
  const namesUnder = new Map<string, string[]>();
  return drafts.map((draft) => {
    const name = draft === null ? null : dependentName(draft);
    const suspect = draft === null ? undefined : suspectKey(draft);
    if (draft === null || name === null || suspect === undefined) return draft;
    const names = namesUnder.get(suspect) ?? [];
    namesUnder.set(suspect, [...names, name]);
    if (names.length === 0 || !names.every((other) => areTwoNames(name, other))) return draft;
    const duplicateKeys = draft.duplicateKeys.map((k) =>
      k.kind === 'K3' ? { kind: k.kind, canonical: canonical(k.canonical, name) } : k,
    );
    return { ...draft, duplicateKeys };
  });
}
