import type { GateInput } from '../../src/claim/context.ts';
import { runGate } from '../../src/claim/gate.ts';
import { gateInput } from '../support/gate.ts';
import { manySessions } from '../support/sessions.ts';

const ATTENDEES = 12;
const WORDS = 60;
/** Until the compiler has seen enough: after fewer the median still falls from one hundred sessions to the next. */
const WARM_UP = 400;
const RUNS = 450;

export interface GateTiming {
  /** Milliseconds for one session. */
  readonly p50: number;
  readonly p99: number;
  readonly attendees: number;
}

/** Sessions of twelve with notes of sixty words each. */
const bodies = (): readonly unknown[] =>
  manySessions(WARM_UP + RUNS, 71, { attendees: ATTENDEES }).map((session) => {
    const texts = session.attendees.map((a) => a.note?.text ?? '');
    const words = (i: number) => `${texts[i]} ${texts[(i + 5) % ATTENDEES]}`.split(' ').slice(0, WORDS).join(' ');
    const attendees = session.attendees.map((a, i) => ({ ...a, note: { ...a.note, text: words(i) } }));
    return { ...session, attendees };
  });

/**
 * As the service does it: a body is parsed and judged at once, with objects that nobody has seen before (session, practice
 * and payers alike), so that nothing is warm but the code.
 */
const freshInput = (body: unknown): GateInput => {
  const input = gateInput(structuredClone(body));
  const fresh = <T>(configured: ReadonlyMap<string, T>) => new Map([...configured].map(([id, c]) => [id, structuredClone(c)]));
  return {
    ...input,
    practice: structuredClone(input.practice),
    payers: fresh(input.payers),
    clearinghouses: fresh(input.clearinghouses),
  };
};

/** The whole gate for one session: resolving, every edit, building the claims, keys. Parsing of the body is not in it. */
export function measureGate(): GateTiming {
  const times = bodies().map((body) => {
    const input = freshInput(body);
    const started = performance.now();
    const verdict = runGate(input);
    const took = performance.now() - started;
    if (verdict.attendees.length !== ATTENDEES) throw new Error('the gate lost somebody');
    return took;
  });
  const sorted = times.slice(WARM_UP).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), attendees: ATTENDEES };
}
