import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Finding } from '../../schemas/common.ts';
import type { Practice } from '../../schemas/practice.ts';
import type { GateInput } from '../claim/context.ts';
import type { AttendeeVerdict, ClaimDraft, GateVerdict } from '../claim/draft.ts';
import { runGate } from '../claim/gate.ts';
import { X12WriteError } from '../x12/write-error.ts';
import { previewBytes } from './freeze.ts';

/**
 * The gate and the writer: a claim that every edit lets through but the guide's rules refuse is blocked here, while
 * somebody waits for the answer, and not first at its release. Pure but for what `freeze.ts` remembers of time zones.
 */
export function judgeSession(input: GateInput): GateVerdict {
  const verdict = runGate(input);
  return { ...verdict, attendees: verdict.attendees.map((v) => writable(input, v)) };
}

function writable({ practice, clearinghouses, now }: GateInput, verdict: AttendeeVerdict): AttendeeVerdict {
  const { disposition, findings } = verdict;
  if (disposition.kind !== 'ready') return verdict;
  const { draft } = disposition;
  const clearinghouse = draft.clearinghouseId === null ? undefined : clearinghouses.get(draft.clearinghouseId);
  if (clearinghouse === undefined) return verdict;
  const written = draftBytes({ draft, clearinghouse, practice, pcn: 'PREVIEW01', at: now });
  if (!(written instanceof X12WriteError)) return verdict;
  return { ...verdict, disposition: { kind: 'held', draft }, findings: [...findings, refusedByGuide(verdict, written)] };
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
