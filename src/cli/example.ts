import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { GroupSession } from '../../schemas/group-session.ts';
import { packageRoot } from '../ops/package-info.ts';
import { shiftSession } from '../session/shift.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { readJson } from './read-json.ts';

/** Path of a shipped example in `schemas/examples/`. */
export function examplePath(name: string): string {
  return join(packageRoot(), 'schemas', 'examples', name);
}

/** The shipped session as if it had taken place yesterday, in its own zone: a fixed date would grow too old to be billed. */
export async function exampleSession(io: Pick<Io, 'now'>): Promise<GroupSession> {
  const body = (await readJson(examplePath('group-session.json'))) as { readonly timezone: string };
  const today = Temporal.Instant.fromEpochMilliseconds(io.now()).toZonedDateTimeISO(body.timezone).toPlainDate();
  return shiftSession(body, today.subtract({ days: 1 }).toString());
}

/** `rollcall example`: a session to post, ten on the roster, made-up patients. */
export async function exampleCommand(io: Io): Promise<ExitCode> {
  io.out(`${JSON.stringify(await exampleSession(io), null, 2)}\n`);
  return EXIT.ok;
}
