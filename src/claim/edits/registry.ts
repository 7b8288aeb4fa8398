import { a00 } from './a00-claim-data.ts';
import { a01 } from './a01-attendance.ts';
import { a02 } from './a02-billing.ts';
import { a03 } from './a03-partial-attendance.ts';
import { a04 } from './a04-patient-overlap.ts';
import { a05 } from './a05-same-day-service.ts';
import { a06 } from './a06-same-day-pairs.ts';
import { a07 } from './a07-coverage.ts';
import { a08 } from './a08-group-covered.ts';
import { a09 } from './a09-prior-authorization.ts';
import { a10 } from './a10-diagnoses.ts';
import { a11 } from './a11-principal-diagnosis.ts';
import { a12 } from './a12-blanket-diagnosis.ts';
import { a13 } from './a13-providers.ts';
import { a14 } from './a14-text.ts';
import { a15 } from './a15-place-and-modifiers.ts';
import { a16 } from './a16-interactive-complexity.ts';
import { a17 } from './a17-charge.ts';
import { a18 } from './a18-timely-filing.ts';
import { a19 } from './a19-part2-consent.ts';
import { a20 } from './a20-last-resort.ts';
import { a21 } from './a21-member-id-conflict.ts';
import { a22 } from './a22-employee-assistance.ts';
import { a23 } from './a23-override-modifiers.ts';
import { a24 } from './a24-supervised-billing.ts';
import { a25 } from './a25-enrollment.ts';
import { a26 } from './a26-coordination.ts';
import { a27 } from './a27-other-attendees.ts';
import type { AttendeeEdit, Edit, RosterEdit, SessionEdit } from './edit.ts';
import { n01 } from './n01-paragraph.ts';
import { n02 } from './n02-length.ts';
import { n03 } from './n03-mood-affect.ts';
import { n04 } from './n04-participation.ts';
import { n05 } from './n05-treatment-goal.ts';
import { n06 } from './n06-progress.ts';
import { n07 } from './n07-risk.ts';
import { n08 } from './n08-plan.ts';
import { n09 } from './n09-other-names.ts';
import { n10 } from './n10-template-leftovers.ts';
import { n11 } from './n11-cloned-note.ts';
import { n12 } from './n12-treatment-plan.ts';
import { s01 } from './s01-times.ts';
import { s02 } from './s02-group-type.ts';
import { s03 } from './s03-finalized.ts';
import { s04 } from './s04-late-finalization.ts';
import { s05 } from './s05-group-note.ts';
import { s06 } from './s06-attendee-count.ts';
import { s07 } from './s07-group-size.ts';
import { s08 } from './s08-duration.ts';
import { s09 } from './s09-signature.ts';
import { s10 } from './s10-rekeyed-session.ts';
import { s11 } from './s11-facilitator-overlap.ts';

/** Every edit; a new one is one file and one line here. Findings come in this order. */
export const EDITS: readonly Edit[] = [
  s01,
  s02,
  s03,
  s04,
  s05,
  s06,
  s07,
  s08,
  s09,
  s10,
  s11,
  a00,
  a01,
  a02,
  a03,
  a04,
  a05,
  a06,
  a07,
  a08,
  a09,
  a10,
  a11,
  a12,
  a13,
  a14,
  a15,
  a16,
  a17,
  a18,
  a19,
  a20,
  a21,
  a22,
  a23,
  a24,
  a25,
  a26,
  a27,
  n01,
  n02,
  n03,
  n04,
  n05,
  n06,
  n07,
  n08,
  n09,
  n10,
  n11,
  n12,
];

export const SESSION_EDITS: readonly SessionEdit[] = EDITS.filter((e): e is SessionEdit => e.scope === 'session' && !('of' in e));
export const ROSTER_EDITS: readonly RosterEdit[] = EDITS.filter((e) => e.scope === 'attendee' && e.of === 'roster');
export const ATTENDEE_EDITS: readonly AttendeeEdit[] = EDITS.filter((e) => e.scope === 'attendee' && e.of === 'billable');

/** Every edit that asks the ledger, in order. */
export const LEDGER_CHECKS = EDITS.flatMap((e) => {
  const checkLedger = 'checkLedger' in e ? e.checkLedger : undefined;
  return checkLedger === undefined
    ? []
    : [{ id: e.id, scope: e.scope, severity: e.severity, version: e.version, payerOverridable: e.payerOverridable, checkLedger }];
});

const byId: ReadonlyMap<string, Edit> = new Map(EDITS.map((e) => [e.id, e]));

export function editById(id: string): Edit | undefined {
  return byId.get(id);
}
