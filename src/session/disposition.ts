import type { AttendanceStatus } from '../../schemas/group-session.ts';
import type { ParsedAttendee, ParsedSession } from './parse.ts';

export type NotBillableReason =
  | 'no_show'
  | 'cancelled'
  | 'cancelled_late'
  | 'excused'
  | 'observer'
  | 'disclosure_restricted'
  | 'self_pay'
  | 'no_charge'
  | 'do_not_bill'
  | 'family_member';

export type RosterDisposition =
  | { readonly billable: true }
  | { readonly billable: false; readonly rule: 'A01' | 'A02' | 'S02'; readonly reason: NotBillableReason };

const ABSENT: Readonly<Partial<Record<AttendanceStatus, NotBillableReason>>> = {
  no_show: 'no_show',
  cancelled: 'cancelled',
  cancelled_late: 'cancelled_late',
  excused: 'excused',
};

const NOT_FOR_A_PAYER = { self_pay: 'self_pay', no_charge: 'no_charge', do_not_bill: 'do_not_bill' } as const;

/** Present, late, left early or partial: the persons who were in the group, whoever pays (S06, S07). Observers do not count. */
export function hasAttended(status: AttendanceStatus): boolean {
  return status !== 'observer' && ABSENT[status] === undefined;
}

const byAttendance = ({ status }: ParsedAttendee): RosterDisposition | null => {
  const absent = ABSENT[status];
  if (absent !== undefined) return { billable: false, rule: 'A01', reason: absent };
  return status === 'observer' ? { billable: false, rule: 'A02', reason: 'observer' } : null;
};

const byBilling = ({ fields }: ParsedAttendee): RosterDisposition | null => {
  if (fields.restrictDisclosure === true) return { billable: false, rule: 'A02', reason: 'disclosure_restricted' };
  const billing = fields.billing;
  if (billing === undefined || billing === 'insurance' || billing === 'eap') return null;
  return { billable: false, rule: 'A02', reason: NOT_FOR_A_PAYER[billing] };
};

/**
 * One claim per family: on the identified patient, whether or not that one can be billed (S02). Where a family has none,
 * nobody is set aside: its members are held until somebody says whose claim it is.
 */
const byFamily =
  (identified: ReadonlySet<string>) =>
  ({ fields }: ParsedAttendee): RosterDisposition | null =>
    fields.familyId && identified.has(fields.familyId) && fields.identifiedPatient !== true
      ? { billable: false, rule: 'S02', reason: 'family_member' }
      : null;

/**
 * Edits A01 and A02 (and the family rule of S02): who on the roster gets a claim at all, by roster position. A field
 * that could not be read does not make anybody unbillable; its fault holds that claim.
 */
export function disposeRoster({ groupType, attendees }: ParsedSession): readonly RosterDisposition[] {
  const withPatient = attendees.flatMap(({ fields }) => (fields.familyId && fields.identifiedPatient ? [fields.familyId] : []));
  const familyMember = groupType === 'multi_family' ? byFamily(new Set(withPatient)) : () => null;
  return attendees.map((a) => byAttendance(a) ?? byBilling(a) ?? familyMember(a) ?? { billable: true });
}
