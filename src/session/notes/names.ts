import { foldWord, rawWord, type Words, wordsOf } from './words.ts';

/** What a person is called, cut into words as texts are. */
export interface PersonName {
  readonly firstName?: string | null | undefined;
  readonly middleName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** One way to write one name: its words, at least one. */
export type NameForm = readonly string[];

/** Parts of names that are ordinary words in some language and name nobody when they stand alone. */
const PARTICLES = new Set(
  'de la las le los el al del der den des di da das dos du van von ter ten zu zur bin ben ibn abu st saint san santa mc mac jr sr ii iii iv'.split(
    ' ',
  ),
);

const APOSTROPHE = /['’‘ʼ`]/;

/** Words of a name; a nickname counts where it is given: `Robert "Bob"`. */
export function nameWords(name: string | null | undefined): readonly string[] {
  return name ? wordsOf(name).folded : [];
}

/**
 * Every form of one name field that names the person: the whole (`de la Cruz`, `Okafor Lund`), the whole in one word
 * (`OkaforLund`), with its apostrophe opened (`O Brien`), and each part that can stand alone (`Cruz`, `Lund`).
 */
export function formsOf(name: string | null | undefined): readonly NameForm[] {
  const parts = nameWords(name);
  if (parts.length === 0) return [];
  const forms: NameForm[] = [parts];
  if (parts.length > 1) {
    forms.push([parts.join('')], ...parts.filter((p) => !isSingleLetter(p) && !PARTICLES.has(p)).map((p) => [p]));
  }
  if (name && APOSTROPHE.test(name)) {
    const opened = nameWords(name.replace(new RegExp(APOSTROPHE, 'g'), ' '));
    if (opened.length > parts.length) forms.push(opened);
  }
  return forms;
}

/** All forms of each of a person's names. The first form of a name is the whole of it. */
export interface NameForms {
  readonly first: readonly NameForm[];
  readonly middle: readonly NameForm[];
  readonly last: readonly NameForm[];
}

const knownForms = new WeakMap<PersonName, NameForms>();

/** The same person is looked for by several rules, and cut into words once. */
export function formsOfPerson(person: PersonName): NameForms {
  const before = knownForms.get(person);
  if (before !== undefined) return before;
  const { firstName, middleName, lastName } = person;
  const forms = { first: formsOf(firstName), middle: formsOf(middleName), last: formsOf(lastName) };
  knownForms.set(person, forms);
  return forms;
}

/** A single letter is an initial, whatever field it stood in. */
export const isSingleLetter = (word: string): boolean => word.length < 2 || (word.length === 2 && [...word].length === 1);

export interface Mask {
  /** Form by its first word, longest first. */
  readonly forms: ReadonlyMap<string, readonly NameForm[]>;
  readonly letters: ReadonlySet<string>;
  /** `sm`, `sjm`: only where they are written in capitals. */
  readonly initials: ReadonlySet<string>;
}

const firstLetter = (word: string): string => (word === '' ? '' : String.fromCodePoint(word.codePointAt(0) as number));

/** What all names of a roster come to when a text is masked. */
export function maskFor(people: readonly PersonName[]): Mask {
  const forms = new Map<string, NameForm[]>();
  const letters = new Set<string>();
  const initials = new Set<string>();
  const addForms = (of: readonly NameForm[]): void => {
    for (const form of of) {
      const word = form[0] as string;
      const list = forms.get(word);
      if (form.length === 1 && isSingleLetter(word)) letters.add(word);
      else if (list === undefined) forms.set(word, [form]);
      else list.push(form);
    }
  };
  /** First letter of each word of a name; returns that of the first one. */
  const addLetters = ([whole = []]: readonly NameForm[]): string => {
    for (const word of whole) letters.add(firstLetter(word));
    return firstLetter(whole[0] ?? '');
  };
  for (const { first, middle, last } of people.map(formsOfPerson)) {
    addForms(first);
    addForms(middle);
    addForms(last);
    const [f, m, l] = [addLetters(first), addLetters(middle), addLetters(last)];
    initials.add(f + l).add(f + m + l);
  }
  for (const list of forms.values()) list.sort((a, b) => b.length - a.length);
  return { forms, letters, initials };
}

const TITLES = new Set('mr mrs ms mx miss dr'.split(' '));

export function isTitle(folded: string): boolean {
  return TITLES.has(folded);
}

/** Whoever is meant: pronouns, what a patient is called, and titles. All become the token of a person. */
const PERSON_WORDS = new Set([
  ...'he him his himself she her hers herself they them their theirs themself themselves ze zir hir xe xem xyr'.split(' '),
  ...'patient pt client clt'.split(' '),
  ...TITLES,
]);

const isInitial = (mask: Mask, words: Words, at: number, folded: string): boolean => {
  if (folded.length > 3 || !(folded.length === 1 ? mask.letters : mask.initials).has(folded)) return false;
  const raw = rawWord(words, at);
  const capital = raw !== raw.toLowerCase();
  if (folded.length > 1) return capital && raw === raw.toUpperCase();
  // "a" and "i" are words of their own: an initial only with a full stop after it.
  const ambiguous = folded === 'a' || folded === 'i';
  return !ambiguous || (capital && words.text[words.ends[at] as number] === '.');
};

/** Length of the longest form that begins at word `at`; 0 when none does. */
export function formAt(forms: ReadonlyMap<string, readonly NameForm[]>, folded: readonly string[], at: number): number {
  const candidates = forms.get(folded[at] as string);
  if (candidates === undefined) return 0;
  for (const form of candidates) if (form.every((word, i) => folded[at + i] === word)) return form.length;
  return 0;
}

/** Words that stand for a person: 1 where a roster name, an initial, a pronoun or a title stands, else 0. */
export function personsIn(words: Words, mask: Mask): Uint8Array {
  const { folded } = words;
  const marks = new Uint8Array(folded.length);
  for (let at = 0; at < folded.length; ) {
    const word = folded[at] as string;
    const named = formAt(mask.forms, folded, at);
    const end = at + (named > 0 ? named : PERSON_WORDS.has(word) || isInitial(mask, words, at, word) ? 1 : 0);
    if (end === at) at += 1;
    while (at < end) marks[at++] = 1;
  }
  return marks;
}

/** Names that are also words of English, folded: in lower case, or where a sentence begins, they name nobody for sure. */
export const COMMON_WORD_NAMES: ReadonlySet<string> = new Set(
  (
    'all am an and any are as at be but by can did do for get go had has he her hi him his ho how if in is it its let lot me my new no not now of off oh old on one or our out own per put ' +
    'ran run sat saw say see set she six so ten the to too top try two un up us use was we who why yes yet you ' +
    'abide amber angel april art august autumn ball banks bear bell berry best bill bird black bloom blue bond book boys brand bright ' +
    'brook brooks brown bush butler case cash chance charity chase cherry christian church clay cliff close coffee cole colt constant ' +
    'cook cooper cross crystal curry dale dawn day dean destiny dick dove drew duke earl early east eden england essence eve ever faith fern fields ' +
    'fine finn fish fisher flint flower forest forth fortune fox frank free french friend frost gay gene genesis glass glen gold golden good grace ' +
    'grant graves gray green grey grove guy hall hand hart haven hazel head heard heath heaven high hill holiday holly home honor hope house hunt hunter ' +
    'iris ivy jack jay jet jewel joy june justice keen key kind king knight ladd lamb land lane law laws lee light lily lion little long lord love low ' +
    'loving lucky major man mark marsh mason may melody mercy merit miles miller mills miner moody moon moore moss nice noble north oak olive outlaw page ' +
    'park parks patience pearl penny peace pike piper pitts poe pool poor pope porter post pound power precious price pride prince prior pride queen rain ray read ' +
    'red reed rice rich rights river rivers robin rock rocky rogue rose ruby rush sage sandy savage savior sea season serenity shade sharp shine short ' +
    'shy silver singer skipper sky small smart snow spring star stark steel still stone storm story street strong summer sun sunny sweet ' +
    'swift tally teal temple tiger tender terry trinity true turner unique vale van victory violet vine walker walks ward ware warner waters way weaver ' +
    'weeks west wheat wheeler white wild will wills win winter wise wish wolf wood woods worth wright young zion'
  ).split(' '),
);

/** Where a word begins with a capital although nothing begins there. */
export function isCapitalised(words: Words, at: number): boolean {
  const raw = rawWord(words, at);
  const [first = ''] = raw;
  return first !== first.toLowerCase() && foldWord(first) !== '';
}
