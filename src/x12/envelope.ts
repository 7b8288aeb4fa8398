import { fitIdentifier } from './charset.ts';
import { compactDate } from './format.ts';
import { X12FunctionalGroup, X12Interchange, X12SerializationOptions, X12Transaction } from './node-x12.ts';
import type { LoopPlace, LoopRule, SegmentRule } from './rules/model.ts';
import { type Cursor, checkedSegment, enterLoop, leaveLoop, openCursor, type SetWriter } from './segments.ts';

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

/** An interchange under way. node-x12's objects are put together here by hand: its own `setHeader` and counters are for input that nobody checked. */
export interface OpenEnvelope {
  readonly rules: EnvelopeRules;
  readonly header: EnvelopeHeader;
  readonly cursor: Cursor;
  readonly interchange: X12Interchange;
  readonly group: X12FunctionalGroup;
  readonly options: X12SerializationOptions;
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
  interchange.header = checkedSegment(cursor, options, rules.isa, [
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
  enterLoop(cursor, rules.groupLoop);
  const group = new X12FunctionalGroup(options);
  interchange.functionalGroups.push(group);
  group.header = checkedSegment(cursor, options, rules.gs, [
    rules.functionalId,
    identifier(header.applicationSender),
    identifier(header.applicationReceiver),
    day,
    header.time,
    groupControlNumber(header),
    'X',
    rules.version,
  ]);
  return { rules, header, cursor, interchange, group, options };
}

/** Writes one transaction set: ST, what `write` adds, SE with the count of segments. Throws X12WriteError. */
export function addSet(envelope: OpenEnvelope, controlNumber: string, write: (set: SetWriter) => void): void {
  const { rules, cursor, options, group } = envelope;
  enterLoop(cursor, rules.setLoop);
  const transaction = new X12Transaction(options);
  group.transactions.push(transaction);
  transaction.header = checkedSegment(cursor, options, rules.st, [rules.setId, controlNumber, rules.version]);
  write({ cursor, options, segments: transaction.segments });
  const count = String(transaction.segments.length + 2);
  transaction.trailer = checkedSegment(cursor, options, rules.se, [count, controlNumber]);
  leaveLoop(cursor);
}

/** Writes GE and IEA and gives the bytes of the file: ASCII, every segment followed by a newline where that is asked for. Throws X12WriteError. */
export function closeEnvelope(envelope: OpenEnvelope): Uint8Array {
  const { rules, header, cursor, options, interchange, group } = envelope;
  const sets = String(group.transactions.length);
  group.trailer = checkedSegment(cursor, options, rules.ge, [sets, groupControlNumber(header)]);
  leaveLoop(cursor);
  interchange.trailer = checkedSegment(cursor, options, rules.iea, ['1', header.controlNumber]);
  leaveLoop(cursor);
  const text = interchange.toString();
  return new TextEncoder().encode(header.segmentNewline ? `${text}\n` : text);
}

/** GS06: ISA13 without leading zeros; a 999 carries no ISA13 (spec 03 §3.3). */
function groupControlNumber(header: EnvelopeHeader): string {
  return header.controlNumber.replace(/^0+(?=.)/, '');
}

function padded(id: string): string {
  const fitted = identifier(id);
  return fitted === '' ? '' : fitted.padEnd(15);
}

function identifier(value: string): string {
  const fitted = fitIdentifier(value);
  return fitted.ok ? fitted.value : value.trim();
}
