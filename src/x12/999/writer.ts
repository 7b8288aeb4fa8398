/** What ISA and GS of an answer say. */
export interface Envelope {
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly applicationSender: string;
  readonly applicationReceiver: string;
  readonly usage: 'P' | 'T';
  /** `CCYYMMDD`, `HHMM`. */
  readonly date: string;
  readonly time: string;
  /** Nine digits. */
  readonly controlNumber: string;
}

/** Writes 999s segment by segment. What comes from a file of others is freed of delimiters and of what is not printable. */
export interface AckWriter {
  isOpen(): boolean;
  openInterchange(envelope: Envelope): void;
  /** GS and ST. */
  openGroup(envelope: Envelope): void;
  segment(tag: string, ...elements: readonly string[]): void;
  /** SE and GE. */
  closeGroup(): void;
  closeInterchange(): void;
  clean(value: string): string;
}

const VERSION = '005010X231A1';

/** Delimiters `* : ^ ~`, a newline behind every segment. */
export function createWriter(write: (text: string) => void): AckWriter {
  let interchange: { readonly number: string; groups: number } | null = null;
  let group = '';
  let set = '';
  let segments = 0;

  const clean = (value: string): string => value.replace(/[*:^~]|[^ -~]/g, ' ').trim();

  function put(tag: string, elements: readonly string[]): void {
    segments++;
    write(`${[tag, ...elements].join('*').replace(/\*+$/, '')}~\n`);
  }

  /** Elements other than composites, which are built here from cleaned parts. */
  const segment = (tag: string, ...elements: readonly string[]): void =>
    put(
      tag,
      elements.map((e) => (COMPOSITE.test(e) ? e : clean(e))),
    );

  return {
    isOpen: () => interchange !== null,
    openInterchange(e) {
      const id = (value: string): string => clean(value).slice(0, 15).padEnd(15);
      const qualifier = (value: string): string => (/^[A-Z0-9]{2}$/.test(value) ? value : 'ZZ');
      const isa = ['00', ' '.repeat(10), '00', ' '.repeat(10), qualifier(e.senderQualifier), id(e.senderId)];
      isa.push(qualifier(e.receiverQualifier), id(e.receiverId), e.date.slice(2), e.time, '^', '00501', e.controlNumber);
      write(`ISA*${isa.join('*')}*0*${e.usage}*:~\n`);
      interchange = { number: e.controlNumber, groups: 0 };
    },
    openGroup(e) {
      if (interchange !== null) interchange.groups++;
      group = String(Number(e.controlNumber));
      set = group.padStart(4, '0');
      segment('GS', 'FA', code(e.applicationSender), code(e.applicationReceiver), e.date, e.time, group, 'X', VERSION);
      segments = 0;
      segment('ST', '999', set, VERSION);
    },
    segment,
    closeGroup() {
      segment('SE', String(segments + 1), set);
      segment('GE', '1', group);
    },
    closeInterchange() {
      if (interchange !== null) segment('IEA', String(interchange.groups), interchange.number);
      interchange = null;
    },
    clean,
  };
}

/** `5:2` of an IK401, `CLM01:…` of a CTX01. */
const COMPOSITE = /^(?:\d+:\d+|CLM01:[^*:^~]+)$/;

/** GS02 and GS03 have two characters at least. */
const code = (value: string): string => value.slice(0, 15).padEnd(2, 'X');
