import type { ClaimState, Finding } from '../../schemas/common.ts';
import type { ProfessionalClaim } from '../x12/837p/model.ts';
import { asReplacement } from './build/replacement.ts';
import type { AttendeeVerdict, ClaimDraft } from './draft.ts';

/** What a new version of a session means for one attendee who was in the group before, as far as billing goes. */
export type AttendeeChange =
  /** Billable before and now; the claim, or what stops it, is another. */
  | 'changed'
  /** Off the roster, or not billable any more. */
  | 'removed'
  /** Not billable before, or off the roster for some versions; billable now. */
  | 'added_back';

export type AmendAction =
  /** Nothing to be done; a change that waits on this claim is void. */
  | 'none'
  /** Unsent: built again in place. */
  | 'rebuild'
  /** Never adjudicated and not under way: given up. */
  | 'cancel'
  /** Rejected before adjudication: built again, next revision. */
  | 'resubmit'
  /** Under way: kept on the claim until it is accepted or rejected, adjudicated, or voided. */
  | 'wait'
  /** Adjudicated: a new claim, frequency 7. */
  | 'replace'
  /** Adjudicated: a new claim, frequency 8. */
  | 'void'
  /** Adjudicated by a payer that takes neither 7 nor 8: people ask for a reopening or a redetermination. */
  | 'task'
  /** The claim is final and bills nothing: a new one. */
  | 'renew'
  /** The void has not been taken by the payer: it is given up, the claim it was to void stands again. */
  | 'unvoid';

type Step = Exclude<AmendAction, 'replace' | 'void' | 'task'> | 'correct';
type Steps = Readonly<Record<AttendeeChange, Step>>;

const each = (step: Step): Steps => ({ changed: step, removed: step, added_back: step });
const UNSENT: Steps = { changed: 'rebuild', removed: 'cancel', added_back: 'rebuild' };
const ENDED: Steps = { changed: 'renew', removed: 'none', added_back: 'renew' };

/** A claim that bills (frequency 1 or 7). */
const BILLING: Readonly<Record<ClaimState, Steps>> = {
  not_billable: { changed: 'rebuild', removed: 'none', added_back: 'rebuild' },
  held: UNSENT,
  scheduled: UNSENT,
  released: each('wait'),
  transmit_unknown: each('wait'),
  transmitted: each('wait'),
  picked_up: each('wait'),
  acknowledged: each('wait'),
  stalled: each('wait'),
  accepted: each('wait'),
  // The claim may turn out to have an original that is accepted, or none: evidence or two people say which.
  duplicate_flagged: each('wait'),
  rejected: { changed: 'resubmit', removed: 'cancel', added_back: 'resubmit' },
  paid: each('correct'),
  partially_paid: each('correct'),
  denied: each('correct'),
  // The payer has announced a correction of its own.
  reversed: each('wait'),
  // Its successor is worked instead.
  replaced: each('none'),
  voided: ENDED,
  cancelled: ENDED,
};

const VOID_UNSENT: Steps = { changed: 'unvoid', removed: 'none', added_back: 'unvoid' };
const VOID_UNDER_WAY: Steps = { changed: 'wait', removed: 'none', added_back: 'wait' };

/** A claim of frequency 8, which withdraws another. */
const VOIDING: Readonly<Record<ClaimState, Steps>> = {
  not_billable: each('none'),
  held: VOID_UNSENT,
  scheduled: VOID_UNSENT,
  rejected: VOID_UNSENT,
  released: VOID_UNDER_WAY,
  transmit_unknown: VOID_UNDER_WAY,
  transmitted: VOID_UNDER_WAY,
  picked_up: VOID_UNDER_WAY,
  acknowledged: VOID_UNDER_WAY,
  stalled: VOID_UNDER_WAY,
  accepted: VOID_UNDER_WAY,
  duplicate_flagged: VOID_UNDER_WAY,
  paid: VOID_UNDER_WAY,
  partially_paid: VOID_UNDER_WAY,
  denied: VOID_UNDER_WAY,
  reversed: VOID_UNDER_WAY,
  replaced: each('none'),
  voided: each('none'),
  cancelled: each('none'),
};

export interface AmendFacts {
  readonly frequencyCode: string;
  /** The payer's policy on the date of service. */
  readonly supportsReplacement: boolean;
  readonly replaceBeforeAdjudication: boolean;
  /** The payer claim control number is known: without it there is no REF*F8. */
  readonly hasControlNumber: boolean;
  /** The amended claim says what the claim in hand says already. */
  readonly sameOnWire: boolean;
  /** The amended claim goes to another payer than the claim in hand. */
  readonly otherPayer: boolean;
  /** For a claim of frequency 7: the amended claim says what the one that it replaces says. */
  readonly sameAsReplaced: boolean;
  /** For a claim of frequency 8: the payer has taken it. */
  readonly voided: boolean;
}

/** Where only a difference on the wire is worth a claim: a correction that corrects nothing is refused as a duplicate. */
const NEEDS_DIFFERENCE: ReadonlySet<Step> = new Set(['wait', 'resubmit', 'correct']);

/**
 * What an amendment does to one claim, by the claim's state (`03` §3.5, `06`): total over states and changes. The claim is
 * the last of its chain. `void` for somebody who is still to be billed means: by another payer, once the void is taken (R6).
 */
export function amendAction(state: ClaimState, change: AttendeeChange, facts: AmendFacts): AmendAction {
  if (facts.frequencyCode === '8') return voidAction(VOIDING[state][change], facts);
  const step = BILLING[state][change];
  if (change !== 'removed' && facts.sameOnWire && NEEDS_DIFFERENCE.has(step)) return 'none';
  const pointless = facts.otherPayer || facts.sameAsReplaced;
  if (facts.frequencyCode === '7' && (step === 'rebuild' || step === 'resubmit') && pointless) return 'cancel';
  const early = state === 'accepted' && facts.replaceBeforeAdjudication && facts.supportsReplacement && facts.hasControlNumber;
  return correctionOf(early ? 'correct' : step, change, facts);
}

function voidAction(step: Step, facts: AmendFacts): AmendAction {
  if (step === 'wait' && facts.voided) return 'renew';
  // The void is right as long as another payer is the one to bill.
  if (step === 'unvoid' && facts.otherPayer) return 'wait';
  if (step === 'correct') throw new Error('a void is not corrected');
  return step;
}

function correctionOf(step: Step, change: AttendeeChange, facts: AmendFacts): AmendAction {
  if (step !== 'correct') return step;
  if (!facts.supportsReplacement) return 'task';
  if (!facts.hasControlNumber) return 'wait';
  return change === 'removed' || facts.otherPayer ? 'void' : 'replace';
}

/** Attendees of two versions matched by external id; one who is named twice is matched in order of naming. */
export function pairRosters(
  before: readonly string[],
  after: readonly string[],
): readonly { readonly before: number | null; readonly after: number | null }[] {
  const free = new Map<string, number[]>();
  before.forEach((id, i) => {
    free.set(id, [...(free.get(id) ?? []), i]);
  });
  const pairs = after.map((id, i) => ({ before: free.get(id)?.shift() ?? null, after: i }));
  const gone = [...free.values()].flat().sort((a, b) => a - b);
  return [...pairs, ...gone.map((i) => ({ before: i, after: null }))];
}

export interface AttendeeDiff {
  readonly change: AttendeeChange | 'added' | 'none';
  /** What would go to the payer is another. */
  readonly wire: boolean;
}

/**
 * One attendee in two versions, both judged under the same configuration and at the same time, so that a difference is the
 * amendment's and nobody else's. `everybody`: start or end of the session changed, which every claim is judged by.
 */
export function diffAttendee(before: AttendeeVerdict | null, after: AttendeeVerdict | null, everybody: boolean): AttendeeDiff {
  const was = before === null || before.disposition.kind === 'not_billable' ? null : before.disposition.draft;
  const is = after === null || after.disposition.kind === 'not_billable' ? null : after.disposition.draft;
  if (before === null) return { change: is === null ? 'none' : 'added', wire: is !== null };
  if (is === null) return { change: was === null ? 'none' : 'removed', wire: was !== null };
  if (was === null) return { change: 'added_back', wire: true };
  const wire = !sameOnWire(was, is);
  const stops = stopsOf(before.findings) !== stopsOf((after as AttendeeVerdict).findings);
  return { change: everybody || wire || stops || !sameJson(was, is) ? 'changed' : 'none', wire };
}

/** A finding's place inside its attendee: positions on the roster shift when somebody is added or removed. */
export function relativePath(path: string): string {
  return path.replace(/^\/attendees\/\d+/, '');
}

/** The same findings for another position on the roster. */
export function atPosition<T extends { readonly path: string }>(finding: T, index: number): T {
  return { ...finding, path: finding.path.replace(/^\/attendees\/\d+/, `/attendees/${index}`) };
}

function stopsOf(findings: readonly Finding[]): string {
  return findings
    .filter((f) => f.severity === 'block' || f.severity === 'hold')
    .map((f) => JSON.stringify([f.rule, f.severity, relativePath(f.path), f.message]))
    .sort()
    .join('\n');
}

/** True when both drafts put the same on the wire, whatever their frequency and the original they refer to. */
export function sameOnWire(a: ClaimDraft, b: ClaimDraft): boolean {
  const wire = ({ payerId, clearinghouseId, claim }: ClaimDraft) => ({
    payerId,
    clearinghouseId,
    claim: claim === null ? null : asOriginal(claim),
  });
  return sameJson(wire(a), wire(b));
}

/** REF01 of the payer claim control number. */
const ORIGINAL_REFERENCE = 'F8';

function asOriginal(claim: ProfessionalClaim): ProfessionalClaim {
  return {
    ...claim,
    frequencyCode: '1',
    references: claim.references.filter((r) => r.qualifier !== ORIGINAL_REFERENCE),
  };
}

/**
 * The draft as one of frequency 7 or 8 for an adjudicated claim, whose payer claim control number goes into REF*F8; null
 * where the payer takes none or its number cannot go on a claim. One that could not be built stays so, for its holds to say why.
 */
export function asCorrection(
  draft: ClaimDraft,
  frequencyCode: '7' | '8',
  payerClaimControlNumber: string,
):
  | { readonly ok: true; readonly draft: ClaimDraft }
  | { readonly ok: false; readonly reason: 'original_medicare' | 'unfit_reference' } {
  if (draft.claim === null) return { ok: true, draft };
  // CLM01 is given when bytes are frozen, from the lineage and revision that the correction shares with its original.
  const originalReference = { patientControlNumber: draft.claim.patientControlNumber, payerClaimControlNumber };
  const made = asReplacement(draft.claim, { frequencyCode, originalReference });
  return made.ok ? { ok: true, draft: { ...draft, claim: made.claim } } : made;
}

/** JSON values alike: order of keys and absent against undefined do not count. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => sameJson(x[key], y[key]));
}
