import type { ClaimState } from '../../schemas/common.ts';

/**
 * Who may cause a change of state: `gate` the release gate (and, for the way back, what it finds), `operator` a person
 * with a reason, `evidence` a stored answer of the receiver or payer, `amendment` a new version of the session,
 * `system` our own delivery, timers and re-gating after a change of configuration, `recovery` a journal that is ahead of the
 * ledger: what it shows in a file may have left, whatever a restored ledger believes.
 */
export type Cause = 'gate' | 'operator' | 'evidence' | 'amendment' | 'system' | 'recovery';

export type StateOwner = 'biller' | 'ops' | 'system' | 'nobody';

type Row = Readonly<Partial<Record<ClaimState, readonly Cause[]>>>;

/** What an 835 says of a claim; by its adjustments, never by CLP02 alone. */
export const REMITTANCE_STATES = ['paid', 'partially_paid', 'denied', 'reversed'] as const satisfies readonly ClaimState[];

/** States a claim may be born in. */
export const INITIAL_STATES = ['not_billable', 'held', 'scheduled'] as const satisfies readonly ClaimState[];

const byEvidence = (...states: readonly ClaimState[]): Row => Object.fromEntries(states.map((s) => [s, ['evidence'] as const]));

const afterTransmission: Row = {
  ...byEvidence('acknowledged', 'accepted', 'rejected', 'duplicate_flagged', 'transmit_unknown', ...REMITTANCE_STATES),
  stalled: ['system', 'evidence'],
};

/** A further 835 moves between these; `voided` is entered only when the payer has accepted the void (R2), never when it was sent. */
const adjudicated = (own: ClaimState): Row => {
  const row: Partial<Record<ClaimState, readonly Cause[]>> = {
    ...byEvidence(...REMITTANCE_STATES, 'voided', 'rejected'),
    replaced: ['operator', 'amendment', 'evidence'],
  };
  delete row[own];
  return row;
};

/**
 * The one transition table (`01`, claim states): from → to → who may cause it. Repeating a state is no transition:
 * a new reason or level in the same state is an event, not a move.
 */
export const TRANSITIONS: Readonly<Record<ClaimState, Row>> = {
  not_billable: { held: ['amendment'], scheduled: ['amendment'] },
  held: {
    scheduled: ['operator', 'amendment', 'system'],
    not_billable: ['amendment', 'system'],
    cancelled: ['operator', 'amendment'],
    transmit_unknown: ['recovery'],
  },
  scheduled: {
    released: ['gate'],
    held: ['gate', 'operator', 'amendment', 'system'],
    not_billable: ['amendment', 'system'],
    cancelled: ['operator', 'amendment'],
    transmit_unknown: ['recovery'],
  },
  released: {
    transmitted: ['system'],
    transmit_unknown: ['system', 'recovery'],
    scheduled: ['system', 'operator'],
    held: ['system', 'operator', 'amendment'],
  },
  transmit_unknown: {
    ...byEvidence('picked_up', 'acknowledged', 'accepted', 'rejected', 'duplicate_flagged', 'stalled', ...REMITTANCE_STATES),
    transmitted: ['evidence', 'operator', 'system'],
    released: ['operator'],
  },
  transmitted: { ...afterTransmission, picked_up: ['system'] },
  picked_up: afterTransmission,
  acknowledged: {
    ...byEvidence('accepted', 'rejected', 'duplicate_flagged', ...REMITTANCE_STATES),
    stalled: ['system', 'evidence'],
  },
  accepted: byEvidence('rejected', 'duplicate_flagged', ...REMITTANCE_STATES),
  rejected: {
    ...byEvidence('accepted', ...REMITTANCE_STATES),
    scheduled: ['operator', 'amendment'],
    held: ['operator', 'amendment'],
  },
  duplicate_flagged: { ...byEvidence('accepted', ...REMITTANCE_STATES), rejected: ['operator'] },
  stalled: byEvidence('accepted', 'rejected', 'duplicate_flagged', ...REMITTANCE_STATES),
  paid: adjudicated('paid'),
  partially_paid: adjudicated('partially_paid'),
  denied: adjudicated('denied'),
  reversed: byEvidence('paid', 'partially_paid', 'denied', 'voided'),
  replaced: {},
  voided: {},
  cancelled: {},
};

/** True when the table has the move; with `cause`, when that cause may make it. */
export function canTransition(from: ClaimState, to: ClaimState, cause?: Cause): boolean {
  const causes = TRANSITIONS[from][to];
  return causes !== undefined && (cause === undefined || causes.includes(cause));
}

/** R3: owns its duplicate keys. */
export const LIVE_STATES = [
  'scheduled',
  'released',
  'transmit_unknown',
  'transmitted',
  'picked_up',
  'acknowledged',
  'accepted',
  'stalled',
  'duplicate_flagged',
  'paid',
  'partially_paid',
  'denied',
  'reversed',
  'replaced',
] as const satisfies readonly ClaimState[];

/** R2: entering one of these gives the duplicate keys up. `held` does neither: a key once taken is kept through later holds (R1). */
export const KEY_RELEASING_STATES = ['cancelled', 'not_billable', 'rejected', 'voided'] as const satisfies readonly ClaimState[];

/** Nothing leads out; evidence that still arrives is recorded and raises a task. */
export const FINAL_STATES = ['replaced', 'voided', 'cancelled'] as const satisfies readonly ClaimState[];

/** Whose turn it is in each state and what is to be done; the console shows both beside the state. */
export const STATE_GUIDE: Readonly<Record<ClaimState, { readonly owner: StateOwner; readonly nextAction: string }>> = {
  not_billable: { owner: 'nobody', nextAction: 'Nothing. Amend the session if the reason is wrong.' },
  held: { owner: 'biller', nextAction: 'Clear each hold: amend the session for a block, unhold with a reason for a hold.' },
  scheduled: { owner: 'system', nextAction: 'Goes at the planned time.' },
  released: { owner: 'system', nextAction: 'Delivery is under way.' },
  transmit_unknown: {
    owner: 'ops',
    nextAction: 'Wait for an acknowledgement; resend only with proof that the file did not arrive.',
  },
  transmitted: { owner: 'system', nextAction: 'Waits for pick-up or an acknowledgement.' },
  picked_up: { owner: 'system', nextAction: 'Waits for an acknowledgement.' },
  acknowledged: { owner: 'system', nextAction: 'Waits for the claim acknowledgement (277CA).' },
  accepted: { owner: 'system', nextAction: 'Waits for the remittance (835).' },
  rejected: { owner: 'biller', nextAction: 'Correct what the receiver refused and resubmit.' },
  duplicate_flagged: { owner: 'biller', nextAction: 'Find the original and link it, or record where two people looked for it.' },
  stalled: { owner: 'ops', nextAction: 'Ask the receiver what became of the claim.' },
  paid: { owner: 'biller', nextAction: 'Nothing, unless the payment is wrong.' },
  partially_paid: { owner: 'biller', nextAction: 'Review the adjustments: accept, correct or appeal.' },
  denied: { owner: 'biller', nextAction: 'Correct, appeal or close with a disposition.' },
  reversed: { owner: 'biller', nextAction: 'Wait for the corrected payment, or ask the payer.' },
  replaced: { owner: 'nobody', nextAction: 'Nothing. Work the claim that replaced it.' },
  voided: { owner: 'nobody', nextAction: 'Nothing.' },
  cancelled: { owner: 'nobody', nextAction: 'Nothing.' },
};
