import { displayText } from '../decode.ts';
import type { Delimiters } from '../delimiters.ts';
import type { ElementRule, SegmentRule } from '../rules/model.ts';
import type { SegmentPosition } from '../rules/walk-frame.ts';
import type { ScannedSegment } from '../scan.ts';
import { wordsFor } from './code-words.ts';
import type { X12Finding } from './validate/finding.ts';
import type { ValidateOptions } from './validate/options.ts';
import { createValidator, type ValidationSummary } from './validate/validator.ts';

export interface ExplainOptions {
  /** One more line per element that holds something. */
  readonly elements?: boolean;
  /** What the validator says, behind the segment in question; null = not asked for. */
  readonly findings?: ValidateOptions | null;
}

/** Bytes go in, lines for a person come out; memory holds one claim at most. Never throws for any bytes. */
export interface Explainer {
  push(bytes: Uint8Array): void;
  end(): ValidationSummary;
}

const NO_FINDINGS: ValidateOptions = { snip: [], today: '', codeSets: null, receiver: null, own: false };
/** Headers start a loop of their own, trailers end it. */
const HEADERS: Readonly<Record<string, number>> = { ISA: 0, GS: 1, ST: 2 };
const TRAILERS: Readonly<Record<string, number>> = { IEA: 0, GE: 1, SE: 2 };
/** Width of the segments' numbers, and the column at which their names begin. */
const NUMBER = 6;
const TEXT = 72;
const NOT_IN_GUIDE = 'not in the guide at this place';

/** Segments held at most; a set that has no claim in it is not held for ever. */
const MAX_HELD = 20_000;

/** A segment with its lines, or what stands between two segments. */
interface Held {
  readonly inFile: number | null;
  readonly indent: string;
  text: string;
}

/**
 * An 837P file as a tree of named loops and segments (005010X222A1), whatever its delimiters: loops with their names, one
 * line per segment, indented by two, the segment's number before it: counted from the ST, and in parentheses from the ISA
 * where it stands in no set. Segments that the guide has no place for stay where they are. With findings, the lines up to
 * the end of a claim are held until all is known of it; a finding on a level whose lines have gone with an earlier claim
 * stands at the end of its own. `write` takes lines with their newline.
 */
export function createExplainer(options: ExplainOptions, write: (lines: string) => void): Explainer {
  const wanted = options.findings ?? null;
  const open: string[] = [];
  let held: Held[] = [];
  let depth = 0;
  const indent = (): string => '  '.repeat(depth);

  function put(text: string, inFile: number | null = null, number = ''): void {
    const line = `${number.padStart(NUMBER)}  ${indent()}${text}\n`;
    if (wanted === null) write(line);
    else {
      const last = held.at(-1);
      if (inFile !== null && last?.inFile === inFile) last.text += line;
      else held.push({ inFile, indent: indent(), text: line });
      if (held.length >= MAX_HELD) release();
    }
  }

  function release(): void {
    for (const { text } of held) write(text);
    held = [];
  }

  function segment(rule: SegmentRule | null, scanned: ScannedSegment, at: SegmentPosition, delimiters: Delimiters): void {
    const header = HEADERS[scanned.tag];
    if (header !== undefined) {
      depth = header;
      put(`${scanned.tag} ${rule?.name ?? ''}`.trimEnd());
      depth++;
    }
    const trailer = TRAILERS[scanned.tag];
    if (trailer !== undefined) depth = trailer + 1;
    const text = printable([scanned.tag, ...scanned.elements].join(delimiters.element));
    const name = rule?.name ?? NOT_IN_GUIDE;
    const number = at.inSet === 0 ? `(${at.inFile})` : String(at.inSet);
    put(`${text.padEnd(TEXT - indent().length)}  ${name}`.trimEnd(), at.inFile, number);
    if (options.elements === true) for (const line of elementLines(rule, scanned, delimiters)) put(`    ${line}`, at.inFile);
    if (trailer !== undefined) depth = trailer;
  }

  /** Behind the lines of its segment while they are held. */
  function finding(f: X12Finding): void {
    const at = held.findLast(({ inFile }) => inFile === f.place.inFile);
    const text = (margin: string): string => `${' '.repeat(NUMBER)}  ${margin}${findingText(f)}\n`;
    if (at === undefined) held.push({ inFile: null, indent: indent(), text: text(indent()) });
    else at.text += text(at.indent);
  }

  const validator = createValidator(wanted ?? NO_FINDINGS, {
    finding,
    trace: {
      loopOpened(id, name) {
        put(`${id} ${name}`);
        open.push(id);
        depth++;
      },
      loopClosed() {
        depth--;
        if (open.pop() === '2300') release();
      },
      segment(rule, scanned, at, delimiters) {
        if (HEADERS[scanned.tag] === 0) release();
        segment(rule, scanned, at, delimiters);
      },
    },
  });
  return {
    push: validator.push,
    end() {
      const summary = validator.end();
      release();
      if (summary.segments === 0) write('There is no interchange in it: no ISA segment can be read.\n');
      return summary;
    },
  };
}

/** The same for a small file at once. */
export function renderTree(bytes: Uint8Array, options: ExplainOptions = {}): string {
  const lines: string[] = [];
  const explainer = createExplainer(options, (text) => lines.push(text));
  explainer.push(bytes);
  explainer.end();
  return lines.join('');
}

function elementLines(rule: SegmentRule | null, { tag, elements }: ScannedSegment, delimiters: Delimiters): readonly string[] {
  const lines: string[] = [];
  elements.forEach((value, i) => {
    if (value.trim() === '') return;
    const element = rule?.elements[i];
    const ref = element?.ref ?? `${tag}${String(i + 1).padStart(2, '0')}`;
    const parts = tag === 'ISA' ? [value] : value.split(delimiters.component);
    if (parts.length === 1 && (element === undefined || element.components.length === 0)) {
      lines.push(elementLine(ref, element, value));
      return;
    }
    parts.forEach((part, n) => {
      const component = element?.components[n];
      if (part !== '') lines.push(elementLine(component?.ref ?? `${ref}-${String(n + 1).padStart(2, '0')}`, component, part));
    });
  });
  return lines;
}

function elementLine(ref: string, rule: ElementRule | undefined, value: string): string {
  const words = wordsFor(ref, value);
  const meaning = words === null ? '' : ` = ${words}`;
  const name = rule === undefined || rule.name === '' ? '' : `  (${rule.name})`;
  return `${ref.padEnd(8)} ${printable(value)}${meaning}${name}`;
}

function findingText({ severity, snip, rule, place, message }: X12Finding): string {
  const where = place.inSet === null ? `segment ${place.inFile} of the file` : `segment ${place.inSet} of the set`;
  return `  ${severity === 'error' ? '!!' : ' !'} SNIP ${snip} ${rule}, ${where}: ${message}`;
}

/** Letters put together again, and no control over anybody's terminal. */
const printable = (text: string): string => displayText(text).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
