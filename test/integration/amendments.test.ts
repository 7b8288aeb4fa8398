import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, claimOf, oneSession, startBench, withAttendee } from '../support/amending.ts';

let b: Bench;
beforeAll(async () => {
  b = await startBench();
});
afterAll(() => b.t.stop());

describe('an amendment', () => {
  it('changes one claim', async () => {
    const session = oneSession(401);
    const first = await b.post(session);
    const ids = [0, 1, 2].map((i) => claimOf(first, i));
    const before = await b.rows([ids[0] as string, ids[2] as string]);
    const answer = await b.amended(first, withAttendee(session, 1, { diagnoses: ['F33.1'] }));
    expect(answer.version).toBe(2);
    expect(answer.attendees[1]?.findings).toEqual([]);
    expect(await b.view(ids[1] as string)).toMatchObject({ state: 'scheduled' });
    expect(await b.rows([ids[0] as string, ids[2] as string])).toBe(before);
  });
});
