import type { SnipType } from '../../src/x12/837p/validate/finding.ts';
import { type Reading, type ReadSegment, read } from './reading.ts';

export interface DamageVerdict {
  /** Why the damaged file was read wrongly, null when it was not. */
  readonly wrong: string | null;
  /** Something was found that the sound file does not have. */
  readonly found: boolean;
  /** `NM103 N301`: elements that the damage changed unseen. */
  readonly unseen: readonly string[];
}

/** How a sound file is judged, and so a damaged one. */
export interface Sound {
  readonly bytes: Uint8Array;
  readonly reading: Reading;
  readonly snip: readonly SnipType[];
}

export const soundFile = (bytes: Uint8Array, snip: readonly SnipType[]): Sound => ({
  bytes,
  snip,
  reading: read(bytes, { snip, own: true }),
});

/** A step of damage joins or cuts at most so many segments: both ends of a moved span, and where it lands. */
const SEGMENTS_PER_STEP = 3;

/**
 * Elements in which any change at all must be found, when it is the only one: what counts, repeats, balances or has one
 * right value. Everything else may say something else that is as right: a name, a date, another code.
 */
const GUARDED = new Set(
  (
    'ISA01 ISA03 ISA05 ISA07 ISA12 ISA13 GS01 GS06 GS07 GS08 ST01 ST02 ST03 BHT01 HL01 HL02 HL03 HL04 SE01 SE02 GE01 GE02 IEA01 IEA02 ' +
    'LX01 CLM02 SV102 SVD01 SVD02 CAS03 CAS06 CAS09 NM101 NM108 PRV01 PRV02 DMG01 DTP02 REF03 PWK05 OI01 OI02 OI05'
  ).split(' '),
);

/**
 * Judges how a damaged file is read. Either something is found, or the file means what it meant but for the values of the
 * elements that the damage hit: no segment more or less, none of another kind, no other value anywhere, and none of those in
 * which a change must show. Cutting the bytes into pieces otherwise must change nothing. Throws whatever the validator throws.
 */
export function judgeDamaged({ reading, snip }: Sound, damaged: Uint8Array, piece: number, steps: number): DamageVerdict {
  const whole = read(damaged, { snip, own: true });
  const pieces = read(damaged, { snip, own: true, piece });
  const found = rulesOf(whole) !== rulesOf(reading);
  if (JSON.stringify([whole.findings, whole.segments]) !== JSON.stringify([pieces.findings, pieces.segments]))
    return { wrong: `reads otherwise in pieces of ${piece}`, found, unseen: [] };
  if (found) return { wrong: null, found, unseen: [] };
  const [lost, new_] = [without(reading.segments, whole.segments), without(whole.segments, reading.segments)];
  const tags = (list: readonly ReadSegment[]): string => list.map(([tag]) => tag).join(' ');
  if (tags(lost) !== tags(new_)) return { wrong: `lost ${tags(lost)}, got ${tags(new_)}, and found nothing`, found, unseen: [] };
  if (lost.length > SEGMENTS_PER_STEP * steps)
    return { wrong: `${lost.length} segments changed and found nothing`, found, unseen: [] };
  const unseen = lost.flatMap((segment, i) => changedElements(segment, new_[i] ?? []));
  const guarded = unseen.length === 1 ? unseen.filter((place) => GUARDED.has(place)) : [];
  return { wrong: guarded.length > 0 ? `${guarded.join(' ')} changed and nothing found` : null, found, unseen };
}

const rulesOf = ({ findings }: Reading): string =>
  findings
    .map((f) => `${f.snip} ${f.rule}`)
    .sort()
    .join('\n');

/** Segments of one list that the other has not, as often as it has them not; sorted by tag, so that they can be paired. */
function without(list: readonly ReadSegment[], other: readonly ReadSegment[]): readonly ReadSegment[] {
  const left = new Map<string, number>();
  for (const segment of other) {
    const key = JSON.stringify(segment);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return list
    .filter((segment) => {
      const key = JSON.stringify(segment);
      const count = left.get(key) ?? 0;
      if (count > 0) left.set(key, count - 1);
      return count === 0;
    })
    .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
}

const NUMBER = /^-?\d{0,12}(?:\.\d*)?$/;
/** `01` is 1, `60.0` is 60, `-0` is 0. */
const alike = (before = '', after = ''): boolean =>
  before === after ||
  (before !== '' && after !== '' && NUMBER.test(before) && NUMBER.test(after) && Number(before) === Number(after));

function changedElements(before: ReadSegment, after: ReadSegment): readonly string[] {
  const places: string[] = [];
  for (let i = 1; i < Math.max(before.length, after.length); i++)
    if (!alike(before[i], after[i])) places.push(`${before[0]}${String(i).padStart(2, '0')}`);
  return places;
}
