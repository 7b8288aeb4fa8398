import type { GroupSession } from '../../../schemas/group-session.ts';
import { exampleSession } from '../sessions.ts';
import { AUTHORS_A } from './notes-a.ts';
import { AUTHORS_B } from './notes-b.ts';
import { AUTHORS_C } from './notes-c.ts';

export interface DraftNote {
  /** The word that a copier changes. */
  readonly mood: string;
  /** Mood, participation, progress, risk, plan. */
  readonly parts: readonly string[];
}

/** One clinician's way to write, with notes on three people and sentences that a copier might add. */
export interface Author {
  readonly style: string;
  readonly notes: readonly DraftNote[];
  readonly added: readonly string[];
}

export type Kind = 'individual' | 'headed template' | 'name swapped' | 'mood word swapped' | 'mood word and a sentence';
export const KINDS: readonly Kind[] = [
  'individual',
  'headed template',
  'name swapped',
  'mood word swapped',
  'mood word and a sentence',
];

/** One session's notes with what they are. */
export interface NoteSet {
  readonly kind: Kind;
  /** Every paragraph is a copy of every other one. */
  readonly cloned: boolean;
  readonly style: string;
  readonly session: GroupSession;
}

const PEOPLE: readonly (readonly [firstName: string, lastName: string, pronoun: 'she' | 'he'])[] = [
  ['Sarah', 'Moreno', 'she'],
  ['Tomás', 'Ibáñez', 'he'],
  ['Aoife', "O'Brien", 'she'],
  ['Jean-Luc', 'Picot-Lemaire', 'he'],
  ['Grace', 'de la Cruz', 'she'],
  ['Will', 'May', 'he'],
  ['Søren', 'Kjær', 'he'],
  ['Zoë', 'Ångström', 'she'],
  ['Linh', 'Trần', 'she'],
  ['Robert "Bob"', 'Whitfield', 'he'],
  ['Aisha', 'Al-Karimi', 'she'],
  ['Oluwaseun', 'Adébáyò', 'he'],
];

const HEADINGS: readonly (readonly string[])[] = [
  ['Mood/Affect:', 'Participation:', 'Progress toward goals:', 'Risk:', 'Plan:'],
  ['\nMENTAL STATUS\n', '\nRESPONSE TO GROUP\n', '\nPROGRESS\n', '\nSAFETY\n', '\nPLAN\n'],
  ['D:', 'Intervention and response:', 'A:', 'Risk assessment:', 'P:'],
  ['Presentation today:', 'What the member did:', 'Change since last session:', 'SI/HI:', 'Before next time:'],
];

/** What an EHR fills in under the last two headings of everybody's form. */
const BOILERPLATE: readonly (readonly [risk: string, plan: string])[] = [
  ['Denied SI/HI, intent or plan; safety plan on file.', 'Continue weekly group per treatment plan.'],
  [
    'No imminent risk identified at the time of the session.',
    'Return to group next Friday at 5 pm; call the crisis line if symptoms worsen.',
  ],
  ['C-SSRS screen negative, no change in protective factors.', 'Continue current treatment plan and medication as prescribed.'],
];

const forms = { she: { they: 'she', them: 'her', their: 'her' }, he: { they: 'he', them: 'him', their: 'his' } } as const;
const capital = (word: string): string => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;

const filled = (text: string, [firstName, lastName, pronoun]: (typeof PEOPLE)[number], mood: string): string => {
  const called = firstName.replace(/ ".*"/, '');
  const values: Readonly<Record<string, string>> = { N: called, L: lastName, mood, ...forms[pronoun] };
  return text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? capital(values[key.toLowerCase()] ?? ''));
};

const sessionOf = (texts: readonly string[], from: number): GroupSession => {
  const base = exampleSession();
  const [model] = base.attendees;
  if (!model?.patient || !model.note) throw new Error('the example has a first attendee');
  const { patient, note } = model;
  return {
    ...base,
    groupNote: { ...base.groupNote, attendeeCount: texts.length },
    attendees: texts.map((text, i) => {
      const [firstName, lastName] = person(from + i);
      return { ...model, externalId: `pt-${i}`, patient: { ...patient, firstName, lastName }, note: { ...note, text } };
    }),
  };
};

const person = (n: number): (typeof PEOPLE)[number] => PEOPLE[n % PEOPLE.length] as (typeof PEOPLE)[number];

const setsOf = (author: Author, a: number): readonly NoteSet[] => {
  const from = 3 * a;
  const { notes, added, style } = author;
  const copied = notes[a % notes.length] as DraftNote;
  const moods = notes.map((n) => n.mood);
  const set = (kind: Kind, texts: readonly string[]): NoteSet => ({
    kind,
    style,
    cloned: kind !== 'individual' && kind !== 'headed template',
    session: sessionOf(texts, from),
  });
  const written = (note: DraftNote, i: number, mood = note.mood, extra: readonly string[] = []): string =>
    filled([...note.parts.slice(0, -1), ...extra, ...note.parts.slice(-1)].join(' '), person(from + i), mood);
  const headings = HEADINGS[a % HEADINGS.length] as readonly string[];
  const [risk, plan] = BOILERPLATE[a % BOILERPLATE.length] as (typeof BOILERPLATE)[number];
  const headed = (parts: readonly string[]): string =>
    parts.map((part, k) => `${headings[k]} ${part}${k === 3 ? ` ${risk}` : k === 4 ? ` ${plan}` : ''}`).join('\n');
  return [
    set(
      'individual',
      notes.map((n, i) => written(n, i)),
    ),
    set(
      'headed template',
      notes.map((n, i) => filled(headed(n.parts), person(from + i), n.mood).trim()),
    ),
    set(
      'name swapped',
      [0, 1, 2].map((i) => written(copied, i)),
    ),
    set(
      'mood word swapped',
      moods.map((mood, i) => written(copied, i, mood)),
    ),
    set(
      'mood word and a sentence',
      moods.map((mood, i) => written(copied, i, mood, added.slice(i, i + 1))),
    ),
  ];
};

/** The labelled set: five sets of three notes by each of thirteen authors. */
export const NOTE_SETS: readonly NoteSet[] = [...AUTHORS_A, ...AUTHORS_B, ...AUTHORS_C].flatMap(setsOf);
