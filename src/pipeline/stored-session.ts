import type { Finding } from '../../schemas/common.ts';
import type { AttendeeVerdict } from '../claim/draft.ts';
import { editById } from '../claim/edits/registry.ts';
import type { Row } from '../ledger/types.ts';
import type { ParsedSession } from '../session/parse.ts';
import type { Configured, PipelineDeps } from './deps.ts';
import { configOf, type GatedSession } from './gate-session.ts';
import { judgeSession } from './judge-session.ts';
import type { SealedAttendee } from './sealed.ts';

/**
 * Rules whose word stands: those that read texts which are never stored, and those that asked the ledger which of two
 * sessions came first.
 */
const stands = (rule: string): boolean => {
  const edit = editById(rule);
  if (rule.startsWith('N') || edit === undefined) return rule.startsWith('N');
  return edit.readsNote === true || (edit.scope === 'session' && 'of' in edit);
};

/** A session as it lies in the ledger, opened: everything but what was never stored. */
export interface OpenedSession {
  readonly session: unknown;
  readonly attendees: readonly SealedAttendee[];
}

export function openSession(
  deps: Pick<PipelineDeps, 'vault'>,
  row: Row<'session'>,
  attendees: readonly Row<'attendee'>[],
): OpenedSession {
  return {
    session: deps.vault.open(row.practice_id, 'session', row.id, row.sealed),
    attendees: attendees.map((a) => deps.vault.open<SealedAttendee>(a.practice_id, 'attendee', a.id, a.sealed)),
  };
}

/** The session as it was parsed, without what was never stored. */
function reopen(opened: OpenedSession): ParsedSession {
  const { attendeeCount, ...rest } = opened.session as Record<string, unknown> & { attendeeCount: number };
  return {
    ...rest,
    groupNote: { theme: '', interventions: [], dynamics: '', attendeeCount },
    attendees: opened.attendees.map(({ externalId, attendee }, index) => {
      const { fields, status, faults, remains } = attendee as Omit<ParsedSession['attendees'][number], 'index' | 'externalId'>;
      return { index, externalId, status, fields, faults, ...(remains && { remains }) };
    }),
  } as unknown as ParsedSession;
}

const bodies = <T>(found: ReadonlyMap<string, Configured<T>>) => new Map([...found].map(([id, c]) => [id, c.body]));

/** Judges a stored session again, at `now` and by the present configuration; null when its practice is not configured any more. */
export async function judgeStored(
  deps: Pick<PipelineDeps, 'configs' | 'codeSets'>,
  practiceId: string,
  opened: OpenedSession,
  now: number,
): Promise<GatedSession | null> {
  const session = reopen(opened);
  const practice = await deps.configs.practice(practiceId);
  if (practice === null) return null;
  const config = await configOf(deps, session, practice.body);
  const verdict = judgeSession({
    session,
    practice: practice.body,
    payers: bodies(config.payers),
    clearinghouses: bodies(config.clearinghouses),
    now,
    codeSets: await deps.codeSets.current(),
    earlierNotes: [],
  });
  return { session, verdict, practice, ...config, now, sketches: null };
}

/** A stored attendee's findings after judging again, with what was said once and for all. */
export function findingsBeside(judged: AttendeeVerdict, stored: readonly Finding[]): Finding[] {
  return [...judged.findings.filter((f) => !stands(f.rule)), ...stored.filter((f) => stands(f.rule))];
}
