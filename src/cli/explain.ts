import { createExplainer } from '../x12/837p/explain.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { badInput, EXIT, type ExitCode } from './exit.ts';
import { inputFiles } from './input-files.ts';
import type { Io } from './io.ts';
import { optionsOf } from './validate.ts';

export interface ExplainCommandOptions {
  readonly elements?: boolean;
  readonly findings?: boolean;
  readonly snip?: string;
  /** Instead of the shipped lists. */
  readonly codeSets?: CodeSets;
}

/** Lines are handed on in portions of about this many characters. */
const PORTION = 64 * 1024;

/**
 * `rollcall explain <file|->`: an 837P as a tree of named loops and segments, streaming. 0 when there was an interchange to
 * show, 1 when there was none, 2 when the file cannot be read.
 */
export async function explainCommand(io: Io, path: string, options: ExplainCommandOptions): Promise<ExitCode> {
  const findings = options.findings === true || options.snip !== undefined ? optionsOf(io, options) : null;
  let portion = '';
  const explainer = createExplainer({ elements: options.elements === true, findings }, (lines) => {
    portion += lines;
    if (portion.length < PORTION) return;
    io.out(portion);
    portion = '';
  });
  try {
    for (const file of inputFiles([path])) for await (const piece of file.read()) explainer.push(piece);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw badInput(`${path} cannot be read (${code}).`);
  }
  const { segments } = explainer.end();
  io.out(portion);
  return segments > 0 ? EXIT.ok : EXIT.failure;
}
