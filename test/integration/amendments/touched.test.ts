import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../schemas/group-session.ts';
import { at, claimOf, counted, onBothLedgers, oneSession, settled, withAttendee } from '../../support/amending.ts';

const OTHER_DIAGNOSIS = { diagnoses: ['F32.1'] };

onBothLedgers('whom an amendment touches', (s) => {
  describe('whom it touches', () => {
    it('a changed attendee: exactly that claim, built again in place; all else byte for byte as it was', async () => {
      const { session, first, ids } = await s.posted();
      const before = await s.bench.rows([at(ids, 0), at(ids, 2)]);
      const was = await s.bench.view(at(ids, 1));
      const answer = await s.bench.amended(first, withAttendee(session, 1, OTHER_DIAGNOSIS));
      expect(answer.version).toBe(2);
      const is = await s.bench.view(at(ids, 1));
      expect(is).toMatchObject({ state: 'scheduled', revision: 1, patientControlNumber: was.patientControlNumber });
      // Lane, keys and deadline are the same: the time that it had is still right.
      expect(is.plannedReleaseAt).toBe(was.plannedReleaseAt);
      expect(is.history.at(-1)).toMatchObject({ event: 'claim.amended', detail: { version: 2, action: 'rebuild' } });
      const x12 = await s.bench.t.request('GET', `/v1/claims/${at(ids, 1)}/x12`);
      expect(x12.text).toContain('HI*ABK:F321');
      expect(await s.bench.rows([at(ids, 0), at(ids, 2)])).toBe(before);
      expect(await s.claims(first.id)).toHaveLength(3);
    });

    it('nothing changed: a new version, and nothing touched', async () => {
      const { session, first, ids } = await s.posted();
      const before = await s.bench.rows(ids);
      const answer = await s.bench.amended(first, session);
      expect(answer.version).toBe(2);
      expect({ ...answer, version: 1 }).toEqual({ ...first, attendees: answer.attendees });
      expect(await s.bench.rows(ids)).toBe(before);
    });

    it('an added attendee: only that claim; a removed one: only that claim, cancelled, its keys free', async () => {
      const { session, first, ids } = await s.posted();
      const [extra] = oneSession(s.seed() + 5_000, 1).attendees;
      const before = await s.bench.rows(ids);
      const added = await s.bench.amended(
        first,
        counted({ ...session, attendees: [...session.attendees, extra as GroupSession['attendees'][number]] }),
      );
      expect(await s.bench.rows(ids)).toBe(before);
      expect(added.attendees[3]).toMatchObject({ state: 'scheduled', externalId: extra?.externalId });
      expect(added.summary).toMatchObject({ attendees: 4, scheduled: 4 });
      const born = claimOf(added, 3);
      expect((await s.bench.view(born)).history.map((h) => h.to)).toEqual(['scheduled']);

      const untouched = [at(ids, 1), at(ids, 2), born];
      const still = await s.bench.rows(untouched);
      const removed = await s.bench.amended(
        added,
        counted({ ...session, attendees: [...session.attendees.slice(1), extra as GroupSession['attendees'][number]] }),
      );
      expect(await s.bench.rows(untouched)).toBe(still);
      expect(removed.attendees.map((a) => a.externalId)).not.toContain(first.attendees[0]?.externalId);
      expect(removed.removed).toEqual([
        expect.objectContaining({ externalId: first.attendees[0]?.externalId, state: 'not_billable', reason: 'removed' }),
      ]);
      expect(await s.bench.view(at(ids, 0))).toMatchObject({ state: 'cancelled', reason: 'amended' });
      expect(await s.bench.rows([at(ids, 0)])).toContain('"keys":null');
      expect((await s.bench.t.request('GET', `/v1/group-sessions/${first.id}`)).body).toEqual(removed);

      // The same attendee once more: a new claim, under the same resource.
      const back = await s.bench.amended(
        removed,
        counted({ ...session, attendees: [...session.attendees, extra as GroupSession['attendees'][number]] }),
      );
      expect(back.removed).toBeUndefined();
      expect(back.attendees[0]).toMatchObject({ state: 'scheduled' });
      expect(claimOf(back, 0)).not.toBe(at(ids, 0));
      expect(await s.bench.rows(untouched)).toBe(still);
    });

    it('absent, self-paying or restricted now: not billable with the reason, and back again in the same claim', async () => {
      const { session, first, ids } = await s.posted();
      let current = first;
      for (const [change, reason] of [
        [{ attendance: { status: 'no_show' as const } }, 'no_show'],
        [{ billing: 'self_pay' as const }, 'self_pay'],
        [{ restrictDisclosure: true }, 'disclosure_restricted'],
      ] as const) {
        current = await s.bench.amended(current, withAttendee(session, 1, change));
        expect(current.attendees[1]).toMatchObject({ state: 'not_billable', reason, claimId: at(ids, 1) });
        expect(await s.bench.view(at(ids, 1))).toMatchObject({ state: 'not_billable', reason });
        current = await s.bench.amended(current, session);
        expect(current.attendees[1]).toMatchObject({ state: 'scheduled', claimId: at(ids, 1) });
      }
    });

    it('other times: every attendee is judged again; another day goes on every claim', async () => {
      const { session, first, ids } = await s.posted();
      const later = { ...session, endedAt: '2026-11-20T18:05:00-06:00' };
      const moved = await s.bench.amended(first, later);
      for (const id of ids) expect((await s.bench.view(id)).history.at(-1)).toMatchObject({ event: 'claim.amended' });
      const day = (iso: string) => iso.replace('2026-11-20', '2026-11-19');
      const dayBefore = { ...session, startedAt: day(session.startedAt), endedAt: day(session.endedAt) };
      expect((await s.bench.amended(moved, dayBefore)).dateOfService).toBe('2026-11-19');
      for (const id of ids) {
        const claim = await s.bench.view(id);
        expect(claim.dateOfService).toBe('2026-11-19');
        expect((await s.bench.t.request('GET', `/v1/claims/${id}/x12`)).text).toContain('DTP*472*D8*20261119');
      }
    });

    it('two attendees whose member ids were mixed up change them without meeting each other', async () => {
      const { session, first, ids } = await s.posted();
      const [a, c] = [session.attendees[0], session.attendees[1]];
      if (a === undefined || c === undefined) throw new Error('two attendees');
      const swapped = {
        ...session,
        attendees: [
          { ...a, patient: c.patient, coverages: c.coverages },
          { ...c, patient: a.patient, coverages: a.coverages },
          ...session.attendees.slice(2),
        ],
      };
      const answer = await s.bench.amended(first, swapped);
      expect(answer.attendees.map((x) => [x.state, x.findings.filter((f) => f.severity === 'hold')])).toEqual(
        ids.map(() => ['scheduled', []]),
      );
    });

    it('places on the roster may change; findings and holds follow', async () => {
      const { session, first, ids } = await s.posted();
      const broken = withAttendee(session, 2, { diagnoses: [] });
      const held = await s.bench.amended(first, broken);
      expect(held.attendees[2]?.findings).toContainEqual(
        expect.objectContaining({ rule: 'A10', path: '/attendees/2/diagnoses' }),
      );
      const before = await s.bench.rows([at(ids, 0), at(ids, 1)]);
      const turned = await s.bench.amended(held, { ...broken, attendees: [...broken.attendees].reverse() });
      expect(turned.attendees[0]).toMatchObject({ claimId: at(ids, 2), state: 'held' });
      expect(turned.attendees[0]?.findings).toContainEqual(
        expect.objectContaining({ rule: 'A10', path: '/attendees/0/diagnoses' }),
      );
      expect(await s.bench.rows([at(ids, 0), at(ids, 1)])).toBe(before);
      const refused = await s.bench.t.request('POST', `/v1/claims/${at(ids, 2)}/unhold`, { reason: 'looked at by a test' });
      expect(refused.body).toMatchObject({
        status: 409,
        errors: [expect.objectContaining({ pointer: '/attendees/0/diagnoses' })],
      });
    });

    it('a change of configuration in between is no amendment of anybody', async () => {
      const { session, first, ids } = await s.posted();
      const payer = (await s.bench.t.request('GET', '/v1/payers/60054')).body as Record<string, unknown>;
      await s.bench.t.app.core.ledger.db.deleteFrom('setting').where('key', '=', 'config.changed').execute();
      expect((await s.bench.t.request('PUT', '/v1/payers/60054', { ...payer, name: 'Aetna by another name' })).status).toBe(200);
      await settled('judged again', async () =>
        (await s.bench.view(at(ids, 2))).history.some((h) => h.event === 'claim.regated'),
      );
      const before = await s.bench.rows([at(ids, 0), at(ids, 2)]);
      await s.bench.drive(at(ids, 1), 'accepted');
      const answer = await s.bench.amended(first, { ...session, groupId: 'another-group' });
      expect(answer.version).toBe(2);
      expect(await s.bench.rows([at(ids, 0), at(ids, 2)])).toBe(before);
      expect((await s.bench.view(at(ids, 1))).pendingAction).toBeNull();
    });
  });

  describe('documentation', () => {
    it('a claim that a block holds is freed by the amendment after which the edit passes, and by nothing else', async () => {
      const seed = s.seed();
      const session = oneSession(seed);
      const note = session.attendees[1]?.note;
      const broken = withAttendee(session, 1, { note: { ...note, text: '' } as NonNullable<typeof note> });
      const first = await s.bench.post(broken);
      const id = claimOf(first, 1);
      expect(first.attendees[1]?.state).toBe('held');
      expect((await s.bench.t.request('POST', `/v1/claims/${id}/unhold`, { reason: 'looked at by a test' })).status).toBe(409);
      const before = await s.bench.rows([claimOf(first, 0), claimOf(first, 2)]);
      const same = await s.bench.amended(first, { ...broken, groupId: 'other' });
      expect(await s.state(id)).toBe('held');
      const freed = await s.bench.amended(same, { ...session, groupId: 'other' });
      expect(freed.attendees[1]).toMatchObject({ state: 'scheduled', claimId: id });
      expect((await s.bench.view(id)).holds).toEqual([]);
      expect(await s.bench.rows([claimOf(first, 0), claimOf(first, 2)])).toBe(before);
      // And back: what has not left is held again.
      const again = await s.bench.amended(freed, { ...broken, groupId: 'other' });
      expect(again.attendees[1]?.state).toBe('held');
    });

    it('a person’s hold stays, what people lifted has to be looked at again on a claim that changed', async () => {
      const { session, first, ids } = await s.posted();
      expect((await s.bench.t.request('POST', `/v1/claims/${at(ids, 0)}/hold`, { reason: 'asked by the biller' })).status).toBe(
        200,
      );
      const answer = await s.bench.amended(first, withAttendee(session, 0, OTHER_DIAGNOSIS));
      expect(answer.attendees[0]?.state).toBe('held');
      expect((await s.bench.view(at(ids, 0))).holds.map((h) => h.rule)).toEqual(['OPERATOR']);
      const unheld = await s.bench.t.request('POST', `/v1/claims/${at(ids, 0)}/unhold`, { reason: 'looked at by a test' });
      expect(unheld.status, unheld.text).toBe(200);
      expect((await s.bench.t.request('GET', `/v1/claims/${at(ids, 0)}/x12`)).text).toContain('HI*ABK:F321');
    });

    it('what was sent is not sent again for its documentation', async () => {
      const { session, first, ids } = await s.posted();
      await s.bench.drive(at(ids, 1), 'transmitted');
      const note = session.attendees[1]?.note;
      await s.bench.amended(first, withAttendee(session, 1, { note: { ...note, text: '' } as NonNullable<typeof note> }));
      expect(await s.bench.view(at(ids, 1))).toMatchObject({ state: 'transmitted', pendingAction: null });
    });
  });

  describe('a secondary claim', () => {
    it('arises when an amendment brings what the primary payer decided; the primary claim is not touched', async () => {
      const seed = s.seed();
      const session = oneSession(seed);
      const own = session.attendees[0]?.coverages[0];
      const other = oneSession(seed + 7_000, 1, ['87726']).attendees[0]?.coverages[0];
      if (own === undefined || other === undefined) throw new Error('coverages');
      const both = withAttendee(session, 0, { coverages: [own, { ...other, responsibility: 'S' }] });
      const first = await s.bench.post(both);
      expect(first.summary.held, JSON.stringify(first.attendees[0]?.findings)).toBe(0);
      const primary = claimOf(first, 0);
      await s.bench.drive(primary, 'paid');
      const before = await s.bench.rows([primary, claimOf(first, 1), claimOf(first, 2)]);
      const adjudication = {
        adjudicatedOn: '2026-11-22',
        payerClaimControlNumber: 'ICN4711',
        paidAmount: '40.00',
        nonCoveredAmount: null,
        remainingPatientLiability: '20.00',
        adjustments: [{ group: 'PR' as const, reason: '2', amount: '20.00', quantity: null }],
        remarkCodes: [],
        lines: [],
        crossedOverTo: null,
      };
      const answer = await s.bench.amended(
        first,
        withAttendee(both, 0, {
          coverages: [
            { ...own, adjudication },
            { ...other, responsibility: 'S' },
          ],
        }),
      );
      expect(await s.bench.rows([primary, claimOf(first, 1), claimOf(first, 2)])).toBe(before);
      expect(answer.attendees[0]).toMatchObject({ claimId: primary, state: 'paid' });
      const claims = answer.attendees[0]?.claims ?? [];
      expect(claims.map((c) => [c.responsibility, c.frequencyCode, c.state])).toEqual([
        ['P', '1', 'paid'],
        ['S', '1', expect.stringMatching(/scheduled|held/)],
      ]);
      expect(await s.bench.view(claims[1]?.claimId ?? '')).toMatchObject({
        payerId: '87726',
        responsibility: 'S',
        state: 'scheduled',
      });
    });
  });
});
