import type { z } from 'zod';
import {
  type AttendanceStatus,
  type Attendee,
  attendee,
  type GroupSession,
  groupSessionEnvelope,
} from '../../schemas/group-session.ts';
import { type ShapeFault, shapeFaults } from './issues.ts';

/** A fault of shape inside one attendee: blocks that attendee's claim and no other's. */
export interface AttendeeFault extends ShapeFault {
  /** Edit under which it is reported. */
  readonly rule: string;
  /** Top-level field of the attendee that the fault lies in; null for an unknown field of the attendee itself. */
  readonly field: keyof Attendee | null;
}

/** An attendee of which any field may be absent: not sent, or not readable. */
export type AttendeeFields = { readonly [K in keyof Attendee]?: Attendee[K] | undefined };

export interface ParsedAttendee {
  /** Position on the roster. */
  readonly index: number;
  readonly externalId: string;
  readonly status: AttendanceStatus;
  /** Every field that could be read; a field with a fault is absent, and then `faults` names it. */
  readonly fields: AttendeeFields;
  readonly faults: readonly AttendeeFault[];
}

export interface ParsedSession extends Omit<GroupSession, 'attendees'> {
  readonly attendees: readonly ParsedAttendee[];
}

export type ParseResult =
  | { readonly ok: true; readonly session: ParsedSession }
  | { readonly ok: false; readonly errors: readonly ShapeFault[] };

/** Edit that owns each field of an attendee; what has no edit of its own is `A00`, shape. */
const RULE_OF_FIELD: Readonly<Partial<Record<keyof Attendee, string>>> = {
  attendance: 'A01',
  billing: 'A02',
  restrictDisclosure: 'A02',
  patient: 'A14',
  coverages: 'A07',
  diagnoses: 'A10',
  renderingProvider: 'A13',
  referringProvider: 'A13',
  telehealth: 'A15',
  placeOfServiceCode: 'A15',
  modifiers: 'A15',
  chargeAmount: 'A17',
  units: 'A17',
  patientPaidAmount: 'A17',
  interactiveComplexity: 'A16',
  otherServicesSameDay: 'A06',
  part2: 'A19',
  familyId: 'S02',
  identifiedPatient: 'S02',
  note: 'N01',
};

const isField = (key: PropertyKey | undefined): key is keyof Attendee =>
  typeof key === 'string' && Object.hasOwn(attendee.shape, key);

const ruleOf = (path: readonly PropertyKey[]): string => {
  const [field, inner] = path;
  if (field === 'note' && inner === 'treatmentGoalIds') return 'N05';
  return isField(field) ? (RULE_OF_FIELD[field] ?? 'A00') : 'A00';
};

const lenient = attendee.partial();

/** Reads what can be read of an attendee that has faults: the faulty and the unknown top-level fields are left out. */
const salvage = (body: object, faulty: ReadonlySet<PropertyKey>): AttendeeFields => {
  const readable = Object.fromEntries(Object.entries(body).filter(([key]) => isField(key) && !faulty.has(key)));
  const fields: { -readonly [K in keyof AttendeeFields]: AttendeeFields[K] } = lenient.parse(readable);
  for (const key of faulty) if (isField(key)) delete fields[key];
  return fields;
};

const parseAttendee = (body: z.infer<typeof groupSessionEnvelope>['attendees'][number], index: number): ParsedAttendee => {
  const head = { index, externalId: body.externalId, status: body.attendance.status };
  const parsed = attendee.safeParse(body);
  if (parsed.success) return { ...head, fields: parsed.data, faults: [] };
  const issues = parsed.error.issues;
  const shapes = shapeFaults(issues, body, ['attendees', index]);
  const faults = issues.map((issue, i): AttendeeFault => {
    const [field] = issue.path;
    return { ...(shapes[i] as ShapeFault), rule: ruleOf(issue.path), field: isField(field) ? field : null };
  });
  return { ...head, fields: salvage(body, new Set(issues.flatMap((i) => i.path.slice(0, 1)))), faults };
};

/**
 * Request body → session. A fault at session level, a missing roster, or an attendee without `externalId` or a known
 * `attendance.status` refuses the whole (422, all faults at once); any other fault inside an attendee stays with that
 * attendee as a finding (`06`, Sessions). No message holds a value of the request.
 */
export function parseSession(body: unknown): ParseResult {
  const envelope = groupSessionEnvelope.safeParse(body);
  if (!envelope.success) return { ok: false, errors: shapeFaults(envelope.error.issues, body) };
  const { attendees, ...session } = envelope.data;
  return { ok: true, session: { ...session, attendees: attendees.map(parseAttendee) } };
}

/** True when that field was sent but could not be read: its fault says so already, an edit need not call it missing. */
export function isFaulty(attendee: ParsedAttendee, field: keyof Attendee): boolean {
  return attendee.faults.some((fault) => fault.field === field);
}
