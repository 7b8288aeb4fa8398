import type { SessionAnswer } from '../../schemas/group-session.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { judgeAgainstLedger } from '../claim/ledger-gate.ts';
import { formatCents } from '../claim/money.ts';
import { readFacts } from '../ledger/intake-facts.ts';
import { attendeeFindings, checkFile, type FileCheck } from './check-file.ts';
import type { PipelineDeps } from './deps.ts';
import { previewBytes } from './freeze.ts';
import { type GatedSession, gateSession, refuseBlockedSession } from './gate-session.ts';
import { factsRequest, openFacts } from './intake-facts.ts';
import type { Principal } from './service.ts';
import { summaryOf } from './views.ts';

/** The whole verdict with nothing stored or allocated: ISA13 000000000, CLM01 PREVIEW01. Throws as `acceptSession` does. */
export async function previewSession(deps: PipelineDeps, who: Principal, body: unknown): Promise<SessionAnswer> {
  const gated = await gateSession(deps, who, body);
  refuseBlockedSession(gated.verdict);
  const { practiceId } = gated.session;
  const asked = factsRequest(deps.vault, gated, 'preview');
  const stored = await readFacts(deps.ledger.db, asked, false);
  // Only then: a practice that has laid something down has its key, and a preview makes none.
  if (stored.privacy.length > 0) await deps.vault.warm(practiceId);
  const { verdict } = judgeAgainstLedger(gated.verdict, openFacts(deps.vault, practiceId, stored, asked.patients));
  const codeSets = await deps.codeSets.current();
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
    // What edits hold has its findings; the validator speaks where they see nothing wrong, as it would at release.
    const unsound = d.kind === 'ready' && bytes !== null ? attendeeFindings(checkFile({ ...bytes, codeSets }), a) : [];
    return {
      externalId: a.externalId,
      state: d.kind === 'ready' && !unsound.some((f) => f.severity === 'block') ? ('scheduled' as const) : ('held' as const),
      claimId: null,
      patientControlNumber: 'PREVIEW01',
      chargeAmount: formatCents(d.draft.chargeCents),
      plannedReleaseAt: null,
      planReasons: [],
      findings: [...a.findings, ...unsound],
      claims: [],
      x12: bytes === null ? null : Buffer.from(bytes.bytes).toString('latin1'),
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

function bytesOf(gated: GatedSession, draft: ClaimDraft): Omit<FileCheck, 'codeSets'> | null {
  const clearinghouse = draft.clearinghouseId === null ? undefined : gated.clearinghouses.get(draft.clearinghouseId);
  if (draft.claim === null || clearinghouse === undefined) return null;
  const bytes = previewBytes(clearinghouse.body, gated.practice.body, draft.claim, 'PREVIEW01', gated.now);
  return { bytes, clearinghouse: clearinghouse.body, at: gated.now };
}
