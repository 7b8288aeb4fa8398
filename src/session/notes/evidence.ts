import {
  EMPTY_VALUES,
  FILLER,
  type Lexicon,
  MOOD,
  NO_PLAN,
  NOT_DONE,
  PARTICIPATION,
  PLAN,
  PROGRESS,
  RISK,
  STOCK,
} from './lexicons.ts';
import { clauseEnd, type Match, type Matcher, matcherOf, matchesIn } from './phrases.ts';
import type { Paragraph } from './session-notes.ts';
import type { Words } from './words.ts';

const lazily = (lexicon: Lexicon): (() => Matcher) => {
  let made: Matcher | undefined;
  return () => {
    made ??= matcherOf(lexicon);
    return made;
  };
};

const matcher = {
  mood: lazily(MOOD),
  participation: lazily(PARTICIPATION),
  progress: lazily(PROGRESS),
  risk: lazily(RISK),
  plan: lazily(PLAN),
  notDone: lazily(NOT_DONE),
  noPlan: lazily(NO_PLAN),
  stock: lazily(STOCK),
};

/** How far from the evidence a "not assessed" still speaks of it, in words of the same clause. */
const AFTER = 3;
const BEFORE = 2;

const sameClause = (words: Words, from: number, to: number): boolean => clauseEnd(words, from) >= to;

const voidedBy = (words: Words, match: Match, denials: readonly Match[]): boolean =>
  denials.some(
    (d) =>
      (d.from < match.to && match.from < d.to) ||
      (d.from >= match.to && d.from - match.to <= AFTER && sameClause(words, match.from, d.to)) ||
      (d.to <= match.from && match.from - d.to <= BEFORE && sameClause(words, d.from, match.to)),
  );

const standing = (words: Words, found: readonly Match[]): readonly Match[] => {
  if (found.length === 0) return found;
  const denials = matchesIn(words, matcher.notDone());
  return denials.length === 0 ? found : found.filter((match) => !voidedBy(words, match, denials));
};

/** The text says something of mood or affect. */
export function saysMood({ words }: Paragraph): boolean {
  return standing(words, matchesIn(words, matcher.mood())).length > 0;
}

/** The text compares with before or names the state of a goal; "progress note" is a title, not progress. */
export function saysProgress({ words, headings }: Paragraph): boolean {
  const found = matchesIn(words, matcher.progress()).filter(
    (m) => headings[m.from] === 0 && !(words.folded[m.from] === 'progress' && /^notes?$/.test(words.folded[m.to] ?? '')),
  );
  return standing(words, found).length > 0;
}

/** The text says something of risk; a denial is a statement, an omission ("risk not assessed") is none. */
export function saysRisk({ words }: Paragraph): boolean {
  return standing(words, matchesIn(words, matcher.risk())).length > 0;
}

/** The text says what comes next. The "plan" that a patient denies to have, and the name Will, are no plan. */
export function saysPlan({ words, persons }: Paragraph): boolean {
  const denials = matchesIn(words, matcher.noPlan());
  const found = matchesIn(words, matcher.plan()).filter(
    (m) => persons[m.from] === 0 && !denials.some((d) => d.from < m.to && m.from < d.to),
  );
  return standing(words, found).length > 0;
}

const isContent = (p: Paragraph, at: number): boolean =>
  p.persons[at] === 0 && p.headings[at] === 0 && !FILLER.has(p.words.folded[at] as string);

const stockMarks = (words: Words): Uint8Array => {
  const marks = new Uint8Array(words.folded.length);
  for (const { from, to } of matchesIn(words, matcher.stock())) marks.fill(1, from, to);
  return marks;
};

/** What somebody did must be about something: so many words with content after the verb, in the same clause. */
const ABOUT = 2;

/** The text tells what this person did in the group: a verb of doing with what it was about, and no stock phrase. */
export function saysParticipation(p: Paragraph): boolean {
  const stock = stockMarks(p.words);
  return matchesIn(p.words, matcher.participation()).some(({ from, to }) => {
    if (stock[from] === 1) return false;
    let content = 0;
    for (let at = to; at < clauseEnd(p.words, from); at += 1) if (stock[at] === 0 && isContent(p, at)) content += 1;
    return content >= ABOUT;
  });
}

/** Fewer words with content than this, outside of stock phrases, say nothing of one person. */
const OWN_CONTENT = 6;

/** Nothing is left of the text when stock phrases, headings, persons and filler are taken away. */
export function isStockAlone(p: Paragraph): boolean {
  const stock = stockMarks(p.words);
  if (!stock.includes(1)) return false;
  let content = 0;
  for (let at = 0; at < stock.length && content < OWN_CONTENT; at += 1) if (stock[at] === 0 && isContent(p, at)) content += 1;
  return content < OWN_CONTENT;
}

/** A structured field that says something: not empty, and not what stands in a field so that it is not empty. */
export function isFilled({ folded }: Words): boolean {
  return folded.length > 0 && !(folded.length <= 4 && EMPTY_VALUES.has(folded.join(' ')));
}

/** A structured participation that tells what this person did, and not only that there was some. */
export function isSpecific(words: Words): boolean {
  if (!isFilled(words)) return false;
  const stock = stockMarks(words);
  let own = 0;
  for (let at = 0; at < stock.length && own < ABOUT; at += 1) {
    if (stock[at] === 0 && !FILLER.has(words.folded[at] as string)) own += 1;
  }
  return own >= ABOUT;
}
