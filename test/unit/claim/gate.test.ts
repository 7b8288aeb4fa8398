import { describe, expect, it } from 'vitest';
import { type Finding, finding } from '../../../schemas/common.ts';
import { applyOverride } from '../../../src/claim/edits/override.ts';
import { EDITS, editById } from '../../../src/claim/edits/registry.ts';
import { runGate } from '../../../src/claim/gate.ts';
import { draftAt, findingsOf, gateInput, judge, withAttendee } from '../../support/gate.ts';
import { exampleSession, manySessions, readExample, withAttendeeBody } from '../../support/sessions.ts';

const session = exampleSession();
const kinds = (body: unknown) => judge(body).attendees.map((a) => a.disposition.kind);

describe('the example session', () => {
  const verdict = judge(readExample('group-session.json'));
  it('is eight claims and two that are not billable, without a finding', () => {
    expect(verdict.dateOfService).toBe('2026-11-20');
    expect(verdict.findings).toEqual([]);
    expect(verdict.attendees.flatMap((a) => a.findings)).toEqual([]);
    expect(verdict.attendees.map((a) => a.disposition.kind)).toEqual([...Array(8).fill('ready'), 'not_billable', 'not_billable']);
    expect(verdict.attendees.slice(8).map((a) => a.disposition)).toEqual([
      { kind: 'not_billable', reason: 'no_show' },
      { kind: 'not_billable', reason: 'cancelled_late' },
    ]);
  });
  it('names at least four payers', () => {
    expect(new Set(verdict.attendees.slice(0, 8).map((_, i) => draftAt(verdict, i).payerId)).size).toBeGreaterThanOrEqual(4);
  });
});

describe('the broken session', () => {
  const verdict = judge(readExample('broken-session.json'));
  it('is blocked as a whole, and every attendee’s faults are told at the same time', () => {
    expect(verdict.findings.map((f) => f.rule)).toEqual(['S03', 'S06', 'S09']);
    const rules = new Set(verdict.attendees.flatMap((a) => a.findings).map((f) => f.rule));
    expect([...rules].sort()).toEqual(['A05', 'A07', 'A10', 'A13', 'A14', 'A15', 'A16', 'A17', 'N01', 'N02', 'N05', 'N12']);
    expect(verdict.attendees.slice(0, 8).every((a) => a.disposition.kind === 'held')).toBe(true);
  });
});

describe('isolation', () => {
  it('one attendee’s trouble stops no other', () => {
    expect(kinds(withAttendee(session, 2, { diagnoses: [] }))).toEqual([
      'ready',
      'ready',
      'held',
      ...Array(5).fill('ready'),
      'not_billable',
      'not_billable',
    ]);
  });
  it('a shape fault blocks that attendee under the edit that owns the field', () => {
    const verdict = judge(withAttendeeBody(3, { diagnoses: 7, secret: 'x' }));
    expect(verdict.attendees[3]?.disposition.kind).toBe('held');
    expect(verdict.attendees[3]?.findings.map((f) => [f.rule, f.severity, f.path])).toEqual([
      ['A10', 'block', '/attendees/3/diagnoses'],
      ['A00', 'block', '/attendees/3'],
    ]);
    expect(verdict.attendees.filter((a) => a.disposition.kind === 'ready')).toHaveLength(7);
  });
  it('a shape fault of somebody who gets no claim only warns', () => {
    const verdict = judge(withAttendeeBody(8, { diagnoses: 7 }));
    expect(verdict.attendees[8]).toMatchObject({
      disposition: { kind: 'not_billable' },
      findings: [{ rule: 'A10', severity: 'warn' }],
    });
  });
  it('a restriction that cannot be read holds, never sends', () => {
    expect(judge(withAttendeeBody(0, { restrictDisclosure: 'true' })).attendees[0]?.disposition.kind).toBe('held');
  });
});

describe('findings', () => {
  const verdict = judge(readExample('broken-session.json'));
  const all = [...verdict.findings, ...verdict.attendees.flatMap((a) => a.findings)];
  it('have one shape, the scope and the attendee they belong to', () => {
    for (const f of all) expect(finding.safeParse(f).success).toBe(true);
    for (const f of verdict.findings) expect(f).not.toHaveProperty('attendee');
    for (const a of verdict.attendees)
      for (const f of a.findings) expect([f.scope, f.attendee]).toEqual(['attendee', a.externalId]);
  });
  it('point into the body that was sent', () => {
    const body = readExample('broken-session.json');
    const at = (pointer: string) =>
      pointer
        .split('/')
        .slice(1)
        .reduce<unknown>(
          (v, key) => (typeof v === 'object' && v !== null ? (v as Record<string, unknown>)[key] : undefined),
          body,
        );
    for (const f of all) expect([f.path, at(f.path) === undefined]).toEqual([f.path, false]);
  });
  it('hold nothing that a patient or clinician wrote', () => {
    const text = JSON.stringify(all.map((f) => [f.path, f.message]));
    expect(text).not.toMatch(/moreno|delgado|hagen|whitfield|W1234|1EG4|XWM|F33|V89|thought record/i);
  });
});

describe('a hold of the whole session', () => {
  const late = exampleSession({ finalized: { at: '2026-11-28T18:00:01-06:00' } });
  const now = Date.parse('2026-11-29T09:00:00-06:00');
  const verdict = judge(late, { now });
  it('is told once and lies on every claim', () => {
    expect(verdict.findings).toMatchObject([{ rule: 'S04', severity: 'hold', scope: 'session' }]);
    expect(verdict.attendees.map((a) => a.disposition.kind)).toEqual([...Array(8).fill('held'), 'not_billable', 'not_billable']);
    expect(verdict.attendees.map((a) => a.findings.length)).toEqual([...Array(8).fill(1), 0, 0]);
    expect(verdict.attendees[0]?.findings).toMatchObject([{ rule: 'S04', scope: 'attendee', attendee: 'pt-1001' }]);
  });
  it('may be milder for one payer', () => {
    const payers = { '60054': { policyOverrides: { overrides: { S04: 'warn' } } } };
    const kindsOf = judge(late, { now, payers }).attendees.map((a) => a.disposition.kind);
    expect(kindsOf.filter((k) => k === 'ready')).toHaveLength(3);
    expect(kindsOf.filter((k) => k === 'held')).toHaveLength(5);
  });
});

describe('payer overrides', () => {
  const overridden = (rule: string, severity: string) =>
    judge(withAttendee(session, 0, { placeOfServiceCode: '10', diagnoses: [] }), {
      payers: { '60054': { policyOverrides: { overrides: { [rule]: severity } } } },
    });
  it('switch a rule off for that payer', () => expect(findingsOf(overridden('A15', 'off'), 'A15')).toEqual([]));
  it('do nothing to a rule that no payer may switch off', () => {
    expect(findingsOf(overridden('A10', 'off'), 'A10')).toMatchObject([{ severity: 'block' }]);
  });
  it('do nothing to a field that cannot be read', () => {
    const payers = { '60054': { policyOverrides: { overrides: { A15: 'off' } } } };
    expect(judge(withAttendeeBody(0, { telehealth: 'video' }), { payers }).attendees[0]).toMatchObject({
      disposition: { kind: 'held' },
      findings: [{ rule: 'A15', severity: 'block' }],
    });
  });
  it.each(EDITS.map((e) => [e.id, e] as const))('%s obeys them, or does not', (id, edit) => {
    const found = finding.parse({ rule: id, severity: 'block', scope: 'attendee', path: '', message: '', ruleVersion: '1' });
    for (const wanted of ['block', 'hold', 'warn', 'info'] as const) {
      const severity = edit.payerOverridable ? wanted : 'block';
      expect(applyOverride(found, { ...edit, severity: 'block' }, { overrides: { [id]: wanted } })).toEqual([
        { ...found, severity },
      ]);
    }
    expect(applyOverride(found, edit, { overrides: { [id]: 'off' } })).toEqual(edit.payerOverridable ? [] : [found]);
    expect(applyOverride(found, edit, { overrides: { X99: 'off' } })).toEqual([found]);
  });
  it('raise nothing that the rule itself finds milder than its default, but cap it', () => {
    const of = (found: Finding['severity'], wanted: Finding['severity']) =>
      applyOverride(
        { rule: 'A09', severity: found, scope: 'attendee', path: '', message: '', ruleVersion: '1' },
        { id: 'A09', payerOverridable: true, severity: 'hold' },
        { overrides: { A09: wanted } },
      ).map((f) => f.severity);
    expect([of('hold', 'block'), of('hold', 'hold'), of('hold', 'info')]).toEqual([['block'], ['hold'], ['info']]);
    expect([of('warn', 'block'), of('warn', 'hold'), of('warn', 'info')]).toEqual([['warn'], ['warn'], ['info']]);
    expect(of('info', 'block')).toEqual(['info']);
  });
  it('do nothing to another payer’s attendees', () => {
    const verdict = judge(withAttendee(session, 3, { placeOfServiceCode: '10' }), {
      payers: { '60054': { policyOverrides: { overrides: { A15: 'off' } } } },
    });
    expect(findingsOf(verdict, 'A15')).toHaveLength(1);
  });
});

describe('the registry', () => {
  it('has each id once, with version and source', () => {
    expect(new Set(EDITS.map((e) => e.id)).size).toBe(EDITS.length);
    for (const e of EDITS) {
      expect(e.provenance.source).not.toBe('');
      expect(editById(e.id)).toBe(e);
    }
  });
  it('keeps the rules of the specification that no payer may switch off', () => {
    const starred = '(S01 S03 S06 A00 A01 A02 A05 A07 A10 A13 A14 A17 A19 A23 A26 A27 N01 N05)'.match(/\w+/g);
    for (const e of EDITS) expect([e.id, e.payerOverridable]).toEqual([e.id, starred?.includes(e.id) === false]);
  });
});

describe('dates', () => {
  it('a session across midnight belongs to the day it began', () => {
    const late = exampleSession({
      startedAt: '2026-11-20T23:30:00-06:00',
      endedAt: '2026-11-21T00:30:00-06:00',
      finalized: { at: '2026-11-21T00:40:00-06:00' },
      attendees: session.attendees.map((a) => ({ ...a, attendance: { status: a.attendance.status } })),
    });
    const verdict = judge(late);
    expect(verdict.dateOfService).toBe('2026-11-20');
    expect(verdict.attendees.filter((a) => a.disposition.kind === 'ready')).toHaveLength(8);
  });
});

describe('generated sessions', () => {
  const sessions = manySessions(30, 11);
  it('pass every edit', () => {
    for (const body of sessions) {
      const verdict = judge(body);
      expect(verdict.findings).toEqual([]);
      expect(verdict.attendees.flatMap((a) => a.findings)).toEqual([]);
      expect(verdict.attendees.every((a) => a.disposition.kind === 'ready')).toBe(true);
    }
  });
  it('have no patient, member id or duplicate key in common', () => {
    const drafts = [...sessions, ...manySessions(30, 12)].flatMap((body) => {
      const verdict = judge(body);
      return verdict.attendees.map((_, i) => draftAt(verdict, i));
    });
    const keys = drafts.flatMap((d) => d.duplicateKeys.map((k) => k.canonical));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(drafts.length * 4);
  });
  it('are the same for the same seed', () => {
    expect(manySessions(2, 11)).toEqual(sessions.slice(0, 2));
    expect(manySessions(1, 12)[0]).not.toEqual(sessions[0]);
  });
});

describe('size', () => {
  it('answers two hundred attendees', () => {
    const [body] = manySessions(1, 21, { attendees: 50 });
    const attendees = Array.from({ length: 200 }, (_, i) => ({ ...body?.attendees[i % 50], externalId: `pt-${i}` }));
    const verdict = runGate(gateInput({ ...body, attendees, groupNote: { ...body?.groupNote, attendeeCount: 200 } }));
    expect(verdict.attendees).toHaveLength(200);
    expect(findingsOf(verdict, 'N01')).toHaveLength(200);
  });
});
