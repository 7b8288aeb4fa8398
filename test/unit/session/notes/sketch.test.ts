import { describe, expect, it } from 'vitest';
import {
  type Bands,
  bandKeys,
  CLINICIAN_BANDS,
  estimateJaccard,
  minimaOf,
  OWN_BANDS,
  SKETCH_BYTES,
  sketchNotes,
} from '../../../../src/session/notes/sketch.ts';
import { parseSession } from '../../../../src/session/parse.ts';
import { exampleSession } from '../../../support/sessions.ts';

const parsed = (body: unknown) => {
  const result = parseSession(body);
  if (!result.ok) throw new Error('refused');
  return result.session;
};
const salt = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const sketches = (body: unknown, fill = 1) => sketchNotes(parsed(body), salt(fill), 20);
const equalBands = (bands: Bands, a: Uint8Array, b: Uint8Array, scopeA = 1, scopeB = scopeA): number => {
  const other = new Set(bandKeys(b, scopeB, bands));
  return bandKeys(a, scopeA, bands).filter((k) => other.has(k)).length;
};

describe('sketches of a session', () => {
  const session = exampleSession();
  it('are one per paragraph that is long enough, 256 bytes each', () => {
    const made = sketches(session);
    expect(made.map((s) => s.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const s of made) expect(s.minima).toHaveLength(SKETCH_BYTES);
    const short = {
      ...session,
      attendees: session.attendees.map((a, i) => (i === 0 && a.note ? { ...a, note: { ...a.note, text: 'Quiet today.' } } : a)),
    };
    expect(sketches(short).map((s) => s.index)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
  it('are the same for the same text, whatever the person is called', () => {
    const [first] = sketches(session);
    const renamed = exampleSession();
    const [sarah, ...rest] = renamed.attendees;
    if (!sarah?.patient || !sarah.note) throw new Error('the example has a first attendee');
    const other = {
      ...sarah,
      patient: { ...sarah.patient, firstName: 'Jean-Luc', lastName: "O'Brien" },
      note: {
        ...sarah.note,
        text: sarah.note.text.replace('Sarah', 'Jean-Luc O’Brien').replaceAll('She ', 'He ').replaceAll(' her ', ' his '),
      },
    };
    const [second] = sketches({ ...renamed, attendees: [other, ...rest] });
    expect(second?.minima).toEqual(first?.minima);
  });
  it('have nothing in common under another practice’s salt: neither minima nor bands', () => {
    const [a, b] = [sketches(session, 1), sketches(session, 2)];
    a.forEach((one, i) => {
      const two = b[i] as typeof one;
      expect(estimateJaccard(one.minima, two.minima)).toBeLessThan(0.03);
      expect(equalBands(OWN_BANDS, one.minima, two.minima)).toBe(0);
      expect(equalBands(CLINICIAN_BANDS, one.minima, two.minima)).toBe(0);
    });
  });
});

describe('bands', () => {
  const hashes = (n: number, from = 0) => Array.from({ length: n }, (_, i) => Math.imul(i + from + 1, 0x9e3779b1) >>> 0);
  it.each([OWN_BANDS, CLINICIAN_BANDS])('are as many as asked for, and nobody else’s scope meets them: %o', (bands) => {
    const minima = minimaOf(hashes(60));
    expect(bandKeys(minima, 7, bands)).toHaveLength(bands.bands);
    expect(equalBands(bands, minima, minima)).toBe(bands.bands);
    expect(equalBands(bands, minima, minima, 7, 8)).toBe(0);
    for (const key of bandKeys(minima, 7, bands)) expect(key | 0).toBe(key);
  });
  // 1 − (1 − J²)^8: 0.999 at 0.75, 0.97 at 0.6, 0.077 at 0.1; 1 − (1 − J³)^16: 0.9998, 0.98, 0.016.
  it.each([
    [OWN_BANDS, 0.75, 0.985, 1],
    [OWN_BANDS, 0.6, 0.93, 1],
    [OWN_BANDS, 0.1, 0, 0.14],
    [CLINICIAN_BANDS, 0.75, 0.985, 1],
    [CLINICIAN_BANDS, 0.6, 0.94, 1],
    [CLINICIAN_BANDS, 0.1, 0, 0.06],
  ])('%o at J = %f meet in the share that the arithmetic says', (bands, j, least, most) => {
    let met = 0;
    const runs = 300;
    for (let run = 0; run < runs; run += 1) {
      const shared = Math.round((2 * 60 * j) / (1 + j));
      const base = run * 1_000;
      const a = minimaOf(hashes(60, base));
      const b = minimaOf([...hashes(shared, base), ...hashes(60 - shared, base + 500)]);
      if (equalBands(bands, a, b) > 0) met += 1;
    }
    expect(met / runs).toBeGreaterThanOrEqual(least);
    expect(met / runs).toBeLessThanOrEqual(most);
  });
});
