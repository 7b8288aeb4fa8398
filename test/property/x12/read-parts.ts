import type { Loop } from './loops.ts';

/** Parts of a claim that several loops have, read back by plain arithmetic on texts: nothing of the writer, its tables or the validator. */

export type Segment = readonly string[];
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export const all = (loop: Loop | undefined, tag: string, ...codes: string[]): readonly Segment[] =>
  (loop?.segments ?? []).filter((s) => s[0] === tag && (codes.length === 0 || codes.includes(s[1] ?? '')));
export const one = (loop: Loop | undefined, tag: string, ...codes: string[]): Segment | undefined => all(loop, tag, ...codes)[0];
export const said = (segment: Segment | undefined, at: number): string | null => segment?.[at] || null;
export const parts = (segment: Segment | undefined, at: number): readonly string[] => said(segment, at)?.split(':') ?? [];
/** Absent where the segment or element is. */
export const when = <T extends Json>(value: T | null | undefined): T | undefined => value ?? undefined;

/** `60.5` → 6050, by digits: no binary fraction takes part. */
export function cents(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text === '') return null;
  const [, minus = '', whole = '', part = ''] = /^(-?)(\d*)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === '' && part === '') throw new Error(`${text} is no amount`);
  const value = Number(whole || 0) * 100 + Number(part.padEnd(2, '0') || 0);
  return minus === '' || value === 0 ? value : -value;
}
export const number = (text: string | null): number | null => (text === null ? null : Number(text));
export const day = (text: string | null | undefined): string | null =>
  text ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}` : null;
export const bySigns = <T extends Json>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

export const references = (segments: readonly Segment[]): Json =>
  bySigns(segments.map((s) => ({ qualifier: s[1] ?? '', value: s[2] ?? '', payerId: when(parts(s, 4)[1]) })));
export const idsOf = (loop: Loop | undefined, without: readonly string[] = []): Json =>
  references(all(loop, 'REF').filter((s) => !without.includes(s[1] ?? '')));

export const dates = (loop: Loop, without: readonly string[]): Json =>
  bySigns(
    all(loop, 'DTP')
      .filter((s) => !without.includes(s[1] ?? ''))
      .map((s) => {
        const [from = '', to = ''] = (s[3] ?? '').split('-');
        return { qualifier: s[1] ?? '', date: day(from), endDate: s[2] === 'RD8' ? day(to) : undefined };
      }),
  );

export const name = (nm1: Segment | undefined): Json =>
  nm1?.[2] === '2'
    ? { kind: 'organization', name: said(nm1, 3) }
    : {
        kind: 'person',
        lastName: said(nm1, 3),
        firstName: said(nm1, 4),
        middleName: said(nm1, 5),
        suffix: said(nm1, 7),
      };

export const address = (loop: Loop | undefined): Json => {
  const [n3, n4] = [one(loop, 'N3'), one(loop, 'N4')];
  if (n3 === undefined && n4 === undefined) return null;
  return { line1: said(n3, 1), line2: said(n3, 2), city: said(n4, 1), state: said(n4, 2), postalCode: said(n4, 3) };
};

export const contact = (per: Segment | undefined): Json | undefined => {
  if (per === undefined) return undefined;
  const numbers = new Map([3, 5, 7].flatMap((at) => (said(per, at) === null ? [] : [[per[at] ?? '', per[at + 1] ?? '']])));
  const phone = numbers.get('TE');
  const extension = numbers.get('EX');
  return {
    name: said(per, 2),
    phone: phone === undefined ? null : `${phone}${extension === undefined ? '' : ` x${extension}`}`,
    email: numbers.get('EM') ?? null,
    fax: numbers.get('FX'),
  };
};

export const provider = (loop: Loop): { readonly [key: string]: Json | undefined } => ({
  name: name(one(loop, 'NM1')),
  npi: said(one(loop, 'NM1'), 9),
  taxonomyCode: said(one(loop, 'PRV'), 3),
  secondaryIds: idsOf(loop),
});
export const providerIn = (loops: readonly Loop[], entity: string): Json => {
  const loop = loops.find((l) => one(l, 'NM1')?.[1] === entity);
  return loop === undefined ? null : provider(loop);
};
export const facilityIn = ([loop]: readonly Loop[]): Json =>
  loop === undefined
    ? null
    : {
        name: said(one(loop, 'NM1'), 3),
        npi: said(one(loop, 'NM1'), 9),
        address: address(loop),
        secondaryIds: idsOf(loop),
        contact: contact(one(loop, 'PER')),
      };

/** What a claim and a line both may have. */
export const papers = (loop: Loop) => {
  const [cn1, hcp] = [one(loop, 'CN1'), one(loop, 'HCP')];
  return {
    attachments: all(loop, 'PWK').map((s) => ({ type: said(s, 1), transmission: said(s, 2), controlNumber: said(s, 6) })),
    contract: cn1 && {
      type: said(cn1, 1),
      amountCents: when(cents(said(cn1, 2))),
      percentage: when(number(said(cn1, 3))),
      code: when(said(cn1, 4)),
      discountPercentage: when(number(said(cn1, 5))),
      version: when(said(cn1, 6)),
    },
    pricing: hcp && {
      methodology: said(hcp, 1),
      allowedCents: cents(said(hcp, 2)),
      savingCents: when(cents(said(hcp, 3))),
      organizationId: when(said(hcp, 4)),
      rate: when(number(said(hcp, 5))),
      approvedGroup: when(said(hcp, 6)),
      approvedGroupCents: when(cents(said(hcp, 7))),
      rejectReason: when(said(hcp, 13)),
      policyCompliance: when(said(hcp, 14)),
      exception: when(said(hcp, 15)),
    },
    fileInformation: all(loop, 'K3').map((s) => said(s, 1)),
  };
};

export const adjustments = (loop: Loop): Json => {
  const groups = all(loop, 'CAS').map((s) => s[1]);
  if (new Set(groups).size < groups.length) throw new Error('two CAS of one group');
  return bySigns(
    all(loop, 'CAS').flatMap(([, group, ...rest]) => {
      const reasons: Json[] = [];
      for (let i = 0; i < rest.length; i += 3) {
        const quantity = number(rest[i + 2] || null);
        reasons.push({ group: group ?? '', reason: rest[i] ?? '', amountCents: cents(rest[i + 1]), quantity });
      }
      return reasons;
    }),
  );
};
export const procedure = (composite: readonly string[]): { readonly [key: string]: Json | undefined } => ({
  procedureCode: composite[1] ?? null,
  modifiers: composite.slice(2, 6).filter((m) => m !== ''),
  description: when(composite[6] || null),
});
