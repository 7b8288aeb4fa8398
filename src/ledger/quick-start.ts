import { setFlagsFromString } from 'node:v8';

/**
 * V8's quick WebAssembly compiler alone: the thorough one works longer on PGlite than a process of seconds runs. Only where
 * the quick one can compile everything, since it has nothing to fall back on.
 */
export const QUICK_WASM: string | null = ['x64', 'arm64'].includes(process.arch) ? '--liftoff-only' : null;

/**
 * For a process that opens the embedded ledger, does one thing and ends. Call it before the ledger is opened; what comes
 * later in the process is compiled the quick way too.
 */
export function compileQuickly(): void {
  if (QUICK_WASM !== null) setFlagsFromString(QUICK_WASM);
}
