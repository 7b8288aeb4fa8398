import type { HoldLift } from '../../schemas/claim.ts';
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

export const overrideAction: ActionText = {
  verb: 'Ask for override',
  effect: 'Nothing changes until another person, with another key, approves it.',
  done: 'The override waits for another person to approve it.',
};

/** Actions worth offering in a state, but what lifts holds (`lifting.tsx`); the pipeline decides anyway and says what is right instead. */
export function offered(claim: { readonly state: ClaimState }): readonly Exclude<ClaimActionName, 'unhold'>[] {
  if (claim.state === 'held') return ['cancel'];
  if (claim.state === 'scheduled') return ['hold', 'expedite', 'cancel'];
  if (claim.state === 'released') return ['hold', 'cancel'];
  return [];
}

/** A claim stays until all of its holds are gone: what the hardest of them needs comes first (`02` §2.2, `03` §3.2). */
export function liftNeeded(holds: readonly { readonly lift: HoldLift }[]): HoldLift {
  return (['amendment', 'consent', 'override'] as const).find((lift) => holds.some((hold) => hold.lift === lift)) ?? 'reason';
}
