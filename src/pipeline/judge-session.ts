import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Finding } from '../../schemas/common.ts';
import type { Practice } from '../../schemas/practice.ts';
import type { GateInput } from '../claim/context.ts';
import type { AttendeeVerdict, ClaimDraft, GateVerdict } from '../claim/draft.ts';
import { isStop } from '../claim/findings.ts';
import { runGate } from '../claim/gate.ts';
import { withProfile } from '../delivery/profiles/registry.ts';
import { X12WriteError } from '../x12/write-error.ts';
import { attendeeFindings, checkFile } from './check-file.ts';
import { previewBytes } from './freeze.ts';

/**
 * The gate, the writer and the validator: what the guide's rules refuse in a claim that every edit lets through is told
 * here, while somebody waits for the answer (intake, preview and amendment alike), and not first at its release. Pure but
 * for what `freeze.ts` remembers of time zones.
 */
export function judgeSession(input: GateInput): GateVerdict {
  const receivers = [...input.clearinghouses].map(([id, c]) => [id, withProfile(c)] as const);
  const verdict = runGate({ ...input, clearinghouses: new Map(receivers) });
  return { ...verdict, attendees: verdict.attendees.map((v) => asFile(input, v)) };
}

/** What edits hold has its findings; writer and validator speak where they see nothing wrong. */
function asFile({ practice, clearinghouses, now, codeSets }: GateInput, verdict: AttendeeVerdict): AttendeeVerdict {
  const { disposition, findings } = verdict;
  if (disposition.kind !== 'ready') return verdict;
  const { draft } = disposition;
  const clearinghouse = draft.clearinghouseId === null ? undefined : clearinghouses.get(draft.clearinghouseId);
  if (clearinghouse === undefined) return verdict;
  const written = draftBytes({ draft, clearinghouse, practice, pcn: 'PREVIEW01', at: now });
  if (written === null) return verdict;
  const found =
    written instanceof X12WriteError
      ? [refusedByGuide(verdict, written)]
      : attendeeFindings(checkFile({ bytes: written, clearinghouse, at: now, codeSets }), verdict);
  if (found.length === 0) return verdict;
  const kind = found.some(isStop) ? 'held' : 'ready';
  return { ...verdict, disposition: { kind, draft }, findings: [...findings, ...found] };
}

/** Names the place in the guide, never the value. */
function refusedByGuide({ externalId, index }: AttendeeVerdict, error: X12WriteError): Finding {
  return {
    rule: 'X12',
    severity: 'block',
    scope: 'attendee',
    attendee: externalId,
    path: `/attendees/${index}`,
    message: `The guide refuses ${error.element ?? error.segment} in loop ${error.loop} (${error.rule}).`,
    ruleVersion: '1',
  };
}

/**
 * The 837P that a draft would become, under ISA13 000000000. Null when a block left too little to write one from; what the
 * writer refuses comes back as its error, for what edits hold is often not writable.
 */
export function draftBytes(o: {
  readonly draft: ClaimDraft;
  readonly clearinghouse: Clearinghouse;
  readonly practice: Practice;
  readonly pcn: string;
  /** Epoch ms. */
  readonly at: number;
}): Uint8Array | X12WriteError | null {
  if (o.draft.claim === null) return null;
  try {
    return previewBytes(o.clearinghouse, o.practice, o.draft.claim, o.pcn, o.at);
  } catch (error) {
    if (error instanceof X12WriteError) return error;
    throw error;
  }
}
