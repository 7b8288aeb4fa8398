import { describe, expect, it } from 'vitest';
import { usFederalHolidays } from '../../../src/claim/dates.ts';
import { resolvePolicy } from '../../../src/claim/payers/registry.ts';
import { type FilingAnchors, filingStatus, findingsOfCorrection, lastDayToFile } from '../../../src/claim/timely-filing.ts';
import { draftAt, type GateOptions, judge, marks, withAttendee } from '../../support/gate.ts';
import { exampleSession } from '../../support/sessions.ts';

const policyOf = (policy: string, on = '2026-11-20') => {
  const resolved = resolvePolicy({ policy, policyOverrides: {} }, on);
  if (!resolved.ok) throw new Error(resolved.code);
  return resolved.policy;
};
const anchors = (dateOfService: string, changes: Partial<FilingAnchors> = {}): FilingAnchors => ({
  dateOfService,
  primaryRemittanceOn: null,
  remittanceOn: null,
  ...changes,
});

describe('last day to file', () => {
  it('Texas Medicaid: day 95 on a Sunday is the Monday after it', () => {
    const tx = policyOf('medicaid-tx');
    // 2026-11-18 + 95 days = Sunday 2027-02-21; the Monday is no holiday.
    expect(lastDayToFile(tx, 'original', anchors('2026-11-18'))).toBe('2027-02-22');
    // 2026-11-11 + 95 days = Sunday 2027-02-14; the Monday after is Washington's Birthday.
    expect(usFederalHolidays(2027).has('2027-02-15')).toBe(true);
    expect(lastDayToFile(tx, 'original', anchors('2026-11-11'))).toBe('2027-02-16');
    expect(lastDayToFile(tx, 'original', anchors('2026-11-20'))).toBe('2027-02-23');
  });
  it('Medicare: twelve months, also after a primary payer, without a roll', () => {
    const medicare = policyOf('medicare');
    expect(lastDayToFile(medicare, 'original', anchors('2026-11-21'))).toBe('2027-11-21');
    expect(lastDayToFile(medicare, 'original', anchors('2028-02-29'))).toBe('2029-02-28');
    expect(lastDayToFile(medicare, 'secondary', anchors('2026-11-20', { primaryRemittanceOn: '2027-03-01' }))).toBe('2027-11-20');
  });
  it('a secondary claim from the primary’s remittance, a correction from the payer’s own', () => {
    const cigna = policyOf('cigna');
    expect(lastDayToFile(cigna, 'original', anchors('2026-11-20'))).toBe('2027-02-18');
    expect(lastDayToFile(cigna, 'secondary', anchors('2026-11-20', { primaryRemittanceOn: '2027-01-10' }))).toBe('2027-04-10');
    expect(lastDayToFile(cigna, 'correction', anchors('2026-11-20', { remittanceOn: '2027-01-10' }))).toBe('2027-07-09');
  });
  it('an unknown remittance counts from the date of service: too early rather than too late', () => {
    expect(lastDayToFile(policyOf('cigna'), 'secondary', anchors('2026-11-20'))).toBe('2027-02-18');
  });
});

describe('filing status', () => {
  it('is open at fifteen days, urgent from fourteen to the last day, expired after it', () => {
    const status = (today: string) => filingStatus('2027-02-22', today);
    expect(['2027-02-07', '2027-02-08', '2027-02-22', '2027-02-23'].map(status)).toEqual(['open', 'urgent', 'urgent', 'expired']);
    expect(filingStatus(null, '2099-01-01')).toBe('open');
  });
});

describe('findings of a correction', () => {
  const found = (rule: string) => ({
    rule,
    severity: 'hold' as const,
    scope: 'attendee' as const,
    path: '',
    message: '',
    ruleVersion: '1',
  });
  const findings = [found('A11'), found('A18')];
  it('do not hold it to the limit of an original', () => {
    expect(findingsOfCorrection(findings, null, '2027-03-01')).toEqual([found('A11')]);
    expect(findingsOfCorrection(findings, '2027-03-01', '2027-03-01')).toEqual([found('A11')]);
  });
  it('hold it to its own', () => expect(findingsOfCorrection(findings, '2027-02-28', '2027-03-01')).toEqual(findings));
});

describe('A18', () => {
  // Medicaid's attendee is the second; the session of 18 November in Texas, filed on different days.
  const body = exampleSession({
    startedAt: '2026-11-18T17:00:00-06:00',
    endedAt: '2026-11-18T18:00:00-06:00',
    finalized: { at: '2026-11-18T18:25:00-06:00' },
  });
  const on = (instant: string): GateOptions => ({ payers: { medicaid_wi: { policy: 'medicaid-tx' } }, now: Date.parse(instant) });
  const of = (instant: string, changed: unknown = body) =>
    marks(judge(changed, on(instant)), 'A18').filter((m) => m.includes('/attendees/1/'));
  const path = '/attendees/1/coverages/0/payerId';

  it('passes the example', () => expect(marks(judge(exampleSession()), 'A18')).toEqual([]));
  it('day 95 on a Sunday: the Monday still goes, the Tuesday is held', () => {
    expect(draftAt(judge(body, on('2026-11-19T12:00:00-06:00')), 1).fileBy).toBe('2027-02-22');
    expect(of('2027-02-21T12:00:00-06:00')).toEqual([`warn ${path}`]);
    expect(of('2027-02-22T23:59:59-06:00')).toEqual([`warn ${path}`]);
    expect(of('2027-02-23T00:00:00-06:00')).toEqual([`hold ${path}`]);
  });
  it('fifteen days before says nothing, fourteen warns', () => {
    expect(of('2027-02-07T23:59:59-06:00')).toEqual([]);
    expect(of('2027-02-08T00:00:00-06:00')).toEqual([`warn ${path}`]);
  });
  it('a delay reason lets it go, with a warning', () => {
    const late = withAttendee(body, 1, { claim: { delayReasonCode: '7' } });
    expect(of('2027-03-01T12:00:00-06:00', late)).toEqual(['warn /attendees/1/claim/delayReasonCode']);
  });
  it('other payers’ claims of the session are not touched', () => {
    const kinds = judge(body, on('2027-03-01T12:00:00-06:00')).attendees.map((a) => a.disposition.kind);
    // Cigna, UnitedHealthcare and BCBS take 90 days too; Aetna (120) and Medicare (12 months) still go.
    expect(kinds.slice(0, 8)).toEqual(['ready', 'held', 'ready', 'held', 'ready', 'held', 'held', 'ready']);
  });
});
