import { isFaulty, type ParsedSession } from '../../session/parse.ts';
import type { AttendeeEdit } from './edit.ts';

/** Case, accents' composition, punctuation and spacing do not make a paragraph one's own. */
const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

interface Texts {
  readonly group: readonly string[];
  /** Paragraph → how many attendees have it. */
  readonly paragraphs: ReadonlyMap<string, number>;
}

/** Normalised once per session: 200 attendees must not mean 40 000 comparisons of long texts. */
const textsBySession = new WeakMap<ParsedSession, Texts>();

const textsOf = (session: ParsedSession): Texts => {
  const known = textsBySession.get(session);
  if (known) return known;
  const { theme, dynamics, interventions } = session.groupNote;
  const paragraphs = new Map<string, number>();
  for (const { fields } of session.attendees) {
    const text = normalised(fields.note?.text ?? '');
    paragraphs.set(text, (paragraphs.get(text) ?? 0) + 1);
  }
  const texts = {
    group: [dynamics, theme, `${theme} ${dynamics}`, `${theme} ${interventions.join(' ')} ${dynamics}`].map(normalised),
    paragraphs,
  };
  textsBySession.set(session, texts);
  return texts;
};

export const n01: AttendeeEdit = {
  id: 'N01',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  title: 'Each attendee has a paragraph of their own, not the group’s text',
  fixedBy: ['clinician'],
  readsNote: true,
  provenance: { confidence: 'H', source: 'CMS: documentation must be specific to the patient; spec 02 §2.2' },
  check: ({ attendee, base, input: { session } }) => {
    if (isFaulty(attendee, 'note')) return [];
    const path = `${base}/note/text`;
    const own = normalised(attendee.fields.note?.text ?? '');
    if (own === '') return [{ severity: 'block', path, message: 'The attendee has no paragraph.' }];
    const { group, paragraphs } = textsOf(session);
    if (group.includes(own)) return [{ severity: 'block', path, message: 'The paragraph is the text of the group note.' }];
    const copied = (paragraphs.get(own) ?? 0) > 1;
    return copied ? [{ severity: 'block', path, message: 'The paragraph is word for word that of another attendee.' }] : [];
  },
};
