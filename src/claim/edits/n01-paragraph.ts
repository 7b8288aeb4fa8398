import { notesOf, wordsIn } from '../../session/notes/session-notes.ts';
import { isFaulty, type ParsedSession } from '../../session/parse.ts';
import type { AttendeeEdit } from './edit.ts';

interface Texts {
  readonly group: readonly string[];
  /** Roster position → paragraph. */
  readonly own: ReadonlyMap<number, string>;
  /** Paragraph → how many attendees have it. */
  readonly paragraphs: ReadonlyMap<string, number>;
}

/** Normalised once per session: 200 attendees must not mean 40 000 comparisons of long texts. */
const textsBySession = new WeakMap<ParsedSession, Texts>();

const textsOf = (session: ParsedSession): Texts => {
  const known = textsBySession.get(session);
  if (known) return known;
  const { theme, dynamics, interventions } = session.groupNote;
  const own = new Map([...notesOf(session).paragraphs].map(([index, { words }]) => [index, words.folded.join(' ')]));
  const paragraphs = new Map<string, number>();
  for (const text of own.values()) paragraphs.set(text, (paragraphs.get(text) ?? 0) + 1);
  // As folded words: case, accents, punctuation and spacing do not make a paragraph one's own.
  const written = [dynamics, theme, `${theme} ${dynamics}`, `${theme} ${interventions.join(' ')} ${dynamics}`];
  const group = written.map((text) => wordsIn(session, text).folded.join(' '));
  const texts = { group, own, paragraphs };
  textsBySession.set(session, texts);
  return texts;
};

/** From this share of a paragraph's shingles on, the group note is the paragraph. */
const GROUP_SHARE = 0.8;

const isMostlyGroup = (session: ParsedSession, index: number): boolean => {
  const { shingles = [], own = [] } = notesOf(session).paragraphs.get(index) ?? {};
  return shingles.length > 0 && (shingles.length - own.length) / shingles.length >= GROUP_SHARE;
};

export const n01: AttendeeEdit = {
  id: 'N01',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '2',
  title: 'Each attendee has a paragraph of their own, not the group’s text',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'H', source: 'CMS: documentation must be specific to the patient; spec 02 §2.2' },
  check: ({ attendee, base, input: { session } }) => {
    if (isFaulty(attendee, 'note')) return [];
    const path = `${base}/note/text`;
    const { group, own: texts, paragraphs } = textsOf(session);
    const own = texts.get(attendee.index) ?? '';
    if (own === '') return [{ severity: 'block', path, message: 'The attendee has no paragraph.' }];
    if (group.includes(own) || isMostlyGroup(session, attendee.index)) {
      return [{ severity: 'block', path, message: 'The paragraph is the text of the group note.' }];
    }
    const copied = (paragraphs.get(own) ?? 0) > 1;
    return copied ? [{ severity: 'block', path, message: 'The paragraph is word for word that of another attendee.' }] : [];
  },
};
