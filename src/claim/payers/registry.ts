import type { Payer } from '../../../schemas/payer.ts';
import type { IsoDate } from '../dates.ts';
import { aetna } from './aetna.ts';
import { bcbs } from './bcbs.ts';
import { cigna } from './cigna.ts';
import { defaultPolicy, defaultValues } from './default.ts';
import { eap } from './eap.ts';
import { medicaid } from './medicaid.ts';
import { medicaidNy } from './medicaid-ny.ts';
import { medicaidTx } from './medicaid-tx.ts';
import { medicaidWi } from './medicaid-wi.ts';
import { medicare } from './medicare.ts';
import { type Confidence, type Policy, type PolicyFile, policyOverridesSchema, type Sourced } from './policy.ts';
import { uhcOptum } from './uhc-optum.ts';

/** Every shipped policy; a new payer is one file and one line here. */
export const POLICIES: readonly PolicyFile[] = [
  defaultPolicy,
  medicare,
  medicaid,
  medicaidTx,
  medicaidNy,
  medicaidWi,
  aetna,
  cigna,
  uhcOptum,
  bcbs,
  eap,
];

const byId: ReadonlyMap<string, PolicyFile> = new Map(POLICIES.map((p) => [p.id, p]));

export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly code: 'unknown_policy' | 'invalid_overrides'; readonly properties: readonly string[] };

type PayerPolicyChoice = Pick<Payer, 'policy' | 'policyOverrides'>;

/** Where one value of a resolved policy comes from; for `rollcall payers explain`. */
export interface ExplainedValue {
  readonly property: keyof Policy;
  readonly value: unknown;
  readonly confidence: Confidence;
  readonly source: string;
  readonly from: 'override' | 'default' | { readonly policy: string; readonly effectiveFrom: IsoDate };
}

type Layer = { readonly from: ExplainedValue['from']; readonly values: { readonly [K in keyof Policy]?: Sourced<Policy[K]> } };

const layersOf = (file: PolicyFile, dateOfService: IsoDate): readonly Layer[] => {
  if (file === defaultPolicy) return [{ from: 'default', values: defaultValues }];
  const base = byId.get(file.basedOn ?? defaultPolicy.id) ?? defaultPolicy;
  const own = file.versions.filter((v) => v.effectiveFrom <= dateOfService);
  return [
    ...layersOf(base, dateOfService),
    ...own.map((v) => ({ from: { policy: file.id, effectiveFrom: v.effectiveFrom }, values: v.values })),
  ];
};

const properties = Object.keys(defaultValues) as (keyof Policy)[];

/** Names of the declared properties that these overrides get wrong, or name that do not exist; empty when they are fine. */
export function faultyOverrides(overrides: Payer['policyOverrides']): readonly string[] {
  const parsed = policyOverridesSchema.safeParse(overrides);
  if (parsed.success) return [];
  return [
    ...new Set(
      parsed.error.issues.flatMap((i) => (i.code === 'unrecognized_keys' && i.path.length === 0 ? i.keys : [String(i.path[0])])),
    ),
  ];
}

/** Most payers have none, and there is nothing to check in them. */
const NO_OVERRIDES = { success: true, data: {} } as const;

/**
 * A payer's policy on a date of service (never on today): `default`, then the versions of its shipped policy that were in
 * effect, then its own overrides. Not ok for a policy that does not exist or overrides that are not valid.
 */
export function resolvePolicy(payer: PayerPolicyChoice, dateOfService: IsoDate): PolicyResult {
  const file = byId.get(payer.policy);
  if (file === undefined) return { ok: false, code: 'unknown_policy', properties: [] };
  const own =
    Object.keys(payer.policyOverrides).length === 0 ? NO_OVERRIDES : policyOverridesSchema.safeParse(payer.policyOverrides);
  if (!own.success) return { ok: false, code: 'invalid_overrides', properties: faultyOverrides(payer.policyOverrides) };
  const values: Record<string, unknown> = {};
  for (const layer of layersOf(file, dateOfService)) {
    for (const [property, sourced] of Object.entries(layer.values)) values[property] = sourced.value;
  }
  return { ok: true, policy: { ...values, ...own.data } as Policy };
}

/** The same resolution with the origin of each value. */
export function explainPolicy(payer: PayerPolicyChoice, dateOfService: IsoDate): readonly ExplainedValue[] {
  const file = byId.get(payer.policy) ?? defaultPolicy;
  const layers = [...layersOf(file, dateOfService)].reverse();
  const own: Record<string, unknown> = policyOverridesSchema.safeParse(payer.policyOverrides).data ?? payer.policyOverrides;
  return properties.map((property) => {
    if (Object.hasOwn(own, property)) {
      return {
        property,
        value: own[property],
        confidence: 'D',
        source: 'policyOverrides of the configured payer',
        from: 'override',
      };
    }
    const layer = layers.find((l) => l.values[property] !== undefined);
    const sourced: Sourced<unknown> = layer?.values[property] ?? defaultValues[property];
    return { property, ...sourced, from: layer?.from ?? 'default' };
  });
}
