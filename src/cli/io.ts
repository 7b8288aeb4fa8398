/** Where a command writes and what it may know of its surroundings; tests give their own. */
export interface Io {
  /** Results: what a script may read. */
  out(text: string): void;
  /** Everything said beside the result. */
  err(text: string): void;
  /** True when `out` is a terminal on which lines may be redrawn. */
  readonly isTty: boolean;
  /** Width of the terminal in characters, 100 when unknown. */
  readonly columns: number;
  readonly platform: NodeJS.Platform;
  /** Process clock, epoch ms. */
  now(): number;
}

export function processIo(): Io {
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    isTty: process.stdout.isTTY === true,
    columns: process.stdout.columns || 100,
    platform: process.platform,
    now: () => Date.now(),
  };
}
