import { createHash } from 'node:crypto';
import type { ClaimView, LaneView } from '../../schemas/claim.ts';
import { type ClaimState, type Scope, scope } from '../../schemas/common.ts';
import { groupSessionEnvelope, type SessionAnswer } from '../../schemas/group-session.ts';
import type { OverrideView, TaskView } from '../../schemas/override.ts';
import { liftOf } from '../../src/claim/overrides.ts';
import { ProblemError } from '../../src/pipeline/problem.ts';
import type { Answer, Principal, RollcallService } from '../../src/pipeline/service.ts';
import { validateX12 } from '../../src/pipeline/validate-x12.ts';
import { ALL_SNIP_TYPES } from '../../src/x12/837p/validate/options.ts';
import { SHIPPED_CODE_SETS } from '../../src/x12/code-sets/shipped.ts';
import { fakeGovernance } from './fake-governance.ts';

export const fakeNow = '2026-11-21T15:00:00.000Z';
const minutes = (n: number): string => new Date(Date.parse(fakeNow) + n * 60_000).toISOString();

/** Keys of the fake, by what they may do. */
export const fakeKeys = {
  admin: 'rk_admin_000000000000',
  ops: 'rk_ops_00000000000000',
  reader: 'rk_reader_00000000000',
  practice: 'rk_practice_000000000',
  sessionsOnly: 'rk_sessions_000000000',
} as const;

const principals: Readonly<Record<string, Principal>> = {
  [fakeKeys.admin]: { keyId: 'key_admin', practiceId: null, scopes: new Set<Scope>(['admin']) },
  [fakeKeys.ops]: { keyId: 'key_ops', practiceId: null, scopes: new Set<Scope>(['ops', 'claims:read']) },
  [fakeKeys.reader]: { keyId: 'key_reader', practiceId: null, scopes: new Set<Scope>(['claims:read']) },
  [fakeKeys.practice]: {
    keyId: 'key_practice',
    practiceId: 'prac_northside',
    scopes: new Set<Scope>(scope.options.filter((one) => one !== 'admin' && one !== 'ops' && one !== 'x12:read')),
  },
  [fakeKeys.sessionsOnly]: { keyId: 'key_sessions', practiceId: 'prac_northside', scopes: new Set<Scope>(['sessions:write']) },
};

export const fakeLane = (over: Partial<LaneView> = {}): LaneView => ({
  id: 'sandbox:NORTHSIDE:SANDBOXCH:T',
  clearinghouseId: 'sandbox',
  senderId: 'NORTHSIDE',
  receiverId: 'SANDBOXCH',
  usage: 'T',
  paused: null,
  stopped: null,
  circuit: { state: 'closed', failures: 0, nextProbeAt: null },
  scheduled: 3,
  overdue: 0,
  inFlight: 1,
  nextReleaseAt: minutes(4),
  ...over,
});

export const fakeClaim = (id: string, over: Partial<ClaimView> = {}): ClaimView => ({
  id,
  sessionId: 'gs_01',
  attendeeExternalId: 'pt-1001',
  payerId: '60054',
  responsibility: 'P',
  state: 'scheduled',
  level: null,
  reason: null,
  holds: [],
  patientControlNumber: 'K7Q2M4X8B01',
  revision: 1,
  frequencyCode: '1',
  payerClaimControlNumber: null,
  dateOfService: '2026-11-20',
  chargeAmount: '60.00',
  plannedReleaseAt: minutes(4),
  planReasons: ['look_alike_gap', 'lane_gap'],
  fileBy: '2027-03-20',
  drop: null,
  acknowledgements: [],
  money: { paid: '0.00', patientResponsibility: '0.00', adjustments: [] },
  replaces: null,
  replacedBy: null,
  pendingAction: null,
  history: [
    {
      at: minutes(-2),
      event: 'created',
      from: null,
      to: 'scheduled',
      actor: 'key_practice',
      reason: null,
      detail: { secret: 'canary' },
    },
  ],
  ...over,
});

const heldBy = (rule: string, severity: 'block' | 'hold', message: string, path = '') => ({
  rule,
  severity,
  path,
  message,
  lift: liftOf({ rule, severity }),
  since: minutes(-30),
  by: 'system',
});

export interface FakeService extends RollcallService {
  readonly claims: Map<string, ClaimView>;
  readonly lanes: Map<string, LaneView>;
  /** What the next calls find: set by tests. */
  readonly state: {
    pressure: number | null;
    notReady: string | null;
    fail: Error | null;
    revoked: Set<string>;
    alerts: string[];
    overrides: OverrideView[];
    tasks: TaskView[];
    calls: string[];
  };
}

const notFound = (): ProblemError => new ProblemError(404, 'not_found', 'Not found', { detail: 'There is no such thing.' });

export const fakeAnswer = (externalId: string): SessionAnswer => ({
  id: 'gs_01',
  externalId,
  version: 1,
  dateOfService: '2026-11-20',
  summary: { attendees: 2, billable: 1, scheduled: 1, held: 0, notBillable: 1 },
  findings: [],
  attendees: [
    {
      externalId: 'pt-1001',
      state: 'scheduled',
      claimId: 'clm_01',
      patientControlNumber: 'K7Q2M4X8B01',
      chargeAmount: '60.00',
      plannedReleaseAt: minutes(4),
      planReasons: ['look_alike_gap'],
      findings: [],
      claims: [{ claimId: 'clm_01', responsibility: 'P', frequencyCode: '1', state: 'scheduled' }],
    },
    { externalId: 'pt-1009', state: 'not_billable', claimId: null, reason: 'no_show', findings: [] },
  ],
});

/** The pipeline's interface over a few maps: enough to see what HTTP and console make of each answer. */
export function createFakeService(): FakeService {
  const claims = new Map<string, ClaimView>(
    [
      fakeClaim('clm_01'),
      fakeClaim('clm_02', { plannedReleaseAt: minutes(19), payerId: '00510' }),
      fakeClaim('clm_03', {
        state: 'held',
        plannedReleaseAt: null,
        holds: [
          heldBy('N05', 'block', 'the note links no treatment goal', '/attendees/2/note/treatmentGoalIds'),
          heldBy('A09', 'hold', 'prior authorization is required and missing', '/attendees/2/coverages/0/priorAuthorization'),
        ],
      }),
      fakeClaim('clm_04', { state: 'held', plannedReleaseAt: null, holds: [heldBy('A05', 'hold', 'duplicate_service')] }),
      fakeClaim('clm_05', {
        state: 'transmitted',
        plannedReleaseAt: null,
        drop: {
          id: 'drp_01',
          fileName: 'NORTHSIDE_000000041.837',
          interchangeControlNumber: '000000041',
          groupControlNumber: '41',
          transactionSetControlNumber: '000000007',
          batchReference: 'B0000000041',
          sha256: createHash('sha256').update('837').digest('hex'),
          bytes: 1_204,
          transmittedAt: minutes(-3),
          pickedUpAt: null,
        },
      }),
    ].map((claim) => [claim.id, claim]),
  );
  const lanes = new Map([[fakeLane().id, fakeLane()]]);
  const configs = new Map<string, { version: number; body: unknown }>();
  const answers = new Map<string, { hash: string; answer: Answer }>();
  const state: FakeService['state'] = {
    pressure: null,
    notReady: null,
    fail: null,
    revoked: new Set(),
    alerts: [],
    overrides: [],
    tasks: [],
    calls: [],
  };

  const called = (name: string): void => {
    state.calls.push(name);
    if (state.fail) throw state.fail;
  };
  const claimOf = (who: Principal, id: string): ClaimView => {
    const claim = claims.get(id);
    if (!claim || (who.practiceId !== null && who.practiceId !== 'prac_northside')) throw notFound();
    return claim;
  };
  const laneOf = (id: string): LaneView => {
    const lane = lanes.get(id);
    if (!lane) throw notFound();
    return lane;
  };
  const replay = async (
    owner: string,
    key: string,
    body: unknown,
    produce: () => Promise<Omit<Answer, 'replayed'>>,
  ): Promise<Answer> => {
    const hash = JSON.stringify(body);
    const known = answers.get(`${owner} ${key}`);
    if (known && known.hash !== hash) {
      throw new ProblemError(422, 'idempotency_key_reused', 'Unprocessable content', {
        detail: 'This key came with another body before.',
      });
    }
    if (known) return { ...known.answer, replayed: true };
    const answer = { ...(await produce()), replayed: false };
    answers.set(`${owner} ${key}`, { hash, answer });
    return answer;
  };

  const service: FakeService = {
    claims,
    lanes,
    state,
    authenticate: async (bearer) => (state.revoked.has(bearer) ? null : (principals[bearer] ?? null)),
    acceptSession: async (who, body, key) => {
      called('acceptSession');
      const parsed = groupSessionEnvelope.safeParse(body);
      if (!parsed.success) {
        const errors = parsed.error.issues.map((issue) => ({
          pointer: `/${issue.path.join('/')}`,
          code: issue.code,
          message: issue.message,
        }));
        throw new ProblemError(422, 'invalid_session', 'Unprocessable content', { errors });
      }
      if (parsed.data.externalId === 'changed') {
        throw new ProblemError(409, 'session_changed', 'Conflict', { detail: 'Hand in an amendment instead.' });
      }
      return replay(`${who.practiceId} sessions`, key, body, async () => ({
        status: parsed.data.externalId === 'known' ? 200 : 202,
        // Two spaces on purpose: whoever re-serialises this loses them.
        body: JSON.stringify(fakeAnswer(parsed.data.externalId), null, 2),
        headers: { location: '/v1/group-sessions/gs_01', etag: '"1"' },
      }));
    },
    amendSession: async (who, id, body, { idempotencyKey, ifMatch }) => {
      called(`amendSession ${id} ${ifMatch}`);
      if (id !== 'gs_01') throw notFound();
      if (ifMatch === null) throw new ProblemError(428, 'if_match_missing', 'An amendment needs If-Match');
      if (ifMatch !== '"1"') throw new ProblemError(412, 'version_changed', 'Precondition failed', { headers: { ETag: '"1"' } });
      return replay(`${who.practiceId} amendments ${id}`, idempotencyKey, body, async () => ({
        status: 202,
        body: JSON.stringify({ ...fakeAnswer('ehr-1'), version: 2 }, null, 2),
        headers: { location: '/v1/group-sessions/gs_01', etag: '"2"' },
      }));
    },
    listSessionVersions: async (_who, id) => {
      if (id !== 'gs_01') throw notFound();
      return {
        items: [
          { version: 1, at: fakeNow, actor: 'key_practice', reason: null },
          { version: 2, at: fakeNow, actor: 'key_practice', reason: 'attendance corrected' },
        ],
      };
    },
    previewSession: async () => {
      called('previewSession');
      const answer = fakeAnswer('preview');
      return { ...answer, attendees: answer.attendees.map((one) => ({ ...one, x12: one.claimId === null ? null : 'ISA*00~' })) };
    },
    getSession: async (_who, id) => {
      called('getSession');
      if (id !== 'gs_01') throw notFound();
      return { answer: fakeAnswer('ehr-1'), etag: '"1"' };
    },
    listSessions: async () => ({ items: [fakeAnswer('ehr-1')], nextCursor: null }),
    listClaims: async (_who, query) => {
      called('listClaims');
      const matching = [...claims.values()].filter((claim) => query.state === undefined || claim.state === query.state);
      const from = query.cursor === undefined ? 0 : Number(query.cursor);
      const items = matching.slice(from, from + query.limit);
      return { items, nextCursor: from + query.limit < matching.length ? String(from + query.limit) : null };
    },
    getClaim: async (who, id) => {
      called('getClaim');
      return claimOf(who, id);
    },
    getClaimX12: async (who, id) => {
      claimOf(who, id);
      return 'ISA*00*          *00*          *ZZ*NORTHSIDE      ~\nIEA*1*000000041~\n';
    },
    validateX12: async (bytes, snip) => {
      called('validateX12');
      const types = ALL_SNIP_TYPES.filter((type) => snip === null || snip.includes(type));
      return validateX12({ codeSets: SHIPPED_CODE_SETS, payers: null, today: '2026-11-21' }, { bytes, snip: types });
    },
    actOnClaim: async (who, id, action, reason) => {
      called(`actOnClaim ${id} ${action}`);
      const claim = claimOf(who, id);
      const refuse = (detail: string) => new ProblemError(409, 'state_forbids', 'Conflict', { detail });
      if (action === 'unhold' && claim.holds.some((hold) => hold.severity === 'block')) {
        throw refuse('A block is lifted by an amendment of the session.');
      }
      if (claim.state !== 'held' && claim.state !== 'scheduled')
        throw refuse('The claim has left. Wait for its acknowledgement.');
      const next: Record<typeof action, ClaimState> = {
        hold: 'held',
        unhold: 'scheduled',
        cancel: 'cancelled',
        expedite: 'scheduled',
      };
      const changed: ClaimView = {
        ...claim,
        state: next[action],
        holds:
          action === 'hold'
            ? [{ rule: 'OPERATOR', severity: 'hold', path: '', message: reason, lift: 'reason', since: fakeNow, by: who.keyId }]
            : [],
        history: [
          ...claim.history,
          { at: fakeNow, event: action, from: claim.state, to: next[action], actor: who.keyId, reason, detail: null },
        ],
      };
      claims.set(id, changed);
      return changed;
    },
    idempotent: async (who, { route, key, body, status }, change) =>
      replay(`${who.keyId} ${route}`, key, body, async () => ({
        status,
        body: JSON.stringify(await change(async () => undefined)),
        headers: {},
      })),
    getConfig: async (_who, kind, id) => {
      const found = configs.get(`${kind} ${id}`);
      if (!found) throw notFound();
      return found;
    },
    putConfig: async (_who, kind, id, body) => {
      const before = configs.get(`${kind} ${id}`);
      const saved = { version: (before?.version ?? 0) + 1, body };
      configs.set(`${kind} ${id}`, saved);
      return { ...saved, created: before === undefined };
    },
    ...fakeGovernance(state, called),
    listLanes: async () => [...lanes.values()],
    pauseLane: async (who, id, reason) => {
      called(`pauseLane ${id}`);
      const lane = { ...laneOf(id), paused: { by: who.keyId, reason, since: fakeNow } };
      lanes.set(id, lane);
      return lane;
    },
    resumeLane: async (_who, id) => {
      called(`resumeLane ${id}`);
      const lane = { ...laneOf(id), paused: null };
      lanes.set(id, lane);
      return lane;
    },
    getDrop: async (_who, id) => {
      if (id !== 'drp_01') throw notFound();
      return {
        id,
        laneId: fakeLane().id,
        state: 'transmitted',
        reason: null,
        fileName: 'NORTHSIDE_000000041.837',
        interchangeControlNumber: '000000041',
        groupControlNumber: '41',
        sha256: 'ab'.repeat(32),
        bytes: 1_204,
        attempts: 1,
        frozenAt: minutes(-4),
        transmittedAt: minutes(-3),
        pickedUpAt: null,
        claims: [{ claimId: 'clm_05', transactionSetControlNumber: '000000007', batchReference: 'B0000000041' }],
      };
    },
    listAudit: async (_who, cursor, limit) => ({
      items: [{ id: '9', at: fakeNow, actor: 'key_ops', action: 'claim.hold', target: 'clm_01', detail: null }].slice(0, limit),
      nextCursor: cursor === undefined ? '9' : null,
    }),
    opsView: async () => {
      called('opsView');
      const counts: Partial<Record<ClaimState, number>> = {};
      for (const claim of claims.values()) counts[claim.state] = (counts[claim.state] ?? 0) + 1;
      const all = [...claims.values()];
      return {
        now: fakeNow,
        lanes: [...lanes.values()],
        claimsByState: counts,
        upcoming: all
          .filter((claim) => claim.state === 'scheduled')
          .map((claim) => ({
            claimId: claim.id,
            laneId: fakeLane().id,
            payerId: claim.payerId,
            plannedReleaseAt: claim.plannedReleaseAt ?? fakeNow,
            reasons: claim.planReasons,
          })),
        held: all
          .filter((claim) => claim.state === 'held')
          .map((claim) => ({ claimId: claim.id, payerId: claim.payerId, holds: claim.holds })),
        recentDrops: [
          {
            dropId: 'drp_01',
            claimIds: ['clm_05'],
            fileName: 'NORTHSIDE_000000041.837',
            state: 'transmitted',
            transmittedAt: minutes(-3),
          },
        ],
        overrides: [...state.overrides],
        tasks: [...state.tasks],
        queue: { waiting: 0, delayed: 2, active: 1, failed: 0, completed: 17 },
        alerts: state.alerts,
      };
    },
    ready: async () => {
      if (state.notReady) throw new ProblemError(503, state.notReady, 'Not ready');
      if (state.fail) throw state.fail;
      return { database: true, queue: true, migrations: true, key: true };
    },
    backpressure: async () => state.pressure,
    metrics: async () => {
      if (state.fail) throw state.fail;
      return [
        { name: 'rollcall_claims', help: 'Claims by state', labels: { state: 'held' }, value: 2 },
        { name: 'rollcall_claims', help: 'Claims by state', labels: { state: 'scheduled' }, value: 2 },
        { name: 'rollcall_lane_paused', help: '1 when paused', labels: { lane: 'l1' }, value: 0 },
      ];
    },
  };
  return service;
}
