import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import { pruneClinicianSketches } from '../../src/ledger/note-sketches.ts';
import { OWN_BANDS } from '../../src/session/notes/sketch.ts';
import { shiftSession } from '../../src/session/shift.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { occupyLane } from '../support/ledgered.ts';
import { manySessions } from '../support/sessions.ts';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
  await occupyLane(t);
});
afterAll(() => t.stop());

const session = (seed: number): GroupSession => {
  const [made] = manySessions(1, seed, { attendees: 3 });
  if (made === undefined) throw new Error('no session was made');
  return made;
};
/** The same notes, about others: names, ids and members of `people`. */
const about = (notes: GroupSession, people: GroupSession, externalId: string): GroupSession => ({
  ...notes,
  externalId,
  attendees: people.attendees.map((a, i) => ({ ...a, note: notes.attendees[i]?.note ?? null })),
});
const post = async (body: GroupSession, path = '/v1/group-sessions'): Promise<SessionAnswer> => {
  const answer = await t.request('POST', path, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body as SessionAnswer;
};
const n11 = (answer: SessionAnswer) =>
  answer.attendees.map((a) => a.findings.filter((f) => f.rule === 'N11').map((f) => f.severity));
const messages = (answer: SessionAnswer) =>
  answer.attendees.flatMap((a) => a.findings.filter((f) => f.rule === 'N11').map((f) => f.message));
const rows = async (): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from note_sketch`.execute(t.app.core.ledger.db)).rows[0]?.n ?? 0;
const HELD = [['hold'], ['hold'], ['hold']];
const NONE = [[], [], []];

describe('a copy of an earlier note', () => {
  it('is held with the session and the score: the same patient’s at any time, another’s by the same clinician within 30 days', async () => {
    const first = session(201);
    const before = await rows();
    const stored = await post(first);
    expect(n11(stored)).toEqual(NONE);
    expect(await rows()).toBe(before + 3);

    const later = { ...shiftSession(first, '2026-08-07'), externalId: 'own-earlier' };
    const own = await post(later, '/v1/group-sessions/preview');
    expect(n11(own)).toEqual(HELD);
    expect(messages(own)[0]).toBe(
      `The paragraph is like this patient’s own of 2026-11-20 (session ${stored.id}, similarity about 1.00).`,
    );

    const others = session(202);
    const near = await post(shiftSession(about(first, others, 'others-near'), '2026-10-21'), '/v1/group-sessions/preview');
    expect(n11(near)).toEqual(HELD);
    expect(messages(near)[2]).toBe(
      `The paragraph is like another patient’s by the same clinician of 2026-11-20 (session ${stored.id}, similarity about 1.00).`,
    );
    expect(n11(await post(shiftSession(about(first, others, 'others-far'), '2026-10-20'), '/v1/group-sessions/preview'))).toEqual(
      NONE,
    );
    const colleague = about(first, others, 'colleague');
    const by = {
      renderingProvider: others.renderingProvider,
      finalized: { ...first.finalized, byNpi: session(203).renderingProvider.npi },
    };
    expect(
      n11(await post({ ...colleague, ...by, renderingProvider: session(203).renderingProvider }, '/v1/group-sessions/preview')),
    ).toEqual(NONE);
  });

  it('a preview compares and keeps nothing; a session is never compared with itself', async () => {
    const before = await rows();
    const body = session(204);
    expect(n11(await post(body, '/v1/group-sessions/preview'))).toEqual(NONE);
    expect(await rows()).toBe(before);
    await post(body);
    expect(await rows()).toBe(before + 3);
    expect(n11(await post(body, '/v1/group-sessions/preview'))).toEqual(NONE);
    expect((await t.request('POST', '/v1/group-sessions', body)).status).toBe(200);
    expect(await rows()).toBe(before + 3);
  });

  it('what the intake said stands when configuration changes: no note is there to compare, and none with itself', async () => {
    const body = session(205);
    await post(body);
    const copied = await post({ ...shiftSession(body, '2026-11-13'), externalId: 'copied' });
    expect(n11(copied)).toEqual(HELD);
    const practice = (await t.request('GET', '/v1/practices/prac_northside')).body as Record<string, unknown>;
    expect((await t.request('PUT', '/v1/practices/prac_northside', { ...practice, name: 'Northside Counseling' })).status).toBe(
      200,
    );
    const historyOf = async (id: string) =>
      ((await t.request('GET', `/v1/claims/${id}`)).body as { history: { event: string }[] }).history.map((h) => h.event);
    await until('judged again', async () => (await historyOf(copied.attendees[0]?.claimId ?? '')).includes('claim.regated'));
    const again = async (id: string) => (await t.request('GET', `/v1/group-sessions/${id}`)).body as SessionAnswer;
    expect(n11(await again(copied.id))).toEqual(HELD);
    expect((await again(copied.id)).attendees.map((a) => a.state)).toEqual(['held', 'held', 'held']);
  });

  it('an amended note takes the place of the one before and is not compared with it', async () => {
    const body = session(209);
    const stored = await post(body);
    const before = await rows();
    const [first, ...rest] = body.attendees;
    if (!first?.note) throw new Error('three with notes were asked for');
    const rewritten = session(210).attendees[0]?.note?.text ?? '';
    const amended = {
      ...body,
      attendees: [{ ...first, note: { ...first.note, text: rewritten }, chargeAmount: '61.00' }, ...rest],
    };
    const path = `/v1/group-sessions/${stored.id}/amendments`;
    const answer = await t.request('POST', path, { ...amended, reason: 'the note was another’s' }, { 'if-match': '"1"' });
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(n11(answer.body as SessionAnswer)).toEqual(NONE);
    expect(await rows()).toBe(before);
    const copies = { ...shiftSession(body, '2026-11-06'), externalId: 'copies' };
    expect(n11(await post(copies, '/v1/group-sessions/preview'))).toEqual([[], ['hold'], ['hold']]);
  });

  it('of somebody who gets no claim nothing is kept', async () => {
    const before = await rows();
    const body = session(206);
    const [first, second, third] = body.attendees;
    if (!first || !second || !third) throw new Error('three were asked for');
    await post({ ...body, attendees: [{ ...first, billing: 'self_pay' }, { ...second, restrictDisclosure: true }, third] });
    expect(await rows()).toBe(before + 1);
  });

  it('old sketches lose their clinician and keep their patient', async () => {
    const body = session(207);
    await post(shiftSession({ ...body, externalId: 'spring' }, '2026-05-08'));
    expect(await pruneClinicianSketches(t.app.core.ledger.db, OWN_BANDS.bands)).toBe(3);
    const near = shiftSession(about(body, session(208), 'spring-others'), '2026-05-15');
    expect(n11(await post(near, '/v1/group-sessions/preview'))).toEqual(NONE);
    expect(n11(await post({ ...body, externalId: 'autumn' }, '/v1/group-sessions/preview'))).toEqual(HELD);
  });
});
