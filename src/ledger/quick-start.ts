import { setFlagsFromString } from 'node:v8';

/** V8's quick WebAssembly compiler alone: the thorough one works longer on PGlite than a process of seconds runs. */
export const QUICK_WASM = '--liftoff-only';

/**
 * For a process that opens the embedded ledger, does one thing and ends: saves it a second of three. Call it before the
 * ledger is opened; what comes later in the process is compiled the quick way too.
 */
export function compileQuickly(): void {
  setFlagsFromString(QUICK_WASM);
}
