import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/database.ts';
import {
  CLINICIAN_DAYS,
  CLINICIAN_KEPT_DAYS,
  findSketches,
  type NewSketch,
  pruneClinicianSketches,
  replaceSketches,
  type SessionSketches,
  type SketchScope,
} from '../../../src/ledger/note-sketches.ts';
import { describeLedger } from './harness.ts';

const SCOPE: SketchScope = {
  practiceId: 'prac',
  clinician: '1093817462',
  dateOfService: '2026-11-20',
  usage: 'T',
  keyId: 'key_1',
  version: 1,
};
const bytes = (text: string): Uint8Array => Buffer.from(text.padEnd(8, '.'));

/** A sketch whose bands are `first`, `first + 1` … for the patient and the same, negative, for the clinician. */
const sketch = (ordinal: number, patient: string, first: number): NewSketch => ({
  ordinal,
  patientHash: bytes(patient),
  shingles: 40,
  minima: bytes(`m${first}`),
  ownBands: Array.from({ length: 8 }, (_, i) => first + i),
  clinicianBands: Array.from({ length: 16 }, (_, i) => -first - i - 1),
});

async function store(
  ledger: Ledger,
  id: string,
  sketches: readonly NewSketch[],
  scope: Partial<SketchScope> = {},
): Promise<void> {
  const whole = { ...SCOPE, ...scope };
  await sql`insert into session (id, practice_id, external_id, content_hash, date_of_service, started_at, ended_at, facilitator_npi, findings, sealed)
    values (${id}, ${whole.practiceId}, ${`ext-${id}`}, ''::bytea, ${whole.dateOfService}, now(), now(), ${whole.clinician}, '[]', ''::bytea)
    on conflict do nothing`.execute(ledger.db);
  await replaceSketches(ledger.db, id, { scope: whole, sketches });
}

const asked = (sketches: readonly NewSketch[], scope: Partial<SketchScope> = {}): SessionSketches => ({
  scope: { ...SCOPE, ...scope },
  sketches,
});
const found = async (ledger: Ledger, request: SessionSketches, externalId = 'new') =>
  (await findSketches(ledger.db, request, externalId)).map((s) => `${s.ordinal} ${s.sessionId} ${s.own ? 'own' : 'clinician'}`);

describeLedger('note sketches', (backend) => {
  it('are found by one band in common, by their patient at any time and by their clinician within thirty days', async () => {
    const ledger = await backend.fresh();
    await store(ledger, 'gs_old', [sketch(0, 'ann', 1_000)], { dateOfService: '2024-02-01' });
    await store(ledger, 'gs_bob', [sketch(0, 'bob', 1_015), sketch(1, 'eve', 9_000)], { dateOfService: '2026-10-21' });
    await store(ledger, 'gs_far', [sketch(0, 'bob', 1_000)], { dateOfService: '2026-10-20' });
    expect(CLINICIAN_DAYS).toBe(30);
    const mine = asked([sketch(0, 'ann', 1_000), sketch(1, 'zoe', 5_000)]);
    expect(await found(ledger, mine)).toEqual(['0 gs_bob clinician', '0 gs_old own']);
    const [first] = await findSketches(ledger.db, mine, 'new');
    expect(first).toEqual({
      ordinal: 0,
      sessionId: 'gs_bob',
      dateOfService: '2026-10-21',
      own: false,
      minima: Buffer.from('m1015...'),
    });
    // One band further and nothing is in common.
    expect(await found(ledger, asked([sketch(0, 'zoe', 1_031)]))).toEqual([]);
    expect(await found(ledger, asked([sketch(0, 'zoe', 1_030)]))).toEqual(['0 gs_bob clinician']);
    expect(await findSketches(ledger.db, asked([]), 'new')).toEqual([]);
  });

  it('are never those of the session itself, of another practice, key, version, usage or clinician', async () => {
    const ledger = await backend.fresh();
    const bob = [sketch(0, 'bob', 1_000)];
    await store(ledger, 'gs_1', bob);
    const zoe = asked([sketch(0, 'zoe', 1_000)]);
    expect(await found(ledger, zoe)).toEqual(['0 gs_1 clinician']);
    expect(await found(ledger, zoe, 'ext-gs_1')).toEqual([]);
    const others: Partial<SketchScope>[] = [
      { practiceId: 'x' },
      { keyId: 'x' },
      { version: 2 },
      { usage: 'P' },
      { clinician: 'x' },
    ];
    for (const other of others) expect(await found(ledger, asked(zoe.sketches, other)), JSON.stringify(other)).toEqual([]);
    expect(await found(ledger, asked(zoe.sketches, { usage: null }))).toEqual(['0 gs_1 clinician']);
  });

  it('are replaced as a whole when a note is written anew', async () => {
    const ledger = await backend.fresh();
    await store(ledger, 'gs_1', [sketch(0, 'ann', 1_000), sketch(1, 'bob', 2_000)]);
    await store(ledger, 'gs_1', [sketch(1, 'bob', 3_000)]);
    const kept = await ledger.db.selectFrom('note_sketch').select(['ordinal', 'bands']).execute();
    expect(kept.map((k) => [k.ordinal, k.bands.length, k.bands[0]])).toEqual([[1, 24, 3_000]]);
  });

  it('lose their clinician when the days are over, and keep their patient', async () => {
    const ledger = await backend.fresh();
    // At noon: the day must not end between the question and the pruning.
    const toNoon = String(new Date().setUTCHours(12, 0, 0, 0) - Date.now());
    await ledger.db.insertInto('setting').values({ key: 'clock_offset_ms', value: toNoon }).execute();
    const day = async (days: number) =>
      (await sql<{ d: string }>`select (ledger_now()::date - ${days}::int) as d`.execute(ledger.db)).rows[0]?.d ?? '';
    const edge = await day(CLINICIAN_KEPT_DAYS);
    const over = await day(CLINICIAN_KEPT_DAYS + 1);
    await store(ledger, 'gs_edge', [sketch(0, 'ann', 1_000)], { dateOfService: edge });
    await store(ledger, 'gs_over', [sketch(0, 'bob', 1_000)], { dateOfService: over });
    expect(await pruneClinicianSketches(ledger.db, 8)).toBe(1);
    expect(await pruneClinicianSketches(ledger.db, 8)).toBe(0);
    const rows = await ledger.db
      .selectFrom('note_sketch')
      .select(['session_id', 'clinician', 'bands'])
      .orderBy('session_id')
      .execute();
    expect(rows.map((r) => [r.session_id, r.clinician, r.bands.length])).toEqual([
      ['gs_edge', SCOPE.clinician, 24],
      ['gs_over', null, 8],
    ]);
    expect(await found(ledger, asked([sketch(0, 'zoe', 1_000)], { dateOfService: over }))).toEqual(['0 gs_edge clinician']);
    expect(await found(ledger, asked([sketch(0, 'bob', 1_000)], { dateOfService: '2030-01-01' }))).toEqual(['0 gs_over own']);
  });

  it('are looked up through the index, however many there are', async () => {
    const ledger = await backend.fresh();
    await store(ledger, 'gs_1', []);
    await sql`insert into note_sketch (session_id, ordinal, practice_id, patient_hash, clinician, date_of_service, usage, key_id, version, shingles, minima, bands)
      select 'gs_1', n, 'prac', ''::bytea, ${SCOPE.clinician}, '2026-11-19', 'T', 'key_1', 1, 40, ''::bytea, array[n, n + 1000000]
      from generate_series(1, 5000) n`.execute(ledger.db);
    await sql`analyze note_sketch`.execute(ledger.db);
    const plan = await sql<{
      'QUERY PLAN': string;
    }>`explain select * from jsonb_to_recordset('[{"b":[1,2]},{"b":[3]}]'::jsonb) as q(b int[])
      cross join lateral (select * from note_sketch s where s.bands && q.b offset 0) n`.execute(ledger.db);
    expect(plan.rows.map((r) => r['QUERY PLAN']).join('\n')).toContain('note_sketch_by_band');
    const hits = await found(ledger, asked([{ ...sketch(0, 'zoe', 0), ownBands: [17], clinicianBands: [] }]));
    expect(hits).toEqual(['0 gs_1 clinician']);
  });
});
