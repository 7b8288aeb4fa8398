/**
 * The process must not run in this state (spec `05` §5.2, 15): wrong key, newer schema, directory in use, bad settings.
 * The message is one clear text for the operator, free of secrets and patient data; `main.ts` prints it without a stack
 * and exits with a code of its own. Anything else thrown at start is a defect.
 */
export class StartRefused extends Error {
  /** Stable word for tests and the doctor, such as `data_dir_in_use`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'StartRefused';
    this.code = code;
  }
}
