import type { Finding } from '../../schemas/common.ts';

export interface DuplicateVerdict {
  readonly rule: 'K1' | 'A05' | 'K3';
  readonly reason: 'duplicate_exact' | 'duplicate_service' | 'duplicate_suspect';
  readonly message: string;
  /** The claim that owns the key: shown within its own practice only. */
  readonly ownerId: string;
}

/** A duplicate key that somebody else owns; `asker` and `ownerId` are any names the caller likes. */
export interface KeyMeeting {
  /** K1, K2a, K2b or K3. */
  readonly kind: string;
  readonly asker: string;
  readonly ownerId: string;
}

const VERDICTS: Readonly<Record<string, Omit<DuplicateVerdict, 'ownerId'>>> = {
  K1: {
    rule: 'K1',
    reason: 'duplicate_exact',
    message: 'an identical claim (payer, member, providers, date, code, charge) is already live',
  },
  K2: { rule: 'A05', reason: 'duplicate_service', message: 'this patient already has a live claim for this service on this day' },
  K3: {
    rule: 'K3',
    reason: 'duplicate_suspect',
    message: 'the same member has a live claim for this service under another patient id',
  },
};

/** What meeting these owners means for each asker: one verdict per rule, K1 before A05 before K3. */
export function duplicateVerdicts(meetings: readonly KeyMeeting[]): ReadonlyMap<string, readonly DuplicateVerdict[]> {
  // K3 is about another patient id. Keys of one claim are taken together, so an owner with the same patient id, day, code
  // and rank owns K2a as well: then A05 has said it.
  const samePatient = new Set(meetings.filter((m) => m.kind === 'K2a').map((m) => `${m.asker} ${m.ownerId}`));
  const verdicts = new Map<string, DuplicateVerdict[]>();
  for (const meeting of [...meetings].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))) {
    if (meeting.kind === 'K3' && samePatient.has(`${meeting.asker} ${meeting.ownerId}`)) continue;
    const known = VERDICTS[meeting.kind.slice(0, 2)];
    if (known === undefined) throw new Error(`unknown duplicate key ${meeting.kind}`);
    const list = verdicts.get(meeting.asker) ?? [];
    if (!list.some((v) => v.rule === known.rule)) list.push({ ...known, ownerId: meeting.ownerId });
    verdicts.set(meeting.asker, list);
  }
  return verdicts;
}

export function findingOf(v: DuplicateVerdict, externalId: string, index: number): Finding {
  return {
    rule: v.rule,
    severity: 'hold',
    scope: 'attendee',
    attendee: externalId,
    path: `/attendees/${index}`,
    message: v.message,
    ruleVersion: '1',
  };
}
