import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Clearinghouse, clearinghouse } from '../../schemas/clearinghouse.ts';
import { type GroupSession, groupSession } from '../../schemas/group-session.ts';
import { type Payer, payer } from '../../schemas/payer.ts';
import { type Practice, practice } from '../../schemas/practice.ts';
import { npiWithCheckDigit } from '../../src/claim/identifiers.ts';
import { shiftSession } from '../../src/session/shift.ts';

/** The package root, from the sources and from dist/ alike: both are run from there. */
const examples = resolve(process.cwd(), 'schemas/examples');

export const readExample = (name: string): unknown => JSON.parse(readFileSync(resolve(examples, name), 'utf8'));

/** Any part of a type left out or replaced, however deep; a list is replaced whole. */
export type Overrides<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Overrides<T[K]> } : T;

const merged = (base: unknown, changes: unknown): unknown => {
  const plain = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
  if (!plain(base) || !plain(changes)) return changes === undefined ? base : changes;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) result[key] = merged(base[key], value);
  return result;
};

/** `base` with `changes` laid over it, deeply. */
export const overlay = <T>(base: T, changes: Overrides<NoInfer<T>>): T => merged(base, changes) as T;

/** The example session (20 November 2026, ten on the roster, eight attended) with changes. A fresh copy each time. */
export function exampleSession(overrides: Overrides<GroupSession> = {}): GroupSession {
  return overlay<GroupSession>(groupSession.parse(readExample('group-session.json')), overrides);
}

interface Seed {
  readonly practices: readonly { readonly id: string; readonly practice: Practice }[];
  readonly payers: ReadonlyMap<string, Payer>;
  readonly clearinghouses: ReadonlyMap<string, Clearinghouse>;
}

/** `seed.json`, parsed. */
export function exampleSeed(): Seed {
  const seed = readExample('seed.json') as Record<string, ({ id: string } & Record<string, unknown>)[]>;
  const split = <T>(parse: (body: unknown) => T, rows: ({ id: string } & Record<string, unknown>)[] = []) =>
    rows.map(({ id, ...body }) => [id, parse(body)] as const);
  return {
    practices: split((b) => practice.parse(b), seed['practices']).map(([id, p]) => ({ id, practice: p })),
    payers: new Map(split((b) => payer.parse(b), seed['payers'])),
    clearinghouses: new Map(split((b) => clearinghouse.parse(b), seed['clearinghouses'])),
  };
}

/** A moment after the example session was finalized. */
export const EXAMPLE_NOW = Date.parse('2026-11-21T09:00:00-06:00');

/** Small deterministic generator (mulberry32): the same seed gives the same sessions everywhere. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
};

const FIRST = 'Ana Ben Carla Dario Elif Femi Gina Hugo Iris Jonas Kira Leon Mara Nils Olga Paul Rosa Sami Tess Uri'.split(' ');
const LAST =
  'Abbott Barros Castle Dvorak Ekwueme Farrow Greene Hollis Ingram Jarvis Keller Lund Mercer Nakano Ortega Pruitt Quist Rowe'.split(
    ' ',
  );
const DIAGNOSES = ['F411', 'F331', 'F4310', 'F4010', 'F330', 'F4323', 'F840', 'F5101', 'F422', 'F3181'];

/** One clause of each is taken: any two notes share few runs of three words. */
const CLAUSES: readonly (readonly string[])[] = [
  [
    'Arrived early and chose the chair beside the window.',
    'Came straight from a night shift, tired yet attentive.',
    'Entered quietly after greeting the co-leader by name.',
    'Was the last to settle and apologised for the delay.',
    'Took part from the first minute with a steady voice.',
    'Sat with crossed arms until the second exercise began.',
    'Brought the homework sheet filled in on both sides.',
  ],
  [
    'Affect anxious, with restless hands that calmed later.',
    'Mood low, brightening when music came up.',
    'Affect full in range and congruent with content.',
    'Mood irritable because of a quarrel over parking.',
    'Affect flat at first, reactive after the break.',
    'Mood euthymic, sleep reported as unbroken.',
  ],
  [
    'Named four triggers of avoidance and ranked them by cost.',
    'Tried the breathing count and reported a slower pulse.',
    'Role-played a call to the landlord and asked for a repair.',
    'Traced a shame spiral back to a comment from third grade.',
    'Listed evidence against the belief of being a burden.',
    'Described a walk taken instead of an hour of scrolling.',
    'Explained to a peer how an exposure ladder is built.',
    'Challenged a prediction that nobody would answer a message.',
  ],
  [
    'Progress shows in two fewer panic attacks since Tuesday.',
    'Scores on the weekly scale fell by three points.',
    'No change in appetite, while concentration improved at work.',
    'Returned to choir practice after eleven months away.',
    'Missed one dose and noticed the difference by evening.',
    'Kept the budget agreed upon with the case manager.',
  ],
  [
    'Denied thoughts of suicide or harm to anybody.',
    'Risk reviewed, protective factors include two close friends.',
    'Safety plan read through together and left unchanged.',
    'No intent or plan, crisis line number saved on the phone.',
  ],
  [
    'Will call the clinic about the sleep study before Wednesday.',
    'Plans to cook for a neighbour on Saturday afternoon.',
    'Next step is ten minutes in the crowded market.',
    'Agreed to write one page each morning for a week.',
    'Homework is a list of three kind sentences to oneself.',
    'Intends to ask the supervisor for a later start.',
  ],
];

/** One clause of each list per note; two notes of a session share two at most (of a big one three), so that none is like another. */
const individualNotes = (attendees: number, random: (below: number) => number): readonly string[] => {
  const chosen: (readonly number[])[] = [];
  const shared = attendees > 20 ? 3 : 2;
  for (let tries = 0; chosen.length < attendees; tries += 1) {
    if (tries > 100_000) throw new Error('there are not so many individual notes');
    const next = CLAUSES.map((list) => random(list.length));
    if (chosen.every((before) => before.filter((clause, i) => clause === next[i]).length <= shared)) chosen.push(next);
  }
  return chosen.map((clauses) => clauses.map((clause, i) => CLAUSES[i]?.[clause]).join(' '));
};

const MBI_LETTERS = 'ACDEFGHJKMNPQRTUVWXY';
const MBI_FORM = 'CAXNAXNAANN';

/** A member id of the form that the payer's policy expects, different for every `n`. */
const memberIdOf = (payerId: string, n: number): string => {
  const digits = (length: number) => String(n).padStart(length, '0').slice(-length);
  if (payerId === '60054') return `W${digits(9)}`;
  if (payerId === 'bcbs_wi') return `XWM${digits(9)}`;
  if (payerId === 'medicaid_wi') return `7${digits(9)}`;
  if (payerId === '62308') return `U${digits(10)}`;
  if (payerId !== 'medicare_wi') return digits(9);
  let rest = n;
  return [...MBI_FORM]
    .reverse()
    .map((kind) => {
      const alphabet = kind === 'C' ? '123456789' : kind === 'N' ? '0123456789' : MBI_LETTERS;
      const sign = alphabet[rest % alphabet.length] ?? '1';
      rest = Math.floor(rest / alphabet.length);
      return sign;
    })
    .reverse()
    .join('');
};

export interface ManyOptions {
  readonly attendees?: number;
  /** Calendar day of all sessions; the example's own by default. */
  readonly date?: string;
  readonly payerIds?: readonly string[];
}

/**
 * `n` distinct sessions that pass every edit: own externalId, own clinician, patients who are in no other session of any
 * seed below 900, attendees all present (at most 10 for no warning, 50 at most). Payers in turn, individual notes.
 */
export function manySessions(n: number, seed: number, options: ManyOptions = {}): readonly GroupSession[] {
  const { attendees = 8, date, payerIds = [...exampleSeed().payers.keys()] } = options;
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const template = exampleSession();
  const base = date === undefined ? template : shiftSession(template, date);
  const [model] = base.attendees;
  const modelCoverage = model?.coverages[0];
  if (model === undefined || modelCoverage === undefined) throw new Error('the example session has an attendee with a coverage');
  const clinician = (i: number) => npiWithCheckDigit(`1${String((seed % 900) * 100_000 + i).padStart(8, '0')}`);
  const session = (i: number, texts: readonly string[]) => ({
    ...base,
    externalId: `gen-${seed}-${i}`,
    groupId: null,
    renderingProvider: { ...base.renderingProvider, npi: clinician(i) },
    finalized: { ...base.finalized, byNpi: clinician(i) },
    groupNote: { ...base.groupNote, attendeeCount: attendees },
    attendees: Array.from({ length: attendees }, (_unused, j) => {
      const person = (seed % 900) * 1_000_000 + i * 50 + j;
      const payerId = payerIds[j % payerIds.length] as string;
      const text = texts[j] ?? '';
      return {
        ...model,
        externalId: `pt-${seed}-${i}-${j}`,
        attendance: { status: 'present' as const },
        patient: {
          firstName: pick(FIRST),
          lastName: `${pick(LAST)}-${pick(LAST)}`,
          dateOfBirth: `${1950 + random(50)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`,
          gender: pick(['F', 'M', 'U'] as const),
          address: {
            line1: `${1 + random(9000)} ${pick(LAST)} Street`,
            city: 'Madison',
            state: 'WI',
            postalCode: `5370${random(10)}`,
          },
        },
        coverages: [
          {
            payerId,
            responsibility: 'P' as const,
            memberId: memberIdOf(payerId, person),
            relationshipToSubscriber: 'self' as const,
            verified: modelCoverage.verified,
          },
        ],
        diagnoses: [pick(DIAGNOSES)],
        note: { ...model.note, text, participation: text.slice(0, 200), treatmentGoalIds: [`goal-${1 + random(6)}`] },
      };
    }),
  });
  return Array.from({ length: n }, (_, i) => session(i, individualNotes(attendees, random)));
}

/** The example as a raw body with fields of one attendee replaced by anything at all. */
export function withAttendeeBody(index: number, changes: Record<string, unknown>): unknown {
  const session = exampleSession();
  return { ...session, attendees: session.attendees.map((a, i) => (i === index ? { ...a, ...changes } : a)) };
}
