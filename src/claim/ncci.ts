import type { IsoDate } from './dates.ts';
import type { Confidence } from './payers/policy.ts';

/** A procedure-to-procedure edit: of the two codes on one day only column 1 is paid, unless a modifier may separate them. */
export interface NcciPair {
  readonly column1: string;
  readonly column2: string;
  /** 0 never paid together · 1 a modifier on the column 2 code separates them · null not verified against CMS' table. */
  readonly modifierIndicator: 0 | 1 | null;
  readonly effectiveFrom: IsoDate;
  /** Last day; null while in effect. */
  readonly effectiveTo: IsoDate | null;
  readonly confidence: Confidence;
  readonly source: string;
}

const GROUP = '90853';
const MULTI_FAMILY = '90849';
const INDIVIDUAL = ['90832', '90834', '90837'];
const INDIVIDUAL_ADD_ON = ['90833', '90836', '90838'];
const FAMILY = ['90846', '90847'];
const BEHAVIORAL_HCPCS = ['H0004', 'H0005'];
const OFFICE_VISIT = '99202 99203 99204 99205 99211 99212 99213 99214 99215'.split(' ');
/** The direction between group and individual psychotherapy was turned round on this day. */
const REVERSED_ON = '2014-10-01';

const unverified = (column2: string): NcciPair => ({
  column1: GROUP,
  column2,
  modifierIndicator: null,
  effectiveFrom: REVERSED_ON,
  effectiveTo: null,
  confidence: 'K',
  source: 'not verified against the CMS table; look it up for the quarter of the service',
});

/** Pairs around group psychotherapy (`02` §2.1). Only code numbers; the full CMS table is not shipped. */
export const NCCI_PAIRS: readonly NcciPair[] = [
  ...INDIVIDUAL.map(
    (column2): NcciPair => ({
      column1: GROUP,
      column2,
      modifierIndicator: 1,
      effectiveFrom: REVERSED_ON,
      effectiveTo: null,
      confidence: 'H',
      source: 'CMS NCCI practitioner edits; AAPC Psychiatry Coding Alert: 90853 in column 1 since 2014-10-01',
    }),
  ),
  ...INDIVIDUAL.map(
    (column1): NcciPair => ({
      column1,
      column2: GROUP,
      modifierIndicator: 1,
      effectiveFrom: '2013-01-01',
      effectiveTo: '2014-09-30',
      confidence: 'M',
      source: 'AAPC Psychiatry Coding Alert: the edits were reversed on 2014-10-01',
    }),
  ),
  {
    column1: GROUP,
    column2: MULTI_FAMILY,
    modifierIndicator: 1,
    effectiveFrom: '2013-01-01',
    effectiveTo: null,
    confidence: 'M',
    source: 'AAPC Psychiatry Coding Alert: 90849 is column 2 to 90853, indicator 1',
  },
  ...[...INDIVIDUAL_ADD_ON, ...FAMILY, ...BEHAVIORAL_HCPCS, ...OFFICE_VISIT].map(unverified),
];

const keyOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

const byCodes = new Map<string, NcciPair[]>();
for (const pair of NCCI_PAIRS) {
  const key = keyOf(pair.column1, pair.column2);
  byCodes.set(key, [...(byCodes.get(key) ?? []), pair]);
}

/** The pair that two codes make on a date of service, whichever is billed; null when the table has none. */
export function ncciPair(code: string, other: string, on: IsoDate): NcciPair | null {
  const inEffect = (p: NcciPair) => p.effectiveFrom <= on && (p.effectiveTo === null || on <= p.effectiveTo);
  return byCodes.get(keyOf(code, other))?.find(inEffect) ?? null;
}

/** Modifiers by which a service is told to be distinct (59, X{EPSU}). */
export const DISTINCT_SERVICE: readonly string[] = ['59', 'XE', 'XP', 'XS', 'XU'];

export interface SameDayService {
  readonly procedureCode: string;
  readonly modifiers: readonly string[];
}

export type SameDayVerdict = 'bundled' | 'never_together' | 'unverified';

/**
 * What two services of one patient on one day are to each other: `bundled` paid only with a modifier on the column 2
 * code, `never_together` not even then, `unverified` perhaps one of these; null when nothing stands against both.
 */
export function sameDayVerdict(own: SameDayService, other: SameDayService, on: IsoDate): SameDayVerdict | null {
  const pair = ncciPair(own.procedureCode, other.procedureCode, on);
  if (pair === null) return null;
  if (pair.modifierIndicator === null) return 'unverified';
  if (pair.modifierIndicator === 0) return 'never_together';
  const second = pair.column2 === own.procedureCode ? own : other;
  return second.modifiers.some((m) => DISTINCT_SERVICE.includes(m.trim().toUpperCase())) ? null : 'bundled';
}

/** The sentence for each; no value of the patient's. */
export const SAME_DAY_MESSAGE: Readonly<Record<SameDayVerdict, string>> = {
  bundled:
    'Another service of that day is bundled with this one (NCCI). If it was separate, modifier 59 or XE belongs on the individual code.',
  never_together: 'Another service of that day is never paid together with this one (NCCI).',
  unverified: 'Another service of that day may be bundled with this one: look the pair up in the NCCI table.',
};
