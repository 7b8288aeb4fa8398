import { describeEdit } from '../claim/edits/describe.ts';
import { EDITS } from '../claim/edits/registry.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';

/** `rollcall edits`: every edit of the gate, in the order in which findings come. */
export async function editsCommand(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const edits = EDITS.map(describeEdit);
  if (options.json) {
    io.out(`${JSON.stringify(edits, null, 2)}\n`);
    return EXIT.ok;
  }
  io.out(
    table(
      ['ID', 'SCOPE', 'SEVERITY', 'PAYERS', 'VERSION', 'SNIP', 'TITLE', 'PROVENANCE'],
      edits.map((e) => [
        e.id,
        e.scope,
        e.severity,
        e.overridable ? 'may override' : 'fixed',
        e.version,
        e.snip === null ? '' : String(e.snip),
        e.title,
        `${e.provenance.confidence}: ${e.provenance.source}`,
      ]),
    ),
  );
  return EXIT.ok;
}
