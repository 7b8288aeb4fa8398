import { describe, expect, it } from 'vitest';
import { offered } from '../../../src/console/actions.ts';

describe('what is offered for a held claim', () => {
  const held = (...rules: string[]) => offered({ state: 'held', holds: rules.map((rule) => ({ rule, severity: 'hold' })) });
  it('lifting, where a person may', () => {
    expect(held('A04')).toEqual(['unhold', 'cancel']);
  });
  it('never without the patient’s consent: only one on record lets it go', () => {
    expect(held('A19')).toEqual(['cancel']);
    expect(held('A04', 'A19')).toEqual(['cancel']);
  });
});
