import type { ResolvedService } from '../context.ts';

/** A line as a payer names it in its decision. */
export interface AdjudicatedLine {
  readonly procedureCode: string;
  readonly modifiers: readonly string[];
  readonly units: number;
}

type Match = (mine: Candidate, theirs: AdjudicatedLine) => boolean;

interface Candidate {
  readonly index: number;
  /** As billed now, and before the payer's own procedure map: an earlier payer may have had the other code. */
  readonly codes: readonly string[];
  readonly modifiers: string;
  readonly units: number;
}

const modifierKey = (modifiers: readonly string[]): string => [...modifiers].sort().join(' ');

const sameCode: Match = (mine, theirs) => mine.codes.includes(theirs.procedureCode);
const sameService: Match = (mine, theirs) => sameCode(mine, theirs) && mine.modifiers === modifierKey(theirs.modifiers);

/** Strictest first; the last two only where one line is left that fits. */
const MATCHES: readonly { readonly match: Match; readonly alone: boolean }[] = [
  { match: (mine, theirs) => sameService(mine, theirs) && mine.units === theirs.units, alone: false },
  { match: sameService, alone: false },
  { match: sameCode, alone: true },
  { match: () => true, alone: true },
];

/**
 * Pairs the lines of an earlier payer's decision with the lines of this claim: by code, modifiers (in any order) and units,
 * then with less, because payers drop modifiers and have codes of their own. Returns for each adjudicated line the position
 * of its claim line, null where none is left that fits.
 */
export function matchLines(service: ResolvedService, adjudicated: readonly AdjudicatedLine[]): readonly (number | null)[] {
  let open: readonly Candidate[] = service.lines.map((line, index) => ({
    index,
    codes: index === 0 ? [line.procedureCode, service.baseProcedureCode] : [line.procedureCode],
    modifiers: modifierKey(line.modifiers),
    units: line.units,
  }));
  const found: (number | null)[] = adjudicated.map(() => null);
  for (const { match, alone } of MATCHES) {
    adjudicated.forEach((theirs, i) => {
      if (found[i] !== null) return;
      const fitting = open.filter((mine) => match(mine, theirs));
      const [mine] = fitting;
      if (mine === undefined) return;
      const rivals = adjudicated.filter((other, k) => found[k] === null && match(mine, other));
      if (alone && (fitting.length > 1 || rivals.length > 1)) return;
      found[i] = mine.index;
      open = open.filter((candidate) => candidate !== mine);
    });
  }
  return found;
}
