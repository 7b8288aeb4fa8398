import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../schemas/common.ts';
import { formatCents } from '../claim/money.ts';
import { type Fault, type Generated, generate, parseBundle } from '../pipeline/generate.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { SHIPPED_CODE_SETS } from '../x12/code-sets/shipped.ts';
import { examplePath } from './example.ts';
import { badInput, EXIT, type ExitCode, failure } from './exit.ts';
import type { Io } from './io.ts';
import { readJson } from './read-json.ts';
import { counted, table } from './table.ts';

export interface GenerateOptions {
  readonly out: string;
  readonly config?: string;
  readonly json?: boolean;
  /** Instead of the shipped lists. */
  readonly codeSets?: CodeSets;
}

/**
 * `rollcall generate <session.json> --out <dir>`: the claims of one session as files, without a server; with `--tables` the code lists are a ledger's.
 * 0 when every billable attendee got a file, 2 when the session is refused or a claim is held, 1 when files cannot be written.
 */
export async function generateCommand(io: Io, sessionPath: string, options: GenerateOptions): Promise<ExitCode> {
  const body = await readJson(sessionPath);
  const bundle = parseBundle(await readJson(options.config ?? examplePath('seed.json')));
  if (!bundle.ok) throw badInput(`The configuration bundle is wrong:\n${faultTable(bundle.errors)}`);
  const result = generate({
    body,
    bundle: bundle.value,
    now: io.now(),
    randomBytes,
    codeSets: options.codeSets ?? SHIPPED_CODE_SETS,
  });
  if (!result.ok) {
    if (options.json) io.out(`${JSON.stringify({ refused: true, errors: result.errors }, null, 2)}\n`);
    else io.err(`The session is refused, no file was written:\n${faultTable(result.errors)}`);
    return EXIT.badInput;
  }
  await writeFiles(options.out, result.value);
  if (options.json) io.out(`${JSON.stringify(jsonOf(result.value), null, 2)}\n`);
  else io.out(textOf(result.value, options.out));
  return result.value.attendees.some((a) => a.outcome === 'held') ? EXIT.badInput : EXIT.ok;
}

/** A fault of the session that holds every attendee is one line. */
export function faultTable(faults: readonly Fault[]): string {
  const rows = new Map(faults.map((f) => [JSON.stringify(f), [f.pointer || '/', f.code, f.message]]));
  return table(['AT', 'RULE', 'WHAT IS WRONG'], [...rows.values()]);
}

/** Control numbers begin at 1 each time, so a folder that holds 837 files of an earlier run is refused rather than mixed up. */
async function writeFiles(folder: string, generated: Generated): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).some((name) => name.endsWith('.837'))) {
      throw badInput(`${folder} holds .837 files already; give an empty folder. Nothing was written.`);
    }
    for (const a of generated.attendees) {
      if (a.outcome !== 'ready') continue;
      const file = await open(join(folder, a.fileName), 'wx', 0o600);
      try {
        await file.writeFile(a.bytes);
      } finally {
        await file.close();
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw failure(`${folder} cannot be written (${code}).`);
  }
}

const findingsOf = (generated: Generated): readonly Finding[] => [
  ...generated.findings,
  ...generated.attendees.flatMap((a) => a.findings),
];

function jsonOf(generated: Generated): unknown {
  return {
    refused: false,
    dateOfService: generated.dateOfService,
    attendees: generated.attendees.map((a) => ({
      externalId: a.externalId,
      outcome: a.outcome,
      ...(a.outcome === 'not_billable' ? { reason: a.reason } : {}),
      ...(a.outcome === 'ready'
        ? {
            payerId: a.payerId,
            chargeAmount: formatCents(a.chargeCents),
            patientControlNumber: a.patientControlNumber,
            fileName: a.fileName,
            bytes: a.bytes.byteLength,
          }
        : {}),
    })),
    findings: findingsOf(generated),
  };
}

function textOf(generated: Generated, folder: string): string {
  const ready = generated.attendees.filter((a) => a.outcome === 'ready').length;
  const held = generated.attendees.filter((a) => a.outcome === 'held').length;
  const rows = generated.attendees.map((a) => {
    if (a.outcome === 'ready') return [a.externalId, 'ready', a.payerId, formatCents(a.chargeCents), a.fileName];
    if (a.outcome === 'held') return [a.externalId, 'held', '', '', reasonsOf(a.findings)];
    return [a.externalId, 'not billable', '', '', a.reason];
  });
  const findings = findingsOf(generated);
  const notBillable = generated.attendees.length - ready - held;
  return [
    `${generated.dateOfService}: ${generated.attendees.length} on the roster, ${counted(ready, 'file')} in ${folder}, ${held} held, ${notBillable} not billable\n\n`,
    table(['ATTENDEE', 'OUTCOME', 'PAYER', 'CHARGE', 'FILE OR REASON'], rows),
    findings.length === 0 ? '\nNo findings.\n' : `\n${findingTable(findings)}`,
  ].join('');
}

const reasonsOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.filter((f) => f.severity === 'block' || f.severity === 'hold').map((f) => f.rule))].join(' ');

export function findingTable(findings: readonly Finding[]): string {
  return table(
    ['RULE', 'SEVERITY', 'WHO', 'AT', 'FINDING'],
    findings.map((f) => [f.rule, f.severity, f.attendee ?? 'session', f.path, f.message]),
  );
}
