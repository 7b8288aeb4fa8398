import type { SessionAnswer } from '../../schemas/group-session.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { judgeAgainstLedger } from '../claim/ledger-gate.ts';
import { formatCents } from '../claim/money.ts';
import { readFacts } from '../ledger/intake-facts.ts';
import { findSessionByName } from '../ledger/sessions.ts';
import { X12WriteError } from '../x12/write-error.ts';
import type { PipelineDeps } from './deps.ts';
import { type GatedSession, gateSession, refuseBlockedSession } from './gate-session.ts';
import { factsRequest, openFacts } from './intake-facts.ts';
import { cameBefore } from './judge-in-ledger.ts';
import { draftBytes } from './judge-session.ts';
import type { Principal } from './service.ts';
import { summaryOf } from './views.ts';

/** The session id of a preview of what is not stored: sorts after every real one. */
const NOT_STORED = 'preview';

/**
 * The whole verdict with nothing stored or allocated: ISA13 000000000, CLM01 PREVIEW01. Of a session that is stored it is
 * the verdict on this body in its place, as an amendment would be judged: no conflict with itself, none with sessions that
 * came after it. Throws as `acceptSession` does, but for a body that differs from what is stored.
 */
export async function previewSession(deps: PipelineDeps, who: Principal, body: unknown): Promise<SessionAnswer> {
  const gated = await gateSession(deps, who, body);
  refuseBlockedSession(gated.verdict);
  const { practiceId } = gated.session;
  const sessionId = (await findSessionByName(deps.ledger.db, practiceId, gated.session.externalId)) ?? NOT_STORED;
  const asked = factsRequest(deps.vault, gated, sessionId);
  const stored = await readFacts(deps.ledger.db, asked, false);
  // Only then: a practice that has laid something down has its key, and a preview makes none.
  if (stored.privacy.length > 0) await deps.vault.warm(practiceId);
  const facts = openFacts(deps.vault, practiceId, stored, asked.patients);
  const { verdict } = judgeAgainstLedger(gated.verdict, { ...facts, groups: cameBefore(facts.groups, sessionId) });
  const attendees: SessionAnswer['attendees'] = verdict.attendees.map((a) => {
    const d = a.disposition;
    if (d.kind === 'not_billable')
      return {
        externalId: a.externalId,
        state: 'not_billable',
        claimId: null,
        reason: d.reason,
        findings: [...a.findings],
        x12: null,
      };
    const bytes = bytesOf(gated, d.draft);
    return {
      externalId: a.externalId,
      state: d.kind === 'ready' ? ('scheduled' as const) : ('held' as const),
      claimId: null,
      patientControlNumber: 'PREVIEW01',
      chargeAmount: formatCents(d.draft.chargeCents),
      plannedReleaseAt: null,
      planReasons: [],
      findings: [...a.findings],
      claims: [],
      x12: bytes === null ? null : Buffer.from(bytes).toString('latin1'),
    };
  });
  return {
    id: 'preview',
    externalId: gated.session.externalId,
    version: 0,
    dateOfService: gated.verdict.dateOfService,
    summary: summaryOf(attendees),
    findings: [...verdict.findings],
    attendees,
  };
}

function bytesOf(gated: GatedSession, draft: ClaimDraft): Uint8Array | null {
  const clearinghouse = draft.clearinghouseId === null ? undefined : gated.clearinghouses.get(draft.clearinghouseId);
  if (clearinghouse === undefined) return null;
  const practice = gated.practice.body;
  const bytes = draftBytes({ draft, clearinghouse: clearinghouse.body, practice, pcn: 'PREVIEW01', at: gated.now });
  return bytes instanceof X12WriteError ? null : bytes;
}
