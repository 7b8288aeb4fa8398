import { describe, expect, it } from 'vitest';
import { policySchema } from '../../../src/claim/payers/policy.ts';
import { explainPolicy, faultyOverrides, POLICIES, resolvePolicy } from '../../../src/claim/payers/registry.ts';

const resolved = (policy: string, on = '2026-11-20', policyOverrides: Record<string, unknown> = {}) => {
  const result = resolvePolicy({ policy, policyOverrides }, on);
  if (!result.ok) throw new Error(result.code);
  return result.policy;
};

describe('shipped policies', () => {
  it.each(POLICIES.map((p) => [p.id, p] as const))('%s: every value is valid and sourced, versions in order', (id, file) => {
    const dates = file.versions.map((v) => v.effectiveFrom);
    expect(dates).toEqual([...dates].sort());
    for (const version of file.versions) {
      for (const [property, sourced] of Object.entries(version.values)) {
        expect(policySchema.shape).toHaveProperty(property);
        expect(['H', 'M', 'K', 'D']).toContain(sourced.confidence);
        expect(sourced.source).not.toBe('');
      }
    }
    expect(policySchema.safeParse(resolved(id)).error?.issues ?? []).toEqual([]);
  });

  it('are those of the specification, and three states on top of the generic Medicaid', () => {
    expect(POLICIES.map((p) => p.id).sort()).toEqual([
      'aetna',
      'bcbs',
      'cigna',
      'default',
      'eap',
      'medicaid',
      'medicaid-ny',
      'medicaid-tx',
      'medicaid-wi',
      'medicare',
      'uhc-optum',
    ]);
  });

  it('say what the rules rest on', () => {
    expect(resolved('medicare')).toMatchObject({
      groupSize: { max: 12, severity: 'block' },
      sendPatientPaid: false,
      supportsReplacement: false,
      patientIsSubscriber: true,
      timelyFiling: { original: { limit: { months: 12 } } },
    });
    expect(resolved('medicaid-tx').timelyFiling.original).toMatchObject({ limit: { days: 95 }, roll: 'next_business_day' });
    expect(resolved('aetna').telehealthMap.audio_only).toBeNull();
    expect(resolved('cigna').telehealthMap.audio_video?.home?.pos).toBe('02');
    expect(resolved('eap').eap?.modifier).toBe('HJ');
    for (const { id } of POLICIES) expect(resolved(id).lookAlikeGapMinutes).toBe(15);
  });
});

describe('resolvePolicy', () => {
  it('chooses by date of service', () => {
    expect(resolved('medicare', '2023-12-31').telehealthMap.audio_video?.home).toEqual({ pos: '11', modifier: '95' });
    expect(resolved('medicare', '2024-01-01').telehealthMap.audio_video?.home).toMatchObject({ pos: '10', modifier: null });
    expect(resolved('medicare', '2023-12-31').groupSize.max).toBe(12);
  });

  it('lays overrides on top', () => {
    expect(resolved('aetna', '2026-11-20', { lookAlikeGapMinutes: 60 })).toMatchObject({
      lookAlikeGapMinutes: 60,
      sendPatientPaid: true,
    });
  });

  it('refuses what it does not know', () => {
    expect(resolvePolicy({ policy: 'nobody', policyOverrides: {} }, '2026-11-20')).toEqual({
      ok: false,
      code: 'unknown_policy',
      properties: [],
    });
    const policyOverrides = { lookAlikeGapMinutes: 1441, memberIdPattern: '(', color: 'red' };
    expect(resolvePolicy({ policy: 'aetna', policyOverrides }, '2026-11-20')).toMatchObject({
      ok: false,
      code: 'invalid_overrides',
    });
    expect([...faultyOverrides(policyOverrides)].sort()).toEqual(['color', 'lookAlikeGapMinutes', 'memberIdPattern']);
    expect(faultyOverrides({ lookAlikeGapMinutes: 0 })).toEqual([]);
  });
});

describe('units of the procedure map', () => {
  const faulty = (entry: object) =>
    faultyOverrides({ procedureMap: { '90853': { code: 'H0005', modifiers: [], minutesPerUnit: null, ...entry } } });
  it('fixed, by time, or one', () => {
    for (const entry of [{}, { units: 4 }, { minutesPerUnit: 15 }, { code: '90853', units: 1 }])
      expect(faulty(entry)).toEqual([]);
  });
  it.each([{ units: 0 }, { units: 100 }, { units: 4, minutesPerUnit: 15 }, { code: '90853', units: 2 }])(
    '%j is refused',
    (entry) => {
      expect(faulty(entry)).toEqual(['procedureMap']);
    },
  );
});

describe('a policy on top of another', () => {
  it('says what differs, and has the rest from the other and from default', () => {
    const explained = new Map(
      explainPolicy({ policy: 'medicaid-ny', policyOverrides: {} }, '2026-11-20').map((e) => [e.property, e]),
    );
    expect(explained.get('minutes')).toMatchObject({ value: { min: 60 }, from: { policy: 'medicaid-ny' } });
    expect(explained.get('lastResort')).toMatchObject({ value: true, from: { policy: 'medicaid' } });
    expect(explained.get('batch')?.from).toBe('default');
    expect(resolved('medicaid-wi')).toMatchObject({ groupSize: { max: 10, severity: 'block' }, claimFilingIndicator: 'MC' });
  });
  it('stands on one that is shipped', () => {
    for (const { basedOn } of POLICIES) if (basedOn !== undefined) expect(POLICIES.map((p) => p.id)).toContain(basedOn);
  });
});

describe('explainPolicy', () => {
  it('shows an override as it is applied', () => {
    const eap = { modifier: 'HJ', appliesTo: 'all', authorizationRequired: true };
    const found = explainPolicy({ policy: 'aetna', policyOverrides: { eap } }, '2026-11-20').find((e) => e.property === 'eap');
    expect(found).toMatchObject({ value: { ...eap, submission: 'edi' }, from: 'override' });
  });
  const explained = new Map(
    explainPolicy({ policy: 'medicare', policyOverrides: { lookAlikeGapMinutes: 30 } }, '2026-11-20').map((e) => [e.property, e]),
  );
  it('has every property once, with the value that resolves', () => {
    const policy = resolved('medicare', '2026-11-20', { lookAlikeGapMinutes: 30 });
    expect([...explained.keys()].sort()).toEqual(Object.keys(policySchema.shape).sort());
    for (const [property, e] of explained) expect(e.value).toEqual(policy[property]);
  });
  it('says where each comes from', () => {
    expect(explained.get('lookAlikeGapMinutes')?.from).toBe('override');
    expect(explained.get('batch')?.from).toBe('default');
    expect(explained.get('telehealthMap')?.from).toEqual({ policy: 'medicare', effectiveFrom: '2025-01-01' });
    expect(explained.get('groupSize')).toMatchObject({ confidence: 'H', source: expect.stringContaining('L33632') });
  });
});
