import type { ProfessionalClaim } from '../../x12/837p/model.ts';
import type { ClaimDraft } from '../draft.ts';

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
}

const canonical = (...parts: readonly (string | number | null)[]): string => JSON.stringify(parts);

type Keys = Pick<ClaimDraft, 'lookAlikeKey' | 'siblingKey' | 'duplicateKeys'>;

export function claimKeys({ usage, practiceId, patientExternalId, payerId, renderingNpi, claim }: KeyInput): Keys {
  const [line] = claim.lines;
  if (line === undefined) return { lookAlikeKey: null, siblingKey: null, duplicateKeys: [] };
  const { subscriber, patient } = claim;
  const billingNpi = claim.billing.npi;
  const date = line.dateOfService;
  const code = line.procedureCode;
  const rank = subscriber.responsibility;
  const name = (patient ?? subscriber).name;
  const person = name.kind === 'person' ? [name.lastName, name.firstName] : [name.name, null];
  const { dateOfBirth, gender } = (patient ?? subscriber).demographics ?? { dateOfBirth: null, gender: null };
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
        ),
      },
      { kind: 'K2a', canonical: canonical('K2a', usage, practiceId, patientExternalId, date, code, rank, NO_OVERRIDE) },
      {
        kind: 'K2b',
        canonical: canonical('K2b', usage, payerId, subscriber.memberId, ...person, dateOfBirth, date, code, rank, NO_OVERRIDE),
      },
      {
        // Wider than K2b on purpose: another spelling of the name under another patient id is still suspect. The initial
        // keeps twins of one subscriber apart.
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
          NO_OVERRIDE,
        ),
      },
    ],
  };
}
