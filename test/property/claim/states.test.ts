import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimState, claimState } from '../../../schemas/common.ts';
import {
  canTransition,
  FINAL_STATES,
  INITIAL_STATES,
  KEY_RELEASING_STATES,
  LIVE_STATES,
  STATE_GUIDE,
  TRANSITIONS,
} from '../../../src/claim/states.ts';

const states = claimState.options;
const state = fc.constantFrom(...states);
const includes = (list: readonly ClaimState[], s: ClaimState) => list.includes(s);
const next = (s: ClaimState) => Object.keys(TRANSITIONS[s]) as ClaimState[];

describe('the transition table', () => {
  it('is closed: every target is a state, none repeats itself, every move has a cause', () => {
    fc.assert(
      fc.property(state, (from) => {
        for (const [to, causes] of Object.entries(TRANSITIONS[from])) {
          expect(states).toContain(to);
          expect(to).not.toBe(from);
          expect(causes.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('reaches every state from the initial ones', () => {
    const seen = new Set<ClaimState>(INITIAL_STATES);
    for (const s of seen) for (const t of next(s)) seen.add(t);
    expect([...seen].sort()).toEqual([...states].sort());
  });

  it('lets nothing out of a final state, and a way out of every other', () => {
    for (const s of states) expect(next(s).length === 0).toBe(includes(FINAL_STATES, s));
  });

  it('releases bytes through the gate, or by people who proved that nothing arrived', () => {
    const into = states.filter((s) => canTransition(s, 'released'));
    expect(into).toEqual(['scheduled', 'transmit_unknown']);
    expect(TRANSITIONS.scheduled.released).toEqual(['gate']);
    expect(TRANSITIONS.transmit_unknown.released).toEqual(['operator']);
  });

  it('never takes a claim that may have been sent back to scheduled, except through a rejection or a recall', () => {
    const walk = fc.array(fc.nat(20), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(walk, (choices) => {
        let at: ClaimState = 'scheduled';
        let mayHaveBeenSent = false;
        for (const choice of choices) {
          const options = next(at);
          if (options.length === 0) return;
          const to: ClaimState = options[choice % options.length] ?? at;
          if (mayHaveBeenSent && (to === 'scheduled' || to === 'held')) expect(at).toBe('rejected');
          if (to === 'transmit_unknown' || to === 'transmitted') mayHaveBeenSent = true;
          if (to === 'rejected' || to === 'released') mayHaveBeenSent = false;
          at = to;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('has no state that owns its keys and gives them up', () => {
    for (const s of KEY_RELEASING_STATES) expect(includes(LIVE_STATES, s)).toBe(false);
    const neither = states.filter((s) => !includes(LIVE_STATES, s) && !includes(KEY_RELEASING_STATES, s));
    expect(neither).toEqual(['held']);
  });

  it('lets evidence alone revive a rejected claim or void a paid one', () => {
    for (const to of ['accepted', 'paid', 'denied'] as const) expect(TRANSITIONS.rejected[to]).toEqual(['evidence']);
    expect(TRANSITIONS.paid.voided).toEqual(['evidence']);
    expect(canTransition('duplicate_flagged', 'rejected', 'evidence')).toBe(false);
    expect(canTransition('duplicate_flagged', 'rejected', 'operator')).toBe(true);
    expect(canTransition('not_billable', 'scheduled', 'operator')).toBe(false);
  });

  it('names an owner and a next action for every state', () => {
    for (const s of states) expect(STATE_GUIDE[s].nextAction).toMatch(/\.$/);
    expect(STATE_GUIDE.held.owner).toBe('biller');
    expect(STATE_GUIDE.transmit_unknown.owner).toBe('ops');
  });
});
