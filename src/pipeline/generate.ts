import { z } from 'zod';
import { clearinghouse as clearinghouseSchema } from '../../schemas/clearinghouse.ts';
import { type Finding, ident } from '../../schemas/common.ts';
import { payer as payerSchema } from '../../schemas/payer.ts';
import { type Practice, practice as practiceSchema } from '../../schemas/practice.ts';
import { faultsOfBody } from '../claim/body-faults.ts';
import type { ClaimDraft, GateVerdict } from '../claim/draft.ts';
import { NO_FACTS } from '../claim/facts.ts';
import { LINEAGE_BYTES, newLineage, newTraceNumber } from '../claim/identifiers.ts';
import { judgeAgainstLedger } from '../claim/ledger-gate.ts';
import { parseSession } from '../session/parse.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { receiverProblems, zoneProblems } from './check-config.ts';
import { freeze } from './freeze.ts';
import { judgeSession } from './judge-session.ts';

const entry = z.looseObject({ id: ident });
const bundleSchema = z.strictObject({
  practices: z.array(entry).default([]),
  payers: z.array(entry).default([]),
  clearinghouses: z.array(entry).default([]),
});

export interface Bundle {
  readonly practices: ReadonlyMap<string, Practice>;
  readonly payers: ReadonlyMap<string, z.infer<typeof payerSchema>>;
  readonly clearinghouses: ReadonlyMap<string, z.infer<typeof clearinghouseSchema>>;
}

export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly Fault[] };

const pointerOf = (path: readonly PropertyKey[]): string => path.map((key) => `/${String(key)}`).join('');

/** A configuration bundle as `config apply` takes it, with every fault at once; no message holds a value. */
export function parseBundle(input: unknown): Result<Bundle> {
  const lists = bundleSchema.safeParse(input);
  if (!lists.success) return { ok: false, errors: faultsOf(lists.error, []) };
  const errors: Fault[] = [];
  const read = <T>(
    list: keyof typeof lists.data,
    schema: z.ZodType<T>,
    problems: (body: T) => readonly Fault[] = () => [],
  ): Map<string, T> => {
    const found = new Map<string, T>();
    lists.data[list].forEach(({ id, ...body }, i) => {
      const parsed = schema.safeParse(body);
      if (!parsed.success) errors.push(...faultsOf(parsed.error, [list, i]));
      else if (found.has(id)) errors.push({ pointer: `/${list}/${i}/id`, code: 'repeated', message: 'the id is there twice' });
      else {
        errors.push(...problems(parsed.data).map((p) => ({ ...p, pointer: `/${list}/${i}${p.pointer}` })));
        found.set(id, parsed.data);
      }
    });
    return found;
  };
  const value = {
    practices: read('practices', practiceSchema, (p) => zoneProblems(p.timezone)),
    payers: read('payers', payerSchema),
    clearinghouses: read('clearinghouses', clearinghouseSchema, receiverProblems),
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value };
}

function faultsOf(error: z.ZodError, under: readonly PropertyKey[]): Fault[] {
  return error.issues.map((issue) => ({
    pointer: pointerOf([...under, ...issue.path]),
    code: issue.code,
    message: issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message,
  }));
}

export type GeneratedAttendee = { readonly externalId: string; readonly findings: readonly Finding[] } & (
  | { readonly outcome: 'not_billable'; readonly reason: string }
  | { readonly outcome: 'held' }
  | {
      readonly outcome: 'ready';
      readonly payerId: string;
      readonly chargeCents: number;
      readonly patientControlNumber: string;
      readonly fileName: string;
      readonly bytes: Uint8Array;
    }
);

export interface Generated {
  readonly dateOfService: string;
  /** Session scope; none of them blocks. */
  readonly findings: readonly Finding[];
  readonly attendees: readonly GeneratedAttendee[];
}

export interface GenerateInput {
  /** Body of a `POST /v1/group-sessions`. */
  readonly body: unknown;
  readonly bundle: Bundle;
  /** Epoch ms: what "today" is to the edits, and the time in the files. */
  readonly now: number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly codeSets: CodeSets;
}

/**
 * One session → one 837P file per billable attendee that passed every edit, without ledger, stagger or delivery. The
 * files have passed no duplicate check but within the session, and their control numbers begin at 1, so they are always marked as test (ISA15 T),
 * whatever the clearinghouse's usage. Refused when the service would answer 422.
 */
export function generate({ body, bundle, now, randomBytes, codeSets }: GenerateInput): Result<Generated> {
  const parsed = parseSession(body);
  if (!parsed.ok) return { ok: false, errors: faultsOfBody(body, parsed.errors) };
  const practice = bundle.practices.get(parsed.session.practiceId);
  if (practice === undefined) {
    const fault = { pointer: '/practiceId', code: 'unknown_practice', message: 'no practice with this id is configured' };
    return { ok: false, errors: [fault] };
  }
  const { payers, clearinghouses } = bundle;
  const judged = judgeSession({
    session: parsed.session,
    practice,
    payers,
    clearinghouses,
    now,
    codeSets,
    earlierNotes: [],
  });
  // Of what the ledger's edits look for, the half that lies within the session needs no ledger.
  const { verdict } = judgeAgainstLedger(judged, NO_FACTS);
  const blocks = sessionBlocks(verdict);
  if (blocks.length > 0) return { ok: false, errors: blocks };

  let isa13 = 0;
  const attendees = verdict.attendees.map((v): GeneratedAttendee => {
    const { externalId, findings, disposition } = v;
    if (disposition.kind === 'not_billable') {
      return { externalId, findings, outcome: 'not_billable', reason: disposition.reason };
    }
    if (disposition.kind === 'held') return { externalId, findings, outcome: 'held' };
    const file = fileOf(disposition.draft, { bundle, practice, now, randomBytes, isa13: isa13 + 1 });
    if (file === null) throw new Error('a claim that passed the gate has no clearinghouse or no content');
    isa13 += 1;
    return { externalId, findings, outcome: 'ready', ...file };
  });
  return { ok: true, value: { dateOfService: verdict.dateOfService, findings: verdict.findings, attendees } };
}

function sessionBlocks(verdict: GateVerdict): Fault[] {
  if (!verdict.findings.some((f) => f.severity === 'block')) return [];
  return [...verdict.findings, ...verdict.attendees.flatMap((a) => a.findings)]
    .filter((f) => f.severity === 'block')
    .map((f) => ({ pointer: f.path, code: f.rule, message: f.message }));
}

function fileOf(
  draft: ClaimDraft,
  o: Pick<GenerateInput, 'bundle' | 'now' | 'randomBytes'> & { readonly practice: Practice; readonly isa13: number },
) {
  const clearinghouse = draft.clearinghouseId === null ? undefined : o.bundle.clearinghouses.get(draft.clearinghouseId);
  if (clearinghouse === undefined || draft.claim === null || draft.payerId === null) return null;
  const due = {
    id: draft.payerId,
    lineage: newLineage(o.randomBytes(LINEAGE_BYTES)),
    revision: 1,
    traceNumber: newTraceNumber(o.randomBytes(LINEAGE_BYTES)),
  };
  const test = { ...clearinghouse, usage: 'T' as const };
  const frozen = freeze({
    isa13: o.isa13,
    firstSt: o.isa13,
    at: o.now,
    clearinghouse: test,
    practice: o.practice,
    members: [{ due, claim: draft.claim }],
  });
  return {
    payerId: draft.payerId,
    chargeCents: draft.chargeCents,
    patientControlNumber: (frozen.claims[0] as (typeof frozen.claims)[number]).patientControlNumber,
    fileName: frozen.fileName,
    bytes: frozen.bytes,
  };
}
