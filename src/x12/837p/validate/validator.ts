import { createDecoder } from '../../decode.ts';
import type { Delimiters } from '../../delimiters.ts';
import { inspectSegment, type ReportFault } from '../../rules/inspect.ts';
import { createSetWalker, type PlaceFault } from '../../rules/set-walker.ts';
import { type CharacterClasses, characterClasses, type ScannedSegment, scanSegment, tagTable } from '../../scan.ts';
import { createSegmentStream, type StreamFault } from '../../segment-stream.ts';
import { createClaimReader } from './claims.ts';
import { createEnvelope, ENVELOPE_TAGS } from './envelope.ts';
import type { X12Finding } from './finding.ts';
import { elementFault, missingFault, placeFault, SET_TREE } from './guide.ts';
import { createHierarchy } from './hierarchy.ts';
import type { ValidateOptions } from './options.ts';
import { createReporter } from './reporter.ts';
import { fileFault } from './stream-faults.ts';
import type { Trace } from './trace.ts';

/** What a file held, as far as it could be read. */
export interface ValidationSummary {
  readonly interchanges: number;
  readonly groups: number;
  readonly sets: number;
  readonly claims: number;
  readonly segments: number;
  readonly errors: number;
  readonly warnings: number;
}

export interface ValidatorSink {
  /** Called as things are found: what is missing from a loop comes when the loop ends. */
  finding(finding: X12Finding): void;
  /** Where wanted, what is read. */
  readonly trace?: Trace;
}

/** Bytes of one file go in, in pieces of any size; memory holds one claim with the levels above it. Never throws for any bytes. */
export interface Validator {
  push(bytes: Uint8Array): void;
  end(): ValidationSummary;
}

const TAGS = tagTable([...ENVELOPE_TAGS.keys(), ...SET_TREE.tags]);

/** A validator for one file: anybody's 837P (005010X222A1), in any delimiters, line ends and number of interchanges. */
export function createValidator(options: ValidateOptions, sink: ValidatorSink): Validator {
  const { trace } = sink;
  const counts = { interchanges: 0, groups: 0, sets: 0, claims: 0, segments: 0, errors: 0, warnings: 0 };
  const reporter = createReporter(options.snip, (finding) => {
    if (finding.severity === 'error') counts.errors++;
    else counts.warnings++;
    sink.finding(finding);
  });
  const { cursor } = reporter;
  const decoder = createDecoder();
  const claims = createClaimReader(options, reporter);
  const hierarchy = createHierarchy(reporter);
  const scanned: ScannedSegment = { tag: '', elements: [], flags: 0 };
  let delimiters: Delimiters = { element: '*', component: ':', repetition: '^', segment: '~' };
  let classes: CharacterClasses = characterClasses(delimiters);
  let readable = true;
  let brokenOff = false;
  let rule = SET_TREE.children[0]?.check.rule;
  const reportElement: ReportFault = (kind, ref, element, note) => {
    if (rule !== undefined) reporter.report(elementFault(rule, kind, ref, element, note));
  };

  const walker = createSetWalker(SET_TREE, {
    opened(loop, depth) {
      claims?.loopOpened(loop.id, depth);
      trace?.loopOpened(loop.id, loop.name);
      if (loop.start?.rule.tag === 'HL') {
        if (scanned.tag === 'HL') hierarchy.level(loop.id, scanned.elements);
        else hierarchy.levelWithoutHl(loop.id);
      } else if (loop.id === '2300') {
        counts.claims++;
        hierarchy.claim();
        cursor.claim = scanned.tag === 'CLM' ? (scanned.elements[0] ?? '') : null;
      }
    },
    closed(loop, depth) {
      claims?.loopClosed(loop.id, depth);
      if (depth > 0) trace?.loopClosed();
      if (loop.start?.rule.tag === 'HL') hierarchy.levelClosed(loop.id);
      else if (loop.id === '2300') cursor.claim = null;
    },
    misplaced: (fault: PlaceFault, child, loop) => reporter.report(placeFault(fault, scanned.tag, child, loop)),
    missing: (child, loop, at, implied) => reporter.report(missingFault(child, loop, at, implied)),
  });

  const envelope = createEnvelope(reporter, {
    segment({ rule }, segment) {
      if (segment.tag === 'ISA') counts.interchanges++;
      else if (segment.tag === 'GS') counts.groups++;
      claims?.header(rule, segment);
      trace?.segment(rule, segment, cursor, delimiters);
    },
    setOpened(isReadable) {
      readable = isReadable;
      counts.sets++;
      claims?.setOpened();
      hierarchy.reset();
    },
    setClosed(complete) {
      if (readable) walker.end(cursor, complete);
    },
  });

  function segment(text: string, from: number, to: number): void {
    scanSegment(text, from, to, classes, TAGS, scanned);
    counts.segments++;
    cursor.inFile++;
    if (cursor.inSet > 0) cursor.inSet++;
    if (envelope.take(scanned, delimiters)) return;
    if (!readable) {
      trace?.segment(null, scanned, cursor, delimiters);
      return;
    }
    const child = walker.place(scanned.tag, scanned.elements, delimiters.component, cursor);
    trace?.segment(child?.check.rule ?? null, scanned, cursor, delimiters);
    if (child === null) return;
    rule = child.check.rule;
    inspectSegment(child.check, scanned, delimiters, reportElement);
    claims?.segment(rule, scanned, walker.belongsTo());
  }

  const stream = createSegmentStream({
    delimiters(declared) {
      delimiters = declared;
      classes = characterClasses(declared);
      claims?.delimiters(declared);
    },
    segment,
    fault(fault: StreamFault) {
      if (fault === 'unterminated' || fault === 'too_long') brokenOff = fault === 'too_long';
      if (fault === 'too_long') {
        cursor.inFile++;
        if (cursor.inSet > 0) cursor.inSet++;
      }
      reporter.report(fileFault(fault));
    },
  });

  return {
    push: (bytes) => stream.push(decoder.push(bytes)),
    end() {
      stream.push(decoder.end());
      if (decoder.byteOrderMark || decoder.encoding !== 'bytes')
        reporter.report(fileFault(decoder.encoding === 'bytes' ? 'bom' : 'utf16'));
      stream.end();
      envelope.end(brokenOff);
      walker.release();
      return { ...counts };
    },
  };
}

/** Validates a whole file at once; for files that are small, like ours. */
export function validate(
  bytes: Uint8Array,
  options: ValidateOptions,
): { readonly findings: readonly X12Finding[]; readonly summary: ValidationSummary } {
  const findings: X12Finding[] = [];
  const validator = createValidator(options, { finding: (f) => findings.push(f) });
  validator.push(bytes);
  return { findings, summary: validator.end() };
}
