import type { Problem } from '../../schemas/problem.ts';

/** A refusal with an RFC 9457 body. `detail` and `errors` never carry a value of the request. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: NonNullable<Problem['errors']>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    title: string,
    options: { detail?: string; errors?: NonNullable<Problem['errors']>; headers?: Record<string, string> } = {},
  ) {
    super(options.detail ?? title);
    this.name = title;
    this.status = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}
