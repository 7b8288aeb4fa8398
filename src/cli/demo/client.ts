import type { ClaimSummary, ClaimView } from '../../../schemas/claim.ts';
import type { SessionAnswer } from '../../../schemas/group-session.ts';
import type { Problem } from '../../../schemas/problem.ts';

export type Posted =
  | { readonly ok: true; readonly status: number; readonly answer: SessionAnswer }
  | { readonly ok: false; readonly problem: Problem };

/** An EHR's side of the API, over real HTTP. */
export interface Client {
  postSession(body: unknown, idempotencyKey: string): Promise<Posted>;
  claimsOf(sessionId: string): Promise<readonly ClaimSummary[]>;
  claim(id: string): Promise<ClaimView>;
}

export function createClient(url: string, key: string): Client {
  const authorization = `Bearer ${key}`;
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}${path}`, { headers: { authorization } });
    if (!response.ok) throw new Error(`GET ${path.split('?')[0]} answered ${response.status}`);
    return (await response.json()) as T;
  };
  return {
    async postSession(body, idempotencyKey) {
      const response = await fetch(`${url}/v1/group-sessions`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      });
      if (response.ok) return { ok: true, status: response.status, answer: (await response.json()) as SessionAnswer };
      return { ok: false, problem: (await response.json()) as Problem };
    },
    async claimsOf(sessionId) {
      const found = await get<{ items: ClaimSummary[] }>(`/v1/claims?sessionId=${encodeURIComponent(sessionId)}&limit=200`);
      return found.items;
    },
    claim: (id) => get<ClaimView>(`/v1/claims/${encodeURIComponent(id)}`),
  };
}
