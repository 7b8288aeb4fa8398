import fc from 'fast-check';
import type { Adjudication, Coverage } from '../../../schemas/coverage.ts';

/** Who is insured how, and what payers decided: every part of `coverages` that a session can say, in order and balanced. */

/** When the service was, and when payers decided. */
export const SERVICE_DAY = '2026-10-23';
const DECISION_DAYS = ['2026-10-23', '2026-10-30', '2026-11-06', '2026-11-21'];

export const cent = (n: number): string => (n / 100).toFixed(2);
export const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) => fc.option(arbitrary, { nil: undefined, freq });
const digits = (n: number) => fc.stringMatching(new RegExp(`^[0-9]{${n}}$`));
export const names = fc.constantFrom('Moreno', 'Peña', 'Ødegård-Müller', 'O’Brien', 'van der Berg', 'Nguyễn', 'Li');
export const firstNames = fc.constantFrom('Zoë', 'Luis', 'Bao', 'Ana María', 'J.', 'Søren');
/** Without `e` and `i`, which each of the names above has one of: one that another attendee's name stands in is held (A27). */
const IDENTIFIER = /^[A-DF-HJ-Za-df-hj-z0-9][A-DF-HJ-Za-df-hj-z0-9/ .-]{0,18}[A-DF-HJ-Za-df-hj-z0-9]$/;
export const identifiers = fc.stringMatching(IDENTIFIER);
export const birthDay = fc.constantFrom('1949-02-28', '1975-08-09', '2000-02-29', '2014-12-31');

export const address = fc.record({
  line1: fc.constantFrom('18 Alder Ct', '77 Straße der Überaus Langen Namen, Hinterhaus Nord-West, Eingang 1200', 'PO Box 7'),
  line2: fc.constantFrom(null, 'Apt #4', ''),
  city: fc.constantFrom('Madison', 'San José', 'Fond du Lac'),
  state: fc.constantFrom('WI', 'wi', 'TX'),
  postalCode: fc.constantFrom('53703', '53703-1234', '787011234'),
});
export const streetAddress = address.map((a) => ({
  ...a,
  line1: a.line1.startsWith('PO') ? '9 Oak St' : a.line1,
  postalCode: '53704-1810',
}));

const MBI_LETTER = '[AC-HJKMNP-RT-Y]';
const mbi = fc.stringMatching(new RegExp(`^[1-9]${MBI_LETTER}[0-9]{2}${MBI_LETTER}[0-9]{2}${MBI_LETTER}{2}[0-9]{2}$`));
export const memberIds: Readonly<Record<string, fc.Arbitrary<string>>> = {
  '60054': digits(9).map((n) => `W${n}`),
  bcbs_wi: digits(9).map((n) => `XWM${n}`),
  '62308': digits(10).map((n) => `u${n}`),
  '87726': digits(9),
  medicaid_wi: digits(10),
  medicare_wi: mbi,
};
const COMMERCIAL = ['60054', 'bcbs_wi', '62308', '87726'] as const;

export interface Charge {
  readonly procedureCode: string;
  readonly cents: number;
}

const adjustment = (group: 'CO' | 'OA' | 'PI' | 'PR', reason: string, n: number, quantity?: number) =>
  n === 0 ? [] : [{ group, reason, amount: cent(n), ...(quantity === undefined ? {} : { quantity }) }];

/** What a payer took off: shares of what it left unpaid, sometimes with interest on top of it, always adding up. */
const adjusted = (rest: number) =>
  fc
    .record({
      patient: fc.integer({ min: 0, max: rest }),
      deductible: fc.integer({ min: 0, max: 100 }),
      interest: fc.constantFrom(0, 0, 125),
      provider: fc.constantFrom('CO' as const, 'PI' as const),
      reason: fc.constantFrom('45', '97', '253', '96'),
      quantity: fc.constantFrom(undefined, 1),
    })
    .map(({ patient, deductible, interest, provider, reason, quantity }) => {
      const first = Math.floor((patient * deductible) / 100);
      return {
        patient,
        list: [
          ...adjustment(provider, reason, rest - patient + interest, quantity),
          ...adjustment('PR', '1', first),
          ...adjustment('PR', '3', patient - first),
          ...adjustment('OA', '225', -interest),
        ],
      };
    });

const decidedLine = ({ procedureCode, cents }: Charge, alone: boolean) =>
  fc.integer({ min: 0, max: cents }).chain((paid) =>
    fc
      .record({
        off: adjusted(cents - paid),
        code: fc.constantFrom(procedureCode, alone ? 'H0005' : procedureCode),
        modifiers: fc.constantFrom<string[]>([], ['HQ'], ['HQ', 'HO', '95', 'U1']),
        units: fc.constantFrom(1, 0, 4),
        adjudicatedOn: maybe(fc.constantFrom(...DECISION_DAYS)),
        remarkCodes: fc.constantFrom<string[]>([], ['N19']),
      })
      .map(({ off, code, ...rest }) => ({
        paid,
        patient: off.patient,
        wire: { procedureCode: code, paidAmount: cent(paid), adjustments: off.list, ...rest },
      })),
  );

/** A decision that balances: by line, on the claim, or that nothing of it is covered. */
const decision = (charges: readonly Charge[]): fc.Arbitrary<Adjudication> => {
  const total = charges.reduce((sum, c) => sum + c.cents, 0);
  const common = fc.record({
    adjudicatedOn: fc.constantFrom(...DECISION_DAYS),
    payerClaimControlNumber: maybe(identifiers, 4),
    remarkCodes: fc.subarray(['MA01', 'N19', 'M15', 'N130', 'N4']),
    says: fc.constantFrom('nothing' as const, 'all' as const),
  });
  const byLine = fc.tuple(...charges.map((charge) => decidedLine(charge, charges.length === 1))).map((lines) => ({
    paid: lines.reduce((sum, l) => sum + l.paid, 0),
    patient: lines.reduce((sum, l) => sum + l.patient, 0),
    adjustments: [],
    lines: lines.map((l) => l.wire).reverse(),
  }));
  const whole = fc
    .integer({ min: 0, max: total })
    .chain((paid) => adjusted(total - paid).map((off) => ({ paid, patient: off.patient, adjustments: off.list, lines: [] })));
  const decided = fc.tuple(common, fc.oneof(byLine, whole)).map(([{ says, ...c }, d]) => ({
    ...c,
    paidAmount: cent(d.paid),
    adjustments: d.adjustments,
    lines: d.lines,
    ...(says === 'all' ? { remainingPatientLiability: cent(d.patient) } : {}),
  }));
  const passedOver: Adjudication = {
    adjudicatedOn: SERVICE_DAY,
    paidAmount: '0',
    nonCoveredAmount: cent(total),
    adjustments: [],
    remarkCodes: [],
    lines: [],
  };
  return fc.oneof({ weight: 6, arbitrary: decided }, { weight: 1, arbitrary: fc.constant(passedOver) });
};

const insured = fc.oneof(
  fc.constant({ relationshipToSubscriber: 'self' as const }),
  fc.record({
    relationshipToSubscriber: fc.constantFrom('spouse' as const, 'child' as const, 'life_partner' as const, 'other' as const),
    subscriber: fc.record(
      {
        lastName: names,
        firstName: firstNames,
        middleName: fc.constantFrom('Q', null),
        suffix: fc.constantFrom('Jr.', null),
        dateOfBirth: birthDay,
        gender: fc.constantFrom('F' as const, 'X' as const),
        address,
      },
      { requiredKeys: ['lastName', 'firstName'] },
    ),
  }),
);
export const authorization = fc.record(
  {
    number: identifiers,
    validFrom: fc.constant('2026-01-01'),
    validTo: fc.constant('2026-12-31'),
    unitsRemaining: fc.integer({ min: 1, max: 20 }),
  },
  { requiredKeys: ['number'] },
);

/** One coverage; Medicare and Medicaid insure everybody by themselves, Medicare says why it is not first. */
export const coverage = (payerId: string, rank: 'P' | 'S' | 'T', adjudication: Adjudication | null): fc.Arbitrary<Coverage> => {
  const publicPayer = payerId === 'medicare_wi' || payerId === 'medicaid_wi';
  return fc
    .record({
      memberId: memberIds[payerId] as fc.Arbitrary<string>,
      who: publicPayer ? fc.constant({ relationshipToSubscriber: 'self' as const }) : insured,
      groupNumber: maybe(identifiers),
      planName: maybe(fc.constantFrom('Plan “Ærø” – Gruppe', 'Blue Preferred POS')),
      acceptAssignment: maybe(fc.constantFrom('A' as const, 'B' as const, 'C' as const)),
      benefitsAssigned: maybe(fc.constantFrom('Y' as const, 'N' as const, 'W' as const)),
      releaseOfInformation: maybe(fc.constantFrom('Y' as const, 'I' as const)),
      patientSignatureSource: maybe(fc.constant('P' as const)),
      priorAuthorization: maybe(authorization),
      insuranceTypeCode: fc.constantFrom('12' as const, '13' as const, '43' as const),
    })
    .map(({ who, insuranceTypeCode, ...rest }) => ({
      payerId,
      responsibility: rank,
      ...rest,
      ...who,
      ...(payerId === 'medicare_wi' && rank !== 'P' ? { insuranceTypeCode } : {}),
      verified: { groupTherapyCovered: true, on: '2026-10-02' },
      ...(adjudication === null ? {} : { adjudication }),
    }));
};

const RANKS = ['P', 'S', 'T'] as const;

/** One to three payers, Medicaid last; any number of the first of them have decided, never all. In any order of naming. */
export const coverages = (charges: readonly Charge[]): fc.Arbitrary<Coverage[]> =>
  fc
    .record({
      commercial: fc.shuffledSubarray([...COMMERCIAL, 'medicare_wi'], { maxLength: 3 }),
      medicaid: fc.boolean(),
      decided: fc.nat(2),
      turned: fc.boolean(),
    })
    .chain(({ commercial, medicaid, decided, turned }) => {
      const chosen: string[] = [...commercial.slice(0, medicaid ? 2 : 3), ...(medicaid ? ['medicaid_wi'] : [])];
      const payers = chosen.length === 0 ? ['60054'] : chosen;
      const done = Math.min(decided, payers.length - 1);
      return fc
        .tuple(
          ...payers.map((payerId, i) => {
            const rank = RANKS[i] ?? 'T';
            return i < done ? decision(charges).chain((made) => coverage(payerId, rank, made)) : coverage(payerId, rank, null);
          }),
        )
        .map((list) => (turned ? list.toReversed() : list));
    });
