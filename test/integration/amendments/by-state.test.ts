import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { ClaimState } from '../../../schemas/common.ts';
import type { SessionAnswer } from '../../../schemas/group-session.ts';
import { at, claimOf, counted, onBothLedgers, oneSession, settled, withAttendee } from '../../support/amending.ts';

const OTHER_DIAGNOSIS = { diagnoses: ['F32.1'] };

onBothLedgers('an amendment by state', (s) => {
  describe('by state', () => {
    const UNDER_WAY: readonly ClaimState[] = [
      'released',
      'transmit_unknown',
      'transmitted',
      'picked_up',
      'acknowledged',
      'stalled',
      'accepted',
      'duplicate_flagged',
      'reversed',
    ];

    it.each(UNDER_WAY)('%s: the change waits, a later one takes its place, the first state again ends it', async (state) => {
      const { session, first, ids } = await s.posted();
      const [id, gone] = [at(ids, 0), at(ids, 2)];
      await s.bench.drive(id, state);
      await s.bench.drive(gone, state);
      const bystander = await s.bench.rows([at(ids, 1)]);
      const amended = await s.bench.amended(first, withAttendee(withAttendee(session, 2, null), 0, OTHER_DIAGNOSIS));
      expect(await s.bench.view(id)).toMatchObject({ state, pendingAction: 'amend', replacedBy: null });
      expect(await s.bench.view(gone)).toMatchObject({ state, pendingAction: 'withdraw', replacedBy: null });
      expect(amended.attendees[0]?.claims).toEqual([expect.objectContaining({ pendingAction: 'amend' })]);
      expect(amended.removed?.[0]?.claims).toEqual([expect.objectContaining({ state, pendingAction: 'withdraw' })]);
      const second = await s.bench.amended(amended, withAttendee(withAttendee(session, 2, null), 0, { diagnoses: ['F41.0'] }));
      const kept = await sql<{ v: number }>`select session_version as v from pending_amendment where claim_id = ${id}`.execute(
        s.bench.t.app.core.ledger.db,
      );
      expect(kept.rows).toEqual([{ v: 3 }]);
      await s.bench.amended(second, session);
      expect(await s.bench.view(id)).toMatchObject({ state, pendingAction: null });
      expect(await s.bench.view(gone)).toMatchObject({ state, pendingAction: null });
      expect(await s.bench.rows([at(ids, 1)])).toBe(bystander);
      expect(await s.claims(first.id)).toHaveLength(3);
    });

    it('rejected: built again under the next revision, frequency 1; removed: given up', async () => {
      const { session, first, ids } = await s.posted();
      const was = await s.bench.view(at(ids, 0));
      for (const id of [at(ids, 0), at(ids, 1), at(ids, 2)]) await s.bench.drive(id, 'rejected');
      const answer = await s.bench.amended(
        first,
        counted({ ...withAttendee(withAttendee(session, 2, null), 0, OTHER_DIAGNOSIS) }),
      );
      expect(await s.bench.view(at(ids, 0))).toMatchObject({
        state: 'scheduled',
        revision: 2,
        frequencyCode: '1',
        patientControlNumber: `${was.patientControlNumber.slice(0, -2)}02`,
      });
      expect(await s.state(at(ids, 1))).toBe('rejected');
      expect(await s.state(at(ids, 2))).toBe('cancelled');
      expect(answer.attendees[0]).toMatchObject({ claimId: at(ids, 0), state: 'scheduled' });
    });

    it('a revision past 99 is held for good', async () => {
      const { session, first, ids } = await s.posted();
      await s.bench.drive(at(ids, 0), 'rejected');
      await sql`update claim set revision = 99 where id = ${at(ids, 0)}`.execute(s.bench.t.app.core.ledger.db);
      await s.bench.amended(first, withAttendee(session, 0, OTHER_DIAGNOSIS));
      expect(await s.bench.view(at(ids, 0))).toMatchObject({
        state: 'held',
        revision: 99,
        holds: [{ rule: 'REVISION', severity: 'block' }],
      });
    });

    it.each(['paid', 'partially_paid', 'denied'] as const)(
      '%s: a new claim of frequency 7 with its CLM01, REF F8 and keys; 8 when removed',
      async (state) => {
        const { session, first, ids } = await s.posted();
        await s.bench.drive(at(ids, 0), state);
        await s.bench.drive(at(ids, 2), state);
        const bystander = await s.bench.rows([at(ids, 1)]);
        const was = await s.bench.view(at(ids, 0));
        const answer = await s.bench.amended(first, withAttendee(withAttendee(session, 2, null), 0, OTHER_DIAGNOSIS));
        const seven = await s.bench.view(await s.successor(at(ids, 0)));
        expect(seven).toMatchObject({
          state: 'scheduled',
          frequencyCode: '7',
          replaces: at(ids, 0),
          patientControlNumber: was.patientControlNumber,
          revision: 1,
          holds: [],
        });
        expect(answer.attendees[0]).toMatchObject({ claimId: at(ids, 0), state });
        expect(answer.attendees[0]?.claims?.map((c) => [c.frequencyCode, c.state])).toEqual([
          ['1', state],
          ['7', 'scheduled'],
        ]);
        const text = (await s.bench.t.request('GET', `/v1/claims/${seven.id}/x12`)).text;
        expect(text).toContain(`CLM*${was.patientControlNumber}*60***11:B:7*`);
        expect(text).toContain(`REF*F8*${was.payerClaimControlNumber}~`);
        expect(text).toContain('HI*ABK:F321');
        const eight = await s.bench.view(await s.successor(at(ids, 2)));
        expect(eight).toMatchObject({ state: 'scheduled', frequencyCode: '8', replaces: at(ids, 2) });
        expect((await s.bench.t.request('GET', `/v1/claims/${eight.id}/x12`)).text).toContain('11:B:8*');
        expect(await s.bench.rows([at(ids, 1)])).toBe(bystander);
        // R4: one service, one owner; nobody else may bill it meanwhile.
        const again = await s.bench.post({ ...session, externalId: `${session.externalId}-again` });
        expect(again.attendees.map((a) => a.state)).toEqual(['held', 'held', 'held']);

        // Another amendment builds the replacement again; the first content again makes it pointless.
        const third = await s.bench.amended(answer, withAttendee(withAttendee(session, 2, null), 0, { diagnoses: ['F41.0'] }));
        expect((await s.bench.t.request('GET', `/v1/claims/${seven.id}/x12`)).text).toContain('HI*ABK:F410');
        const back = await s.bench.amended(third, session);
        expect(await s.state(seven.id)).toBe('cancelled');
        expect(await s.state(eight.id)).toBe('cancelled');
        expect(await s.bench.view(at(ids, 0))).toMatchObject({ state, replacedBy: null });
        expect(await s.bench.view(at(ids, 2))).toMatchObject({ state, replacedBy: null });
        expect(back.attendees.map((a) => a.claimId)).toEqual(ids);
      },
    );

    it('what waits runs by itself: rejected, accepted and then paid; replaced only when the payer has taken the correction', async () => {
      const { session, first, ids } = await s.posted();
      const [a, c, d] = [at(ids, 0), at(ids, 1), at(ids, 2)];
      for (const id of ids) await s.bench.drive(id, 'transmitted');
      await s.bench.amended(
        first,
        withAttendee(withAttendee(withAttendee(session, 0, OTHER_DIAGNOSIS), 1, OTHER_DIAGNOSIS), 2, null),
      );
      await s.bench.step(a, 'rejected', 'evidence');
      await settled('sent again', async () => (await s.state(a)) === 'scheduled');
      expect(await s.bench.view(a)).toMatchObject({ revision: 2, frequencyCode: '1', pendingAction: null });
      await s.bench.step(c, 'accepted', 'evidence');
      await s.bench.step(d, 'accepted', 'evidence');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await s.bench.view(c)).toMatchObject({ state: 'accepted', pendingAction: 'amend', replacedBy: null });
      const { db } = s.bench.t.app.core.ledger;
      await sql`update claim set payer_claim_control_number = 'ICN' || right(upper(id), 8) where id in (${c}, ${d})`.execute(db);
      await s.bench.step(c, 'paid', 'evidence');
      await s.bench.step(d, 'denied', 'evidence');
      const [seven, eight] = [await s.successor(c), await s.successor(d)];
      expect(await s.bench.view(seven)).toMatchObject({ frequencyCode: '7', state: 'scheduled' });
      expect(await s.bench.view(eight)).toMatchObject({ frequencyCode: '8', state: 'scheduled' });
      expect(await s.bench.view(c)).toMatchObject({ state: 'paid', pendingAction: null });
      for (const id of [seven, eight]) {
        await s.bench.drive(id, 'accepted');
        await sql`update claim set level = 'payer' where id = ${id}`.execute(db);
      }
      await settled('replaced', async () => (await s.state(c)) === 'replaced');
      await settled('voided', async () => (await s.state(d)) === 'voided');
      const keys = await sql<{ n: number }>`select count(*)::int as n from claim_key where claim_id in (${d}, ${eight})`.execute(
        db,
      );
      expect(keys.rows[0]?.n).toBe(0);
    });

    it('a replacement that is rejected keeps its CLM01 and frequency when it is amended', async () => {
      const { session, first, ids } = await s.posted();
      await s.bench.drive(at(ids, 0), 'paid');
      const answer = await s.bench.amended(first, withAttendee(session, 0, OTHER_DIAGNOSIS));
      const seven = await s.successor(at(ids, 0));
      await s.bench.drive(seven, 'rejected');
      await s.bench.amended(answer, withAttendee(session, 0, { diagnoses: ['F41.0'] }));
      expect(await s.bench.view(seven)).toMatchObject({ state: 'scheduled', frequencyCode: '7', revision: 1 });
      const x12 = await s.bench.t.request('GET', `/v1/claims/${seven}/x12`);
      expect(x12.text).toContain('REF*F8*');
    });

    it('another payer: a void for the one that decided, an original for the other once the void is taken', async () => {
      const { session, first, ids } = await s.posted();
      await s.bench.drive(at(ids, 0), 'paid');
      const coverage = oneSession(s.seed() + 6_000, 1, ['87726']).attendees[0]?.coverages;
      const answer = await s.bench.amended(first, withAttendee(session, 0, { coverages: coverage ?? [] }));
      const eight = await s.successor(at(ids, 0));
      expect(await s.bench.view(eight)).toMatchObject({ frequencyCode: '8', payerId: '60054', pendingAction: 'amend' });
      expect(await s.claims(answer.id)).toHaveLength(4);
      await s.bench.drive(eight, 'accepted');
      await sql`update claim set level = 'payer' where id = ${eight}`.execute(s.bench.t.app.core.ledger.db);
      await settled('an original for the other payer', async () => (await s.claims(answer.id)).length === 5);
      const now = (await s.bench.t.request('GET', `/v1/group-sessions/${answer.id}`)).body as SessionAnswer;
      expect(await s.bench.view(claimOf(now, 0))).toMatchObject({ frequencyCode: '1', payerId: '87726', state: 'scheduled' });
      expect(await s.state(at(ids, 0))).toBe('voided');
    });

    it('Original Medicare: a task for people, no claim; a rejection makes it one again', async () => {
      const { session, first, ids } = await s.posted(2, ['medicare_wi']);
      await s.bench.drive(at(ids, 0), 'denied');
      await s.bench.amended(first, withAttendee(session, 0, OTHER_DIAGNOSIS));
      expect(await s.bench.view(at(ids, 0))).toMatchObject({
        state: 'denied',
        pendingAction: 'reopening_or_redetermination',
        replacedBy: null,
      });
      const { db } = s.bench.t.app.core.ledger;
      const tasks = await db.selectFrom('task').select(['kind', 'claim_id']).where('claim_id', 'in', ids).execute();
      expect(tasks).toEqual([{ kind: 'reopening_or_redetermination', claim_id: at(ids, 0) }]);
      await s.bench.step(at(ids, 0), 'rejected', 'evidence');
      await settled('a new original', async () => (await s.state(at(ids, 0))) === 'scheduled');
      expect(await s.bench.view(at(ids, 0))).toMatchObject({ frequencyCode: '1', revision: 2, pendingAction: null });
    });

    it('cancelled: by an amendment, a new claim; by a person, a new claim that a person lets go', async () => {
      const { session, first, ids } = await s.posted();
      expect((await s.bench.t.request('POST', `/v1/claims/${at(ids, 0)}/cancel`, { reason: 'billed elsewhere' })).status).toBe(
        200,
      );
      const answer = await s.bench.amended(first, withAttendee(session, 0, OTHER_DIAGNOSIS));
      const anew = claimOf(answer, 0);
      expect(anew).not.toBe(at(ids, 0));
      expect(await s.bench.view(anew)).toMatchObject({ state: 'held', holds: [{ rule: 'AMEND', severity: 'hold' }] });
      const why = { rule: 'AMEND', severity: 'hold', attendee: session.attendees[0]?.externalId, path: '/attendees/0' };
      expect(answer.attendees[0]).toMatchObject({
        state: 'held',
        findings: expect.arrayContaining([expect.objectContaining(why)]),
      });
      const unheld = await s.bench.t.request('POST', `/v1/claims/${anew}/unhold`, { reason: 'looked at by a test' });
      expect(unheld.status, unheld.text).toBe(200);
      expect(await s.state(anew)).toBe('scheduled');
    });
  });
});
