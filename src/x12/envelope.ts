import { plainIdentifier } from './charset.ts';
import { compactDate } from './format.ts';
import type { LoopPlace, LoopRule, SegmentRule } from './rules/model.ts';
import { addSegment, enterLoop, leaveLoop, openCursor, type SetWriter } from './segments.ts';

/** What ISA and GS say. Ids are trimmed and put in upper case; `date` is `YYYY-MM-DD`, `time` `HHMM`. */
export interface EnvelopeHeader {
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly applicationSender: string;
  readonly applicationReceiver: string;
  readonly usage: 'T' | 'P';
  readonly requestTa1: boolean;
  /** ISA13, nine digits; GS06 is the same number without leading zeros. */
  readonly controlNumber: string;
  readonly date: string;
  readonly time: string;
  readonly segmentNewline: boolean;
}

/** The envelope segments and loops of one guide. */
export interface EnvelopeRules {
  readonly root: LoopRule;
  readonly groupLoop: LoopPlace;
  readonly setLoop: LoopPlace;
  readonly isa: SegmentRule;
  readonly gs: SegmentRule;
  readonly st: SegmentRule;
  readonly se: SegmentRule;
  readonly ge: SegmentRule;
  readonly iea: SegmentRule;
  /** GS01, ST01, GS08 = ST03. */
  readonly functionalId: string;
  readonly setId: string;
  readonly version: string;
}

/** An interchange under way. */
export interface OpenEnvelope {
  readonly rules: EnvelopeRules;
  readonly header: EnvelopeHeader;
  readonly writer: SetWriter;
  /** GS06: ISA13 without leading zeros; a 999 carries no ISA13 (spec 03 §3.3). */
  readonly groupControlNumber: string;
  setCount: number;
}

const SPACES = '          ';

/** Writes ISA and GS. The ISA is 106 characters with its terminator. Throws X12WriteError. */
export function openEnvelope(rules: EnvelopeRules, header: EnvelopeHeader): OpenEnvelope {
  const writer: SetWriter = { cursor: openCursor(rules.root), segments: [] };
  const day = compactDate(header.date);
  const groupControlNumber = header.controlNumber.replace(/^0+(?=.)/, '');
  addSegment(writer, rules.isa, [
    '00',
    SPACES,
    '00',
    SPACES,
    header.senderQualifier,
    padded(header.senderId),
    header.receiverQualifier,
    padded(header.receiverId),
    day.slice(2),
    header.time,
    '^',
    '00501',
    header.controlNumber,
    header.requestTa1 ? '1' : '0',
    header.usage,
    ':',
  ]);
  enterLoop(writer.cursor, rules.groupLoop);
  addSegment(writer, rules.gs, [
    rules.functionalId,
    identifier(header.applicationSender),
    identifier(header.applicationReceiver),
    day,
    header.time,
    groupControlNumber,
    'X',
    rules.version,
  ]);
  return { rules, header, writer, groupControlNumber, setCount: 0 };
}

/** Writes one transaction set: ST, what `write` adds, SE with the count of segments. Throws X12WriteError. */
export function addSet(envelope: OpenEnvelope, controlNumber: string, write: (set: SetWriter) => void): void {
  const { rules, writer } = envelope;
  enterLoop(writer.cursor, rules.setLoop);
  const before = writer.segments.length;
  addSegment(writer, rules.st, [rules.setId, controlNumber, rules.version]);
  write(writer);
  addSegment(writer, rules.se, [String(writer.segments.length - before + 1), controlNumber]);
  leaveLoop(writer.cursor);
  envelope.setCount += 1;
}

/** Writes GE and IEA and gives the bytes of the file: ASCII, every segment followed by a newline where that is asked for. Throws X12WriteError. */
export function closeEnvelope(envelope: OpenEnvelope): Uint8Array {
  const { rules, header, writer, groupControlNumber } = envelope;
  addSegment(writer, rules.ge, [String(envelope.setCount), groupControlNumber]);
  leaveLoop(writer.cursor);
  addSegment(writer, rules.iea, ['1', header.controlNumber]);
  leaveLoop(writer.cursor);
  const lineEnd = header.segmentNewline ? '\n' : '';
  let text = '';
  for (const segment of writer.segments) text += segment + lineEnd;
  return ENCODER.encode(text);
}

const ENCODER = new TextEncoder();

function padded(id: string): string {
  const fitted = identifier(id);
  return fitted === '' ? '' : fitted.padEnd(15);
}

const identifier = (value: string): string => plainIdentifier(value) ?? value.trim();
