import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { GroupSession } from '../../schemas/group-session.ts';
import type { OverrideView, TaskView } from '../../schemas/override.ts';
import { insertHolds } from '../../src/ledger/holds.ts';
import { putPrivacy } from '../../src/ledger/privacy.ts';
import { patientHash } from '../../src/pipeline/intake-facts.ts';
import { seedWith, startApp, type TestApp } from '../support/app.ts';
import { asker, at, changed, freshSession, occupyLane, withPatient } from '../support/ledgered.ts';
import { type Databases, describeWith } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

type Attendee = GroupSession['attendees'][number];

/** The same on both databases; every test has sessions of its own. The lane's hour is taken: nothing leaves by itself. */
function suite(start: () => Promise<TestApp>): void {
  let t: TestApp;
  let ask: ReturnType<typeof asker>;
  beforeAll(async () => {
    t = await start();
    ask = asker(t);
    await occupyLane(t);
  });
  afterAll(() => t.stop());
  const first = (session: GroupSession): Attendee => session.attendees[0] as Attendee;
  const ALL_GO = ['scheduled', 'scheduled', 'scheduled'];
  const act = (id: string | null | undefined, action: string, reason = 'a reason for it') =>
    t.request('POST', `/v1/claims/${id}/${action}`, { reason });

  it('two intakes at once that put one patient into two places: both claims are held, the others proceed', async () => {
    const one = freshSession(301);
    const two = withPatient(at(freshSession(302), '17:30', '18:30'), 1, {
      ...first(one),
      note: freshSession(303).attendees[0]?.note,
    });
    const answers = await Promise.all([ask.post(one), ask.post(two)]);
    // Whichever came second is a second service of that day as well.
    const held = expect.stringMatching(/^held (A04|A04 A05|A05 A04)$/);
    expect(await ask.standing(answers[0])).toEqual([held, 'scheduled', 'scheduled']);
    expect(await ask.standing(answers[1])).toEqual(['scheduled', held, 'scheduled']);
    // Both sides say why, and name each other: they are one practice's.
    const [a, b] = [answers[0].attendees[0]?.claimId, answers[1].attendees[1]?.claimId];
    const names = async (id: string | null | undefined) => JSON.stringify((await ask.claim(id)).history);
    expect((await names(a)).includes(b as string) || (await names(b)).includes(a as string)).toBe(true);
  });

  it('two intakes at once of one facilitator: exactly one session is held', async () => {
    const one = freshSession(304);
    const two = {
      ...at(freshSession(305), '17:45', '18:45'),
      renderingProvider: one.renderingProvider,
      finalized: { ...one.finalized, at: '2026-11-20T21:00:00-06:00' },
    };
    const standing = await Promise.all((await Promise.all([ask.post(one), ask.post(two)])).map(ask.standing));
    const held = standing.filter((s) => s.every((c) => c === 'held S11'));
    expect([held.length, standing.filter((s) => s.join() === ALL_GO.join()).length], standing.join('; ')).toEqual([1, 1]);
  });

  it('one group keyed in twice at once: exactly one is held as a whole, and nobody is in two places', async () => {
    const one = freshSession(306);
    const again = { ...at(one, '17:10', '18:10'), externalId: 'keyed-again' };
    const answers = await Promise.all([ask.post(one), ask.post(again)]);
    const standing = await Promise.all(answers.map(ask.standing));
    // The copied notes are found (N11) only when one of the two had been stored before the other was read.
    expect(standing.map((s) => s.join().replaceAll(' N11', '')).sort()).toEqual([
      Array.from({ length: 3 }, () => 'held A05 K1 S10').join(),
      ALL_GO.join(),
    ]);
    const later = answers.find((x) => x.findings.some((f) => f.rule === 'S10'));
    expect(later?.findings.map((f) => f.scope)).toContain('session');
    expect((await ask.preview({ ...again, externalId: 'and-again' })).findings.map((f) => f.rule)).toContain('S10');
  });

  it('siblings under one subscriber: both claims go, each as a dependent, a day apart', async () => {
    const session = freshSession(307, 2);
    const parent = { firstName: 'Mara', lastName: 'Keller' };
    const dependent = { relationshipToSubscriber: 'child' as const, subscriber: parent };
    const [coverage] = first(session).coverages;
    const child = (i: number, firstName: string, dateOfBirth: string) => ({
      ...(session.attendees[i] as Attendee),
      patient: {
        ...(session.attendees[i] as Attendee).patient,
        firstName,
        lastName: 'Keller',
        dateOfBirth,
      } as Attendee['patient'],
      coverages: [{ ...coverage, ...dependent } as Attendee['coverages'][number]],
    });
    const body = { ...session, attendees: [child(0, 'Iris', '2008-02-03'), child(1, 'Jonas', '2010-05-06')] };
    const answer = await ask.post(body);
    const claims = await Promise.all(answer.attendees.map((a) => ask.claim(a.claimId)));
    expect(claims.map((c) => c.state)).toEqual(['scheduled', 'scheduled']);
    const times = claims.map((c) => Date.parse(c.plannedReleaseAt ?? '')).sort((x, y) => x - y);
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(86_400_000);
    for (const { id } of claims) {
      const x12 = (await t.request('GET', `/v1/claims/${id}/x12`)).text;
      expect(x12).toContain('*23*0~');
    }
  });

  it('one member id for two who are both the subscriber: both are held, what has left becomes a task', async () => {
    const one = freshSession(308);
    const memberId = first(one).coverages[0]?.memberId as string;
    const two = at(freshSession(309), '09:00', '10:00');
    const coverages = (two.attendees[2] as Attendee).coverages.map((c) => ({ ...c, memberId: memberId.toLowerCase() }));
    const answers = await Promise.all([
      ask.post(one),
      ask.post(withPatient(two, 2, { ...(two.attendees[2] as Attendee), coverages })),
    ]);
    expect(await ask.standing(answers[0])).toEqual(['held A21', 'scheduled', 'scheduled']);
    expect(await ask.standing(answers[1])).toEqual(['scheduled', 'scheduled', 'held A21']);
    // One person cannot lift it, and is told what to do instead.
    const refused = await act(answers[0].attendees[0]?.claimId, 'unhold');
    expect([refused.status, refused.text.includes('/v1/overrides')]).toEqual([409, true]);

    const left = answers[0].attendees[1]?.claimId as string;
    await sql`update claim set state = 'transmitted' where id = ${left}`.execute(t.app.core.ledger.db);
    const third = at(freshSession(310), '10:00', '11:00');
    const theirs = (one.attendees[1] as Attendee).coverages;
    const conflicting = await ask.post(withPatient(third, 0, { ...first(third), coverages: theirs }));
    expect((await ask.standing(conflicting))[0]).toBe('held A21');
    expect((await ask.claim(left)).pendingAction).toBe('review_member_id');
    const tasks = ((await t.request('GET', '/v1/tasks')).body as { items: TaskView[] }).items.filter((x) => x.claimId === left);
    expect(tasks).toMatchObject([{ kind: 'review_member_id', rule: 'A21', relatedClaimId: conflicting.attendees[0]?.claimId }]);
    expect((await t.request('POST', `/v1/tasks/${tasks[0]?.id}/close`, { reason: 'card was checked' })).status).toBe(200);
    expect((await ask.claim(left)).pendingAction).toBeNull();
  });

  it('another practice’s conflict holds alike and is never named', async () => {
    const { id: _id, ...practice } = (await t.request('GET', '/v1/practices/prac_northside')).body as Record<string, unknown>;
    await t.request('PUT', '/v1/practices/prac_east', practice);
    const one = freshSession(311);
    const ours = await ask.post(one);
    const two = { ...at(freshSession(312), '09:00', '10:00'), practiceId: 'prac_east' };
    const theirs = await ask.post(withPatient(two, 0, { ...first(two), coverages: first(one).coverages }));
    const [a, b] = [ours.attendees[0]?.claimId as string, theirs.attendees[0]?.claimId as string];
    const [mine, other] = [await ask.claim(a), await ask.claim(b)];
    expect([mine.holds.map((h) => h.rule), other.holds.map((h) => h.rule)]).toEqual([['A21'], ['A21']]);
    expect(JSON.stringify(mine)).not.toContain(b);
    expect(JSON.stringify(other)).not.toContain(a);
    expect(JSON.stringify(mine)).not.toContain('prac_east');
  });

  describe('a second group on one day', () => {
    const second = (seed: number, session: GroupSession) =>
      withPatient(at(freshSession(seed), '09:00', '10:00'), 0, {
        ...first(session),
        note: freshSession(seed).attendees[0]?.note,
      });
    const ordered = async (body: object, who?: Record<string, string>) => t.request('POST', '/v1/overrides', body, who);
    const soon = () => new Date(Date.now() + 86_400_000).toISOString();

    it('is held, the others proceed; two people let it go under a number of its own and the modifier', async () => {
      const one = freshSession(321);
      await ask.post(one);
      const later = second(322, one);
      expect((await ask.preview(later)).attendees.map((a) => a.state)).toEqual(['held', 'scheduled', 'scheduled']);
      const answer = await ask.post(later);
      expect(await ask.standing(answer)).toEqual(['held A05', 'scheduled', 'scheduled']);
      const claimId = answer.attendees[0]?.claimId as string;
      expect((await ask.claim(claimId)).reason).toBe('duplicate_service');

      const [ada, ben] = [await ask.person('ada'), await ask.person('ben')];
      const wanted = { kind: 'second_service', claimId, modifier: '59', reason: 'planned double group', expiresAt: soon() };
      expect((await ordered({ ...wanted, expiresAt: '2020-01-01T00:00:00Z' }, ada)).status).toBe(422);
      const made = (await ordered(wanted, ada)).body as OverrideView;
      expect(made).toMatchObject({ status: 'pending', rules: ['A05'], overrideNumber: 1, requestedBy: 'key_ada' });
      expect((await ask.claim(claimId)).state, 'asking changes nothing').toBe('held');
      const approve = (who: Record<string, string>) =>
        t.request('POST', `/v1/overrides/${made.id}/approve`, { reason: 'read both notes' }, who);
      const alone = await approve(ada);
      expect([alone.status, alone.text.includes('second_person_needed')]).toEqual([403, true]);
      const done = await approve(ben);
      expect([done.status, (done.body as OverrideView).approvedBy], done.text).toEqual([200, 'key_ben']);
      const claim = await ask.claim(claimId);
      expect([claim.state, claim.holds]).toEqual(['scheduled', []]);
      expect((await t.request('GET', `/v1/claims/${claimId}/x12`)).text).toMatch(/SV1\*HC:90853(:\w\w)*:59\*/);
      expect((await approve(ben)).status).toBe(409);
      const audit = (await t.request('GET', '/v1/audit?limit=200')).text;
      for (const action of ['override.request', 'override.approve']) expect(audit).toContain(action);

      // A third of the day needs the next number; a modifier alone lifts no key.
      const third = changed(at(second(323, one), '13:00', '14:00'), 0, { modifiers: ['59'] });
      const held = await ask.post(third);
      expect((await ask.standing(held))[0]).toBe('held A05 A23');
      const more = (await ordered({ ...wanted, claimId: held.attendees[0]?.claimId }, ben)).body as OverrideView;
      expect([more.overrideNumber, [...more.rules].sort()]).toEqual([2, ['A05', 'A23']]);
    });

    it('meets the next one as long as it is live, under whatever number; what came first is not held for it', async () => {
      const [gil, hal] = [await ask.person('gil'), await ask.person('hal')];
      const letGo = async (claimId: string | null | undefined) => {
        const wanted = { kind: 'lift_holds', claimId, rules: ['A05'], reason: 'planned double group', expiresAt: soon() };
        const made = await ordered(wanted, gil);
        expect(made.status, made.text).toBe(201);
        const { id } = made.body as OverrideView;
        const done = await t.request('POST', `/v1/overrides/${id}/approve`, { reason: 'read both notes' }, hal);
        expect(done.status, done.text).toBe(200);
        return (done.body as OverrideView).overrideNumber;
      };
      const one = freshSession(361);
      const earlier = await ask.post(one);
      const answer = await ask.post(second(362, one));
      expect(await letGo(answer.attendees[0]?.claimId)).toBe(1);
      expect((await ask.standing(answer))[0]).toBe('scheduled');
      // Judged again, the first one stays: two people have decided about the second.
      await act(earlier.attendees[0]?.claimId, 'hold');
      await act(earlier.attendees[0]?.claimId, 'unhold');
      expect((await ask.standing(earlier))[0]).toBe('scheduled');
      expect((await act(earlier.attendees[0]?.claimId, 'cancel')).status).toBe(200);

      const third = at(second(363, one), '13:00', '14:00');
      expect((await ask.preview(third)).attendees[0]?.state).toBe('held');
      const later = await ask.post(third);
      expect((await ask.standing(later))[0]).toBe('held A05');
      // The same member under another patient id.
      const renamed = changed(at(second(364, one), '15:00', '16:00'), 0, { externalId: 'pt-renamed-364' });
      expect((await ask.standing(await ask.post(renamed)))[0]).toBe('held K3');
      // Number 0 is free again.
      expect(await letGo(later.attendees[0]?.claimId)).toBe(0);
      expect([(await ask.standing(later))[0], (await ask.standing(answer))[0]]).toEqual(['scheduled', 'scheduled']);
    });

    it('an override names open holds, and expires', async () => {
      const one = freshSession(324);
      await ask.post(one);
      const answer = await ask.post(second(325, one));
      const claimId = answer.attendees[0]?.claimId as string;
      const [cleo, dan] = [await ask.person('cleo'), await ask.person('dan')];
      const lift = (rules: string[]) =>
        ordered({ kind: 'lift_holds', claimId, rules, reason: 'not the same at all', expiresAt: soon() }, cleo);
      expect((await lift(['A21'])).status).toBe(409);
      const other = answer.attendees[1]?.claimId;
      expect(
        (await ordered({ kind: 'lift_holds', claimId: other, rules: ['A05'], reason: 'it is not held', expiresAt: soon() }, cleo))
          .status,
      ).toBe(409);
      const made = (await lift(['A05'])).body as OverrideView;
      await t.request('POST', `/v1/overrides/${made.id}/approve`, { reason: 'read both notes' }, dan);
      expect((await ask.claim(claimId)).state).toBe('scheduled');
      // Its day comes after the override has expired: the gate puts the hold back.
      const { db } = t.app.core.ledger;
      await sql`update claim_override set expires_at = ledger_now() - interval '1 second' where id = ${made.id}`.execute(db);
      await sql`update claim set override_until = ledger_now() - interval '1 second', not_before = ledger_now() - interval '1 second' where id = ${claimId}`.execute(
        db,
      );
      await act(claimId, 'expedite');
      await expect.poll(async () => (await ask.standing(answer))[0], { timeout: 90_000 }).toBe('held A05');
      expect((await ask.claim(claimId)).reason).toBe('override_expired');
    });

    it('to the right payer after the wrong one has refused (R6)', async () => {
      const one = freshSession(326);
      const wrong = (await ask.post(one)).attendees[0]?.claimId as string;
      const base = second(327, one);
      const coverages = first(base).coverages.map((c) => ({ ...c, payerId: '62308', memberId: 'U0000326001' }));
      const answer = await ask.post(withPatient(base, 0, { ...first(base), coverages }));
      const claimId = answer.attendees[0]?.claimId as string;
      expect((await ask.standing(answer))[0]).toBe('held A05');
      const [eve, fay] = [await ask.person('eve'), await ask.person('fay')];
      const ordering = (carc: string | null) =>
        ordered(
          { kind: 'wrong_payer', claimId, originalClaimId: wrong, carc, reason: 'coverage had ended', expiresAt: soon() },
          eve,
        );
      expect((await ordering('27')).status, 'the original may still be paid').toBe(409);
      await sql`update claim set state = 'denied' where id = ${wrong}`.execute(t.app.core.ledger.db);
      expect((await ordering('50')).status, 'not a denial of that kind').toBe(409);
      const made = await ordering('27');
      expect(made.status, made.text).toBe(201);
      const done = await t.request(
        'POST',
        `/v1/overrides/${(made.body as OverrideView).id}/approve`,
        { reason: 'card was checked' },
        fay,
      );
      expect([done.status, (await ask.claim(claimId)).state], done.text).toEqual([200, 'scheduled']);
      expect(JSON.stringify((await ask.claim(wrong)).history)).toContain(claimId);
      expect(JSON.stringify((await ask.claim(claimId)).history)).toContain(wrong);
    });
  });

  describe('two sessions of one patient that overlap, on two days of service', () => {
    const overlapping = (seed: number): readonly [GroupSession, GroupSession] => {
      const one = freshSession(seed);
      const two = freshSession(seed + 1);
      const late = { startedAt: '2026-11-19T23:30:00-06:00', endedAt: '2026-11-20T00:30:00-06:00' };
      const early = { startedAt: '2026-11-20T00:00:00-06:00', endedAt: '2026-11-20T01:00:00-06:00' };
      return [{ ...one, ...late }, withPatient({ ...two, ...early }, 0, { ...first(one), note: first(two).note })];
    };
    const bothHeld = async (seed: number) => {
      const [one, two] = overlapping(seed);
      const answers = [await ask.post(one), await ask.post(two)] as const;
      const standing = async () => [(await ask.standing(answers[0]))[0], (await ask.standing(answers[1]))[0]];
      expect(await standing()).toEqual(['held A04', 'held A04']);
      return { ids: answers.map((a) => a.attendees[0]?.claimId), standing };
    };

    it('are both let go, one after the other, and stay so when one is judged again', async () => {
      const { ids, standing } = await bothHeld(371);
      for (const id of ids) expect((await act(id, 'unhold')).status).toBe(200);
      expect(await standing()).toEqual(['scheduled', 'scheduled']);
      await act(ids[0], 'hold');
      const back = await act(ids[0], 'unhold', 'looked at again');
      expect(back.status, back.text).toBe(200);
      expect(await standing()).toEqual(['scheduled', 'scheduled']);
    });

    it('by two people alike', async () => {
      const { ids, standing } = await bothHeld(373);
      const [ivy, jon] = [await ask.person('ivy'), await ask.person('jon')];
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      for (const claimId of ids) {
        const wanted = { kind: 'lift_holds', claimId, rules: ['A04'], reason: 'both were real', expiresAt };
        const { id } = (await t.request('POST', '/v1/overrides', wanted, ivy)).body as OverrideView;
        expect((await t.request('POST', `/v1/overrides/${id}/approve`, { reason: 'read both notes' }, jon)).status).toBe(200);
      }
      expect(await standing()).toEqual(['scheduled', 'scheduled']);
    });
  });

  it('a duplicate whose original is cancelled needs one person, and that counts for no other original', async () => {
    const one = freshSession(375);
    const earlier = (await ask.post(one)).attendees[0]?.claimId;
    const again = (seed: number, from: string, to: string) => {
      const session = at(freshSession(seed), from, to);
      return withPatient(session, 0, { ...first(one), note: first(session).note });
    };
    const answer = await ask.post(again(376, '09:00', '10:00'));
    const claimId = answer.attendees[0]?.claimId;
    const refused = await act(claimId, 'unhold');
    expect([refused.status, refused.text.includes('override_needed')]).toEqual([409, true]);
    await act(earlier, 'cancel');
    const third = await ask.post(again(377, '13:00', '14:00'));
    expect((await ask.standing(third))[0], 'nothing live is left').toBe('scheduled');
    expect((await act(claimId, 'unhold')).status, 'another is live now').toBe(409);
    await act(third.attendees[0]?.claimId, 'cancel');
    expect((await act(claimId, 'unhold')).status).toBe(200);
    expect((await ask.standing(answer))[0]).toBe('scheduled');
  });

  it('holds are told by rule and then by path, whatever came first', async () => {
    const claimId = (await ask.post(freshSession(388))).attendees[0]?.claimId as string;
    expect((await act(claimId, 'hold')).status).toBe(200);
    const found = ['S10', 'K1', 'A05 /b', 'N11', 'A05 /a/b', 'A05 /B'].map((text) => {
      const [rule, path] = text.split(' ') as [string, string?];
      return { claimId, rule, path: path ?? '', severity: 'hold' as const, message: 'found by a test', actor: 'gate' };
    });
    for (const one of found) await insertHolds(t.app.core.ledger.db, [one]);
    const told = (view: { holds: { rule: string; path: string }[] }) => view.holds.map((h) => `${h.rule} ${h.path}`.trim());
    const order = ['A05 /B', 'A05 /a/b', 'A05 /b', 'K1', 'N11', 'OPERATOR', 'S10'];
    expect(told(await ask.claim(claimId))).toEqual(order);
    const listed = (await t.request('GET', '/v1/claims?hold=S10&state=held')).body as { items: ClaimView[] };
    expect(told(listed.items.find((c) => c.id === claimId) as ClaimView)).toEqual(order);
  });

  it('units of an authorization are counted down by live claims, and given back by a cancelled one', async () => {
    const patient = freshSession(331);
    const authorized = (seed: number, from: string, to: string, unitsRemaining: number) => {
      const session = at(freshSession(seed), from, to);
      const base = { ...first(patient), note: first(session).note };
      const [coverage] = base.coverages;
      const withUnits = {
        ...coverage,
        priorAuthorization: { number: 'AUTH-331', unitsRemaining },
      } as Attendee['coverages'][number];
      return withPatient(session, 0, { ...base, coverages: [withUnits] });
    };
    const payer = (await t.request('GET', '/v1/payers/60054')).body as Record<string, unknown> & { policyOverrides: object };
    const { id: _id, ...body } = payer;
    await t.request('PUT', '/v1/payers/authorizing', {
      ...body,
      policyOverrides: { ...payer.policyOverrides, requiresPriorAuth: true },
    });
    const toPayer = (s: GroupSession): GroupSession =>
      withPatient(s, 0, { ...first(s), coverages: first(s).coverages.map((c) => ({ ...c, payerId: 'authorizing' })) });
    // Other days, or the second would be a second service of the day.
    const day = (s: GroupSession, d: number): GroupSession =>
      JSON.parse(JSON.stringify(s).replaceAll('2026-11-20', `2026-11-${d}`)) as GroupSession;
    const one = await ask.post(toPayer(day(authorized(332, '09:00', '10:00', 1), 17)));
    expect((await ask.standing(one))[0]).toBe('scheduled');
    const two = await ask.post(toPayer(day(authorized(333, '09:00', '10:00', 1), 18)));
    expect((await ask.standing(two))[0]).toBe('held A09');
    expect((await act(one.attendees[0]?.claimId, 'cancel')).status).toBe(200);
    const three = await ask.post(toPayer(day(authorized(334, '09:00', '10:00', 1), 19)));
    expect((await ask.standing(three))[0]).toBe('scheduled');
    // One person may let it go all the same: the payer may have promised more.
    const lifted = await act(two.attendees[0]?.claimId, 'unhold');
    expect([lifted.status, (await ask.standing(two))[0]]).toEqual([200, 'scheduled']);
  });

  describe('what a patient has laid down', () => {
    const put = async (externalId: string, body: object) => {
      const answer = await t.request('PUT', `/v1/patients/prac_northside/${externalId}/privacy`, body);
      expect(answer.status, answer.text).toBe(200);
      return answer.body as { claims: { claimId: string; state: string }[] };
    };
    const keysOf = async (claimId: string | null | undefined) =>
      (await sql`select 1 from claim_key where claim_id = ${claimId}`.execute(t.app.core.ledger.db)).rows.length;

    it('a restriction ends what is unsent and gives its keys up; later sessions make no claim and no queue row', async () => {
      const one = freshSession(351);
      const { externalId } = first(one);
      const before = await ask.post(one);
      const claimId = before.attendees[0]?.claimId;
      expect(await keysOf(claimId)).toBeGreaterThan(0);
      expect((await put(externalId, { restrictDisclosure: true })).claims).toEqual([
        { claimId, state: 'not_billable', reason: 'disclosure_restricted' },
      ]);
      expect([(await ask.claim(claimId)).state, await keysOf(claimId)]).toEqual(['not_billable', 0]);

      const later = at(freshSession(352), '09:00', '10:00');
      const body = withPatient(later, 0, { ...first(one), note: first(later).note });
      expect((await ask.preview(body)).attendees[0]).toMatchObject({
        state: 'not_billable',
        reason: 'disclosure_restricted',
        x12: null,
      });
      const answer = await ask.post(body);
      expect(answer.attendees[0]).toMatchObject({ state: 'not_billable', claimId: null, reason: 'disclosure_restricted' });
      const rows =
        await sql`select 1 from claim c join attendee a on a.id = c.attendee_id where a.session_id = ${answer.id} and a.ordinal = 0`.execute(
          t.app.core.ledger.db,
        );
      expect(rows.rows).toEqual([]);
      const shown = (await t.request('GET', `/v1/group-sessions/${answer.id}`)).text;
      expect(shown).not.toContain(first(one).coverages[0]?.memberId as string);
      await put(externalId, { restrictDisclosure: false });
      expect((await ask.claim(claimId)).state, 'only an amendment brings it back').toBe('not_billable');
    });

    it('Part 2 without a consent: nobody lifts that, and a consent on record does', async () => {
      const one = { ...freshSession(381), part2Program: true };
      const answer = await ask.post(one);
      const claimId = answer.attendees[0]?.claimId;
      expect((await ask.standing(answer))[0]).toBe('held A19');
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const wanted = { kind: 'lift_holds', claimId, rules: ['A19'], reason: 'on paper', expiresAt };
      for (const refused of [await act(claimId, 'unhold'), await t.request('POST', '/v1/overrides', wanted)]) {
        expect([refused.status, refused.text.includes('/privacy')], refused.text).toEqual([409, true]);
      }
      expect((await ask.standing(answer))[0]).toBe('held A19');
      await put(first(one).externalId, { restrictDisclosure: false, part2: { consentId: 'c1', signedOn: '2026-01-05' } });
      expect((await ask.standing(answer))[0]).toBe('scheduled');
      await put(first(one).externalId, {
        restrictDisclosure: false,
        part2: { consentId: 'c1', signedOn: '2026-01-05', revokedOn: '2026-11-20' },
      });
      expect((await act(claimId, 'unhold')).status).toBe(409);
      expect((await ask.standing(answer))[0]).toBe('held A19');
    });

    it('Part 2 revoked after intake: held at once; and where only the record was written, held at release', async () => {
      const programme = (seed: number) => {
        const session = { ...freshSession(seed), part2Program: true };
        return {
          ...session,
          attendees: session.attendees.map((a) => ({ ...a, part2: { consentId: 'c1', signedOn: '2026-01-05' } })),
        };
      };
      const one = programme(353);
      const answer = await ask.post(one);
      expect(await ask.standing(answer)).toEqual(ALL_GO);
      const revoked = { restrictDisclosure: false, part2: { revokedOn: '2026-11-20' } };
      await put(first(one).externalId, revoked);
      expect((await ask.standing(answer))[0]).toBe('held A19');
      // A new consent, signed since, lets it go again.
      await put(first(one).externalId, { restrictDisclosure: false, part2: { consentId: 'c2', signedOn: '2026-11-21' } });
      expect((await ask.standing(answer))[0]).toBe('scheduled');

      // The record alone, as if the process had died right after it: the gate looks for itself.
      const { ledger, vault } = t.app.core;
      const second = one.attendees[1] as Attendee;
      const hash = patientHash(vault, 'prac_northside', second.externalId);
      const sealed = vault.seal('prac_northside', 'privacy', Buffer.from(hash).toString('hex'), {
        restrictDisclosure: false,
        part2: { consentId: null, signedOn: null, revokedOn: '2026-11-20' },
      });
      await ledger.transaction((tx) =>
        putPrivacy(tx, { patientHash: hash, practiceId: 'prac_northside', sealed, actor: 'test' }),
      );
      const claimId = answer.attendees[1]?.claimId;
      // The lane is kept free, whatever is still being delivered: this claim is the first to go.
      const looked = async () => {
        await sql`delete from spacing`.execute(ledger.db);
        await act(claimId, 'expedite');
        return (await ask.standing(answer))[1];
      };
      await expect.poll(looked, { timeout: 90_000, interval: 500 }).toBe('held A19');
    });
  });

  it('a preview tells it all and stores nothing', async () => {
    const session = freshSession(341);
    await ask.post(session);
    const { db } = t.app.core.ledger;
    // Of events those of an intake: claims that other tests have let go may leave meanwhile.
    const counted = async () =>
      (
        await sql<{ n: string }>`select concat_ws(',', (select count(*) from intake_bucket), (select count(*) from session),
        (select count(*) from claim_key), (select count(*) from ledger_event where kind like 'session.%' or kind in ('claim.created', 'claim.hold', 'claim.duplicate_of')), (select count(*) from task), (select max(touched_at) from intake_bucket)) as n`.execute(
          db,
        )
      ).rows[0]?.n;
    const before = await counted();
    const again = await ask.preview({ ...session, externalId: 'preview-only' });
    expect(again.attendees.every((a) => a.state === 'held' && a.claimId === null)).toBe(true);
    expect(await counted()).toBe(before);
  });
}

describe('the ledger’s edits on PGlite', () => {
  suite(async () => startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) }));
});

describeWith('postgres', 'the ledger’s edits on PostgreSQL', () => {
  let postgres: Databases;
  beforeAll(async () => {
    postgres = sharedPostgres();
  });
  suite(async () =>
    startApp({
      seed: await seedWith({ fileGapSeconds: 3600 }),
      env: { DATABASE_URL: await postgres.createDatabase() },
      overrides: { seedAnyLedger: true },
    }),
  );
});
