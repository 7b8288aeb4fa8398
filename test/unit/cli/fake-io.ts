import type { Io } from '../../../src/cli/io.ts';

export interface FakeIo extends Io {
  readonly written: { out: string; err: string };
}

/** Collects what a command prints. `now` is fixed at noon UTC of 21 November 2026, the day after the example session. */
export function fakeIo(over: Partial<Io> = {}): FakeIo {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    isTty: false,
    columns: 100,
    platform: 'linux',
    now: () => Date.parse('2026-11-21T12:00:00Z'),
    ...over,
  };
}
