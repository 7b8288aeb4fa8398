/** Version of the list of template leftovers (N10). */
export const LEFTOVERS_VERSION = '1';

/** What a template asks for: a bracket around anything else ("[sic]", "[x]") is the writer's own. */
const ASKED =
  'name|first name|last name|patient|client|pt|member|participant|date|time|mood|affect|goal|goals|objective|progress|plan|participation|intervention|interventions|topic|theme|response|risk|diagnosis|dx|describe|specify|select|choose|enter|fill in|list|text|details?|example|quote|comment|comments|pronouns?|he|she|they|his|her|their|him|them|tbd|todo|blank|placeholder|number|#|age|reason|behaviou?rs?|symptoms?|skills?|coping skills?|copy|paste';

const asked = new RegExp(`(?:^|[^\\p{L}])(?:${ASKED}|insert)(?:[^\\p{L}]|$)`, 'iu');

/**
 * Places that a template left open. Every quantifier is bounded or over one class of characters that its neighbour does
 * not have, so that a text of 40 000 brackets costs no more than one of 40 000 letters.
 */
const OPEN_PLACES: readonly { readonly shape: RegExp; readonly inner?: RegExp }[] = [
  { shape: /\{\{/ },
  { shape: /\{[^{}\n]{0,60}\}/g, inner: asked },
  { shape: /\[[^[\]\n]{1,60}\]/g, inner: asked },
  { shape: /<<?[^<>\n]{1,40}>/g, inner: asked },
  { shape: /_{3,}/ },
  { shape: /\*{3}/ },
  { shape: /(?:^|[^\p{L}\p{N}])[Xx]{3,}(?![\p{L}\p{N}])/u },
  { shape: /@[A-Z]{2,30}@/ },
  { shape: /%[A-Z][A-Z_]{1,30}%/ },
  { shape: /\(insert [^()\n]{1,60}\)/i },
  {
    shape:
      /(?:^|[^\p{L}])insert (?:(?:the|an?|your|here|(?:patient|client|pt|member)(?:['’]?s)?|his|her|their) ){0,3}(?:name|mood|affect|date|goals?|progress|plan|text|here|details?|quote|response|topic|theme|intervention|participation|risk|description|example)(?!\p{L})/iu,
  },
  { shape: /(?:^|[^\p{L}])lorem ipsum/iu },
];

/** Both forms of a pronoun, which a template offers and a writer chooses from. */
const EITHER_PRONOUN =
  /(?:^|[^\p{L}])(?:he\/she|she\/he|s\/he|his\/hers?|hers?\/his|him\/her|her\/him|himself\/herself)(?!\p{L})/iu;

/** One of these is in every open place: most texts have none and need no closer look. */
const SUSPECT = /[[{<_*@%]|insert|xxx|lorem/i;

/** A place that a template left open: `[Name]`, `{{mood}}`, `___`, `XXX`, "insert name here". */
export function hasOpenPlace(text: string): boolean {
  if (!SUSPECT.test(text)) return false;
  return OPEN_PLACES.some(({ shape, inner }) =>
    inner === undefined ? shape.test(text) : [...text.matchAll(shape)].some(([found]) => inner.test(found.slice(1, -1))),
  );
}

/** `he/she`: perhaps a template's, perhaps the writer's way. */
export function offersPronouns(text: string): boolean {
  return text.includes('/') && EITHER_PRONOUN.test(text);
}
