import type { Coverage } from '../../../schemas/coverage.ts';
import type { Payer } from '../../../schemas/payer.ts';

/** Order of payment. */
const RANKS = ['P', 'S', 'T'] as const;

/** Remark codes by which a payer says that it has forwarded the claim itself: to Medicaid, a supplemental insurer, several payers (`03` §3.2 R5). */
const FORWARDED = ['MA07', 'MA18', 'N89'];

export type BilledCoverage =
  | { readonly billed: true; readonly index: number }
  /** `index` is the coverage that would be next, or null where there is none to name. */
  | {
      readonly billed: false;
      readonly reason: 'no_coverage' | 'no_primary' | 'crossed_over' | 'all_adjudicated';
      readonly index: number | null;
    };

/**
 * Which coverage is billed now: the first in order P, S, T whose payer has not decided. None when nobody is primary, when
 * every payer has decided, or when an earlier payer has forwarded the claim to that one by itself: a claim of ours would be
 * its duplicate. `crossedOverTo` names the next payer by any of its ids or its name; where it names another coverage of
 * the patient, only that one is passed over, and where it names nobody we know, the next one is meant.
 */
export function billedCoverage(
  coverages: readonly Pick<Coverage, 'payerId' | 'responsibility' | 'adjudication'>[],
  payers: ReadonlyMap<string, Payer>,
): BilledCoverage {
  if (coverages.length === 0) return { billed: false, reason: 'no_coverage', index: null };
  const order = RANKS.map((rank) => coverages.findIndex((c) => c.responsibility === rank)).filter((i) => i !== -1);
  if (coverages[order[0] ?? -1]?.responsibility !== 'P') return { billed: false, reason: 'no_primary', index: null };
  const position = order.findIndex((i) => !coverages[i]?.adjudication);
  const index = order[position];
  if (index === undefined) return { billed: false, reason: 'all_adjudicated', index: null };
  const idsOf = (i: number): readonly string[] => namesOf(coverages[i]?.payerId ?? '', payers);
  const earlier = order.slice(0, position);
  const passedOver = earlier.some((i) => {
    const decision = coverages[i]?.adjudication;
    const named = decision?.crossedOverTo?.trim().toUpperCase() ?? '';
    if (named !== '' && idsOf(index).includes(named)) return true;
    const namesAnother = named !== '' && order.some((other) => other !== index && other !== i && idsOf(other).includes(named));
    const forwarded = named !== '' || decision?.remarkCodes.some((code) => FORWARDED.includes(code)) === true;
    return forwarded && !namesAnother && i === earlier.at(-1);
  });
  return passedOver ? { billed: false, reason: 'crossed_over', index } : { billed: true, index };
}

/** Everything a remittance may call a payer by. */
function namesOf(payerId: string, payers: ReadonlyMap<string, Payer>): readonly string[] {
  const payer = payers.get(payerId);
  const names = payer ? [payer.payerId, payer.name, ...Object.values(payer.wireIds)] : [];
  return [payerId, ...names].map((name) => name.trim().toUpperCase());
}
