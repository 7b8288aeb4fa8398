import { randomBytes, timingSafeEqual } from 'node:crypto';

/** One signed-in browser. The key itself is kept, so that revoking it ends the session at the next request. */
export interface ConsoleSession {
  readonly id: string;
  readonly bearer: string;
  /** Sent with every form; a page of another origin cannot know it. */
  readonly csrf: string;
  readonly expiresAt: number;
}

export interface SessionStore {
  open(bearer: string): ConsoleSession;
  find(id: string): ConsoleSession | null;
  close(id: string): void;
}

/**
 * Sessions of the console, in this process's memory only: a restart signs everybody out, and several API processes need
 * sticky sessions for `/ops`. Beyond `capacity` the oldest goes, so that signing in again and again costs no memory.
 */
export function createSessionStore(options: { now: () => number; lifetimeMs: number; capacity?: number }): SessionStore {
  const { now, lifetimeMs, capacity = 1_000 } = options;
  const sessions = new Map<string, ConsoleSession>();
  return {
    open: (bearer) => {
      for (const [id, session] of sessions) {
        if (session.expiresAt > now() && sessions.size < capacity) break;
        sessions.delete(id);
      }
      const session: ConsoleSession = {
        id: randomBytes(32).toString('base64url'),
        bearer,
        csrf: randomBytes(32).toString('base64url'),
        expiresAt: now() + lifetimeMs,
      };
      sessions.set(session.id, session);
      return session;
    },
    find: (id) => {
      const session = sessions.get(id);
      if (!session) return null;
      if (session.expiresAt > now()) return session;
      sessions.delete(id);
      return null;
    },
    close: (id) => {
      sessions.delete(id);
    },
  };
}

/** Compares a form's token with the session's in constant time. */
export function csrfMatches(session: ConsoleSession, token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const given = Buffer.from(token);
  const expected = Buffer.from(session.csrf);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
