import { sql } from 'kysely';
import { planClaims } from '../../src/pipeline/plan-claims.ts';
import { seedWith, startApp } from '../support/app.ts';

/**
 * Median ms of planning one session of eight (look-ups in the ledger included) while `scheduled` claims wait in the lane.
 * The backlog is loaded by SQL.
 */
export async function measurePlanning(scheduled: number, repeats = 60): Promise<number> {
  const t = await startApp({ seed: await seedWith({ fileGapSeconds: 61, lookAlikeGapMinutes: 15 }) });
  const { ledger, vault } = t.app.core;
  try {
    await sql`insert into lane (id, clearinghouse_id, sender_id, receiver_id, usage) values ('bench', 'sandbox', 'A', 'B', 'T')`.execute(
      ledger.db,
    );
    await sql`insert into session (id, practice_id, external_id, content_hash, date_of_service, started_at, ended_at, facilitator_npi, findings, sealed)
      values ('gs_bench', 'p', 'x', '\\x00', '2026-11-20', ledger_now(), ledger_now(), '1', '[]', '\\x00')`.execute(ledger.db);
    await sql`insert into attendee (id, session_id, practice_id, ordinal, patient_hash, state, findings, sealed)
      values ('att_bench', 'gs_bench', 'p', 0, '\\x00', 'scheduled', '[]', '\\x00')`.execute(ledger.db);
    await sql`insert into claim (id, session_id, attendee_id, practice_id, lane_id, responsibility, state, lineage, trace_number, date_of_service,
        look_alike_key, look_alike_gap_ms, sibling_key, not_before, order_key, planned_release_at, practice_version, sealed)
      select 'clm_' || n, 'gs_bench', 'att_bench', 'p', 'bench', 'P', 'scheduled', 'L' || n, 'T' || n, '2026-11-20', 'la' || (n % 1000), 900000,
        'sib' || n, ledger_now() + make_interval(days => 1, secs => n * 61), '1' || lpad(n::text, 12, '0'),
        ledger_now() + make_interval(days => 1, secs => n * 61), 1, '\\x00'
      from generate_series(1, ${scheduled}) n`.execute(ledger.db);
    await sql`analyze claim`.execute(ledger.db);
    const now = (await ledger.now()).getTime();
    const policy = {
      laneId: 'bench',
      gapMs: 61_000,
      maxPerHour: null,
      maxPerDay: null,
      batchMaxClaims: 1,
      windows: [],
      timezone: 'America/New_York',
      holidays: null,
      circuitOpenUntil: null,
    };
    const times: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const claims = Array.from({ length: 8 }, (_, n) => ({
        claimId: `clm_new_${i}_${n}`,
        practiceId: 'p',
        laneId: 'bench',
        lookAlikeKey: `la${(i * 8 + n) % 1000}`,
        lookAlikeGapMs: 900_000,
        siblingKey: `sib_new_${i}_${n}`,
        deadlineAt: null,
      }));
      const from = performance.now();
      const planned = await planClaims(ledger.db, vault, { claims, lanes: [policy], now });
      times.push(performance.now() - from);
      if (planned.size !== 8) throw new Error('a claim was not planned');
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)] ?? Number.NaN;
  } finally {
    await t.stop();
  }
}
