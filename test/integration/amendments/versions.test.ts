import { describe, expect, it } from 'vitest';
import type { SessionAnswer } from '../../../schemas/group-session.ts';
import { at, onBothLedgers, withAttendee } from '../../support/amending.ts';
import { insist } from '../../support/app.ts';

const OTHER_DIAGNOSIS = { diagnoses: ['F32.1'] };

onBothLedgers('versions of a session', (s) => {
  describe('versions', () => {
    it('If-Match, ETag, 404, 412, 422, 428; nothing stored by a refusal', async () => {
      const { session, first, ids } = await s.posted();
      const before = await s.bench.rows([...ids, first.id]);
      const status = async (body: object, headers: Record<string, string> = {}) => {
        const answer = await s.bench.amend(first, body, headers);
        return [answer.status, (answer.body as { type?: string }).type?.split(':').at(-1)];
      };
      expect(await status(session, { 'if-match': '"2"' })).toEqual([412, 'version_changed']);
      expect(await status(session, { 'if-match': 'W/"1"' })).toEqual([412, 'version_changed']);
      expect(await status(session, { 'if-match': '1' })).toEqual([400, 'if_match_invalid']);
      expect(await status({ ...session, reason: 'x' })).toEqual([422, 'invalid_amendment']);
      expect(await status({ ...session, externalId: 'another' })).toEqual([422, 'invalid_amendment']);
      expect(await status({ ...session, practiceId: 'prac_nowhere' })).toEqual([422, 'unknown_practice']);
      expect(await status({ ...session, finalized: null })).toEqual([422, 'invalid_session']);
      expect(await status({ ...session, groupNote: { ...session.groupNote, attendeeCount: 9 } })).toEqual([
        422,
        'session_blocked',
      ]);
      const bare = await s.bench.t.request('POST', `/v1/group-sessions/${first.id}/amendments`, {
        ...session,
        reason: 'corrected',
      });
      expect(bare.status).toBe(428);
      expect((await s.bench.amend({ ...first, id: 'gs_00000000000000000000000000' }, session)).status).toBe(404);
      expect(await s.bench.rows([...ids, first.id])).toBe(before);

      const answer = await s.bench.amend(first, withAttendee(session, 0, OTHER_DIAGNOSIS), { 'if-match': '"9", "1"' });
      expect([answer.status, answer.headers.get('etag'), answer.headers.get('location')]).toEqual([
        202,
        '"2"',
        `/v1/group-sessions/${first.id}`,
      ]);
      const read = await s.bench.t.request('GET', `/v1/group-sessions/${first.id}`);
      expect([read.headers.get('etag'), read.body]).toEqual(['"2"', answer.body]);
      const star = await s.bench.amend(first, session, { 'if-match': '*' });
      expect([star.status, star.headers.get('etag')]).toEqual([202, '"3"']);

      // The natural key answers with what is there now.
      expect((await s.bench.t.request('POST', '/v1/group-sessions', session)).status).toBe(200);
      expect((await s.bench.t.request('POST', '/v1/group-sessions', withAttendee(session, 0, OTHER_DIAGNOSIS))).status).toBe(409);
      const versions = (await s.bench.t.request('GET', `/v1/group-sessions/${first.id}/versions`)).body as {
        items: { version: number; reason: string | null; actor: string }[];
      };
      expect(versions.items.map((v) => [v.version, v.reason])).toEqual([
        [1, null],
        [2, 'corrected in the EHR'],
        [3, 'corrected in the EHR'],
      ]);
      expect(new Set(versions.items.map((v) => v.actor)).size).toBe(1);
      const audit = (await s.bench.t.request('GET', '/v1/audit?limit=200')).body as {
        items: { action: string; target: string; detail: unknown }[];
      };
      expect(audit.items.filter((e) => e.target === first.id).map((e) => [e.action, e.detail])).toEqual([
        ['session.amend', { version: 3 }],
        ['session.amend', { version: 2 }],
      ]);
    });

    it('two hundred at once under one key: one effect, one answer', async () => {
      const { session, first, ids } = await s.posted();
      const body = withAttendee(session, 0, OTHER_DIAGNOSIS);
      const answers = await Promise.all(
        Array.from({ length: 200 }, () => insist(() => s.bench.amend(first, body, { 'idempotency-key': `one-${first.id}` }))),
      );
      expect(new Set(answers.map((a) => a.status))).toEqual(new Set([202]));
      expect(new Set(answers.map((a) => a.text)).size).toBe(1);
      expect(answers.filter((a) => a.headers.get('idempotent-replayed') === null)).toHaveLength(1);
      expect((await s.bench.view(at(ids, 0))).history.filter((h) => h.event === 'claim.amended')).toHaveLength(1);
      const other = await s.bench.amend(first, { ...body, groupId: 'x' }, { 'idempotency-key': `one-${first.id}` });
      expect(other.status).toBe(422);
    });

    it('different amendments at once: one wins, the others get 412; with * all take effect, one after the other', async () => {
      const { session, first } = await s.posted();
      const bodies = ['F32.1', 'F41.0', 'F43.21'].map((code) => withAttendee(session, 0, { diagnoses: [code] }));
      const raced = await Promise.all(bodies.map((body) => s.bench.amend(first, body)));
      expect(raced.map((a) => a.status).sort()).toEqual([202, 412, 412]);
      const all = await Promise.all(bodies.map((body) => s.bench.amend(first, body, { 'if-match': '*' })));
      expect(all.map((a) => a.status)).toEqual([202, 202, 202]);
      expect(all.map((a) => (a.body as SessionAnswer).version).sort()).toEqual([3, 4, 5]);
    });

    it('an amendment and a person at one claim: each sees what the other did', async () => {
      const { session, first, ids } = await s.posted();
      const [amended, cancelled] = await Promise.all([
        s.bench.amend(first, withAttendee(session, 0, OTHER_DIAGNOSIS)),
        s.bench.t.request('POST', `/v1/claims/${at(ids, 0)}/cancel`, { reason: 'looked at by a test' }),
      ]);
      expect(amended.status).toBe(202);
      expect([200, 409]).toContain(cancelled.status);
      const now = (await s.bench.t.request('GET', `/v1/group-sessions/${first.id}`)).body as SessionAnswer;
      const states = await Promise.all((now.attendees[0]?.claims ?? []).map((c) => s.state(c.claimId)));
      if (cancelled.status === 200) expect(states).toContain('cancelled');
      else expect(states).toEqual(['scheduled']);
    });
  });
});
