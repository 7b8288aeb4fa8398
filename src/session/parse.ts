import { z } from 'zod';
import { ident, npi } from '../../schemas/common.ts';
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

/**
 * What can be read inside fields that have a fault somewhere: edits judge it as well, so that whoever mends the one thing
 * is not sent back for the other.
 */
export interface Remains {
  readonly coverages: readonly { readonly index: number; readonly payerId: string }[];
  readonly providers: readonly {
    readonly field: 'renderingProvider' | 'referringProvider';
    readonly npi: string | null;
    readonly taxonomyCode: string | null;
  }[];
}

export interface ParsedAttendee {
  /** Position on the roster. */
  readonly index: number;
  readonly externalId: string;
  readonly status: AttendanceStatus;
  /** Every field that could be read; a field with a fault is absent, and then `faults` names it. */
  readonly fields: AttendeeFields;
  readonly faults: readonly AttendeeFault[];
  /** Absent where nothing is faulty, and in what older programs stored. */
  readonly remains?: Remains;
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

const readable = (schema: z.ZodType<string>, value: unknown): string | null => {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
};

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

const PROVIDER_FIELDS = ['renderingProvider', 'referringProvider'] as const;

function remainsOf(body: object, faulty: ReadonlySet<PropertyKey>): Remains {
  const coverages = faulty.has('coverages') ? fieldOf(body, 'coverages') : [];
  return {
    coverages: (Array.isArray(coverages) ? coverages : []).flatMap((c: unknown, index) => {
      const payerId = readable(ident, fieldOf(c, 'payerId'));
      return payerId === null ? [] : [{ index, payerId }];
    }),
    providers: PROVIDER_FIELDS.filter((field) => faulty.has(field)).map((field) => {
      const given = fieldOf(body, field);
      return {
        field,
        npi: readable(npi, fieldOf(given, 'npi')),
        taxonomyCode: readable(z.string().max(20), fieldOf(given, 'taxonomyCode')),
      };
    }),
  };
}

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
  const faulty = new Set(issues.flatMap((i) => i.path.slice(0, 1)));
  return { ...head, fields: salvage(body, faulty), faults, remains: remainsOf(body, faulty) };
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
