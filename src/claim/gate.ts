import type { Finding } from '../../schemas/common.ts';
import { apartOnRoster } from './build/keys.ts';
import { buildSession, draftOf } from './build.ts';
import type { AttendeeContext, GateInput, RosterContext, SessionContext } from './context.ts';
import type { AttendeeVerdict, GateVerdict } from './draft.ts';
import type { Edit, EditFinding } from './edits/edit.ts';
import { applyOverride } from './edits/override.ts';
import { ATTENDEE_EDITS, editById, ROSTER_EDITS, SESSION_EDITS } from './edits/registry.ts';
import { isStop, stamped, withoutStops } from './findings.ts';
import type { Policy } from './payers/policy.ts';

/** Version of a shape fault whose edit is still to come. */
const SHAPE_VERSION = '1';

/** A fault of shape blocks that attendee's claim; on somebody who gets none it only warns. No payer's data soften it. */
const shapeFindings = ({ attendee, disposition }: RosterContext): readonly Finding[] =>
  attendee.faults.map((fault) => ({
    rule: fault.rule,
    severity: disposition.billable ? 'block' : 'warn',
    scope: 'attendee',
    attendee: attendee.externalId,
    path: fault.pointer,
    message: `The field ${fault.message}.`,
    ruleVersion: editById(fault.rule)?.version ?? SHAPE_VERSION,
  }));

interface OwnFinding {
  readonly edit: Edit;
  readonly found: EditFinding;
}

/**
 * Session edits once each. What they say of one attendee (a payer's own limit) goes to that one; a hold of the whole
 * session is told once, and lies on every claim of it, where it is lifted claim by claim.
 */
const checkSession = (session: SessionContext) => {
  const findings: Finding[] = [];
  const ofEverybody: OwnFinding[] = [];
  const ofAttendee = new Map<number, OwnFinding[]>();
  for (const edit of SESSION_EDITS) {
    for (const found of edit.check(session)) {
      if (found.attendee === undefined) {
        findings.push(stamped(edit, found, null));
        if (found.severity === 'hold') ofEverybody.push({ edit, found });
      } else ofAttendee.set(found.attendee, [...(ofAttendee.get(found.attendee) ?? []), { edit, found }]);
    }
  }
  const ofIndex = (index: number, billable: boolean): readonly OwnFinding[] => [
    ...(billable ? ofEverybody : []),
    ...(ofAttendee.get(index) ?? []),
  ];
  return { findings, ofIndex };
};

/** What the edits of persons find on one attendee, behind what those of the session have found. */
const checked = (
  roster: RosterContext,
  billable: AttendeeContext | undefined,
  fromSession: readonly OwnFinding[],
): readonly OwnFinding[] => {
  const own = [...fromSession];
  for (const edit of ROSTER_EDITS) for (const found of edit.check(roster)) own.push({ edit, found });
  if (billable === undefined) return own;
  for (const edit of ATTENDEE_EDITS) for (const found of edit.check(billable)) own.push({ edit, found });
  return own;
};

const settled = (own: readonly OwnFinding[], externalId: string, policy: Policy | null): readonly Finding[] =>
  own.flatMap(({ edit, found }) => applyOverride(stamped(edit, found, externalId), edit, policy));

const verdictOf = (
  roster: RosterContext,
  billable: AttendeeContext | undefined,
  fromSession: readonly OwnFinding[],
): AttendeeVerdict => {
  const { attendee, disposition } = roster;
  const { externalId, index } = attendee;
  const own = checked(roster, billable, fromSession);
  const found = [...shapeFindings(roster), ...settled(own, externalId, billable?.cover.policy ?? null)];
  if (!disposition.billable) {
    const { reason } = disposition;
    const findings = found.map(withoutStops);
    return { index, externalId, disposition: { kind: 'not_billable', reason }, findings, roster, billable: null };
  }
  if (billable === undefined) throw new Error('a billable attendee was not resolved');
  const kind = found.some(isStop) ? 'held' : 'ready';
  return { index, externalId, disposition: { kind, draft: draftOf(billable) }, findings: found, roster, billable };
};

/** Claims of one roster beside each other, once each has been built. */
const sideBySide = (verdicts: readonly AttendeeVerdict[]): readonly AttendeeVerdict[] => {
  const drafts = apartOnRoster(verdicts.map((v) => (v.disposition.kind === 'not_billable' ? null : v.disposition.draft)));
  return verdicts.map((v, i) => {
    const draft = drafts[i];
    return v.disposition.kind === 'not_billable' || !draft ? v : { ...v, disposition: { ...v.disposition, draft } };
  });
};

/**
 * The whole gate for one session: edits at session level, one disposition per attendee, one claim draft per billable
 * attendee. Pure: the time comes in as `now`; what the ledger knows is judged after it (`ledger-gate.ts`). Any `block` in the session's own
 * findings refuses the session (422), any `hold` there holds all its claims; a block or hold on an attendee holds that
 * attendee's claim and no other's.
 */
export function runGate(input: GateInput): GateVerdict {
  const { session, roster } = buildSession(input);
  const { findings, ofIndex } = checkSession(session);
  const billable = new Map(session.billable.map((ctx) => [ctx.attendee.index, ctx]));
  return {
    dateOfService: session.dateOfService,
    findings,
    attendees: sideBySide(
      roster.map((r) => verdictOf(r, billable.get(r.attendee.index), ofIndex(r.attendee.index, r.disposition.billable))),
    ),
  };
}
