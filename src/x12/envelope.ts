import { fitIdentifier } from './charset.ts';
import { compactDate } from './format.ts';
import { type X12FunctionalGroup, X12Interchange, X12SerializationOptions, type X12Transaction } from './node-x12.ts';
import type { LoopRule, SegmentRule } from './rules/model.ts';
import { type Cursor, checkedElements, closeLoop, openCursor, openLoop, type SetWriter } from './segments.ts';

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
  readonly groupLoop: LoopRule;
  readonly setLoop: LoopRule;
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

export interface OpenEnvelope {
  readonly rules: EnvelopeRules;
  readonly cursor: Cursor;
  readonly interchange: X12Interchange;
  readonly group: X12FunctionalGroup;
  readonly options: X12SerializationOptions;
  readonly segmentNewline: boolean;
}

const SPACES = '          ';

/** Writes ISA and GS. The ISA is 106 characters with its terminator. Throws X12WriteError. */
export function openEnvelope(rules: EnvelopeRules, header: EnvelopeHeader): OpenEnvelope {
  const options = new X12SerializationOptions({
    elementDelimiter: '*',
    subElementDelimiter: ':',
    repetitionDelimiter: '^',
    segmentTerminator: '~',
    format: header.segmentNewline,
    endOfLine: '\n',
  });
  const cursor = openCursor(rules.root);
  const day = compactDate(header.date);
  const interchange = new X12Interchange(options);
  interchange.setHeader(
    checkedElements(cursor, rules.isa, [
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
    ]),
  );
  openLoop(cursor, rules.groupLoop);
  const group = interchange.addFunctionalGroup();
  group.setHeader(
    checkedElements(cursor, rules.gs, [
      rules.functionalId,
      identifier(header.applicationSender),
      identifier(header.applicationReceiver),
      day,
      header.time,
      header.controlNumber.replace(/^0+(?=.)/, ''),
      'X',
      rules.version,
    ]),
  );
  return { rules, cursor, interchange, group, options, segmentNewline: header.segmentNewline };
}

/** Writes ST and gives what the set's segments are added to. Throws X12WriteError. */
export function openSet(envelope: OpenEnvelope, controlNumber: string): SetWriter {
  const { rules, cursor } = envelope;
  openLoop(cursor, rules.setLoop);
  const transaction = envelope.group.addTransaction();
  transaction.setHeader(checkedElements(cursor, rules.st, [rules.setId, controlNumber, rules.version]));
  return { cursor, transaction, options: envelope.options };
}

/** Writes SE with the count of segments, ST and SE included. Throws X12WriteError. */
export function closeSet(envelope: OpenEnvelope, set: SetWriter): void {
  set.transaction.trailer.replaceElement(String(set.transaction.segments.length + 2), 1);
  checkTrailer(envelope.cursor, envelope.rules.se, set.transaction);
  closeLoop(envelope.cursor);
}

/** Writes GE and IEA and gives the bytes of the file: ASCII, every segment followed by a newline where that is asked for. Throws X12WriteError. */
export function closeEnvelope(envelope: OpenEnvelope): Uint8Array {
  const { rules, cursor, interchange, group } = envelope;
  checkTrailer(cursor, rules.ge, group);
  closeLoop(cursor);
  checkTrailer(cursor, rules.iea, interchange);
  closeLoop(cursor);
  const text = interchange.toString();
  return new TextEncoder().encode(envelope.segmentNewline ? `${text}\n` : text);
}

/** node-x12 counts and repeats the control numbers in its trailers; the rules look at them like at any other segment. */
function checkTrailer(cursor: Cursor, rule: SegmentRule, of: X12Interchange | X12FunctionalGroup | X12Transaction): void {
  checkedElements(
    cursor,
    rule,
    of.trailer.elements.map((e) => e.value),
  );
}

function padded(id: string): string {
  const fitted = identifier(id);
  return fitted === '' ? '' : fitted.padEnd(15);
}

function identifier(value: string): string {
  const fitted = fitIdentifier(value);
  return fitted.ok ? fitted.value : value.trim();
}
