import type { Practice } from '../../../schemas/practice.ts';
import type { OtherPayerProvider, Provider, Reference, ServiceFacility } from '../../x12/837p/model.ts';
import type { ResolvedBilling, ResolvedFacility, ResolvedProvider } from '../context.ts';

type Role = OtherPayerProvider['role'];
type Qualifier = Practice['secondaryIds'][number]['qualifier'];

/**
 * REF01 by role where the payer is the one billed (2310A–D) and where it is another (2330C–G): the guide has the same codes.
 * 0B and 1G of the billing provider stand in 2010AA, once for all payers.
 */
const QUALIFIERS: Readonly<Record<Exclude<Role, 'primary_care'>, readonly Qualifier[]>> = {
  referring: ['0B', '1G', 'G2'],
  rendering: ['0B', '1G', 'G2', 'LU'],
  facility: ['0B', 'G2', 'LU'],
  supervising: ['0B', '1G', 'G2', 'LU'],
  billing: ['G2', 'LU'],
};

/** Who stands in the claim; null where the loop is not sent. */
export interface ClaimProviders {
  readonly billing: ResolvedBilling;
  readonly rendering: ResolvedProvider | null;
  readonly supervising: ResolvedProvider | null;
  readonly referring: ResolvedProvider | null;
  readonly facility: ResolvedFacility | null;
}

/** Where the guide has room for fewer numbers than codes (2330D and F: three of four), the UPIN goes first: it was retired in 2007. */
const OTHER_PAYER_NUMBERS = 3;
const LEAST_NEEDED: readonly Qualifier[] = ['1G', '0B', 'LU'];

/** One number per code: of two, the one given for this NPI. */
function numbers(
  practice: Practice,
  payerId: string,
  qualifiers: readonly Qualifier[],
  mine: (npi: string | null) => boolean,
): readonly Reference[] {
  const found = practice.secondaryIds.filter(
    (s) => s.payerId === payerId && qualifiers.includes(s.qualifier) && mine(s.npi ?? null),
  );
  return found
    .filter((s) => s.npi != null || !found.some((o) => o.qualifier === s.qualifier && o.npi != null))
    .map(({ qualifier, value }) => ({ qualifier, value }));
}

/** Ids that one payer gave the practice: those without an NPI are the practice's own. Medicare's legacy qualifiers are the practice's choice. */
export const billingNumbers = (
  practice: Practice,
  payerId: string,
  npi: string,
  qualifiers: readonly Qualifier[],
): readonly Reference[] => numbers(practice, payerId, qualifiers, (of) => of === null || of === npi);

/** Ids that one payer gave a clinician or a facility. */
const numbersOf = (practice: Practice, payerId: string, role: keyof typeof QUALIFIERS, npi: string | null) =>
  npi === null ? [] : numbers(practice, payerId, QUALIFIERS[role], (of) => of === npi);

function asManyAsFit(ids: readonly Reference[]): readonly Reference[] {
  if (ids.length <= OTHER_PAYER_NUMBERS) return ids;
  const left = LEAST_NEEDED.find((q) => ids.some((id) => id.qualifier === q));
  return ids.filter((id) => id.qualifier !== left);
}

/** A clinician with the ids of the payer that is billed (2310A, B, D). */
export const numberedProvider = (
  practice: Practice,
  payerId: string,
  role: 'referring' | 'rendering' | 'supervising',
  resolved: ResolvedProvider | null,
): Provider | null =>
  resolved?.provider ? { ...resolved.provider, secondaryIds: numbersOf(practice, payerId, role, resolved.npi) } : null;

/** The facility with the ids of the payer that is billed (2310C). */
export const numberedFacility = (
  practice: Practice,
  payerId: string,
  resolved: ResolvedFacility | null,
): ServiceFacility | null =>
  resolved?.facility ? { ...resolved.facility, secondaryIds: numbersOf(practice, payerId, 'facility', resolved.npi) } : null;

/**
 * Loops 2330C–G: what another payer calls the providers of this claim by numbers of its own. A provider without such a
 * number is left out, as the guide asks; the loops hold nothing but the kind of provider and up to three numbers.
 */
export function otherPayerProviders(practice: Practice, payerId: string, sent: ClaimProviders): readonly OtherPayerProvider[] {
  const found = (role: keyof typeof QUALIFIERS, entity: OtherPayerProvider['entity'], ids: readonly Reference[]) =>
    ids.length === 0 ? [] : [{ role, entity, ids: asManyAsFit(ids) }];
  const person = (role: 'referring' | 'rendering' | 'supervising', provider: ResolvedProvider | null) =>
    found(role, 'person', numbersOf(practice, payerId, role, provider?.npi ?? null));
  const { billing } = sent;
  return [
    ...person('referring', sent.referring),
    ...person('rendering', sent.rendering),
    ...found('facility', 'organization', numbersOf(practice, payerId, 'facility', sent.facility?.npi ?? null)),
    ...person('supervising', sent.supervising),
    ...found(
      'billing',
      billing.provider?.name.kind ?? 'organization',
      billingNumbers(practice, payerId, billing.npi, QUALIFIERS.billing),
    ),
  ];
}
