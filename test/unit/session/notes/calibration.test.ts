import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrationTables, measureAll } from '../../../support/calibration/calibrate.ts';
import { withTables } from '../../../support/calibration/document.ts';
import { KINDS, NOTE_SETS } from '../../../support/calibration/note-sets.ts';

const all = measureAll();

describe('calibration of N11 on labelled notes', () => {
  it('has at least sixty sets in five kinds, from 25 to 150 words', () => {
    expect(NOTE_SETS.length).toBeGreaterThanOrEqual(60);
    for (const kind of KINDS) expect(NOTE_SETS.filter((s) => s.kind === kind).length).toBeGreaterThanOrEqual(12);
    const lengths = all.flatMap((m) => m.lengths);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...lengths)).toBeGreaterThanOrEqual(120);
    expect(new Set(NOTE_SETS.map((s) => s.session.attendees.map((a) => a.note?.text).join('\n'))).size).toBe(NOTE_SETS.length);
  });
  it('nobody’s own note is held, not even in a template', () => {
    const wrong = all.filter((m) => !m.set.cloned && m.outcomes.some((o) => o === 'block' || o === 'hold'));
    expect(wrong.map((m) => [m.set.kind, m.set.style, m.outcomes])).toEqual([]);
  });
  it('every copy is held or blocked, and every one with names alone swapped is blocked', () => {
    const missed = all.filter((m) => m.set.cloned && m.outcomes.some((o) => o === 'info' || o === 'none'));
    expect(missed.map((m) => [m.set.kind, m.set.style, m.outcomes])).toEqual([]);
    for (const m of all) if (m.set.kind === 'name swapped') expect(new Set(m.outcomes)).toEqual(new Set(['block']));
  });
  it('is what docs/cloned-notes.md says (npm run calibrate)', () => {
    const document = readFileSync('docs/cloned-notes.md', 'utf8');
    expect(withTables(document, calibrationTables(all))).toBe(document);
  });
});
