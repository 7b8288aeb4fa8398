import type { ClaimView } from '../../schemas/claim.ts';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import { insertApiKey } from '../../src/ledger/api-keys.ts';
import { hashApiKey } from '../../src/ops/crypto.ts';
import { type TestApp, until } from './app.ts';
import { manySessions, type Overrides, overlay } from './sessions.ts';

/** One session that passes every edit: own clinician, own patients, 20 November 2026, 17:00 to 18:00 in Chicago. */
export function freshSession(seed: number, attendees = 3, payerIds: readonly string[] = ['60054']): GroupSession {
  const [session] = manySessions(1, seed, { attendees, payerIds });
  if (session === undefined) throw new Error('no session was made');
  return session;
}

/** The session at other times of its day, `HH:MM`. */
export const at = (session: GroupSession, from: string, to: string): GroupSession => ({
  ...session,
  startedAt: `2026-11-20T${from}:00-06:00`,
  endedAt: `2026-11-20T${to}:00-06:00`,
  finalized: { ...session.finalized, at: '2026-11-20T21:00:00-06:00' },
});

type Attendee = GroupSession['attendees'][number];

export const withPatient = (session: GroupSession, index: number, attendee: Attendee): GroupSession => ({
  ...session,
  attendees: session.attendees.map((a, i) => (i === index ? attendee : a)),
});

export const changed = (session: GroupSession, index: number, changes: Overrides<Attendee>): GroupSession =>
  withPatient(session, index, overlay(session.attendees[index] as Attendee, changes));

/** The first claim of a lane leaves at once. With that done, nothing else leaves while `minFileGapSeconds` lasts. */
export async function occupyLane(t: TestApp): Promise<void> {
  await asker(t).post(freshSession(9_999, 2));
  await until('the first claim of the lane has left', async () => (await t.drops()).length > 0);
}

/** What tests ask of a service: sessions in, claims out, and a second person. */
export function asker(t: TestApp) {
  const claim = async (id: string | null | undefined): Promise<ClaimView> => {
    const answer = await t.request('GET', `/v1/claims/${id}`);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body as ClaimView;
  };
  return {
    async post(session: GroupSession): Promise<SessionAnswer> {
      const answer = await t.request('POST', '/v1/group-sessions', session);
      if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
      return answer.body as SessionAnswer;
    },
    async preview(session: GroupSession): Promise<SessionAnswer> {
      const answer = await t.request('POST', '/v1/group-sessions/preview', session);
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      return answer.body as SessionAnswer;
    },
    claim,
    /** State and open holds of every claim of a session, by roster position. */
    async standing(answer: SessionAnswer): Promise<string[]> {
      const rows: string[] = [];
      for (const { claimId, state } of answer.attendees) {
        if (claimId === null) rows.push(state);
        else {
          const view = await claim(claimId);
          rows.push([view.state, ...view.holds.map((h) => h.rule).sort()].join(' '));
        }
      }
      return rows;
    },
    /** A key of its own, as the headers that carry it. */
    async person(name: string, practiceId: string | null = null): Promise<{ authorization: string }> {
      const token = `rk_test_person_${name}_${'0'.repeat(20)}`;
      const key = { id: `key_${name}`, practiceId, name, hash: hashApiKey(token), scopes: ['admin'] as const };
      await insertApiKey(t.app.core.ledger.db, { ...key, scopes: [...key.scopes] });
      return { authorization: `Bearer ${token}` };
    },
  };
}
