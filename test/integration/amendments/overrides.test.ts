import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GroupSession, SessionAnswer } from '../../../schemas/group-session.ts';
import type { OverrideView } from '../../../schemas/override.ts';
import { holdLapsed } from '../../../src/pipeline/release-bars.ts';
import { claimOf, onBothLedgers, oneSession, withAttendee } from '../../support/amending.ts';
import { asker } from '../../support/ledgered.ts';

const OTHER_DIAGNOSIS = { diagnoses: ['F32.1'] };

onBothLedgers('an amendment of what two people let go', (s) => {
  describe('a second service of the day, under number 1 and modifier 59', () => {
    let [ada, ben] = [{ authorization: '' }, { authorization: '' }];
    beforeAll(async () => {
      const ask = asker(s.bench.t);
      [ada, ben] = [await ask.person('ada'), await ask.person('ben')];
    });

    const ordered = async (claimId: string, modifier: string | null) => {
      const { request } = s.bench.t;
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const wanted = {
        kind: 'second_service',
        claimId,
        ...(modifier === null ? {} : { modifier }),
        reason: 'planned double group',
        expiresAt,
      };
      const made = await request('POST', '/v1/overrides', wanted, ada);
      expect(made.status, made.text).toBe(201);
      const view = made.body as OverrideView;
      const done = await request('POST', `/v1/overrides/${view.id}/approve`, { reason: 'read both notes' }, ben);
      expect(done.status, done.text).toBe(200);
      return done.body as OverrideView;
    };
    const x12 = async (id: string) => (await s.bench.t.request('GET', `/v1/claims/${id}/x12`)).text;
    const numberOf = async (id: string) =>
      (await sql<{ n: number }>`select override_no as n from claim where id = ${id}`.execute(s.bench.t.app.core.ledger.db))
        .rows[0]?.n;

    /** Two groups of one patient on one day; the second is scheduled under an override. */
    const secondService = async (): Promise<{ session: GroupSession; answer: SessionAnswer; id: string; other: string }> => {
      const { session: morning, first: earlier } = await s.posted();
      const base = oneSession(s.seed());
      const session = withAttendee(
        {
          ...base,
          startedAt: '2026-11-20T09:00:00-06:00',
          endedAt: '2026-11-20T10:00:00-06:00',
          finalized: { ...base.finalized, at: '2026-11-20T21:00:00-06:00' },
        },
        0,
        { ...morning.attendees[0], note: base.attendees[0]?.note ?? null },
      );
      const answer = await s.bench.post(session);
      const id = claimOf(answer, 0);
      expect((await s.bench.view(id)).holds.map((h) => h.rule)).toEqual(['A05']);
      expect((await ordered(id, '59')).overrideNumber).toBe(1);
      expect(await s.state(id)).toBe('scheduled');
      expect(await x12(id)).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      return { session, answer, id, other: claimOf(earlier, 0) };
    };

    it('somebody else of the group is amended, or its note alone: the decision stands', async () => {
      const { session, answer, id } = await secondService();
      const before = await s.bench.rows([id]);
      const note = session.attendees[0]?.note;
      const amended = await s.bench.amended(
        answer,
        withAttendee(withAttendee(session, 1, OTHER_DIAGNOSIS), 0, {
          note: { ...note, plan: 'look at sleep again' } as NonNullable<typeof note>,
        }),
      );
      expect(await s.bench.rows([id])).toBe(before);
      expect(amended.attendees[0]).toMatchObject({ state: 'scheduled', claimId: id });
    });

    it('its content is amended and its keys are the same: the decision stands, with number and modifier', async () => {
      const { session, answer, id, other } = await secondService();
      const bystander = await s.bench.rows([other]);
      const amended = await s.bench.amended(answer, withAttendee(session, 0, OTHER_DIAGNOSIS));
      expect(amended.attendees[0]).toMatchObject({ state: 'scheduled', claimId: id });
      expect(await s.bench.view(id)).toMatchObject({ state: 'scheduled', holds: [] });
      expect(await numberOf(id)).toBe(1);
      expect(await x12(id)).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      expect(await x12(id)).toContain('HI*ABK:F321');
      expect(await s.bench.rows([other])).toBe(bystander);
    });

    it('its keys are other ones: all of the decision lapses, number and modifier too, and its history says so', async () => {
      const { session, answer, id, other } = await secondService();
      const bystander = await s.bench.rows([other]);
      const amended = await s.bench.amended(answer, withAttendee(session, 0, { chargeAmount: '75' }));
      expect(amended.attendees[0]).toMatchObject({ state: 'held', claimId: id });
      const held = await s.bench.view(id);
      expect(held.holds.map((h) => h.rule)).toEqual(['A05']);
      expect(held.history.map((h) => h.event)).toContain('claim.override_lapsed');
      expect(await numberOf(id)).toBe(0);
      expect(await x12(id)).not.toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      // The same keys again do not bring the decision back.
      expect((await s.bench.amended(amended, session)).attendees[0]?.state).toBe('held');
      expect(await ordered(id, 'XE')).toMatchObject({ overrideNumber: 1, rules: ['A05'] });
      expect(await s.state(id)).toBe('scheduled');
      expect(await x12(id)).toMatch(/SV1\*HC:90853(:\w\w)*:XE\*/);
      expect(await s.bench.rows([other])).toBe(bystander);
    });

    it('rejected and amended: the next revision, under its number, as it was decided', async () => {
      const { session, answer, id } = await secondService();
      await s.bench.drive(id, 'rejected');
      await s.bench.amended(answer, withAttendee(session, 0, OTHER_DIAGNOSIS));
      expect(await s.bench.view(id)).toMatchObject({ state: 'scheduled', revision: 2, frequencyCode: '1', holds: [] });
      expect(await numberOf(id)).toBe(1);
      expect(await x12(id)).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
    });

    it('removed: cancelled, and its number is free', async () => {
      const { session, answer, id } = await secondService();
      await s.bench.amended(answer, withAttendee(session, 0, null));
      expect(await s.state(id)).toBe('cancelled');
      const back = await s.bench.amended({ ...answer, version: 2 }, session);
      const anew = claimOf(back, 0);
      expect(anew).not.toBe(id);
      expect((await s.bench.view(anew)).holds.map((h) => h.rule)).toEqual(['A05']);
      expect((await ordered(anew, 'XE')).overrideNumber).toBe(1);
    });

    it('decided by the payer: the correction has its number and modifier (R4), and two people look at it; a void goes as it was', async () => {
      const { session, answer, id } = await secondService();
      await s.bench.drive(id, 'paid');
      const amended = await s.bench.amended(answer, withAttendee(session, 0, OTHER_DIAGNOSIS));
      const seven = (await s.bench.view(id)).replacedBy as string;
      expect(await s.bench.view(seven)).toMatchObject({ state: 'held', frequencyCode: '7', holds: [{ rule: 'A05' }] });
      expect(await x12(seven)).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      expect(await numberOf(seven)).toBe(1);
      expect((await ordered(seven, null)).overrideNumber).toBe(1);
      expect(await s.bench.view(seven)).toMatchObject({ state: 'scheduled', holds: [] });
      const text = await x12(seven);
      expect(text).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      expect(text).toContain('HI*ABK:F321');
      expect(text).toContain('REF*F8*');

      const removed = await s.bench.amended(amended, withAttendee(session, 0, null));
      expect(await s.state(seven)).toBe('cancelled');
      const eight = (await s.bench.view(id)).replacedBy as string;
      expect(await s.bench.view(eight)).toMatchObject({ state: 'scheduled', frequencyCode: '8', holds: [] });
      expect(await x12(eight)).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      expect(removed.removed?.[0]?.claims?.map((c) => [c.frequencyCode, c.state])).toContainEqual(['8', 'scheduled']);
    });

    it('the older decision expires: the newer one stands', async () => {
      const { id } = await secondService();
      const { db } = s.bench.t.app.core.ledger;
      await sql`update claim_override set expires_at = ledger_now() - interval '1 second' where claim_id = ${id}`.execute(db);
      const look = () =>
        s.bench.t.app.core.ledger.transaction((tx) => holdLapsed(tx, [{ id, overrideUntil: Date.now() - 1 }], Date.now()));
      await look();
      expect(await s.bench.view(id)).toMatchObject({ state: 'held', reason: 'override_expired', holds: [{ rule: 'A05' }] });
      const newer = await ordered(id, null);
      expect(await look()).toBe(true);
      const row = await sql<{ until: Date }>`select override_until as until from claim where id = ${id}`.execute(db);
      expect(row.rows[0]?.until.toISOString()).toBe(newer.expiresAt);
      expect(await s.bench.view(id)).toMatchObject({ state: 'scheduled', holds: [] });
      await sql`update claim_override set expires_at = ledger_now() - interval '1 second' where id = ${newer.id}`.execute(db);
      await look();
      expect(await s.bench.view(id)).toMatchObject({ state: 'held', reason: 'override_expired', holds: [{ rule: 'A05' }] });
    });

    it('under way: the change waits, and the first content again ends it', async () => {
      const { session, answer, id } = await secondService();
      await s.bench.drive(id, 'transmitted');
      const amended = await s.bench.amended(answer, withAttendee(session, 0, OTHER_DIAGNOSIS));
      expect((await s.bench.view(id)).pendingAction).toBe('amend');
      await s.bench.amended(amended, session);
      expect(await s.bench.view(id)).toMatchObject({ state: 'transmitted', pendingAction: null });
    });
  });
});
