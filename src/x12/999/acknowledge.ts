import type { X12Finding } from '../837p/validate/finding.ts';
import type { Trace } from '../837p/validate/trace.ts';
import type { ValidatorSink } from '../837p/validate/validator.ts';
import { compactDate } from '../format.ts';
import { groupReason, interchangeNote, PREMATURE_END, refuses, setReasons } from './reasons.ts';
import { clean, createSegments, type Envelope, groupOf, isaText, type Segments } from './writer.ts';

export interface AcknowledgeOptions {
  /** `YYYY-MM-DD` and `HHMM`, in the receiver's zone: when it answers. */
  readonly date: string;
  readonly time: string;
  /** ISA13 of the first answer; GS06 and those of further interchanges and groups follow on. */
  readonly controlNumber: number;
}

/** What the answer says in sum. */
export interface AcknowledgeSummary {
  readonly sets: number;
  readonly accepted: number;
  /** Interchanges refused by a TA1 instead of a 999: ISA13 as sent, TA105. */
  readonly refused: readonly { readonly interchange: string; readonly note: string }[];
  /** Errors outside of any interchange, which no answer can name. */
  readonly unanswered: number;
  /** The first control number that is still free. */
  readonly nextControlNumber: number;
}

/** Listens to a validator and writes what a receiver of the file would send: 999s (005010X231A1) and, where it refuses an interchange, a TA1. */
export interface Acknowledger {
  /** To be given to the validator; `also` hears every finding too. */
  readonly sink: ValidatorSink;
  /** After the validator's end. */
  end(): AcknowledgeSummary;
}

/** IK3 loops kept per set; a set with more is refused all the same. */
const MAX_FINDINGS = 500;
/** Characters of an answer beyond which its sets are refused without their IK3 loops. */
const MAX_DETAIL = 16 * 1024 * 1024;

/** AK101 and AK201 of a 999. */
const GROUP_KINDS = /^(?:BE|HB|HC|HI|HN|HP|HR|HS|RA)$/;
const SET_KINDS = /^(?:27[01678]|820|83[457])$/;

interface OpenInterchange {
  readonly isa: readonly string[];
  readonly number: number;
  /** TA105; the first says why. */
  readonly notes: string[];
  readonly answer: Segments;
  groups: number;
  accepted: number;
  complete: boolean;
}

interface OpenGroup {
  readonly gs: readonly string[];
  /** AK2 to IK5 of its sets. */
  readonly sets: Segments;
  readonly reasons: Set<string>;
  includedBySender: string;
  received: number;
  accepted: number;
}

interface OpenSet {
  readonly st: readonly string[];
  readonly findings: X12Finding[];
}

/**
 * One answering interchange per interchange, one 999 per functional group in it, one AK2 per transaction set, in file
 * order. A set is refused for what `refuses` says; a group with a fault of its own is refused as a whole, without a word
 * on its sets; an interchange with a fault in its envelope gets a TA1 and no 999. An answer is written when its
 * interchange has ended, since a trailer can undo all before it: memory holds some forty characters for each set and the
 * findings of one. No value of the file is in it but control numbers, identifiers of sender and receiver and CLM01.
 */
export function createAcknowledger(
  options: AcknowledgeOptions,
  write: (text: string) => void,
  also: (finding: X12Finding) => void = () => undefined,
): Acknowledger {
  const sum = { sets: 0, accepted: 0, unanswered: 0 };
  const refused: { interchange: string; note: string }[] = [];
  let next = options.controlNumber;
  let interchange: OpenInterchange | null = null;
  let group: OpenGroup | null = null;
  let set: OpenSet | null = null;

  const envelope = (isa: readonly string[]): Envelope => ({
    senderQualifier: isa[6] ?? 'ZZ',
    senderId: isa[7] ?? '',
    receiverQualifier: isa[4] ?? 'ZZ',
    receiverId: isa[5] ?? '',
    usage: isa[14] === 'P' ? 'P' : 'T',
    date: compactDate(options.date),
    time: options.time,
  });

  function openInterchange(isa: readonly string[]): void {
    closeInterchange();
    interchange = { isa, number: next, notes: [], answer: createSegments(), groups: 0, accepted: 0, complete: false };
  }

  function openGroup(gs: readonly string[]): void {
    closeGroup();
    group = { gs, sets: createSegments(), reasons: new Set(), includedBySender: '', received: 0, accepted: 0 };
  }

  function closeSet(): void {
    if (set !== null && group !== null && interchange !== null) {
      const { st, findings } = set;
      const { sets } = group;
      sets.add('AK2', SET_KINDS.test(st[0] ?? '') ? (st[0] ?? '') : '837', setNumber(st[1] ?? ''), version(st[2], 35));
      if (sets.size + interchange.answer.size < MAX_DETAIL) writeFindings(sets, findings);
      const reasons = setReasons(findings);
      sets.add('IK5', reasons.length === 0 ? 'A' : 'R', ...reasons);
      group.received++;
      if (reasons.length === 0) group.accepted++;
    }
    set = null;
  }

  function closeGroup(): void {
    closeSet();
    if (group !== null && interchange !== null) {
      const { gs, sets, received, includedBySender } = group;
      const reasons = [...group.reasons].slice(0, 5);
      const accepted = reasons.length > 0 ? 0 : group.accepted;
      const code = reasons.length === 0 && accepted === received ? 'A' : accepted === 0 ? 'R' : 'P';
      const included = /^\d{1,6}$/.test(includedBySender) ? String(Number(includedBySender)) : String(received);
      const body = createSegments();
      body.add('AK1', gs[0] ?? '', /^\d{1,9}$/.test(gs[5] ?? '') ? (gs[5] ?? '') : '0', version(gs[7], 12) || GUIDE);
      if (reasons.length === 0) body.append(sets);
      body.add('AK9', code, included, String(received), String(accepted), ...reasons);
      const { isa, answer, number } = interchange;
      const applications = { sender: gs[2] ?? '', receiver: gs[1] ?? '' };
      answer.append(groupOf(envelope(isa), applications, number + interchange.groups, body));
      interchange.groups++;
      interchange.accepted += accepted;
      sum.sets += received;
    }
    group = null;
  }

  function closeInterchange(): void {
    closeGroup();
    if (interchange !== null) {
      const { isa, number, notes, answer, groups, accepted, complete } = interchange;
      const note = notes[0] ?? (complete ? null : PREMATURE_END);
      const asked = isa[13] === '1';
      if (note === null) sum.accepted += accepted;
      if (note !== null || groups > 0 || asked) {
        const isaNumber = String(number).padStart(9, '0');
        write(isaText(envelope(isa), isaNumber));
        const ta1 = createSegments();
        if (note !== null) {
          refused.push({ interchange: isa[12] ?? '', note });
          ta1.add('TA1', ...about(isa), 'R', note);
        } else if (asked) ta1.add('TA1', ...about(isa), 'A', '000');
        for (const text of ta1.texts()) write(text);
        if (note === null) for (const text of answer.texts()) write(text);
        write(`IEA*${note === null ? groups : 0}*${isaNumber}~\n`);
        next = number + (note === null ? Math.max(groups, 1) : 1);
      }
    }
    interchange = null;
  }

  /** TA101 to TA103: number, date and time of the interchange, as far as they can be repeated. */
  const about = (isa: readonly string[]): readonly string[] => [
    /^\d{9}$/.test(isa[12] ?? '') ? (isa[12] ?? '') : '000000000',
    /^\d{6}$/.test(isa[8] ?? '') ? (isa[8] ?? '') : compactDate(options.date).slice(2),
    /^\d{4}$/.test(isa[9] ?? '') ? (isa[9] ?? '') : options.time,
  ];

  function finding(f: X12Finding): void {
    also(f);
    if (!refuses(f)) return;
    if (interchange === null) sum.unanswered++;
    else if (f.place.inSet !== null && set !== null && f.rule !== 'file.truncated') {
      if (set.findings.length < MAX_FINDINGS) set.findings.push(f);
    } else {
      const reason = groupReason(f);
      const nameable = group !== null && GROUP_KINDS.test(group.gs[0] ?? '');
      if (reason !== null && nameable) group?.reasons.add(reason);
      else interchange.notes.push(interchangeNote(f));
    }
  }

  const trace: Trace = {
    loopOpened: () => undefined,
    loopClosed: () => undefined,
    segment(_rule, { tag, elements }) {
      switch (tag) {
        case 'ISA':
          openInterchange(elements);
          break;
        case 'GS':
          openGroup(elements);
          break;
        case 'ST':
          closeSet();
          set = { st: elements, findings: [] };
          break;
        case 'GE':
          closeSet();
          if (group !== null) group.includedBySender = elements[0] ?? '';
          break;
        case 'IEA':
          closeGroup();
          if (interchange !== null) interchange.complete = true;
      }
    },
  };

  return {
    sink: { finding, trace },
    end() {
      closeInterchange();
      return { ...sum, refused, nextControlNumber: next };
    },
  };
}

/** AK103 is required: the guide that the group was read by, where it names none. */
const GUIDE = '005010X222A1';
const version = (text: string | undefined, max: number): string =>
  clean(text ?? '')
    .slice(0, max)
    .trim();

/** IK301 is required and has two or three signs. What the file has instead of an identifier is not repeated: IK302 says where it stands. */
const segmentId = (tag: string): string => (/^[A-Z][A-Z0-9]{1,2}$/.test(tag) ? tag : 'XXX');

function writeFindings(out: Segments, findings: readonly X12Finding[]): void {
  const placed = findings.filter((f) => f.ik3 !== null && f.place.inSet !== null).sort(byPlace);
  let last = '';
  for (const { place, ik3, ik4 } of placed) {
    const { segment, inSet, loop, element, claim } = place;
    const key = `${inSet} ${segment} ${loop} ${ik3}`;
    if (key !== last) {
      out.add('IK3', segmentId(segment), String(inSet), loopId(loop), ik3 ?? '');
      if (claim !== null && loop !== null && /^2[34]/.test(loop)) out.add('CTX', `CLM01:${clean(claim).slice(0, 35)}`);
    }
    last = key;
    if (ik4 !== null && element !== null) out.add('IK4', elementPosition(element), '', ik4);
  }
}

const byPlace = (a: X12Finding, b: X12Finding): number => (a.place.inSet ?? 0) - (b.place.inSet ?? 0);

/** AK202 has four to nine characters. */
const setNumber = (number: string): string => clean(number).slice(0, 9).trim().padStart(4, '0');

/** IK303 has four characters at most (`2010` for 2010AA); headers belong to no loop. */
const loopId = (loop: string | null): string => (loop === null || !/^\d{4}/.test(loop) ? '' : loop.slice(0, 4));

/** `CLM05-02` → `5:2`, `NM103` → `3`. */
function elementPosition(ref: string): string {
  const [, element = '', component] = /(\d\d)(?:-(\d\d))?$/.exec(ref) ?? [];
  return component === undefined ? String(Number(element)) : `${Number(element)}:${Number(component)}`;
}
