import { displayText } from '../decode.ts';
import type { Delimiters } from '../delimiters.ts';
import type { ElementRule, SegmentRule } from '../rules/model.ts';
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
const NOT_IN_GUIDE = 'not in the guide at this place';

/**
 * An 837P file as a tree of named loops and segments (005010X222A1), whatever its delimiters: loops with their names, one
 * line per segment, indented by two. Segments that the guide has no place for stay where they are. `write` takes lines
 * with their newline.
 */
export function createExplainer(options: ExplainOptions, write: (lines: string) => void): Explainer {
  let depth = 0;
  const indent = (): string => '  '.repeat(depth);
  const line = (text: string): void => write(`${text}\n`);

  function segment(rule: SegmentRule | null, scanned: ScannedSegment, delimiters: Delimiters): void {
    const header = HEADERS[scanned.tag];
    if (header !== undefined) {
      depth = header;
      line(`${indent()}${scanned.tag} ${rule?.name ?? ''}`.trimEnd());
      depth++;
    }
    const trailer = TRAILERS[scanned.tag];
    if (trailer !== undefined) depth = trailer + 1;
    const text = printable([scanned.tag, ...scanned.elements].join(delimiters.element));
    line(`${`${indent()}${text}`.padEnd(72)}  ${rule?.name ?? NOT_IN_GUIDE}`.trimEnd());
    if (options.elements === true) for (const text of elementLines(rule, scanned, delimiters)) line(`${indent()}    ${text}`);
    if (trailer !== undefined) depth = trailer;
  }

  const validator = createValidator(options.findings ?? NO_FINDINGS, {
    finding: (finding) => line(findingLine(indent(), finding)),
    trace: {
      loopOpened(id, name) {
        line(`${indent()}${id} ${name}`);
        depth++;
      },
      loopClosed() {
        depth--;
      },
      segment: (rule, scanned, _at, delimiters) => segment(rule, scanned, delimiters),
    },
  });
  return {
    push: validator.push,
    end() {
      const summary = validator.end();
      if (summary.segments === 0) line('There is no interchange in it: no ISA segment can be read.');
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

function findingLine(indent: string, { severity, snip, rule, place, message }: X12Finding): string {
  const where = place.inSet === null ? `segment ${place.inFile} of the file` : `segment ${place.inSet} of the set`;
  return `${indent}  ${severity === 'error' ? '!!' : ' !'} SNIP ${snip} ${rule}, ${where}: ${message}`;
}

/** Letters put together again, and no control over anybody's terminal. */
const printable = (text: string): string => displayText(text).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
