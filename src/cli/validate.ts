import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SnipType, X12Finding } from '../x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES, type ValidateOptions } from '../x12/837p/validate/options.ts';
import { createValidator, type ValidationSummary, type ValidatorSink } from '../x12/837p/validate/validator.ts';
import { type AcknowledgeSummary, createAcknowledger } from '../x12/999/acknowledge.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import { SHIPPED_CODE_SETS } from '../x12/code-sets/shipped.ts';
import { isDate8 } from '../x12/format.ts';
import { badInput, EXIT, type ExitCode, failure } from './exit.ts';
import { type InputFile, inputFiles } from './input-files.ts';
import type { Io } from './io.ts';
import { counted } from './table.ts';

export interface ValidateCommandOptions {
  readonly snip?: string;
  readonly json?: boolean;
  readonly own?: boolean;
  readonly max?: string;
  /** `YYYY-MM-DD` instead of today. */
  readonly today?: string;
  /** Instead of the shipped lists. */
  readonly codeSets?: CodeSets;
  /** `--999`: a folder, or `-`. */
  readonly ack?: string;
  readonly ackControlNumber?: string;
}

interface Totals {
  files: number;
  refused: number;
  unreadable: number;
  errors: number;
  warnings: number;
}

/** Findings of one file that the table shows; `--json` gives all. */
const SHOWN = 200;

/**
 * `rollcall validate <file…|->`: SNIP types 1 to 7 of anybody's 837P, streaming. 0 when no file has an error, 1 when one
 * has, 2 when one cannot be read.
 */
export async function validateCommand(io: Io, args: readonly string[], options: ValidateCommandOptions): Promise<ExitCode> {
  const validateOptions = optionsOf(io, options);
  const shown = options.max === undefined ? SHOWN : wholeNumber(options.max, '--max', 0, Number.MAX_SAFE_INTEGER);
  const acks = ackTarget(io, options);
  if (acks?.folder === null && options.json === true)
    throw badInput('--999 - and --json both want standard output; give --999 a folder.');
  const report = options.json === true ? jsonReport(io) : textReport(io, acks?.folder === null ? io.err : io.out, shown);
  const totals: Totals = { files: 0, refused: 0, unreadable: 0, errors: 0, warnings: 0 };
  report.start();
  for (const file of inputFiles(args)) {
    totals.files++;
    report.file(file.name);
    const ack = acks?.open(file) ?? null;
    try {
      const summary = await validateFile(file, validateOptions, (f) => report.finding(f), ack);
      totals.errors += summary.errors;
      totals.warnings += summary.warnings;
      if (summary.errors > 0) totals.refused++;
      report.done(summary);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw error;
      totals.unreadable++;
      report.unreadable(code);
    } finally {
      ack?.close();
    }
  }
  report.end(totals);
  if (totals.unreadable > 0 || totals.files === 0) return EXIT.badInput;
  return totals.refused > 0 ? EXIT.failure : EXIT.ok;
}

async function validateFile(
  file: InputFile,
  options: ValidateOptions,
  finding: (finding: X12Finding) => void,
  ack: Ack | null,
): Promise<ValidationSummary> {
  const acknowledger = ack === null ? null : createAcknowledger(ack.options, ack.write, finding);
  const sink: ValidatorSink = acknowledger?.sink ?? { finding };
  const validator = createValidator(options, sink);
  for await (const piece of file.read()) validator.push(piece);
  const summary = validator.end();
  if (acknowledger !== null) ack?.sent(acknowledger.end());
  return summary;
}

/** What the options of a validating command say. */
export function optionsOf(io: Io, options: Pick<ValidateCommandOptions, 'snip' | 'own' | 'today' | 'codeSets'>): ValidateOptions {
  if (options.today !== undefined && !(/^\d{4}-\d\d-\d\d$/.test(options.today) && isDate8(options.today.replaceAll('-', '')))) {
    throw badInput('--today takes a day such as 2026-11-23.');
  }
  return {
    snip: snipTypes(options.snip),
    today: options.today ?? new Date(io.now()).toISOString().slice(0, 10),
    codeSets: options.codeSets ?? SHIPPED_CODE_SETS,
    receiver: null,
    own: options.own === true,
  };
}

function snipTypes(text: string | undefined): readonly SnipType[] {
  if (text === undefined) return ALL_SNIP_TYPES;
  const wanted = text.split(',').map((part) => part.trim());
  const types = ALL_SNIP_TYPES.filter((type) => wanted.includes(String(type)));
  if (types.length !== new Set(wanted).size)
    throw badInput('--snip takes types from 1 to 7 with commas between them, such as 1,2.');
  return types;
}

function wholeNumber(text: string, option: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw badInput(`${option} takes a whole number from ${min} to ${max}.`);
  return value;
}

interface Ack {
  readonly options: { readonly date: string; readonly time: string; readonly controlNumber: number };
  readonly write: (text: string) => void;
  sent(summary: AcknowledgeSummary): void;
  close(): void;
}

interface AckTarget {
  /** Null for standard output. */
  readonly folder: string | null;
  open(file: InputFile): Ack;
}

/** `--999 <folder>`: one answer per file beside its name; `--999 -`: all on standard output. Control numbers go on from file to file. */
function ackTarget(io: Io, options: ValidateCommandOptions): AckTarget | null {
  if (options.ack === undefined) return null;
  const folder = options.ack === '-' ? null : options.ack;
  let controlNumber = wholeNumber(options.ackControlNumber ?? '1', '--999-control-number', 1, 999_999_999);
  const now = new Date(io.now()).toISOString();
  if (folder !== null) writing(folder, () => mkdirSync(folder, { recursive: true }));
  const names = new Map<string, number>();
  /** Files of one name in several folders get a number. */
  const nameFor = (name: string): string => {
    const nth = (names.get(name) ?? 0) + 1;
    names.set(name, nth);
    return nth === 1 ? `${name}.999` : `${name}.${nth}.999`;
  };
  return {
    folder,
    open({ name }) {
      const ackOptions = { date: now.slice(0, 10), time: now.slice(11, 13) + now.slice(14, 16), controlNumber };
      const sent = ({ nextControlNumber, refused, unanswered }: AcknowledgeSummary): void => {
        controlNumber = nextControlNumber;
        for (const { interchange, note } of refused)
          io.err(
            `${printable(name)}: interchange ${printable(interchange)} is refused by a TA1 (note ${note}), without a 999.\n`,
          );
        if (unanswered > 0)
          io.err(`${printable(name)}: ${counted(unanswered, 'error')} outside of any interchange, which no answer can name.\n`);
      };
      if (folder === null) return { options: ackOptions, write: io.out, sent, close: () => undefined };
      const fd = writing(folder, () => openSync(join(folder, nameFor(basename(name))), 'w', 0o600));
      return { options: ackOptions, write: (text) => void writeSync(fd, text), sent, close: () => closeSync(fd) };
    },
  };
}

function writing<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw failure(`${folder} cannot be written (${code}).`);
  }
}

interface Reporting {
  start(): void;
  file(name: string): void;
  finding(finding: X12Finding): void;
  done(summary: ValidationSummary): void;
  unreadable(code: string): void;
  end(totals: Totals): void;
}

/** For people: one block per file that has findings, one line per finding, a sum at the end. */
function textReport(io: Io, out: (text: string) => void, shown: number): Reporting {
  let name = '';
  let count = 0;
  return {
    start: () => undefined,
    file(next) {
      name = printable(next);
      count = 0;
    },
    finding(finding) {
      if (count === 0) out(`${name}\n`);
      count++;
      if (count <= shown) out(findingLine(finding));
    },
    done({ errors, warnings, sets, claims }) {
      if (count > shown) out(`  … and ${counted(count - shown, 'more finding')}; --max or --json shows them\n`);
      if (count > 0) {
        out(
          `  ${counted(errors, 'error')}, ${counted(warnings, 'warning')} in ${counted(sets, 'transaction set')}, ${counted(claims, 'claim')}\n\n`,
        );
      }
    },
    unreadable: (code) => io.err(`${name} cannot be read (${code}).\n`),
    end({ files, refused, unreadable, errors, warnings }) {
      const good = files - refused - unreadable;
      const rest = unreadable === 0 ? '' : `, ${unreadable} unreadable`;
      out(
        `${counted(files, 'file')}: ${good} without an error, ${refused} with errors${rest}; ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`,
      );
    },
  };
}

function findingLine({ severity, snip, rule, place, message }: X12Finding): string {
  const { inFile, inSet, set, claim, loop, segment, element } = place;
  const where = [
    inSet === null ? `segment ${inFile} of the file` : `set ${printable(set ?? '?')} segment ${inSet}`,
    claim === null || claim === '' ? '' : `claim ${printable(claim)}`,
    [loop?.replace('_LOOP', '') ?? '', element ?? segment].filter((part) => part !== '').join(' '),
  ];
  return `  ${severity === 'error' ? 'error  ' : 'warning'}  ${snip}  ${rule.padEnd(24)} ${where.filter((p) => p !== '').join(', ')}: ${message}\n`;
}

/** Names and numbers come from elsewhere; the terminal is not theirs. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 200);

/** For programs: one JSON document, written as the files are read. */
function jsonReport(io: Io): Reporting {
  let first = true;
  let firstFinding = true;
  return {
    start: () => io.out('{"files":['),
    file(name) {
      io.out(`${first ? '' : ','}\n{"file":${JSON.stringify(name)},"findings":[`);
      first = false;
      firstFinding = true;
    },
    finding(finding) {
      io.out(`${firstFinding ? '' : ','}\n${JSON.stringify(finding)}`);
      firstFinding = false;
    },
    done: (summary) => io.out(`],"summary":${JSON.stringify(summary)}}`),
    unreadable: (code) => io.out(`],"unreadable":${JSON.stringify(code)}}`),
    end: (totals) => io.out(`\n],"totals":${JSON.stringify(totals)}}\n`),
  };
}
