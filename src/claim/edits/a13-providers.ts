import { isPostOfficeBox } from '../../x12/address.ts';
import type { AttendeeContext, GateInput } from '../context.ts';
import { isValidNpi } from '../identifiers.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const TAXONOMY = /^[0-9A-Z]{9}X$/;
const PRIVATE_MAILBOX = /(^|[^A-Z0-9])PMB[ .#]*\d/;

export const TAX_ID = 'The tax id has nine digits.';
/** However it is written: hyphens and spaces go. */
export const isTaxId = (value: string): boolean => /^\d{9}$/.test(value.replace(/[\s-]/g, ''));

const PRACTICE = '/practiceId';

interface Numbered {
  readonly path: string;
  readonly npi: string | null;
  readonly taxonomyCode: string | null;
}

const numbersOf = (ctx: AttendeeContext): readonly Numbered[] => {
  const { billing, supervising, referring, facility } = ctx;
  const people = [ctx.renderingSent ? ctx.rendering : null, supervising, referring].filter((p) => p !== null);
  return [
    { path: PRACTICE, npi: billing.npi, taxonomyCode: billing.taxonomyCode },
    ...people.map((p) => ({ path: p.path, npi: p.npi, taxonomyCode: p.taxonomyCode })),
    ...(facility ? [{ path: facility.path, npi: facility.npi, taxonomyCode: null }] : []),
  ];
};

/** A finding on the practice names no field of the session. */
const field = (path: string, name: string): string => (path === PRACTICE ? path : `${path}/${name}`);

/** Also asked of a practice before it is stored. */
export const numberFindings = ({ path, npi, taxonomyCode }: Numbered): readonly EditFinding[] => {
  const findings: EditFinding[] = [];
  if (npi !== null && !isValidNpi(npi)) {
    findings.push({
      severity: 'block',
      path: field(path, 'npi'),
      message: 'The NPI is not valid: ten digits with a check digit.',
    });
  }
  if (taxonomyCode !== null && !TAXONOMY.test(taxonomyCode)) {
    findings.push({ severity: 'block', path: field(path, 'taxonomyCode'), message: 'This is not the shape of a taxonomy code.' });
  }
  return findings;
};

export const placeFindings = (
  path: string,
  line1: string,
  line2: string | null,
  postalCode: string,
  what: string,
): readonly EditFinding[] => {
  const findings: EditFinding[] = [];
  const lines = [line1, line2 ?? ''].map((l) => l.toUpperCase());
  if (postalCode.replace(/[\s-]/g, '').length !== 9) {
    findings.push({
      severity: 'block',
      path: field(path, 'address/postalCode'),
      message: `The ${what} needs a nine-digit ZIP code.`,
    });
  }
  if (lines.some(isPostOfficeBox)) {
    findings.push({ severity: 'block', path: field(path, 'address'), message: `The ${what} must not be a PO box or lockbox.` });
  } else if (lines.some((l) => PRIVATE_MAILBOX.test(l))) {
    findings.push({ severity: 'warn', path: field(path, 'address'), message: `The ${what} looks like a private mailbox.` });
  }
  return findings;
};

const requirementFindings = ({ cover, billing, referring, renderingSent }: AttendeeContext): readonly EditFinding[] => {
  const findings: EditFinding[] = [];
  const asOrganization = billing.provider?.name.kind === 'organization';
  if (cover.policy.requiresRendering && asOrganization && !renderingSent) {
    findings.push({
      severity: 'block',
      path: '/renderingProvider/npi',
      message: 'An organization bills with the NPI of the clinician, not its own, as rendering provider.',
    });
  }
  if (cover.policy.requiresReferring && referring === null) {
    findings.push({ severity: 'block', path: '/referringProvider', message: 'This payer requires a referring provider.' });
  }
  return findings;
};

const onPractice = new WeakMap<GateInput, readonly EditFinding[]>();

/** The billing address is the same for the whole roster: read once per gate run. */
const billingAddressFindings = (input: GateInput): readonly EditFinding[] => {
  const before = onPractice.get(input);
  if (before !== undefined) return before;
  const { address } = input.practice.billingProvider;
  const found = placeFindings(PRACTICE, address.line1, address.line2 ?? null, address.postalCode, 'billing address');
  onPractice.set(input, found);
  return found;
};

export const a13: AttendeeEdit = {
  id: 'A13',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '2',
  snip: 5,
  title: 'NPIs, taxonomy codes, tax id and the addresses of billing provider and service facility',
  fixedBy: ['administrator', 'biller'],
  provenance: { confidence: 'H', source: 'CMS NPI check digit; X12 RFI 1451 (no PO box), RFI 1533 (nine-digit ZIP)' },
  check: (ctx) => {
    const { taxId } = ctx.input.practice.billingProvider;
    const facility = ctx.facility?.facility;
    return [
      ...numbersOf(ctx).flatMap(numberFindings),
      ...(ctx.attendee.remains?.providers ?? []).flatMap(({ field: name, ...numbers }) =>
        numberFindings({ path: `${ctx.base}/${name}`, ...numbers }),
      ),
      ...billingAddressFindings(ctx.input),
      ...(facility && ctx.facility
        ? placeFindings(
            ctx.facility.path,
            facility.address.line1,
            facility.address.line2,
            facility.address.postalCode,
            'service facility address',
          )
        : []),
      ...(isTaxId(taxId.value) ? [] : [{ severity: 'block', path: PRACTICE, message: TAX_ID } as const]),
      ...requirementFindings(ctx),
    ];
  },
};
