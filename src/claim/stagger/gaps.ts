import { DAY_MS } from './slots.ts';

/** Claims that differ in the patient only (siblings) go at least this far apart (`03` §3.1). */
export const SIBLING_GAP_MS = DAY_MS;

/** Look-alike gaps vary by up to this share either way (`03` §3.1), so that drops do not fall into a machine's beat. */
export const JITTER_SHARE = 0.2;

/** A gap with its jitter, whole milliseconds, never under 0.8 × gap whatever `jitter` says. */
export function jittered(gapMs: number, jitter: number): number {
  const bounded = Math.min(1, Math.max(-1, Number.isFinite(jitter) ? jitter : 0));
  return Math.ceil(gapMs * (1 + JITTER_SHARE * bounded));
}
