import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Finding } from '../../schemas/common.ts';
import type { GroupSession } from '../../schemas/group-session.ts';
import type { Payer } from '../../schemas/payer.ts';
import type { BillingProvider, Practice } from '../../schemas/practice.ts';
import type { EarlierNote, GateInput } from '../../src/claim/context.ts';
import type { ClaimDraft, GateVerdict } from '../../src/claim/draft.ts';
import { type IntakeFacts, NO_FACTS } from '../../src/claim/facts.ts';
import { runGate } from '../../src/claim/gate.ts';
import { judgeAgainstLedger, type LedgerVerdict } from '../../src/claim/ledger-gate.ts';
import { parseSession } from '../../src/session/parse.ts';
import type { ProfessionalClaim } from '../../src/x12/837p/model.ts';
import type { CodeSets } from '../../src/x12/code-sets/code-sets.ts';
import { SHIPPED_CODE_SETS } from '../../src/x12/code-sets/shipped.ts';
import { EXAMPLE_NOW, exampleSeed, type Overrides, overlay } from './sessions.ts';

export interface GateOptions {
  readonly earlierNotes?: readonly EarlierNote[];
  readonly practice?: Overrides<Practice>;
  /** Instead of the example's. */
  readonly billingProvider?: BillingProvider;
  /** Changes to every clearinghouse. */
  readonly clearinghouse?: Overrides<Clearinghouse>;
  /** Changes per configured payer id. */
  readonly payers?: Readonly<Record<string, Overrides<Payer>>>;
  readonly now?: number;
  /** Instead of the shipped lists. */
  readonly codeSets?: CodeSets;
}

const seed = exampleSeed();

/** A body as the gate's input, with the example's practice, payers and clearinghouse. Throws when the body is refused. */
export function gateInput(body: unknown, options: GateOptions = {}): GateInput {
  const parsed = parseSession(body);
  if (!parsed.ok) throw new Error(`refused: ${parsed.errors.map((e) => e.pointer).join(', ')}`);
  const payers = new Map(seed.payers);
  for (const [id, changes] of Object.entries(options.payers ?? {})) {
    const known = payers.get(id);
    if (known) payers.set(id, overlay(known, changes));
  }
  const [first] = seed.practices;
  if (first === undefined) throw new Error('the seed has a practice');
  const practice = overlay(first.practice, options.practice ?? {});
  return {
    session: parsed.session,
    practice: { ...practice, billingProvider: options.billingProvider ?? practice.billingProvider },
    payers,
    clearinghouses: new Map([...seed.clearinghouses].map(([id, c]) => [id, overlay(c, options.clearinghouse ?? {})])),
    now: options.now ?? EXAMPLE_NOW,
    earlierNotes: options.earlierNotes ?? [],
    codeSets: options.codeSets ?? SHIPPED_CODE_SETS,
  };
}

export const judge = (body: unknown, options: GateOptions = {}): GateVerdict => runGate(gateInput(body, options));

/** Both halves of the gate, on a ledger that knows just this. */
export const judgeLedger = (body: unknown, facts: Partial<IntakeFacts> = {}, options: GateOptions = {}): LedgerVerdict =>
  judgeAgainstLedger(judge(body, options), { ...NO_FACTS, ...facts });

/** Every finding of one rule, session's and attendees' alike. */
export function findingsOf(verdict: GateVerdict, rule: string): readonly Finding[] {
  return [...verdict.findings, ...verdict.attendees.flatMap((a) => a.findings)].filter((f) => f.rule === rule);
}

/** `severity path` of every finding of one rule: what most tests look at. */
export const marks = (verdict: GateVerdict, rule: string): readonly string[] =>
  findingsOf(verdict, rule).map((f) => `${f.severity} ${f.path}`);

export function draftAt(verdict: GateVerdict, index: number): ClaimDraft {
  const disposition = verdict.attendees[index]?.disposition;
  if (disposition === undefined || disposition.kind === 'not_billable') throw new Error('that attendee has no draft');
  return disposition.draft;
}

export function claimAt(verdict: GateVerdict, index: number): ProfessionalClaim {
  const { claim } = draftAt(verdict, index);
  if (claim === null) throw new Error('that draft has no claim');
  return claim;
}

/** The session with one attendee changed. */
export function withAttendee(
  session: GroupSession,
  index: number,
  changes: Overrides<GroupSession['attendees'][number]>,
): GroupSession {
  return { ...session, attendees: session.attendees.map((a, i) => (i === index ? overlay(a, changes) : a)) };
}
