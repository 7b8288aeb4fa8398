import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/database.ts';
import type { Executor } from '../../../src/ledger/executor.ts';
import { type FactsRequest, readFacts } from '../../../src/ledger/intake-facts.ts';
import { describeLedger } from './harness.ts';

const hex = (text: string): string => Buffer.from(text.padEnd(8, '.')).toString('hex');
const bytes = (text: string) => sql`decode(${hex(text)}, 'hex')`;
const at = (clock: string) => `2026-11-20T${clock}:00Z`;

interface Claim {
  readonly patient: string;
  readonly state?: string;
  readonly member?: string;
  readonly person?: string;
  readonly authorization?: { readonly stated: number | null };
  readonly practice?: string;
}

/** A stored session with one claim for each patient, as small as the tables allow. */
async function stored(
  db: Executor,
  id: string,
  from: string,
  to: string,
  claims: readonly Claim[],
  { practice = 'prac', facilitator = 'npi' } = {},
): Promise<void> {
  await sql`insert into session (id, practice_id, external_id, content_hash, date_of_service, started_at, ended_at, facilitator_npi, facility_hash, usage, findings, sealed)
    values (${id}, ${practice}, ${id}, ''::bytea, '2026-11-20', ${at(from)}, ${at(to)}, ${facilitator}, ${bytes('home')}, 'T', '[]', ''::bytea)`.execute(
    db,
  );
  for (const [i, c] of claims.entries()) {
    await sql`insert into attendee (id, session_id, practice_id, ordinal, patient_hash, state, findings, sealed, present_from, present_to)
      values (${`${id}-a${i}`}, ${id}, ${practice}, ${i}, ${bytes(c.patient)}, 'held', '[]', ''::bytea, ${at(from)}, ${at(to)})`.execute(
      db,
    );
    await sql`insert into claim (id, session_id, attendee_id, practice_id, responsibility, state, lineage, trace_number, date_of_service, practice_version, sealed,
        patient_hash, member_hash, person_hash, demographics_hash, is_subscriber, procedure_code, service_code, authorization_hash, units_stated, authorized_units)
      values (${`${id}-c${i}`}, ${id}, ${`${id}-a${i}`}, ${practice}, 'P', ${c.state ?? 'accepted'}, ${`${id}-${i}`}, ${`${id}-${i}`}, '2026-11-20', 1, ''::bytea,
        ${bytes(c.patient)}, ${bytes(c.member ?? c.patient)}, ${bytes(c.person ?? c.patient)}, ${bytes(c.person ?? c.patient)}, true, 'H0004', '90853',
        ${c.authorization ? bytes('auth') : null}, ${c.authorization?.stated ?? null}, ${c.authorization ? 1 : null})`.execute(
      db,
    );
  }
}

/** The facts about a session at 17:00–18:00 with these patients, each their own subscriber. */
const asking = (patients: readonly string[], changes: Partial<FactsRequest> = {}): FactsRequest => ({
  sessionId: 'new',
  practiceId: 'prac',
  facilitatorNpi: 'npi',
  facilityHash: hex('home'),
  usage: 'T',
  startedAt: at('17:00'),
  endedAt: at('18:00'),
  dateOfService: '2026-11-20',
  patients: patients.map((p, n) => ({ n, hash: hex(p), from: at('17:00'), to: at('18:00') })),
  members: patients.map((p, n) => ({
    n,
    patient: hex(p),
    member: hex(p),
    person: hex(p),
    demographics: hex(p),
    code: '90853',
    self: true,
    authorization: hex('auth'),
  })),
  keys: [],
  buckets: patients.map(hex),
  ...changes,
});

describeLedger('facts of an intake', (backend) => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await backend.fresh();
  });
  const facts = (request: FactsRequest, locking = true) => ledger.transaction((tx) => readFacts(tx, request, locking));

  it('are nothing on an empty ledger', async () => {
    expect(await facts(asking(['a', 'b']))).toEqual({
      groups: [],
      overlaps: [],
      services: [],
      memberConflicts: [],
      authorizedUnits: [],
      keyOwners: [],
      privacy: [],
    });
  });

  it('name sessions of the same facilitator near in time, with what their rosters share', async () => {
    await stored(ledger.db, 'overlapping', '17:50', '18:50', [{ patient: 'a' }, { patient: 'x' }]);
    await stored(ledger.db, 'close', '18:10', '19:00', [{ patient: 'a' }]);
    await stored(ledger.db, 'after', '18:16', '19:00', [{ patient: 'a' }]);
    await stored(ledger.db, 'elsewhere', '17:00', '18:00', [{ patient: 'a' }], { practice: 'other' });
    await stored(ledger.db, 'colleague', '17:00', '18:00', [{ patient: 'q' }], { facilitator: 'other' });
    const { groups } = await facts(asking(['a', 'b']));
    expect(groups.map((g) => [g.sessionId, g.roster, g.common, g.sameFacility])).toEqual([
      ['close', 1, 1, true],
      ['overlapping', 2, 1, true],
    ]);
    const [far] = (await facts(asking(['a'], { facilityHash: hex('far'), usage: null }))).groups;
    expect(far?.sameFacility).toBe(false);
    expect((await facts(asking(['a'], { usage: 'P' }))).groups).toEqual([]);
  });

  it('name where else a patient was at the same time; times that only touch are no overlap', async () => {
    await stored(ledger.db, 'before', '16:00', '17:00', [{ patient: 'a' }]);
    await stored(ledger.db, 'during', '17:30', '18:30', [{ patient: 'a', state: 'held' }, { patient: 'b' }], {
      facilitator: 'other',
    });
    const absent = asking(['a', 'b'], {
      patients: [
        { n: 0, hash: hex('a'), from: at('17:00'), to: at('18:00') },
        { n: 1, hash: hex('b'), from: null, to: null },
      ],
    });
    expect((await facts(absent)).overlaps).toEqual([{ index: 0, sessionId: 'during', claimId: 'during-c0', state: 'held' }]);
  });

  it('forget who an amendment has taken off a roster', async () => {
    await stored(ledger.db, 'during', '17:30', '18:30', [{ patient: 'a' }, { patient: 'b' }]);
    await sql`update attendee set ordinal = -1 where id = 'during-a0'`.execute(ledger.db);
    const { groups, overlaps } = await facts(asking(['a', 'b']));
    expect(groups.map((g) => [g.roster, g.common])).toEqual([[1, 1]]);
    expect(overlaps.map((o) => o.claimId)).toEqual(['during-c1']);
  });

  it('name live services of the day: a held claim counts only while it owns its keys', async () => {
    await stored(ledger.db, 'old', '09:00', '10:00', [
      { patient: 'a', state: 'paid' },
      { patient: 'b', state: 'held' },
      { patient: 'c', state: 'rejected' },
    ]);
    const codes = { serviceCode: '90853', lines: [{ procedureCode: 'H0004', modifiers: [] }] };
    expect((await facts(asking(['a', 'b', 'c']))).services).toEqual([{ index: 0, claimId: 'old-c0', state: 'paid', ...codes }]);
    await sql`insert into claim_key (kind, hash, key_id, canonical_version, claim_id) values ('K2a', ${bytes('k')}, 'key', 1, 'old-c1')`.execute(
      ledger.db,
    );
    expect((await facts(asking(['b'], { keys: [{ n: 0, kind: 'K2a', hash: hex('k') }] }))).keyOwners).toEqual([
      { index: 0, kind: 'K2a', claimId: 'old-c1', ownPractice: true },
    ]);
    expect((await facts(asking(['b']))).services).toEqual([{ index: 0, claimId: 'old-c1', state: 'held', ...codes }]);
  });

  it('name a live claim under an override number to everybody but a claim that owned its keys before', async () => {
    await stored(ledger.db, 'under', '09:00', '10:00', [{ patient: 'a' }]);
    await sql`update claim set override_no = 1`.execute(ledger.db);
    await stored(ledger.db, 'first', '11:00', '12:00', [{ patient: 'a' }]);
    const own = asking(['a'], { sessionId: 'first', keys: [{ n: 0, kind: 'K2a', hash: hex('k') }] });
    const named = async (request: FactsRequest) => (await facts(request)).services.map((s) => s.claimId);
    expect(await named(own)).toEqual(['under-c0']);
    await sql`insert into claim_key (kind, hash, key_id, canonical_version, claim_id) values ('K2a', ${bytes('k')}, 'key', 1, 'first-c0')`.execute(
      ledger.db,
    );
    expect(await named(own)).toEqual([]);
    expect(await named(asking(['a']))).toEqual(['first-c0', 'under-c0']);
    // The same member under another patient id: its K3 carries the number, so the key itself meets nothing.
    const renamed = asking(['a'], { patients: [{ n: 0, hash: hex('b'), from: null, to: null }] });
    const members = renamed.members.map((m) => ({ ...m, patient: hex('b') }));
    expect((await facts({ ...renamed, members })).keyOwners).toEqual([
      { index: 0, kind: 'K3', claimId: 'under-c0', ownPractice: true },
    ]);
    expect((await facts({ ...renamed, members: members.map((m) => ({ ...m, code: '90849' })) })).keyOwners).toEqual([]);
  });

  it('name another person under the same member id: every unsent claim, and of what has left the newest', async () => {
    const same = { member: 'a', person: 'twin' };
    await stored(ledger.db, 's1', '01:00', '02:00', [{ patient: 'b', ...same, state: 'paid' }]);
    await stored(ledger.db, 's2', '03:00', '04:00', [{ patient: 'b', ...same, state: 'accepted' }]);
    await stored(ledger.db, 's3', '05:00', '06:00', [{ patient: 'b', ...same, state: 'held' }]);
    await stored(ledger.db, 's4', '07:00', '08:00', [{ patient: 'b', ...same, state: 'rejected' }]);
    await stored(ledger.db, 's5', '09:00', '10:00', [{ patient: 'z', ...same, state: 'held' }], { practice: 'other' });
    await stored(ledger.db, 's6', '11:00', '12:00', [{ patient: 'a', member: 'a', person: 'a' }]);
    const conflicts = async () => (await facts(asking(['a']))).memberConflicts.map((c) => [c.claimId, c.state, c.ownPractice]);
    expect(await conflicts()).toEqual([
      ['s2-c0', 'accepted', true],
      ['s3-c0', 'held', true],
      ['s5-c0', 'held', false],
    ]);
    await sql`insert into claim_override (id, practice_id, claim_id, kind, rules, reason, requested_by, expires_at, approved_by, approved_at)
      values ('o', 'prac', 's6-c0', 'lift_holds', array['A21'], 'why', 'one', ledger_now() + interval '1 day', 'two', ledger_now())`.execute(
      ledger.db,
    );
    expect(await conflicts()).toEqual([]);
    await sql`update claim_override set expires_at = ledger_now() - interval '1 second'`.execute(ledger.db);
    expect(await conflicts()).toHaveLength(3);
  });

  it('count live claims under an authorization, in their order', async () => {
    await stored(ledger.db, 's1', '01:00', '02:00', [{ patient: 'a', authorization: { stated: 3 } }]);
    await stored(ledger.db, 's2', '03:00', '04:00', [{ patient: 'a', authorization: { stated: 3 }, state: 'cancelled' }]);
    await stored(ledger.db, 's3', '05:00', '06:00', [{ patient: 'a', authorization: { stated: null } }]);
    expect((await facts(asking(['a']))).authorizedUnits).toEqual([
      { index: 0, stated: 3, units: 1 },
      { index: 0, stated: null, units: 1 },
    ]);
  });

  it('a preview waits for nobody and writes nothing', async () => {
    await facts(asking(['a', 'b']), false);
    expect((await sql`select 1 from intake_bucket`.execute(ledger.db)).rows).toEqual([]);
    await facts(asking(['a', 'b']));
    await facts(asking(['b', 'a']));
    expect((await sql`select 1 from intake_bucket`.execute(ledger.db)).rows).toHaveLength(2);
  });

  it('two intakes that share a bucket go one after the other, and the second sees what the first has stored', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const first = ledger.transaction(async (tx) => {
      await readFacts(tx, asking(['a', 'b'], { sessionId: 'first' }), true);
      entered();
      await sleep(80);
      await stored(tx, 'first', '17:00', '18:00', [{ patient: 'a' }, { patient: 'b' }]);
    });
    await inside;
    const second = facts(asking(['b', 'c'], { sessionId: 'second' }));
    await first;
    const seen = await second;
    expect(seen.groups.map((g) => [g.sessionId, g.common])).toEqual([['first', 1]]);
    expect(seen.overlaps.map((o) => o.claimId)).toEqual(['first-c1']);
  });

  it('many intakes over the same buckets in any order end without a deadlock that is seen', async () => {
    const people = ['a', 'b', 'c', 'd', 'e', 'f'];
    const seen = await Promise.all(
      people.map((_, i) =>
        ledger.transaction(async (tx) => {
          const roster = [...people.slice(i), ...people.slice(0, i)];
          const found = await readFacts(tx, asking(roster, { sessionId: `s${i}` }), true);
          await stored(
            tx,
            `s${i}`,
            '17:00',
            '18:00',
            roster.map((patient) => ({ patient })),
          );
          return found.groups.length;
        }),
      ),
    );
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
