import { claimsByDrop, findClaim, listClaims } from '../ledger/claims.ts';
import { findDrop, membersOf } from '../ledger/drops.ts';
import { listAudit } from '../ledger/events.ts';
import { findSession, listSessions } from '../ledger/sessions.ts';
import { ledgerNow, readSetting } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import { ALL_SNIP_TYPES } from '../x12/837p/validate/options.ts';
import { acceptSession } from './accept-session.ts';
import { amendSession, listVersions } from './amend-session.ts';
import { createAuthenticator } from './authenticate.ts';
import { claimX12 } from './claim-x12.ts';
import { getConfig, putConfig } from './configure.ts';
import type { PipelineDeps } from './deps.ts';
import { createIdempotentRunner } from './idempotency.ts';
import { knownPayers } from './known-payers.ts';
import { laneViews } from './lanes-view.ts';
import { createLedgerWatch } from './ledger-watch.ts';
import { actOnClaim } from './operator.ts';
import { createBackpressure, metricSamples, opsView } from './ops-view.ts';
import { approve, listPendingOverrides, requestOverride } from './overrides.ts';
import { previewSession } from './preview-session.ts';
import { putPatientPrivacy } from './privacy.ts';
import { ProblemError } from './problem.ts';
import type { LaneRunner } from './run-lane.ts';
import type { RollcallService } from './service.ts';
import { setLane } from './set-lane.ts';
import { closeOpenTask, openTaskViews } from './tasks.ts';
import { validateX12 } from './validate-x12.ts';
import { claimSummaries, claimViewOf, sessionAnswers } from './views.ts';

const notFound = (what: string) => new ProblemError(404, 'not_found', `No such ${what}`);

/** Cursors are ids of the last row seen, opaque to clients. */
const encodeCursor = (id: string | number): string => Buffer.from(String(id)).toString('base64url');

/** The id that a cursor stands for; 400 when it is not one that this list gave out. */
function decodeCursor(cursor: string | undefined, shape: RegExp): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!shape.test(id))
    throw new ProblemError(400, 'invalid_cursor', 'This cursor is not one of this list', {
      errors: [{ pointer: '/cursor', code: 'invalid_cursor', message: 'take it from nextCursor of the page before' }],
    });
  return id;
}

/** The pipeline behind its one interface. `lanes` is null in a process that runs no worker. */
export function createService(
  deps: PipelineDeps,
  options: {
    readonly lanes: LaneRunner | null;
    readonly hashApiKey: (token: string) => Uint8Array;
    readonly pendingMigrations: () => Promise<readonly string[]>;
  },
): RollcallService {
  const { db } = deps.ledger;
  const idempotent = createIdempotentRunner(deps);
  const watch = createLedgerWatch(deps, deps.settings.ledgerWatch);
  const authenticate = createAuthenticator(deps, options.hashApiKey);
  const backpressure = createBackpressure(deps, () => performance.now());
  return {
    // A key that is remembered was found a second ago at most, which proves the ledger nearly as well.
    authenticate: (bearer, { intake }) => watch.within(() => authenticate(bearer), { proves: true, waits: !intake }),
    acceptSession: (who, body, key) => watch.within(() => acceptSession(deps, who, body, key), { proves: true }),
    amendSession: (who, id, body, request) => watch.within(() => amendSession(deps, who, id, body, request), { proves: true }),
    listSessionVersions: (who, id) => listVersions(deps, who, id),
    previewSession: (who, body) => watch.within(() => previewSession(deps, who, body), { proves: false }),
    async getSession(who, id) {
      const row = await findSession(db, id, who.practiceId);
      if (row === undefined) throw notFound('session');
      const [answer] = await sessionAnswers(db, deps.vault, [row]);
      if (answer === undefined) throw notFound('session');
      return { answer, etag: `"${row.version}"` };
    },
    async listSessions(who, q) {
      const limit = q.limit ?? 50;
      const rows = await listSessions(db, {
        practiceId: who.practiceId,
        externalId: q.externalId ?? null,
        from: q.from ?? null,
        to: q.to ?? null,
        before: decodeCursor(q.cursor, /^gs_[0-9a-z]{26}$/),
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      return {
        items: await sessionAnswers(db, deps.vault, page),
        nextCursor: rows.length > limit ? encodeCursor((page[page.length - 1] as Row<'session'>).id) : null,
      };
    },
    async listClaims(who, q) {
      if (q.practiceId !== undefined && who.practiceId !== null && q.practiceId !== who.practiceId)
        return { items: [], nextCursor: null };
      const rows = await listClaims(db, {
        state: q.state ?? null,
        payerId: q.payerId ?? null,
        practiceId: who.practiceId ?? q.practiceId ?? null,
        dateOfService: q.dateOfService ?? null,
        sessionId: q.sessionId ?? null,
        hold: q.hold ?? null,
        before: decodeCursor(q.cursor, /^clm_[0-9a-z]{26}$/),
        limit: q.limit + 1,
      });
      const page = rows.slice(0, q.limit);
      return {
        items: await claimSummaries(db, deps.vault, page),
        nextCursor: rows.length > q.limit ? encodeCursor((page[page.length - 1] as Row<'claim'>).id) : null,
      };
    },
    async getClaim(who, id) {
      const claim = await findClaim(db, id, who.practiceId);
      if (claim === undefined) throw notFound('claim');
      return claimViewOf(db, deps.vault, claim);
    },
    getClaimX12: (who, id) => claimX12(deps, who, id),
    async validateX12(bytes, snip) {
      const today = new Date(await deps.clock()).toISOString().slice(0, 10);
      const types = ALL_SNIP_TYPES.filter((type) => snip === null || snip.includes(type));
      const [codeSets, payers] = [await deps.codeSets.current(), await knownPayers(db, today)];
      return validateX12({ codeSets, payers, today }, { bytes, snip: types });
    },
    actOnClaim: (who, id, action, reason, keep) => actOnClaim(deps, who, { id, action, reason, keep }),
    idempotent,
    getConfig: (who, kind, id) => getConfig(deps, who, kind, id),
    putConfig: (who, kind, id, body) => putConfig(deps, who, kind, id, body),
    requestOverride: (who, body, keep) => requestOverride(deps, who, body, keep),
    approveOverride: (who, id, reason, keep) => approve(deps, who, { id, reason, keep }),
    listOverrides: (who) => listPendingOverrides(deps, who),
    listTasks: (who) => openTaskViews(db, who.practiceId),
    closeTask: (who, id, reason, keep) => closeOpenTask(deps, who, { id, reason, keep }),
    putPatientPrivacy: (who, practiceId, externalId, body) => putPatientPrivacy(deps, who, practiceId, externalId, body),
    listLanes: (who) => laneViews(db, who.practiceId),
    pauseLane: (who, id, reason, keep) => setLane(deps, who, { id, action: 'lane.pause', reason, keep }),
    async resumeLane(who, id, reason, keep) {
      const lane = await setLane(deps, who, { id, action: 'lane.resume', reason, keep });
      // The sweeper of another process finds the lane by itself; here it need not wait for it.
      options.lanes?.run(id).catch((error: unknown) => deps.log.error({ error, laneId: id }, 'lane run failed'));
      return lane;
    },
    async getDrop(who, id) {
      const drop = await findDrop(db, id);
      const claims = drop === undefined ? [] : await claimsByDrop(db, [id]);
      const visible = who.practiceId === null ? claims : claims.filter((c) => c.practice_id === who.practiceId);
      if (drop === undefined || visible.length === 0) throw notFound('drop');
      const members = (await membersOf(db, [id])).filter((m) => visible.some((c) => c.id === m.claim_id));
      return {
        id,
        laneId: drop.lane_id,
        state: drop.state,
        reason: drop.reason,
        fileName: drop.file_name,
        interchangeControlNumber: String(drop.isa13).padStart(9, '0'),
        groupControlNumber: String(drop.isa13),
        sha256: drop.sha256,
        bytes: drop.size,
        attempts: drop.attempts,
        frozenAt: drop.frozen_at.toISOString(),
        transmittedAt: drop.transmitted_at?.toISOString() ?? null,
        pickedUpAt: drop.picked_up_at?.toISOString() ?? null,
        claims: members.map((m) => ({ claimId: m.claim_id, transactionSetControlNumber: m.st02, batchReference: m.bht03 })),
      };
    },
    async listAudit(who, cursor, limit) {
      if (who.practiceId !== null) return { items: [], nextCursor: null };
      const before = decodeCursor(cursor, /^[0-9]{1,15}$/);
      const rows = await listAudit(db, before === null ? null : Number(before), limit + 1);
      const page = rows.slice(0, limit);
      return {
        items: page.map((r) => ({
          id: String(r.id),
          at: r.at.toISOString(),
          actor: r.actor,
          action: r.action,
          target: r.target,
          detail: r.detail,
        })),
        nextCursor: rows.length > limit ? encodeCursor((page[page.length - 1] as Row<'audit'>).id) : null,
      };
    },
    opsView: (who) => opsView(deps, who),
    async ready() {
      const notReady = (code: string) => () => {
        throw new ProblemError(503, code, `Not ready: ${code}`);
      };
      await ledgerNow(db).catch(notReady('database'));
      const pending = await options.pendingMigrations().catch(notReady('database'));
      if ((pending ?? []).length > 0) notReady('migrations')();
      await deps.queue.ping().catch(notReady('queue'));
      if ((await readSetting(db, 'master_key_check').catch(notReady('key'))) === null) notReady('key')();
      return { database: true, queue: true, migrations: true, key: true };
    },
    backpressure: () => watch.within(backpressure, { proves: false }),
    metrics: () => metricSamples(deps),
  };
}
