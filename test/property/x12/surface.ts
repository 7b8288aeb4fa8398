import fc from 'fast-check';
import type {
  OtherPayer,
  OtherPayerProvider,
  ProfessionalClaim,
  Provider,
  Reference,
  ServiceFacility,
  ServiceLine,
} from '../../../src/x12/837p/model.ts';
import type {
  Adjustment,
  Attachment,
  Contract,
  DatedEvent,
  LineAdjudication,
  Pricing,
} from '../../../src/x12/837p/model-supplement.ts';
import { BILLING_ADDRESS, LINE, OTHER, SELF } from '../../golden/base.ts';

/** Claims with any part of the surface that plain group therapy does not need. Most can be written; some break a rule. */

const words = fc.stringMatching(/^[A-Z][A-Z0-9 .-]{0,18}[A-Z0-9]$/).filter((t) => !t.includes('  '));
const id = fc.stringMatching(/^[A-Z0-9]{2,12}$/);
const cents = (max: number) => fc.integer({ min: 0, max });
const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-10-${String(n).padStart(2, '0')}`);
const decisionDay = fc.integer({ min: 1, max: 28 }).map((n) => `2026-12-${String(n).padStart(2, '0')}`);
const NPIS = ['1083617021', '1245319599', '1720083520', '1336152982', '1518970045', '1699774018'];

/** A few properties of a record, the rest left out, as most claims leave them out. */
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, most = 4) => {
  const names = Object.keys(model);
  return fc
    .tuple(fc.subarray(names, { maxLength: Math.min(most, names.length) }), fc.record(model, { requiredKeys: [] }))
    .map(([chosen, all]) => {
      const few = { ...all };
      for (const name of names) if (!chosen.includes(name)) delete few[name as keyof T];
      return few;
    });
};

const references = (qualifiers: readonly string[], max = 4): fc.Arbitrary<Reference[]> =>
  fc.uniqueArray(fc.record({ qualifier: fc.constantFrom(...qualifiers), value: id }), {
    maxLength: max,
    selector: (r) => r.qualifier,
  });
const dates = (qualifiers: readonly string[]): fc.Arbitrary<DatedEvent[]> =>
  fc.uniqueArray(fc.record({ qualifier: fc.constantFrom(...qualifiers), date: day }), {
    maxLength: 5,
    selector: (d) => d.qualifier,
  });
const attachments: fc.Arbitrary<Attachment[]> = fc.array(
  fc.record({
    type: fc.constantFrom('OZ', '08', 'B4'),
    transmission: fc.constantFrom('AA', 'EL', 'FX'),
    controlNumber: fc.option(id, { freq: 6 }),
  }),
  { maxLength: 3 },
);
const contract: fc.Arbitrary<Contract> = fc
  .tuple(
    fc.constantFrom('01', '05', '09' as const),
    some({ amountCents: cents(99_999), percentage: fc.integer({ min: 1, max: 99 }), code: id, version: id }),
  )
  .map(([type, rest]) => ({ type: type as Contract['type'], ...rest }));
const pricing: fc.Arbitrary<Pricing> = fc
  .tuple(
    fc.constantFrom('00', '07', '14'),
    cents(99_999),
    some({ savingCents: cents(9999), organizationId: id, rejectReason: fc.constant('T3') }),
  )
  .map(([methodology, allowedCents, rest]) => ({ methodology, allowedCents, ...rest }));
const fileInformation = fc.array(fc.constantFrom('LUWI', 'LUTX', 'ANYTHING'), { maxLength: 2 });
const person = fc.record({
  kind: fc.constant('person' as const),
  lastName: words,
  firstName: words,
  middleName: fc.option(fc.constant('Q')),
  suffix: fc.option(fc.constant('JR')),
});
const provider = (npi: string, qualifiers: readonly string[]): fc.Arbitrary<Provider> =>
  fc.record({ name: person, npi: fc.constant(npi), taxonomyCode: fc.constant(null), secondaryIds: references(qualifiers, 3) });
const facility: fc.Arbitrary<ServiceFacility> = fc.record({
  name: words,
  npi: fc.constantFrom(null, NPIS[0] as string),
  address: fc.record({
    line1: words,
    line2: fc.constant(null),
    city: fc.constant('MONONA'),
    state: fc.constant('WI'),
    postalCode: fc.constant('537161234'),
  }),
  secondaryIds: references(['G2', 'LU'], 2),
});

const REASONS = ['45', '97', '23', '1', '2', '3', '253', 'A1', 'B7'];

/** Adjustments that add up to `total`, or miss it once in a while. */
const adjustments = (total: number): fc.Arbitrary<Adjustment[]> =>
  fc
    .record({
      parts: fc.array(
        fc.record({
          group: fc.constantFrom('CO' as const, 'OA' as const, 'PI' as const, 'PR' as const),
          reason: fc.constantFrom(...REASONS),
          amountCents: fc.integer({ min: -500, max: 2000 }),
          quantity: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 1 }),
        }),
        { maxLength: 6 },
      ),
      error: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    })
    .map(({ parts, error }) => {
      const rest = total + error - parts.reduce((sum, a) => sum + a.amountCents, 0);
      return rest === 0 ? parts : [...parts, { group: 'CO', reason: '144', amountCents: rest, quantity: null }];
    });

const decidedLine = (payerId: string, charge: number): fc.Arbitrary<LineAdjudication> =>
  cents(charge).chain((paidCents) =>
    fc.record({
      payerId: fc.constant(payerId),
      paidCents: fc.constant(paidCents),
      procedureCode: fc.constantFrom('90853', 'H0005'),
      modifiers: fc.constantFrom<string[]>([], ['HQ'], ['HQ', 'HO', '95', 'U1']),
      units: fc.constantFrom(1, 0, 2.5),
      adjustments: adjustments(charge - paidCents),
      adjudicatedOn: decisionDay,
      remainingPatientLiabilityCents: fc.option(cents(charge - paidCents)),
    }),
  );

const otherProviders: fc.Arbitrary<OtherPayerProvider[]> = fc.uniqueArray(
  fc.record({
    role: fc.constantFrom('referring' as const, 'rendering' as const, 'supervising' as const),
    entity: fc.constant('person' as const),
    ids: references(['0B', 'G2'], 2),
  }),
  { maxLength: 3, selector: (p) => p.role },
);

interface Decided {
  readonly other: OtherPayer;
  readonly byLine: readonly (LineAdjudication | null)[];
}

const otherPayer = (rank: 'P' | 'S' | 'T', payerId: string, charges: readonly number[]): fc.Arbitrary<Decided> => {
  const total = charges.reduce((a, b) => a + b, 0);
  const base = fc.record({
    relationshipCode: fc.constantFrom('18', '01', 'G8'),
    groupNumber: fc.option(id),
    planName: fc.option(words),
    claimFilingIndicatorCode: fc.constantFrom('CI', 'BL', 'MC'),
    name: person,
    memberId: id,
    address: fc.option(fc.constant(BILLING_ADDRESS)),
    references: references(['2U', 'FY', 'G1', '9F', 'F8'], 2),
    providers: otherProviders,
    remarkCodes: fc.uniqueArray(fc.constantFrom('MA01', 'N19', 'M15'), { maxLength: 3 }),
  });
  const silent = { paidCents: null, adjustments: [], adjudicatedOn: null, remainingPatientLiabilityCents: null } as const;
  const level = fc.constantFrom('none' as const, 'claim' as const, 'lines' as const);
  return fc.tuple(base, level, cents(total), decisionDay).chain(([b, where, paidCents, adjudicatedOn]): fc.Arbitrary<Decided> => {
    const other: OtherPayer = {
      ...OTHER,
      responsibility: rank,
      relationshipCode: b.relationshipCode,
      groupNumber: b.groupNumber,
      planName: b.planName,
      claimFilingIndicatorCode: b.claimFilingIndicatorCode,
      subscriber: { name: b.name, memberId: b.memberId, address: b.address },
      payer: { ...OTHER.payer, id: payerId },
      references: b.references,
      ...(b.providers.length === 0 ? {} : { providers: b.providers }),
      ...(where === 'none' || b.remarkCodes.length === 0 ? {} : { outpatient: { remarkCodes: b.remarkCodes } }),
    };
    const nothing = charges.map(() => null);
    if (where === 'none') return fc.constant({ other: { ...other, ...silent }, byLine: nothing });
    if (where === 'claim') {
      return fc.tuple(adjustments(total - paidCents), fc.option(cents(total - paidCents))).map(([list, remaining]) => ({
        other: { ...other, paidCents, adjustments: list, adjudicatedOn, remainingPatientLiabilityCents: remaining },
        byLine: nothing,
      }));
    }
    return fc.tuple(...charges.map((charge) => decidedLine(payerId, charge))).map((byLine) => ({
      other: { ...other, ...silent, paidCents: byLine.reduce((sum, d) => sum + d.paidCents, 0) },
      byLine,
    }));
  });
};

const lineExtras = some({
  description: words,
  emergency: fc.boolean(),
  familyPlanning: fc.boolean(),
  copayExempt: fc.boolean(),
  endDate: fc.constantFrom('2026-11-20', '2026-11-21', '2026-11-19'),
  dates: dates(['471', '304', '454', '455', '463']),
  attachments,
  contract,
  references: references(['9B', '9D', 'G1', 'EW', 'X4', 'F4', 'BT', '9F']),
  salesTaxCents: cents(999),
  postageCents: cents(999),
  fileInformation,
  noteCode: fc.constantFrom('ADD' as const, 'DCP' as const),
  thirdPartyNote: words,
  pricing,
  rendering: provider(NPIS[1] as string, ['0B', 'G2', 'LU']),
  facility,
  supervising: provider(NPIS[2] as string, ['0B', 'G2']),
  ordering: provider(NPIS[3] as string, ['0B', 'G2']),
  referring: provider(NPIS[4] as string, ['0B', 'G2']),
});

const claimExtras = some({
  dates: dates([
    '431',
    '454',
    '304',
    '453',
    '484',
    '455',
    '471',
    '360',
    '297',
    '296',
    '435',
    '096',
    '090',
    '444',
    '050',
    '439',
    '314',
  ]),
  attachments,
  contract,
  references: references(['EW', '9F', 'G1', 'X4', '9A', '9C', 'LX', 'D9', 'EA', 'P4', '1J', 'F8'], 6),
  fileInformation,
  note: words,
  noteCode: fc.constantFrom('ADD' as const, 'CER' as const, 'DCP' as const, 'DGN' as const, 'TPO' as const),
  epsdt: fc.record({
    referralGiven: fc.boolean(),
    conditions: fc.uniqueArray(fc.constantFrom('AV' as const, 'S2' as const, 'ST' as const, 'NU' as const), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  pricing,
  referring: provider(NPIS[4] as string, ['0B', 'G2']),
  primaryCare: provider(NPIS[5] as string, ['0B', 'G2']),
  supervising: provider(NPIS[2] as string, ['0B', 'LU']),
  facility,
});

const rankings = [
  { billed: 'P', others: [] },
  { billed: 'P', others: ['S', 'T'] },
  { billed: 'S', others: ['P'] },
  { billed: 'S', others: ['P', 'T'] },
  { billed: 'T', others: ['P', 'S'] },
  { billed: 'S', others: ['T'] },
] as const;

/** `coordinated`: only claims with other payers, nothing else out of the ordinary. */
export function surfaceClaim(kind: 'any' | 'coordinated' = 'any'): fc.Arbitrary<ProfessionalClaim> {
  const plain = kind === 'coordinated';
  return fc
    .tuple(
      fc.constantFrom(...(plain ? rankings.slice(1, 5) : rankings)),
      fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 3 }),
    )
    .chain(([{ billed, others }, charges]) =>
      fc
        .tuple(
          fc.tuple(...others.map((rank, i) => otherPayer(rank, `PAYER${i}`, charges))),
          fc.tuple(...charges.map(() => (plain ? fc.constant({}) : lineExtras))),
          plain ? fc.constant({}) : claimExtras,
        )
        .map(
          ([decided, extras, more]): ProfessionalClaim => ({
            ...SELF,
            subscriber: { ...SELF.subscriber, responsibility: billed },
            totalChargeCents: charges.reduce((a, b) => a + b, 0),
            ...(decided.length === 0 ? {} : { otherPayers: decided.map((d) => d.other) }),
            ...more,
            lines: charges.map((chargeCents, n): ServiceLine => {
              const adjudications = decided.flatMap((d) => d.byLine[n] ?? []);
              return {
                ...LINE,
                chargeCents,
                // Group psychotherapy is billed once a day.
                procedureCode: n === 0 ? '90853' : 'H0005',
                lineControlNumber: `L${n + 1}`,
                ...extras[n],
                ...(adjudications.length === 0 ? {} : { adjudications }),
              };
            }),
          }),
        ),
    );
}
