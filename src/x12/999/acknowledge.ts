import type { X12Finding } from '../837p/validate/finding.ts';
import type { Trace } from '../837p/validate/trace.ts';
import type { ValidatorSink } from '../837p/validate/validator.ts';
import { compactDate } from '../format.ts';
import { groupReasons, isOfGroup, isOfInterchange, setReasons } from './reasons.ts';
import { createWriter, type Envelope } from './writer.ts';

export interface AcknowledgeOptions {
  /** `YYYY-MM-DD` and `HHMM`, in the receiver's zone: when it answers. */
  readonly date: string;
  readonly time: string;
  /** ISA13 of the first answer; GS06 and those of further interchanges and groups follow on. */
  readonly controlNumber: number;
}

/** What a 999 says in sum. */
export interface AcknowledgeSummary {
  readonly sets: number;
  readonly accepted: number;
  /** The first control number that is still free. */
  readonly nextControlNumber: number;
}

/** Listens to a validator and writes the 999 (005010X231A1) that a receiver of the file would send. */
export interface Acknowledger {
  /** To be given to the validator; `also` hears every finding too. */
  readonly sink: ValidatorSink;
  /** After the validator's end. */
  end(): AcknowledgeSummary;
}

/** IK3 loops kept per set; a set with more is refused all the same. */
const MAX_FINDINGS = 500;

interface OpenGroup {
  readonly includedBySender: { count: string | null };
  received: number;
  accepted: number;
  readonly findings: X12Finding[];
}

interface OpenSet {
  readonly number: string;
  readonly version: string;
  readonly findings: X12Finding[];
}

/**
 * One answering interchange per interchange, one 999 per functional group in it, one AK2 per transaction set, in file
 * order and written as the file is read, so that memory holds the findings of one set. A set with an error of types 1 and
 * 2, or with one of a higher type that a 999 has a code for, is refused. Interchange faults are a TA1's matter and are
 * not in it; nor is a value of the file but control numbers, identifiers of sender and receiver and CLM01.
 */
export function createAcknowledger(
  options: AcknowledgeOptions,
  write: (text: string) => void,
  also: (finding: X12Finding) => void = () => undefined,
): Acknowledger {
  const out = createWriter(write);
  const sum = { sets: 0, accepted: 0 };
  let number = options.controlNumber - 1;
  let isa: readonly string[] | null = null;
  let group: OpenGroup | null = null;
  let set: OpenSet | null = null;

  const envelope = (gs: readonly string[]): Envelope => ({
    senderQualifier: isa?.[6] ?? 'ZZ',
    senderId: isa?.[7] ?? '',
    receiverQualifier: isa?.[4] ?? 'ZZ',
    receiverId: isa?.[5] ?? '',
    applicationSender: gs[2] ?? '',
    applicationReceiver: gs[1] ?? '',
    usage: isa?.[14] === 'P' ? 'P' : 'T',
    date: compactDate(options.date),
    time: options.time,
    controlNumber: String(number).padStart(9, '0'),
  });

  function openGroup(gs: readonly string[]): void {
    closeGroup();
    number++;
    if (!out.isOpen()) out.openInterchange(envelope(gs));
    out.openGroup(envelope(gs));
    out.segment('AK1', gs[0] ?? '', gs[5] ?? '', gs[7] ?? '');
    group = { includedBySender: { count: null }, received: 0, accepted: 0, findings: [] };
  }

  function openSet(st: readonly string[]): void {
    closeSet();
    if (group === null) openGroup(['HC', '', '', '', '', '', 'X', st[2] ?? '']);
    set = { number: st[1] ?? '', version: st[2] ?? '', findings: [] };
  }

  function closeSet(): void {
    if (set === null || group === null) return;
    const { findings } = set;
    out.segment('AK2', '837', set.number, set.version);
    writeFindings(findings);
    const reasons = setReasons(findings);
    out.segment('IK5', reasons.length === 0 ? 'A' : 'R', ...reasons);
    group.received++;
    sum.sets++;
    if (reasons.length === 0) {
      group.accepted++;
      sum.accepted++;
    }
    set = null;
  }

  function writeFindings(findings: readonly X12Finding[]): void {
    const placed = findings.filter((f) => f.ik3 !== null && f.place.inSet !== null).sort(byPlace);
    let last = '';
    for (const { place, ik3, ik4 } of placed) {
      const { segment, inSet, loop, element, claim } = place;
      const key = `${inSet} ${segment} ${loop} ${ik3}`;
      if (key !== last) {
        out.segment('IK3', segment, String(inSet), loopId(loop), ik3 ?? '');
        if (claim !== null && loop !== null && /^2[34]/.test(loop)) out.segment('CTX', `CLM01:${out.clean(claim).slice(0, 35)}`);
      }
      last = key;
      if (ik4 !== null && element !== null) out.segment('IK4', elementPosition(element), '', ik4);
    }
  }

  function closeGroup(): void {
    closeSet();
    if (group === null) return;
    const { received, accepted, includedBySender, findings } = group;
    const reasons = groupReasons(findings);
    const included = /^\d{1,6}$/.test(includedBySender.count ?? '') ? String(Number(includedBySender.count)) : String(received);
    const counted = reasons.length > 0 ? 0 : accepted;
    const code = reasons.length > 0 || counted === 0 ? 'R' : counted === received ? 'A' : 'P';
    out.segment('AK9', code, included, String(received), String(counted), ...reasons);
    out.closeGroup();
    group = null;
  }

  function closeInterchange(): void {
    closeGroup();
    if (out.isOpen()) out.closeInterchange();
    isa = null;
  }

  function finding(f: X12Finding): void {
    also(f);
    if (f.severity !== 'error' || (f.snip > 2 && f.ik3 === null) || isOfInterchange(f)) return;
    const list = isOfGroup(f) ? group?.findings : set?.findings;
    if (list !== undefined && list.length < MAX_FINDINGS) list.push(f);
  }

  const trace: Trace = {
    loopOpened: () => undefined,
    loopClosed: () => undefined,
    segment(_rule, { tag, elements }) {
      switch (tag) {
        case 'ISA':
          closeInterchange();
          isa = elements;
          break;
        case 'GS':
          openGroup(elements);
          break;
        case 'ST':
          openSet(elements);
          break;
        case 'GE':
          closeSet();
          if (group !== null) group.includedBySender.count = elements[0] ?? null;
          break;
        case 'IEA':
          closeGroup();
      }
    },
  };

  return {
    sink: { finding, trace },
    end() {
      closeInterchange();
      return { ...sum, nextControlNumber: number + 1 };
    },
  };
}

const byPlace = (a: X12Finding, b: X12Finding): number => (a.place.inSet ?? 0) - (b.place.inSet ?? 0);

/** IK303 has four characters at most (`2010` for 2010AA); headers belong to no loop. */
const loopId = (loop: string | null): string => (loop === null || !/^\d{4}/.test(loop) ? '' : loop.slice(0, 4));

/** `CLM05-02` → `5:2`, `NM103` → `3`. */
function elementPosition(ref: string): string {
  const [, element = '', component] = /(\d\d)(?:-(\d\d))?$/.exec(ref) ?? [];
  return component === undefined ? String(Number(element)) : `${Number(element)}:${Number(component)}`;
}
