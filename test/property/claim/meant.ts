import type { Coverage } from '../../../schemas/coverage.ts';
import type { Attendee } from '../../../schemas/group-session.ts';
import { find, type Loop } from '../x12/loops.ts';
import { cents } from '../x12/read-parts.ts';

/** What the file of an attendee must say, told from the session alone: no code of the claim builder takes part. */

const RANKS = ['P', 'S', 'T'];
const byRank = (list: readonly Coverage[]) =>
  [...list].sort((a, b) => RANKS.indexOf(a.responsibility) - RANKS.indexOf(b.responsibility));

const one = (loop: Loop | undefined, tag: string, code?: string): readonly string[] | undefined =>
  loop?.segments.find((s) => s[0] === tag && (code === undefined || s[1] === code));
const amounts = (segments: readonly (readonly string[])[]): number =>
  segments
    .filter((s) => s[0] === 'CAS')
    .flatMap((s) => s.slice(2).filter((_, i) => i % 3 === 1))
    .reduce((sum, text) => sum + (cents(text) ?? 0), 0);
const money = (text: string | null | undefined): number => Math.round(Number(text ?? 0) * 100);

/** A few lines of a claim that matter most, from the file and from the session, in one form. */
export function toldByFile(set: Loop): unknown {
  const [claim] = find(set, '2300');
  const sbr = set.segments.find((s) => s[0] === 'SBR');
  const lines = find(set, '2400');
  return {
    rank: sbr?.[1],
    self: sbr?.[2] === '18',
    memberId: one(find(set, '2010BA')[0], 'NM1')?.[9],
    total: cents(one(claim, 'CLM')?.[2]),
    diagnoses: one(claim, 'HI')
      ?.slice(1)
      .map((h) => h.split(':')[1]),
    authorization: one(claim, 'REF', 'G1')?.[2] ?? null,
    charges: lines.map((l) => cents(one(l, 'SV1')?.[2])),
    others: find(set, '2320').map((loop) => {
      const payerId = one(find(loop, '2330B')[0], 'NM1')?.[9];
      const decisions = lines.map((l) => find(l, '2430').filter((d) => one(d, 'SVD')?.[1] === payerId));
      const paidOnLines = decisions.flat().map((d) => cents(one(d, 'SVD')?.[2]) ?? 0);
      return {
        rank: one(loop, 'SBR')?.[1],
        memberId: one(find(loop, '2330A')[0], 'NM1')?.[9],
        paid: cents(one(loop, 'AMT', 'D')?.[2]),
        notCovered: cents(one(loop, 'AMT', 'A8')?.[2]),
        paidOnLines: paidOnLines.length === 0 ? null : paidOnLines.reduce((a, b) => a + b, 0),
        adjusted: amounts([...loop.segments, ...decisions.flat().flatMap((d) => d.segments)]),
      };
    }),
  };
}

export function toldBySession(attendee: Attendee): unknown {
  const coverages = byRank(attendee.coverages);
  const billed = coverages.find((c) => !c.adjudication);
  const addOn = attendee.interactiveComplexity;
  const charges = [money(attendee.chargeAmount), ...(addOn ? [money(addOn.chargeAmount)] : [])];
  return {
    rank: billed?.responsibility,
    self: billed?.relationshipToSubscriber === 'self',
    memberId: billed?.memberId.toUpperCase(),
    total: charges.reduce((a, b) => a + b, 0),
    diagnoses: attendee.diagnoses.map((d) => d.toUpperCase().replace('.', '')),
    authorization: billed?.priorAuthorization?.number.toUpperCase() ?? null,
    charges,
    others: coverages
      .filter((c) => c !== billed)
      .map(({ responsibility, memberId, adjudication }) => {
        const passedOver = adjudication?.nonCoveredAmount ?? null;
        const decided = adjudication && passedOver === null ? adjudication : null;
        const adjustments = decided ? [...decided.adjustments, ...decided.lines.flatMap((l) => l.adjustments)] : [];
        return {
          rank: responsibility,
          memberId: memberId.toUpperCase(),
          paid: decided === null ? null : money(decided.paidAmount),
          notCovered: passedOver === null ? null : money(passedOver),
          paidOnLines: decided?.lines.length ? decided.lines.reduce((sum, l) => sum + money(l.paidAmount), 0) : null,
          adjusted: adjustments.reduce((sum, a) => sum + money(a.amount), 0),
        };
      }),
  };
}
