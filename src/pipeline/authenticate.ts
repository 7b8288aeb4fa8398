import { findApiKey } from '../ledger/api-keys.ts';
import type { PipelineDeps } from './deps.ts';
import type { Principal } from './service.ts';

/** A revoked key works for at most this long after its revocation. */
const TTL_MS = 1_000;
const MAX_KNOWN = 1_000;

/** Who a Bearer token stands for, or null. A live key is remembered for a second, so that a burst costs one look. */
export function createAuthenticator(
  deps: Pick<PipelineDeps, 'ledger'>,
  hashApiKey: (token: string) => Uint8Array,
  monotonic: () => number = () => performance.now(),
): (bearer: string) => Promise<Principal | null> {
  const known = new Map<string, { readonly until: number; readonly principal: Principal }>();
  const asked = new Map<string, { readonly since: number; readonly look: Promise<Principal | null> }>();
  const ask = async (hash: Uint8Array, id: string): Promise<Principal | null> => {
    // From when it is asked: the answer may be as old as that, however late it comes.
    const until = monotonic() + TTL_MS;
    const row = await findApiKey(deps.ledger.db, hash);
    if (row === undefined) return null;
    const principal: Principal = {
      keyId: row.id,
      practiceId: row.practice_id,
      scopes: new Set(row.scopes) as Principal['scopes'],
    };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(id, { until, principal });
    return principal;
  };
  return async (bearer) => {
    const hash = hashApiKey(bearer);
    const id = Buffer.from(hash).toString('base64');
    const hit = known.get(id);
    if (hit !== undefined && hit.until > monotonic()) return hit.principal;
    known.delete(id);
    // Those that come while it is looked up wait for the same look, unless that hangs: a ledger that is back is asked anew.
    const before = asked.get(id);
    if (before !== undefined && monotonic() - before.since < TTL_MS) return before.look;
    const look = ask(hash, id).finally(() => {
      if (asked.get(id)?.look === look) asked.delete(id);
    });
    asked.set(id, { since: monotonic(), look });
    return look;
  };
}
