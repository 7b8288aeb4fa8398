import type { ServiceFacility as WireFacility, Provider as WireProvider } from '../../../schemas/group-session.ts';
import type { Practice } from '../../../schemas/practice.ts';
import type { PartyName, Provider } from '../../x12/837p/model.ts';
import type { ResolvedBilling, ResolvedFacility, ResolvedProvider } from '../context.ts';
import { addressKey, type FitIssue, LENGTH, optionalText, personName, postalAddress, requiredText } from '../fit.ts';

/** Configuration has no place in the request body: its faults point at the field that names the practice. */
export const PRACTICE_PATH = '/practiceId';

const code = (text: string | null | undefined): string | null => {
  const trimmed = text?.trim().toUpperCase() ?? '';
  return trimmed === '' ? null : trimmed;
};

/** 2010AA from the practice; the payer-specific secondary ids are added when a claim is put together. */
export function resolveBilling(practice: Practice): ResolvedBilling {
  const raw: FitIssue[] = [];
  const b = practice.billingProvider;
  const name: PartyName | null = b.entityType === 'individual' ? personName(raw, '', b) : organization(raw, b.organizationName);
  const address = postalAddress(raw, '', b.address);
  const contact = b.contact
    ? {
        name: optionalText(raw, '', b.contact.name, LENGTH.organization),
        phone: b.contact.phone,
        email: b.contact.email ?? null,
      }
    : null;
  const taxonomyCode = code(b.taxonomyCode);
  const taxId = { qualifier: b.taxId.type, value: b.taxId.value.replace(/[\s-]/g, '') };
  return {
    npi: b.npi,
    taxonomyCode,
    provider: name && address ? { name, npi: b.npi, taxonomyCode, secondaryIds: [], address, taxId, contact } : null,
    issues: raw.map(({ kind }) => ({ path: PRACTICE_PATH, kind })),
  };
}

const organization = (issues: FitIssue[], text: string): PartyName | null => {
  const name = requiredText(issues, '', text, LENGTH.organization);
  return name === null ? null : { kind: 'organization', name };
};

export function resolveProvider(path: string, wire: WireProvider): ResolvedProvider {
  const issues: FitIssue[] = [];
  const name = personName(issues, path, wire);
  const taxonomyCode = code(wire.taxonomyCode);
  const provider: Provider | null = name && { name, npi: wire.npi, taxonomyCode, secondaryIds: [] };
  return { path, npi: wire.npi, taxonomyCode, credential: wire.credential ?? null, provider, issues };
}

/** 2310C; `differs` compares places, not spellings [RFI 2810 leaves "different" to the payer]. */
export function resolveFacility(path: string, wire: WireFacility, billing: ResolvedBilling): ResolvedFacility {
  const issues: FitIssue[] = [];
  const name = requiredText(issues, `${path}/name`, wire.name, LENGTH.organization);
  const address = postalAddress(issues, `${path}/address`, wire.address);
  const npi = wire.npi ?? null;
  const differs = address === null || billing.provider === null || addressKey(address) !== addressKey(billing.provider.address);
  return {
    path,
    placeOfServiceCode: wire.placeOfServiceCode.trim(),
    npi,
    differs,
    facility: name && address ? { name, npi, address, secondaryIds: [] } : null,
    issues,
  };
}
