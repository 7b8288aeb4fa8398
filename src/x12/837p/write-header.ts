import { compactDate } from '../format.ts';
import { addSegment, closeLoop, type LoopMemo, openLoop, type SetWriter, writeRecurringLoop } from '../segments.ts';
import type { Interchange, TransactionSet } from './model.ts';
import { loopPlace, segmentRule, WRITE_RULES } from './rules.ts';
import { contactElements, identifier, text } from './values.ts';

const HEADER = loopPlace(WRITE_RULES, 'ST_LOOP', 'HEADER');
const SUBMITTER = loopPlace(WRITE_RULES, 'HEADER', '1000A');
const RECEIVER = loopPlace(WRITE_RULES, 'HEADER', '1000B');
const BHT = segmentRule(WRITE_RULES, 'HEADER', 'BHT');
const SUBMITTER_NM1 = segmentRule(WRITE_RULES, '1000A', 'NM1');
const SUBMITTER_PER = segmentRule(WRITE_RULES, '1000A', 'PER');
const RECEIVER_NM1 = segmentRule(WRITE_RULES, '1000B', 'NM1');

const submitters: LoopMemo = new Map();
const receivers: LoopMemo = new Map();

/** BHT, 1000A submitter, 1000B receiver. */
export function writeHeader(out: SetWriter, interchange: Interchange, set: TransactionSet): void {
  openLoop(out, HEADER);
  addSegment(out, BHT, [
    '0019',
    set.purpose,
    identifier(set.batchReference),
    compactDate(interchange.date),
    interchange.time,
    set.claimOrEncounter,
  ]);

  const { submitter, receiver } = interchange;
  writeRecurringLoop(out, SUBMITTER, submitters, submitter.id, [submitter], () => {
    addSegment(out, SUBMITTER_NM1, ['41', '2', text(submitter.name, 60), '', '', '', '', '46', identifier(submitter.id)]);
    addSegment(out, SUBMITTER_PER, contactElements(submitter.contact) ?? ['IC']);
    if (submitter.secondContact !== undefined) {
      addSegment(out, SUBMITTER_PER, contactElements(submitter.secondContact) ?? ['IC']);
    }
  });
  writeRecurringLoop(out, RECEIVER, receivers, receiver.id, [receiver], () => {
    addSegment(out, RECEIVER_NM1, ['40', '2', text(receiver.name, 60), '', '', '', '', '46', identifier(receiver.id)]);
  });
  closeLoop(out);
}
