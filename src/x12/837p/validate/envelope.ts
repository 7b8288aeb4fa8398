import type { Delimiters } from '../../delimiters.ts';
import { isDigits } from '../../format.ts';
import { inspectSegment, type SegmentCheck, segmentCheck } from '../../rules/inspect.ts';
import type { ScannedSegment } from '../../scan.ts';
import { GUIDE, segmentRule } from '../rules.ts';
import { elementFault } from './guide.ts';
import { createRecent } from './recent.ts';
import type { Fault, Reporter } from './reporter.ts';

/** What the envelope tells of its own progress. */
export interface EnvelopeEvents {
  /** A header or trailer has been read, in file order. */
  segment(check: SegmentCheck, segment: ScannedSegment): void;
  /** A set begins (`readable`: its segments are an 837P's and worth reading), also without an ST. */
  setOpened(readable: boolean): void;
  /** It ends; `complete` unless the file breaks off inside it. */
  setClosed(complete: boolean): void;
}

export interface Envelope {
  /** Takes a segment; answers false when it belongs to the set that is open. */
  take(segment: ScannedSegment, delimiters: Delimiters): boolean;
  end(brokenOff: boolean): void;
}

const check = (loop: string, tag: string): SegmentCheck => segmentCheck(segmentRule(GUIDE, loop, tag));
const ISA = check('ISA_LOOP', 'ISA');
const TA1 = check('ISA_LOOP', 'TA1');
const IEA = check('ISA_LOOP', 'IEA');
const GS = check('GS_LOOP', 'GS');
const GE = check('GS_LOOP', 'GE');
const ST = check('ST_LOOP', 'ST');
const SE = check('ST_LOOP', 'SE');

/** The headers and trailers around a set, and TA1. */
export const ENVELOPE_TAGS: ReadonlyMap<string, SegmentCheck> = new Map(
  [ISA, TA1, IEA, GS, GE, ST, SE].map((c) => [c.rule.tag, c]),
);
/** Versions of the same guide: read by its table all the same. */
const SAME_GUIDE = /^005010X222(?:A\d)?$/;

/** Follows ISA, GS and ST to their trailers: order, counts, control numbers, repeated numbers. */
export function createEnvelope(reporter: Reporter, events: EnvelopeEvents): Envelope {
  const { cursor } = reporter;
  const interchanges = createRecent();
  const groups = createRecent();
  const sets = createRecent();
  /** `implied`: its header is missing. */
  let interchange: { readonly number: string; groups: number } | null = null;
  let group: { readonly number: string | null; readonly version: string; readonly functionalId: string; sets: number } | null =
    null;
  let set: { readonly number: string | null; counted: boolean } | null = null;
  let outside = false;

  function fault(rule: string, segment: string, element: string | null, message: string, more: Partial<Fault> = {}): void {
    const loop = ENVELOPE_TAGS.get(segment)?.rule.loop ?? null;
    reporter.report({ snip: 1, rule, segment, loop, element, message, ...more });
  }

  function inspect(check: SegmentCheck, segment: ScannedSegment, delimiters: Delimiters, except: string | null = null): void {
    events.segment(check, segment);
    inspectSegment(check, segment, delimiters, (kind, ref, element, note) => {
      if (ref === null || ref !== except) reporter.report(elementFault(check.rule, kind, ref, element, note));
    });
  }

  function take(segment: ScannedSegment, delimiters: Delimiters): boolean {
    const check = ENVELOPE_TAGS.get(segment.tag);
    if (check === undefined) return takeOther(segment.tag);
    outside = false;
    const { elements } = segment;
    switch (segment.tag) {
      case 'ISA':
        openInterchange(segment, delimiters);
        break;
      case 'GS':
        openGroup(segment, delimiters);
        break;
      case 'ST':
        openSet(segment, delimiters);
        break;
      case 'SE':
        if (set === null) fault('set.header', 'ST', null, 'The set ends with an SE but has no ST.', { ik3: null });
        else events.setClosed(true);
        inspect(SE, segment, delimiters);
        closeSet(elements);
        break;
      case 'GE':
        endSet('GE');
        if (group === null) fault('group.header', 'GS', null, 'The group ends with a GE but has no GS.');
        inspect(GE, segment, delimiters);
        closeGroup(elements);
        break;
      case 'IEA':
        endGroup('IEA');
        inspect(IEA, segment, delimiters);
        closeInterchange(elements);
        break;
      default:
        inspect(check, segment, delimiters);
    }
    return true;
  }

  /** A segment that is no header or trailer. Outside a set it either shows that the ST is missing, or is one too many. */
  function takeOther(tag: string): boolean {
    if (set !== null) return false;
    if (tag === 'BHT') {
      fault('set.header', 'ST', null, 'The transaction set has no ST: a BHT follows where one must be.');
      beginSet(null, true);
      cursor.inSet = 1;
      return false;
    }
    if (!outside) {
      fault('segment.outside', tag, null, `A segment stands outside of a transaction set, behind a trailer or before an ST.`);
    }
    outside = true;
    return true;
  }

  function openInterchange(segment: ScannedSegment, delimiters: Delimiters): void {
    endInterchange();
    const number = segment.elements[12] ?? '';
    cursor.interchange = number;
    inspect(ISA, segment, delimiters);
    if (delimiters.repetition === null || isTaken(delimiters)) {
      const message =
        'ISA11 (Repetition Separator) must be a character of its own, no letter, no digit and none of the other delimiters.';
      fault('isa.repetition_separator', 'ISA', 'ISA11', message);
    }
    if (interchanges.seenBefore(number)) {
      const message =
        'ISA13 (Interchange Control Number) was used in this file before; a receiver takes the interchange for a copy.';
      fault('interchange.repeated', 'ISA', 'ISA13', message);
    }
    interchange = { number, groups: 0 };
    groups.clear();
  }

  function closeInterchange([count = '', number = '']: readonly string[]): void {
    if (interchange !== null) {
      if (isDigits(count) && count !== '' && Number(count) !== interchange.groups) {
        fault(
          'interchange.group_count',
          'IEA',
          'IEA01',
          `IEA01 does not count the functional groups: there are ${interchange.groups}.`,
        );
      }
      if (number !== '' && !sameNumber(number, interchange.number)) {
        fault('interchange.control_number', 'IEA', 'IEA02', 'IEA02 is not the interchange control number of the header (ISA13).');
      }
    }
    interchange = null;
    cursor.interchange = null;
  }

  function openGroup(segment: ScannedSegment, delimiters: Delimiters): void {
    endGroup('GS');
    const { elements } = segment;
    const number = elements[5] ?? '';
    cursor.group = number;
    if (interchange !== null) interchange.groups++;
    inspect(GS, segment, delimiters);
    if (groups.seenBefore(number)) {
      const message = 'GS06 (Group Control Number) was used in this interchange before.';
      fault('group.repeated', 'GS', 'GS06', message);
    }
    group = { number, version: elements[7] ?? '', functionalId: elements[0] ?? '', sets: 0 };
    sets.clear();
  }

  function closeGroup([count = '', number = '']: readonly string[]): void {
    if (group !== null) {
      if (isDigits(count) && count !== '' && Number(count) !== group.sets) {
        fault('group.set_count', 'GE', 'GE01', `GE01 does not count the transaction sets: there are ${group.sets}.`);
      }
      if (number !== '' && group.number !== null && !sameNumber(number, group.number)) {
        fault('group.control_number', 'GE', 'GE02', 'GE02 is not the group control number of the header (GS06).');
      }
    }
    group = null;
    cursor.group = null;
  }

  function openSet(segment: ScannedSegment, delimiters: Delimiters): void {
    endSet('ST');
    if (group === null) {
      fault('group.header', 'GS', null, 'A transaction set begins, but no GS has opened a functional group.');
      group = { number: null, version: '', functionalId: 'HC', sets: 0 };
      if (interchange !== null) interchange.groups++;
    }
    const [, number = '', version = ''] = segment.elements;
    cursor.set = number;
    cursor.inSet = 1;
    const saidByGroup = version === group.version && version !== '';
    inspect(ST, segment, delimiters, saidByGroup ? 'ST03' : null);
    if (sets.seenBefore(number)) {
      fault('set.repeated', 'ST', 'ST02', 'ST02 (Transaction Set Control Number) was used in this group before.', {
        ik3: '8',
        ik4: '7',
      });
    }
    beginSet(number, SAME_GUIDE.test(version) || SAME_GUIDE.test(group.version));
  }

  function beginSet(number: string | null, readable: boolean): void {
    if (group !== null) group.sets++;
    set = { number, counted: number !== null };
    events.setOpened(readable);
  }

  function closeSet([count = '', number = '']: readonly string[]): void {
    if (set !== null) {
      if (set.counted && isDigits(count) && count !== '' && Number(count) !== cursor.inSet) {
        const message = `SE01 does not count the segments from ST to SE: there are ${cursor.inSet}.`;
        fault('set.segment_count', 'SE', 'SE01', message);
      }
      if (number !== '' && set.number !== null && number !== set.number) {
        fault('set.control_number', 'SE', 'SE02', 'SE02 is not the control number of the header (ST02).');
      }
    }
    leaveSet();
  }

  function leaveSet(): void {
    set = null;
    cursor.set = null;
    cursor.inSet = 0;
  }

  function endSet(before: string): void {
    if (set === null) return;
    fault('set.trailer', 'SE', null, `The transaction set has no SE: a segment ${before} follows where one must be.`);
    events.setClosed(true);
    leaveSet();
  }

  function endGroup(before: string): void {
    endSet(before);
    if (group === null) return;
    fault('group.trailer', 'GE', null, `The functional group has no GE: a segment ${before} follows where one must be.`);
    group = null;
    cursor.group = null;
  }

  function endInterchange(): void {
    endGroup('ISA');
    if (interchange === null) return;
    fault('interchange.trailer', 'IEA', null, 'The interchange has no IEA: another ISA follows where one must be.');
    interchange = null;
  }

  /** The file ends. What is open then is one fault: it was cut off. */
  function end(brokenOff: boolean): void {
    if (interchange === null) return;
    const missing = set !== null ? 'SE' : group !== null ? 'GE' : 'IEA';
    if (!brokenOff) {
      const inside = set !== null ? 'transaction set' : group !== null ? 'functional group' : 'interchange';
      fault(
        'file.truncated',
        missing,
        null,
        `The file ends inside of the ${inside}: a part of it is missing, from ${missing} on at least.`,
      );
    }
    if (set !== null) events.setClosed(false);
    leaveSet();
    group = null;
    interchange = null;
    cursor.group = null;
    cursor.interchange = null;
  }

  return { take, end };
}

const isTaken = ({ element, component, segment, repetition }: Delimiters): boolean =>
  [element, component, segment].includes(repetition ?? '');

/** Control numbers of type N0 are equal as numbers; a wrong length is another finding. */
function sameNumber(a: string, b: string): boolean {
  return a === b || (isDigits(a) && isDigits(b) && a.replace(/^0+/, '') === b.replace(/^0+/, ''));
}
