export interface Delimiters {
  readonly element: string;
  readonly component: string;
  /** Null where ISA11 holds a letter or a digit, as before 5010. */
  readonly repetition: string | null;
  readonly segment: string;
}

/** An ISA that names its delimiters and where its terminator stands. */
export interface DeclaredDelimiters {
  readonly delimiters: Delimiters;
  readonly end: number;
}

/** So many characters from its start the end of an ISA must be in sight; a right one has 106. */
export const ISA_REACH = 256;

/**
 * The delimiters of the ISA at `offset`, taken from behind its sixteen elements, so that one of wrong width is still read;
 * where that gives none, from the GS that follows. `short_isa` when the text ends before them.
 */
export function declaredDelimiters(text: string, offset: number): DeclaredDelimiters | 'short_isa' | 'bad_delimiters' {
  const element = text.charAt(offset + 3);
  if (!isDelimiter(element)) return element === '' ? 'short_isa' : 'bad_delimiters';
  let at = offset + 3;
  let repetition = '';
  for (let n = 1; n < 16; n++) {
    const next = text.indexOf(element, at + 1);
    if (next === -1 || next - offset > ISA_REACH) return beforeGroup(text, offset, repetition) ?? 'short_isa';
    if (n === 11) repetition = text.slice(at + 1, next);
    at = next;
  }
  const component = text.charAt(at + 1);
  const segment = text.charAt(at + 2);
  if (isDelimiter(component) && isDelimiter(segment) && new Set([element, component, segment]).size === 3) {
    return { delimiters: { element, component, repetition: repetitionOf(repetition), segment }, end: at + 2 };
  }
  return beforeGroup(text, offset, repetition) ?? (segment === '' ? 'short_isa' : 'bad_delimiters');
}

/**
 * An ISA with an element too many or too few: its terminator is what stands before `GS` (and before line ends, where
 * there are some), its component separator what stands alone before that, and `:` where nothing does.
 */
function beforeGroup(text: string, offset: number, repetition: string): DeclaredDelimiters | null {
  const element = text.charAt(offset + 3);
  const group = text.indexOf(`GS${element}`, offset);
  if (group === -1 || group - offset > ISA_REACH) return null;
  let fallback: DeclaredDelimiters | null = null;
  for (let end = group - 1; end > offset + 4; end--) {
    const segment = text.charAt(end);
    const component = text.charAt(end - 1);
    if (!isDelimiter(segment) || segment === element) break;
    const found = (c: string): DeclaredDelimiters => ({
      delimiters: { element, component: c, repetition: repetitionOf(repetition), segment },
      end,
    });
    if (isDelimiter(component) && component !== element && component !== segment && text.charAt(end - 2) === element) {
      return found(component);
    }
    if (segment !== ':') fallback = found(':');
    if (segment !== '\n' && segment !== '\r') break;
  }
  return fallback;
}

const repetitionOf = (value: string): string | null => (value.length === 1 && isDelimiter(value) ? value : null);

/** Letters, digits and space cannot delimit. */
export function isDelimiter(character: string): boolean {
  return character !== '' && !/[A-Za-z0-9 ]/.test(character);
}
