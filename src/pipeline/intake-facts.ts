import type { ClaimDraft } from '../claim/draft.ts';
import type { IntakeFacts, PatientPrivacy } from '../claim/facts.ts';
import { presenceOf } from '../claim/presence.ts';
import { iso } from '../ledger/executor.ts';
import type { FactsRequest, StoredFacts } from '../ledger/intake-facts.ts';
import type { ClaimFacts } from '../ledger/roster.ts';
import type { Vault } from './deps.ts';
import type { GatedSession } from './gate-session.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const patientHash = (vault: Vault, practiceId: string, externalId: string): Uint8Array =>
  vault.hash('patient', `${practiceId}\n${externalId}`);

/** Where a session took place, as its own practice names it; keyed because a facility may be a patient's home. */
export const facilityHash = (vault: Vault, { session }: Pick<GatedSession, 'session'>): Uint8Array =>
  vault.hash('facility', JSON.stringify([session.practiceId, session.serviceFacility?.id ?? null]));

/** Usage of the practice's own lane: what a session was sent as. Null where it is not configured. */
export const usageOf = ({ practice, clearinghouses }: Pick<GatedSession, 'practice' | 'clearinghouses'>): 'T' | 'P' | null =>
  clearinghouses.get(practice.body.clearinghouseId)?.body.usage ?? null;

/** What an intake waits at: everything that two sessions can have in common. */
const bucketsOf = (vault: Vault, { session, verdict }: Pick<GatedSession, 'session' | 'verdict'>): string[] => {
  const bucket = (kind: string, text: string) => hex(vault.hash(`bucket/${kind}`, text));
  return [
    bucket('facilitator', `${session.practiceId}\n${session.renderingProvider.npi}`),
    ...session.attendees.map((a) => bucket('patient', `${session.practiceId}\n${a.externalId}`)),
    ...verdict.attendees.flatMap(({ disposition: d }) =>
      d.kind === 'not_billable' || d.draft.identity === null ? [] : [bucket('member', d.draft.identity.member)],
    ),
  ];
};

/** The bucket of one patient, for what changes a patient's standing (privacy). */
export const patientBucket = (vault: Vault, practiceId: string, externalId: string): string =>
  hex(vault.hash('bucket/patient', `${practiceId}\n${externalId}`));

/** The question that a judged session puts to the ledger. `sessionId` is the one it is, or will be, stored under. */
export function factsRequest(vault: Vault, gated: GatedSession, sessionId: string): FactsRequest {
  const { session, verdict } = gated;
  const patient = (externalId: string) => hex(patientHash(vault, session.practiceId, externalId));
  const drafts = verdict.attendees.flatMap(({ index, externalId, disposition: d }) =>
    d.kind === 'not_billable' ? [] : [{ n: index, externalId, draft: d.draft }],
  );
  return {
    sessionId,
    practiceId: session.practiceId,
    facilitatorNpi: session.renderingProvider.npi,
    facilityHash: hex(facilityHash(vault, gated)),
    usage: usageOf(gated),
    startedAt: session.startedAt,
    endedAt: session.endedAt,
    dateOfService: verdict.dateOfService,
    patients: session.attendees.map((a) => {
      const presence = presenceOf(session, a);
      return { n: a.index, hash: patient(a.externalId), from: iso(presence?.from ?? null), to: iso(presence?.to ?? null) };
    }),
    members: drafts.flatMap(({ n, externalId, draft: { identity, authorization, serviceCode } }) =>
      identity === null
        ? []
        : [
            {
              n,
              patient: patient(externalId),
              member: hex(vault.hash('member', identity.member)),
              person: hex(vault.hash('person', identity.person)),
              demographics: hex(vault.hash('demographics', identity.demographics)),
              code: serviceCode,
              self: identity.isSubscriber,
              authorization: authorization === null ? null : hex(vault.hash('authorization', authorization.canonical)),
            },
          ],
    ),
    keys: drafts.flatMap(({ n, draft }) =>
      draft.duplicateKeys.map((k) => ({ n, kind: k.kind, hash: hex(vault.hash(k.kind, k.canonical)) })),
    ),
    buckets: bucketsOf(vault, gated),
  };
}

/** Facts with what patients have laid down opened; the practice must be warm. */
export function openFacts(vault: Vault, practiceId: string, stored: StoredFacts, hashes: FactsRequest['patients']): IntakeFacts {
  const byIndex = new Map(hashes.map((p) => [p.n, p.hash]));
  return {
    ...stored,
    privacy: new Map(
      stored.privacy.map((p) => [
        p.index,
        openPrivacy(vault, practiceId, byIndex.get(p.index) ?? '', Buffer.from(p.sealed, 'base64')),
      ]),
    ),
  };
}

/** `hash` is the patient's, in hex: what was sealed for one patient opens for no other. */
export function openPrivacy(vault: Vault, practiceId: string, hash: string, sealed: Uint8Array): PatientPrivacy {
  return vault.open<PatientPrivacy>(practiceId, 'privacy', hash, sealed);
}

/** What the ledger keeps of a claim so that later intakes find it. Patient data as keyed hashes only. */
export function claimFacts(vault: Vault, practiceId: string, externalId: string, draft: ClaimDraft): ClaimFacts {
  const { identity, authorization } = draft;
  return {
    patientHash: patientHash(vault, practiceId, externalId),
    memberHash: identity === null ? null : vault.hash('member', identity.member),
    personHash: identity === null ? null : vault.hash('person', identity.person),
    demographicsHash: identity === null ? null : vault.hash('demographics', identity.demographics),
    isSubscriber: identity?.isSubscriber ?? null,
    authorizationHash: authorization === null ? null : vault.hash('authorization', authorization.canonical),
    authorizedUnits: authorization?.units ?? null,
    unitsStated: authorization?.stated ?? null,
    serviceCode: draft.serviceCode,
    serviceLines: draft.claim?.lines.map(({ procedureCode, modifiers }) => ({ procedureCode, modifiers })) ?? null,
  };
}
