import { StartRefused } from '../ops/refusal.ts';
import { sqlState } from './database.ts';

const LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What `pg` and our own pool say without a code when a connection goes, cannot be had, or stays silent. */
const LOST_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|the connection to the ledger is lost)/;

/**
 * True when the database could not be reached or gave up, as opposed to refusing a statement: connection lost (class 08),
 * shutting down or starting (57P), statement cancelled by its time limit (57014), lock not to be had (55P03), out of
 * resources (53). Nothing is known then of a COMMIT that was under way.
 */
export function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null && /^(08...|57P..|57014|55P03|53...)$/.test(state)) return true;
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && LOST.has(error.code)) return true;
  return LOST_WORDS.test(error.message);
}

/**
 * For the first look at the ledger: throws `StartRefused` with one sentence when there is no database at DATABASE_URL or it
 * does not let this user in (28), has no such database (3D000); any other error as it is. Names neither user nor password.
 */
export function refuseUnreachable(error: unknown): never {
  const state = sqlState(error);
  const refused = state !== null && /^(28...|3D000)$/.test(state);
  if (!refused && !isOutage(error)) throw error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  throw new StartRefused(
    'ledger_unreachable',
    refused
      ? `DATABASE_URL: the database does not let this service in${code}.`
      : `DATABASE_URL: the database cannot be reached${code}.`,
  );
}
