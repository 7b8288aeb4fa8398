import type { Finding } from '../../schemas/common.ts';
import { epochMs } from './dates.ts';
import type { AttendeeVerdict, GateVerdict } from './draft.ts';
import { duplicateVerdicts, findingOf, type KeyMeeting } from './duplicates.ts';
import type { Edit, LedgerFinding, OtherClaim } from './edits/edit.ts';
import { applyOverride } from './edits/override.ts';
import { editById, LEDGER_CHECKS } from './edits/registry.ts';
import type { IntakeFacts, PatientPrivacy } from './facts.ts';
import { isStop, stamped, withoutStops } from './findings.ts';
import { type LedgerContext, type LedgerMember, rekeyedSessions } from './ledger-context.ts';
import { consentInForce } from './part2.ts';

/** A claim of another session that our findings concern. */
export interface ConcernedClaim extends OtherClaim {
  readonly rule: string;
  readonly reason: string;
  readonly message: string;
  /** Where in an attendee, such as `/attendance`: the same field of the other session. */
  readonly field: string;
  /** Roster position of ours. */
  readonly index: number;
}

export interface LedgerVerdict {
  /** The gate's verdict with what the ledger adds: nothing in it is milder but consent that was put on record since. */
  readonly verdict: GateVerdict;
  readonly concerned: readonly ConcernedClaim[];
  /** Owners of duplicate keys by roster position, own practice only: what may be shown as the link. */
  readonly links: ReadonlyMap<number, readonly string[]>;
}

/** What a patient has laid down since prevails over what was sent: a restriction ends the claim, consent is judged anew. */
function underPrivacy(verdict: AttendeeVerdict, privacy: PatientPrivacy | undefined): AttendeeVerdict {
  const { billable, disposition } = verdict;
  if (privacy === undefined || billable === null || disposition.kind === 'not_billable') return verdict;
  if (privacy.restrictDisclosure) {
    const said: Finding = {
      rule: 'A02',
      severity: 'info',
      scope: 'attendee',
      attendee: verdict.externalId,
      path: `${verdict.roster.base}/restrictDisclosure`,
      message: 'A disclosure restriction on record for this patient is absolute and prevails over billing.',
      ruleVersion: editById('A02')?.version ?? '1',
    };
    const findings = [...verdict.findings.map(withoutStops), said];
    return { ...verdict, findings, billable: null, disposition: { kind: 'not_billable', reason: 'disclosure_restricted' } };
  }
  const a19 = editById('A19');
  if (privacy.part2 === null || a19 === undefined || !('of' in a19) || a19.of !== 'billable') return verdict;
  const { attendee } = billable;
  const part2 = consentInForce(attendee.fields.part2, privacy.part2);
  const found = a19.check({ ...billable, attendee: { ...attendee, fields: { ...attendee.fields, part2 } } });
  const findings = [
    ...verdict.findings.filter((f) => f.rule !== 'A19'),
    ...found.flatMap((f) => applyOverride(stamped(a19, f, verdict.externalId), a19, billable.cover.policy)),
  ];
  return { ...verdict, findings, disposition: { kind: findings.some(isStop) ? 'held' : 'ready', draft: disposition.draft } };
}

const memberOf = ({ index, externalId, roster, billable, disposition }: AttendeeVerdict): LedgerMember => ({
  index,
  externalId,
  roster,
  claim:
    billable === null || disposition.kind === 'not_billable'
      ? null
      : { context: billable, draft: disposition.draft, ready: disposition.kind === 'ready' },
});

interface Own {
  readonly finding: Finding;
  /** Word on the claim. */
  readonly reason: string;
}

/** Where an edit has no word of its own for a claim that it holds, its id will do. */
const wordOf = (edit: { readonly id: string }, found: LedgerFinding): string => found.reason ?? edit.id;

/** Everything that the edits say, set apart by roster position. */
function checkAll(ctx: LedgerContext, scopes: readonly Edit['scope'][]) {
  const session: Finding[] = [];
  const own = new Map<number, Own[]>();
  const concerned: ConcernedClaim[] = [];
  const tell = (member: LedgerMember, edit: (typeof LEDGER_CHECKS)[number], found: LedgerFinding) => {
    const policy = member.claim?.context.cover.policy ?? null;
    for (const finding of applyOverride(stamped(edit, found, member.externalId), edit, policy)) {
      const list = own.get(member.index) ?? [];
      list.push({ finding: member.claim === null ? withoutStops(finding) : finding, reason: wordOf(edit, found) });
      own.set(member.index, list);
      if (!isStop(finding)) continue;
      for (const other of found.others ?? [])
        concerned.push({
          ...other,
          rule: edit.id,
          reason: wordOf(edit, found),
          message: found.message,
          field: found.path.slice(member.roster.base.length),
          index: member.index,
        });
    }
  };
  for (const edit of LEDGER_CHECKS.filter((e) => scopes.includes(e.scope))) {
    for (const found of edit.checkLedger(ctx)) {
      if (found.attendee === undefined) {
        session.push(stamped(edit, found, null));
        for (const member of ctx.members) if (member.claim !== null) tell(member, edit, found);
      } else {
        const member = ctx.members.find((m) => m.index === found.attendee);
        if (member !== undefined) tell(member, edit, found);
      }
    }
  }
  return { session, own, concerned };
}

/**
 * Keys that somebody owns already: a stored claim, or one earlier on this roster that is on its way to be scheduled
 * (R1: a held claim takes no key).
 */
function keyMeetings(ctx: LedgerContext, stopped: ReadonlySet<number>): readonly KeyMeeting[] {
  const meetings: KeyMeeting[] = ctx.facts.keyOwners.map((o) => ({ kind: o.kind, asker: String(o.index), ownerId: o.claimId }));
  const met = new Set(meetings.map((m) => m.asker));
  const taken = new Map<string, string>();
  for (const { index, claim } of ctx.members) {
    if (claim === null) continue;
    const asker = String(index);
    const keys = claim.draft.duplicateKeys.map((k) => ({ ...k, owner: taken.get(k.canonical) }));
    const earlier = keys.flatMap((k) => (k.owner === undefined ? [] : [{ kind: k.kind, asker, ownerId: k.owner }]));
    meetings.push(...earlier);
    if (!claim.ready || stopped.has(index) || met.has(asker) || earlier.length > 0) continue;
    for (const k of keys) taken.set(k.canonical, `roster ${index}`);
  }
  return meetings;
}

/**
 * Second half of the gate, inside the intake's transaction: what the ledger knows, asked of the edits that read it and of
 * the duplicate keys. Pure. A preview calls it with facts that nobody waits for and takes the same verdict. A stored session
 * that is judged again leaves out the scope `session`: which of two sessions came later was settled when it was stored.
 */
export function judgeAgainstLedger(
  verdict: GateVerdict,
  facts: IntakeFacts,
  scopes: readonly Edit['scope'][] = ['session', 'attendee'],
): LedgerVerdict {
  const attendees = verdict.attendees.map((a) => underPrivacy(a, facts.privacy.get(a.index)));
  const members = attendees.map(memberOf);
  const session = members[0]?.roster.input.session;
  const patients = new Set(members.map((m) => m.externalId)).size;
  const rekeyed = session === undefined ? new Set<string>() : rekeyedSessions(facts, epochMs(session.startedAt), patients);
  const ctx: LedgerContext = { members, facts, rekeyed };
  const { session: ofSession, own, concerned } = checkAll(ctx, scopes);
  const stopped = new Set([...own].filter(([, list]) => list.some((o) => isStop(o.finding))).map(([index]) => index));
  const duplicates = duplicateVerdicts(keyMeetings(ctx, stopped));
  const joined = attendees.map((a): AttendeeVerdict => {
    const { disposition, externalId, index } = a;
    const fromLedger = own.get(index) ?? [];
    const said = new Set([...a.findings, ...fromLedger.map((o) => o.finding)].map((f) => f.rule));
    const fromKeys = (duplicates.get(String(index)) ?? [])
      .filter((d) => !said.has(d.rule))
      .map((d): Own => ({ finding: findingOf(d, externalId, index), reason: d.reason }));
    const added = [
      ...fromKeys,
      ...fromLedger.filter((o) => !(o.finding.rule === 'A05' && a.findings.some((f) => f.rule === 'A05'))),
    ];
    const findings = [...a.findings, ...added.map((o) => o.finding)];
    if (disposition.kind === 'not_billable') return { ...a, findings };
    const cause = added.find((o) => isStop(o.finding));
    if (cause === undefined) return { ...a, findings };
    return { ...a, findings, disposition: { kind: 'held', draft: disposition.draft, reason: cause.reason } };
  });
  const links = new Map<number, string[]>();
  for (const o of facts.keyOwners) {
    if (!o.ownPractice || links.get(o.index)?.includes(o.claimId)) continue;
    links.set(o.index, [...(links.get(o.index) ?? []), o.claimId]);
  }
  return { verdict: { ...verdict, findings: [...verdict.findings, ...ofSession], attendees: joined }, concerned, links };
}
