import type { Finding } from '../../schemas/common.ts';
import { buildSession, draftOf } from './build.ts';
import type { AttendeeContext, GateInput, RosterContext, SessionContext } from './context.ts';
import type { AttendeeVerdict, GateVerdict } from './draft.ts';
import type { Edit, EditFinding } from './edits/edit.ts';
import { ATTENDEE_EDITS, editById, ROSTER_EDITS, SESSION_EDITS } from './edits/registry.ts';
import type { Policy } from './payers/policy.ts';

/** Version of a shape fault whose edit is still to come. */
const SHAPE_VERSION = '1';

const stamped = (edit: Pick<Edit, 'id' | 'version'>, found: EditFinding, externalId: string | null): Finding => ({
  rule: edit.id,
  severity: found.severity,
  scope: externalId === null ? 'session' : 'attendee',
  ...(externalId === null ? {} : { attendee: externalId }),
  path: found.path,
  message: found.message,
  ruleVersion: edit.version,
});

/** A payer may change the severity of what is found on its own attendees, or switch it off, except where no payer may. */
const overridden = (finding: Finding, policy: Policy | null): readonly Finding[] => {
  const wanted = policy?.overrides[finding.rule];
  if (wanted === undefined || editById(finding.rule)?.payerOverridable !== true) return [finding];
  return wanted === 'off' ? [] : [{ ...finding, severity: wanted }];
};

/** A fault of shape blocks that attendee's claim; on somebody who gets none it only warns. */
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

const withoutStops = (finding: Finding): Finding =>
  finding.severity === 'block' || finding.severity === 'hold' ? { ...finding, severity: 'warn' } : finding;

const isStop = ({ severity }: Finding): boolean => severity === 'block' || severity === 'hold';

/** Session edits once each; what they say of one attendee (a payer's own limit) is set apart by roster position. */
const checkSession = (session: SessionContext) => {
  const findings: Finding[] = [];
  const ofAttendee = new Map<number, Finding[]>();
  for (const edit of SESSION_EDITS) {
    for (const found of edit.check(session)) {
      const person = found.attendee === undefined ? undefined : session.input.session.attendees[found.attendee];
      if (person === undefined) findings.push(stamped(edit, found, null));
      else ofAttendee.set(person.index, [...(ofAttendee.get(person.index) ?? []), stamped(edit, found, person.externalId)]);
    }
  }
  return { findings, ofAttendee };
};

const verdictOf = (
  roster: RosterContext,
  billable: AttendeeContext | undefined,
  fromSession: readonly Finding[],
): AttendeeVerdict => {
  const { attendee, disposition } = roster;
  const { externalId, index } = attendee;
  const policy = billable?.cover.policy ?? null;
  const found = [
    ...shapeFindings(roster),
    ...fromSession,
    ...ROSTER_EDITS.flatMap((edit) => edit.check(roster).map((f) => stamped(edit, f, externalId))),
    ...(billable ? ATTENDEE_EDITS.flatMap((edit) => edit.check(billable).map((f) => stamped(edit, f, externalId))) : []),
  ].flatMap((f) => overridden(f, policy));
  if (!disposition.billable) {
    const { reason } = disposition;
    return { index, externalId, disposition: { kind: 'not_billable', reason }, findings: found.map(withoutStops) };
  }
  if (billable === undefined) throw new Error('a billable attendee was not resolved');
  const kind = found.some(isStop) ? 'held' : 'ready';
  return { index, externalId, disposition: { kind, draft: draftOf(billable) }, findings: found };
};

/**
 * The whole gate for one session: edits at session level, one disposition per attendee, one claim draft per billable
 * attendee. Pure: the ledger's facts come in as `existingServices`, the time as `now`. Any `block` in the session's own
 * findings refuses the session (422); a block or hold on an attendee holds that attendee's claim and no other's.
 */
export function runGate(input: GateInput): GateVerdict {
  const { session, roster } = buildSession(input);
  const { findings, ofAttendee } = checkSession(session);
  const billable = new Map(session.billable.map((ctx) => [ctx.attendee.index, ctx]));
  return {
    dateOfService: session.dateOfService,
    findings,
    attendees: roster.map((r) => verdictOf(r, billable.get(r.attendee.index), ofAttendee.get(r.attendee.index) ?? [])),
  };
}
