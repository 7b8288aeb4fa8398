import { describe, expect, it } from 'vitest';
import { TWO_PERSON_RULES, underOverride, WRONG_PAYER_CARCS } from '../../../src/claim/overrides.ts';
import { releaseBar } from '../../../src/claim/release-bar.ts';
import { draftAt, judge, withAttendee } from '../../support/gate.ts';
import { exampleSession } from '../../support/sessions.ts';

const session = exampleSession();
const draft = draftAt(judge(session), 0);
const named = {
  usage: 'T' as const,
  practiceId: session.practiceId,
  patientExternalId: 'pt-1001',
  payerId: '60054',
  renderingNpi: session.renderingProvider.npi,
};
const keysOf = (d: typeof draft | null) => Object.fromEntries((d?.duplicateKeys ?? []).map((k) => [k.kind, k.canonical]));

describe('a claim under an override', () => {
  it('number 0 without a modifier is the claim as it was', () => {
    expect(keysOf(underOverride(draft, named, { number: 0, modifier: null }, []))).toEqual(keysOf(draft));
  });
  it('has keys of its own in every kind, and they differ by number', () => {
    const one = keysOf(underOverride(draft, named, { number: 1, modifier: null }, []));
    const two = keysOf(underOverride(draft, named, { number: 2, modifier: null }, []));
    for (const kind of ['K1', 'K2a', 'K2b', 'K3']) {
      expect(one[kind]).not.toBe(keysOf(draft)[kind]);
      expect(one[kind]).not.toBe(two[kind]);
    }
  });
  it('a modifier alone lifts no key but the exact one', () => {
    const modified = keysOf(underOverride(draft, named, { number: 0, modifier: '59' }, []));
    expect(Object.keys(modified).filter((k) => modified[k] !== keysOf(draft)[k])).toEqual(['K1']);
  });
  it('carries the modifier on its group line in the payer’s order, once, and never a fifth', () => {
    const lineOf = (modifiers: string[], order: string[] = []) => {
      const own = draftAt(judge(withAttendee(session, 0, { modifiers })), 0);
      return underOverride(own, named, { number: 1, modifier: '59' }, order)?.claim?.lines[0]?.modifiers ?? null;
    };
    expect(lineOf([])).toEqual(['59']);
    expect(lineOf(['HQ'], ['HQ', '59'])).toEqual(['HQ', '59']);
    expect(lineOf(['HQ'], ['59', 'HQ'])).toEqual(['59', 'HQ']);
    expect(lineOf(['59'])).toEqual(['59']);
    expect(lineOf(['U1', 'U2', 'U3', 'U4'])).toBeNull();
    expect(underOverride({ ...draft, claim: null }, named, { number: 1, modifier: null }, [])).toBeNull();
  });
  it('the tables name what the specification names', () => {
    expect([...TWO_PERSON_RULES].sort()).toEqual(['A05', 'A21', 'A23', 'K1', 'K3', 'S10']);
    expect(WRONG_PAYER_CARCS.map((c) => c.carc)).toEqual(['22', '24', '26', '27', '31', '109']);
    expect(WRONG_PAYER_CARCS.every((c) => c.source !== '')).toBe(true);
  });
});

describe('what bars a release', () => {
  const NOW = Date.parse('2026-11-23T05:30:00Z');
  const part2 = {
    consent: { consentId: 'c1', signedOn: '2026-01-05', revokedOn: null as string | null },
    timezone: 'America/Chicago',
  };
  const unsent = (changes: Partial<Parameters<typeof releaseBar>[0]> = {}) =>
    releaseBar({ draft: { part2: null }, frequencyCode: '1', privacy: null, ...changes }, NOW);
  it('nothing, outside Part 2 and without a restriction', () => {
    expect(unsent()).toBeNull();
    expect(unsent({ draft: { part2 } })).toBeNull();
  });
  it('a restriction, absolutely; but a void withdraws what the payer has', () => {
    const privacy = { restrictDisclosure: true, part2: null };
    expect(unsent({ privacy })).toEqual({ kind: 'not_billable', reason: 'disclosure_restricted' });
    expect(unsent({ privacy, frequencyCode: '8' })).toBeNull();
  });
  it('a consent that was revoked since, counted by the day where the service was', () => {
    const revoked = (revokedOn: string) =>
      unsent({ draft: { part2 }, privacy: { restrictDisclosure: false, part2: { consentId: null, signedOn: null, revokedOn } } });
    expect(revoked('2026-11-22')).toMatchObject({ kind: 'hold', rule: 'A19' });
    // In Chicago it is still the 22nd.
    expect(revoked('2026-11-23')).toBeNull();
  });
  it('no consent at all, until one is on record', () => {
    const missing = { draft: { part2: { ...part2, consent: null } } };
    expect(unsent(missing)).toMatchObject({ kind: 'hold', rule: 'A19' });
    const recorded = { consentId: 'c9', signedOn: '2026-11-20', revokedOn: null };
    expect(unsent({ ...missing, privacy: { restrictDisclosure: false, part2: recorded } })).toBeNull();
  });
});
