import type { ClaimState } from '../../schemas/common.ts';
import type { ClaimActionName } from '../pipeline/service.ts';

export interface ActionText {
  readonly verb: string;
  /** Said on the confirm page, before. */
  readonly effect: string;
  /** Said on the next page, after. */
  readonly done: string;
  readonly danger?: boolean;
}

export const claimActions: Readonly<Record<ClaimActionName, ActionText>> = {
  hold: {
    verb: 'Hold claim',
    effect: 'The claim stays back until somebody lifts the hold. It keeps its place against duplicates.',
    done: 'The claim is held.',
  },
  unhold: {
    verb: 'Lift hold',
    effect: 'Lifts the holds that a person may lift. A block stays until the session is amended.',
    done: 'The hold is lifted.',
  },
  expedite: {
    verb: 'Expedite claim',
    effect: 'The claim goes as soon as its lane allows. Gaps and duplicate protection still hold.',
    done: 'The claim goes as soon as its lane allows.',
  },
  cancel: {
    verb: 'Cancel claim',
    effect: 'The claim is given up for good and never sent.',
    done: 'The claim is cancelled.',
    danger: true,
  },
};

export type LaneActionName = 'pause' | 'resume';

export const laneActions: Readonly<Record<LaneActionName, ActionText>> = {
  pause: {
    verb: 'Pause lane',
    effect: 'Nothing more is released on this lane. A file that is under way is still delivered.',
    done: 'The lane is paused.',
  },
  resume: {
    verb: 'Resume lane',
    effect: 'Overdue claims go in deadline order at the lane’s gap. Nothing bursts.',
    done: 'The lane runs again.',
  },
};

export type DecisionName = 'approve' | 'close';

export const decisionActions: Readonly<Record<DecisionName, ActionText>> = {
  approve: {
    verb: 'Approve override',
    effect: 'Lifts the holds that it names, until it expires. What else holds the claim still does.',
    done: 'The override is approved.',
  },
  close: {
    verb: 'Close task',
    effect: 'Nothing happens to the claim: say what was found and done.',
    done: 'The task is closed.',
  },
};

/** Actions worth offering in a state; the pipeline decides anyway and says what is right instead. */
export function offered(claim: { readonly state: ClaimState; readonly holds: Holds }): readonly ClaimActionName[] {
  if (claim.state === 'held') return liftable(claim.holds) ? ['unhold', 'cancel'] : ['cancel'];
  if (claim.state === 'scheduled') return ['hold', 'expedite', 'cancel'];
  if (claim.state === 'released') return ['hold', 'cancel'];
  return [];
}

type Holds = readonly { readonly rule: string; readonly severity: string }[];

/**
 * A claim with a block and a hold stays until both are gone, and a block goes only by an amendment (`02` §2.2), a missing
 * consent (A19) only by one on record.
 */
export const liftable = (holds: Holds): boolean => holds.every(({ rule, severity }) => severity !== 'block' && rule !== 'A19');
