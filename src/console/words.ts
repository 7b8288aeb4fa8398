import type { ClaimState, PlanReason } from '../../schemas/common.ts';

/** Plan reasons as an operator would say them (`03` §3.1). */
const planReasonWords: Readonly<Record<PlanReason, string>> = {
  look_alike_gap: 'kept apart from claims that differ only by patient',
  lane_gap: 'waits for the gap between files on this lane',
  window: 'waits for the receiver’s send window',
  cap: 'waits for the lane’s hourly or daily cap',
  collision: 'kept 24 h from a claim of the same subscriber',
  deadline_pull: 'pulled forward: filing deadline is near',
  circuit_open: 'waits for the receiver to answer again',
  operator: 'moved by an operator',
  catch_up: 'overdue; goes in deadline order, no burst',
};

/** Words for plan reasons; codes of a newer program are shown as they are. */
export const reasonsInWords = (reasons: readonly string[]): string => {
  if (reasons.length === 0) return 'nothing to wait for';
  return reasons.map((code) => (planReasonWords as Readonly<Record<string, string>>)[code] ?? code).join('; ');
};

/** Colour family of a state: waiting, moving, wants a person, good end, neutral end. */
export type Tone = 'wait' | 'move' | 'warn' | 'bad' | 'good' | 'rest';

export const toneOf: Readonly<Record<ClaimState, Tone>> = {
  not_billable: 'rest',
  held: 'warn',
  scheduled: 'wait',
  released: 'move',
  transmit_unknown: 'bad',
  transmitted: 'move',
  picked_up: 'move',
  acknowledged: 'move',
  accepted: 'good',
  rejected: 'bad',
  duplicate_flagged: 'bad',
  stalled: 'bad',
  paid: 'good',
  partially_paid: 'warn',
  denied: 'bad',
  reversed: 'bad',
  replaced: 'rest',
  voided: 'rest',
  cancelled: 'rest',
};

export const inWords = (code: string): string => code.replaceAll('_', ' ');

/**
 * Where in an attendee's part of the session, from a JSON pointer: `/attendees/5/coverages/0/memberId` → `coverage 1, member
 * id`; of the whole session as it stands there. Empty where a finding means no single field.
 */
export function fieldInWords(pointer: string): string {
  const parts = pointer
    .replace(/^\/attendees\/\d+(?=\/|$)/, '')
    .split('/')
    .slice(1);
  const words: string[] = [];
  for (const part of parts) {
    const list = words.at(-1);
    if (/^\d+$/.test(part) && list !== undefined) words[words.length - 1] = `${oneOf(list)} ${Number(part) + 1}`;
    else words.push(part.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  }
  return words.join(', ');
}

const oneOf = (list: string): string => (list.endsWith('ses') ? `${list.slice(0, -2)}is` : list.replace(/s$/, ''));

/** `2026-11-20T23:00:05.000Z` → `Nov 20, 23:00:05`; the pages say once that times are UTC. */
export function shortTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const text = at.toISOString();
  return `${months[at.getUTCMonth()]} ${at.getUTCDate()}, ${text.slice(11, 19)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Distance of `iso` from `now`, in the largest two units: `in 4 min 10 s`, `2 h 5 min ago`, `now`. */
export function relativeTime(iso: string, now: string): string {
  const seconds = Math.round((Date.parse(iso) - Date.parse(now)) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (Math.abs(seconds) < 1) return 'now';
  const distance = duration(Math.abs(seconds));
  return seconds > 0 ? `in ${distance}` : `${distance} ago`;
}

function duration(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const parts: string[] = [];
  let rest = seconds;
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length > 0) parts.push(`${count} ${name}`);
    if (parts.length === 2) break;
  }
  return parts.filter((part) => !part.startsWith('0 ')).join(' ');
}
