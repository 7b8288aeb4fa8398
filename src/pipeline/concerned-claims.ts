import type { Finding } from '../../schemas/common.ts';
import { editById } from '../claim/edits/registry.ts';
import type { ConcernedClaim } from '../claim/ledger-gate.ts';
import { BY_GATE, claimsWithAttendee, moveClaims } from '../ledger/claims.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftedByPeople, openHolds } from '../ledger/holds.ts';
import { replaceFindings } from '../ledger/sessions.ts';
import { openTasks } from '../ledger/tasks.ts';
import type { StoredFinding } from './sealed.ts';

/** What a person is asked to do about a claim that has left, by the rule that found it. */
const TASK_KIND: Readonly<Record<string, string>> = { A04: 'review_overlap', A21: 'review_member_id' };

/**
 * The other side of a conflict that an intake has found: every claim that has not left is held with the same finding, in
 * the intake's transaction; one that has left becomes a task. The rows stand still since the facts were read. `ours` is our
 * claim by roster position; it is named to claims of the same practice only. `again`: the conflict was found before, so what
 * people have decided about it since, on either side, is not undone.
 */
export async function holdConcerned(
  tx: Executor,
  concerned: readonly ConcernedClaim[],
  ours: { readonly practiceId: string; readonly claimIds: ReadonlyMap<number, string>; readonly again: boolean },
): Promise<void> {
  if (concerned.length === 0) return;
  const ids = [...new Set(concerned.map((c) => c.claimId))];
  const lifted = ours.again ? await liftedByPeople(tx, [...ids, ...ours.claimIds.values()]) : [];
  const decided = (claimId: string | undefined, c: ConcernedClaim) =>
    lifted.some((l) => l.claim_id === claimId && l.rule === c.rule && l.message === c.message);
  const asking = concerned.filter((c) => !decided(ours.claimIds.get(c.index), c));
  if (asking.length === 0) return;
  const unique = new Map(asking.map((c) => [`${c.claimId} ${c.rule}`, c]));
  const rows = await claimsWithAttendee(tx, [...new Set(asking.map((c) => c.claimId))]);
  const open = await openHolds(
    tx,
    rows.map((r) => r.id),
  );
  for (const row of rows) {
    const found = [...unique.values()].filter((c) => c.claimId === row.id);
    const linkOf = (c: ConcernedClaim) => (row.practice_id === ours.practiceId ? (ours.claimIds.get(c.index) ?? null) : null);
    if (row.state !== 'held' && row.state !== 'scheduled') {
      await openTasks(
        tx,
        found.map((c) => ({
          practiceId: row.practice_id,
          kind: TASK_KIND[c.rule] ?? 'review',
          claimId: row.id,
          rule: c.rule,
          relatedClaimId: linkOf(c),
          message: c.message,
          actor: 'gate',
        })),
        ours.again,
      );
      continue;
    }
    const known = (c: ConcernedClaim) =>
      decided(row.id, c) || open.some((h) => h.claim_id === row.id && h.rule === c.rule && h.message === c.message);
    const fresh = found.filter((c) => !known(c));
    const [first] = fresh;
    if (first === undefined) continue;
    const links = [...new Set(fresh.flatMap((c) => linkOf(c) ?? []))];
    const detail = links.length === 0 ? null : { claims: links };
    if (row.state === 'scheduled')
      await moveClaims(
        tx,
        [{ id: row.id, from: 'scheduled', to: 'held', reason: first.reason, ...(detail && { detail }) }],
        BY_GATE,
      );
    else await recordEvents(tx, [{ subject: row.id, kind: 'claim.hold', actor: BY_GATE.actor, reason: first.reason, detail }]);
    const hold = ({ rule, message, field }: ConcernedClaim) => ({
      rule,
      severity: 'hold' as const,
      message,
      path: `/attendees/${row.ordinal}${field}`,
    });
    await insertHolds(
      tx,
      fresh.map((c) => ({ ...hold(c), claimId: row.id, actor: 'gate' })),
    );
    const said = fresh.map(
      (c): StoredFinding => ({ ...hold(c), scope: 'attendee', ruleVersion: editById(c.rule)?.version ?? '1' }),
    );
    const stored = row.findings as Omit<Finding, 'attendee'>[];
    await replaceFindings(tx, row.attendee_id, [
      ...stored,
      ...said.filter((s) => !stored.some((k) => k.rule === s.rule && k.message === s.message)),
    ]);
  }
}
