import type { OverrideView, TaskView } from '../../schemas/override.ts';
import { ProblemError } from '../../src/pipeline/problem.ts';
import type { RollcallService } from '../../src/pipeline/service.ts';

export const fakeOverride = (over: Partial<OverrideView> = {}): OverrideView => ({
  id: 'ovr_01',
  claimId: 'clm_04',
  kind: 'second_service',
  status: 'pending',
  rules: ['A05'],
  overrideNumber: 1,
  modifier: '59',
  originalClaimId: null,
  carc: null,
  reason: 'two groups that day, by plan',
  expiresAt: '2026-12-01T00:00:00.000Z',
  requestedBy: 'key_admin',
  requestedAt: '2026-11-21T14:00:00.000Z',
  approvedBy: null,
  approvedAt: null,
  ...over,
});

export const fakeTask = (over: Partial<TaskView> = {}): TaskView => ({
  id: 7,
  kind: 'review_overlap',
  claimId: 'clm_05',
  rule: 'A04',
  relatedClaimId: 'clm_04',
  message: 'The patient is recorded in another session that overlaps this one in time.',
  createdAt: '2026-11-21T14:30:00.000Z',
  ...over,
});

type Governance = Pick<
  RollcallService,
  'requestOverride' | 'approveOverride' | 'listOverrides' | 'listTasks' | 'closeTask' | 'putPatientPrivacy'
>;

/** The governance part of the fake service: one list of each, and the rule of two keys. */
export function fakeGovernance(
  state: { readonly overrides: OverrideView[]; readonly tasks: TaskView[] },
  called: (name: string) => void,
): Governance {
  const missing = () => new ProblemError(404, 'not_found', 'Not found', { detail: 'There is no such thing.' });
  return {
    requestOverride: async (who, body) => {
      called(`requestOverride ${body.kind}`);
      const made = fakeOverride({
        id: 'ovr_02',
        claimId: body.claimId,
        kind: body.kind,
        reason: body.reason,
        requestedBy: who.keyId,
      });
      state.overrides.push(made);
      return made;
    },
    approveOverride: async (who, id, reason) => {
      called(`approveOverride ${id} ${reason}`);
      const found = state.overrides.find((o) => o.id === id);
      if (!found) throw missing();
      if (found.requestedBy === who.keyId) {
        throw new ProblemError(403, 'second_person_needed', 'Another person must approve it', { detail: 'Not the same key.' });
      }
      state.overrides.splice(state.overrides.indexOf(found), 1);
      return { ...found, status: 'approved', approvedBy: who.keyId, approvedAt: found.requestedAt };
    },
    listOverrides: async () => [...state.overrides],
    listTasks: async () => [...state.tasks],
    closeTask: async (_who, id, reason) => {
      called(`closeTask ${id} ${reason}`);
      const found = state.tasks.find((t) => t.id === id);
      if (!found) throw missing();
      state.tasks.splice(state.tasks.indexOf(found), 1);
      return found;
    },
    putPatientPrivacy: async (_who, practiceId, externalId, body) => {
      called(`putPatientPrivacy ${practiceId} ${externalId}`);
      const { consentId = null, signedOn = null, revokedOn = null } = body.part2 ?? {};
      return {
        version: 1,
        restrictDisclosure: body.restrictDisclosure,
        part2: body.part2 == null ? null : { consentId, signedOn, revokedOn },
        claims: [{ claimId: 'clm_01', state: 'not_billable', reason: 'disclosure_restricted' }],
      };
    },
  };
}
