import type { Payer } from '../../schemas/payer.ts';
import { resolvePolicy } from '../claim/payers/registry.ts';
import { allConfigs } from '../ledger/config-store.ts';
import type { Executor } from '../ledger/executor.ts';
import type { ReceiverProfile } from '../x12/837p/validate/rules/rule.ts';

type KnownPayers = NonNullable<ReceiverProfile['payers']>;

/**
 * Every id under which a configured payer goes on the wire (2010BB NM109), with the shape of its member ids on `today`
 * (`YYYY-MM-DD`). Of two payers under one id nothing is known of the shape.
 */
export async function knownPayers(db: Executor, today: string): Promise<KnownPayers> {
  const known = new Map<string, { readonly memberIdPattern: RegExp | null }>();
  for (const row of await allConfigs(db, 'payer')) {
    const payer = row.body as Payer;
    const resolved = resolvePolicy(payer, today);
    const pattern = resolved.ok ? resolved.policy.memberIdPattern : null;
    for (const id of new Set([payer.payerId, ...Object.values(payer.wireIds)])) {
      known.set(id, { memberIdPattern: pattern === null || known.has(id) ? null : new RegExp(pattern, 'u') });
    }
  }
  return known;
}
