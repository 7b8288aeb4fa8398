import { describe, expect, it } from 'vitest';
import { liftOf } from '../../../src/claim/overrides.ts';
import { liftNeeded, offered } from '../../../src/console/actions.ts';

describe('what lets a held claim go', () => {
  const needed = (...holds: [rule: string, severity?: 'block' | 'hold'][]) =>
    liftNeeded(holds.map(([rule, severity = 'hold']) => ({ lift: liftOf({ rule, severity }) })));
  it('a reason, where one person may; what the hardest of its holds needs, where there are several', () => {
    expect(needed(['A04'])).toBe('reason');
    expect(needed(['A04'], ['K1'])).toBe('override');
    expect(needed(['K1'], ['A13', 'block'])).toBe('amendment');
  });
  it('never anything but a consent on record for Part 2', () => {
    expect(needed(['A19'])).toBe('consent');
    expect(needed(['A04'], ['A19'], ['K1'])).toBe('consent');
  });
  it('is not among the actions of a state', () => {
    expect(offered({ state: 'held' })).toEqual(['cancel']);
  });
});
