/** What the process answers with: 0 done, 1 could not be done, 2 what was given is wrong (a setting, an argument, a session). */
export const EXIT = { ok: 0, failure: 1, badInput: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a text for the operator and an exit code; the text holds no patient data and no secret. */
export class CommandFailed extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CommandFailed';
    this.exitCode = exitCode;
  }
}

export function badInput(message: string): CommandFailed {
  return new CommandFailed(EXIT.badInput, message);
}

export function failure(message: string): CommandFailed {
  return new CommandFailed(EXIT.failure, message);
}
