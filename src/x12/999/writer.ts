/** What ISA and GS of an answer say. */
export interface Envelope {
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly usage: 'P' | 'T';
  /** `CCYYMMDD`, `HHMM`. */
  readonly date: string;
  readonly time: string;
}

/** Segments of one answer, counted; held until it is known whether they are sent. */
export interface Segments {
  add(tag: string, ...elements: readonly string[]): void;
  append(others: Segments): void;
  readonly count: number;
  /** Characters. */
  readonly size: number;
  /** In portions. */
  texts(): readonly string[];
}

const VERSION = '005010X231A1';
/** Small strings are joined by so many: millions of them would cost more than what they say. */
const JOINED = 1_000;

/** Delimiters `* : ^ ~`, a newline behind every segment. What comes from a file of others is freed of delimiters and of what is not printable. */
export function createSegments(): Segments {
  const texts: string[] = [];
  let pending: string[] = [];
  let count = 0;
  let size = 0;
  const keep = (text: string): void => {
    size += text.length;
    if (pending.push(text) === JOINED) texts.push(pending.splice(0).join(''));
  };
  return {
    add(tag, ...elements) {
      count++;
      // Composites are built here from cleaned parts.
      const cleaned = elements.map((e) => (COMPOSITE.test(e) ? e : clean(e)));
      keep(`${[tag, ...cleaned].join('*').replace(/\*+$/, '')}~\n`);
    },
    append(others) {
      count += others.count;
      for (const text of others.texts()) keep(text);
    },
    get count() {
      return count;
    },
    get size() {
      return size;
    },
    texts() {
      if (pending.length > 0) texts.push(pending.join(''));
      pending = [];
      return texts;
    },
  };
}

/** `number` has nine digits. */
export function isaText(e: Envelope, number: string): string {
  const id = (value: string): string => clean(value).slice(0, 15).padEnd(15);
  const qualifier = (value: string): string => (/^[A-Z0-9]{2}$/.test(value) ? value : 'ZZ');
  const isa = ['00', ' '.repeat(10), '00', ' '.repeat(10), qualifier(e.senderQualifier), id(e.senderId)];
  isa.push(qualifier(e.receiverQualifier), id(e.receiverId), e.date.slice(2), e.time, '^', '00501', number);
  return `ISA*${isa.join('*')}*0*${e.usage}*:~\n`;
}

/** One 999 with its group around it; `body` goes from AK1 to AK9. */
export function groupOf(
  e: Envelope,
  applications: { readonly sender: string; readonly receiver: string },
  number: number,
  body: Segments,
): Segments {
  const set = String(number).padStart(4, '0');
  const all = createSegments();
  all.add('GS', 'FA', code(applications.sender), code(applications.receiver), e.date, e.time, String(number), 'X', VERSION);
  all.add('ST', '999', set, VERSION);
  all.append(body);
  all.add('SE', String(body.count + 2), set);
  all.add('GE', '1', String(number));
  return all;
}

export const clean = (value: string): string => value.replace(/[*:^~]|[^ -~]/g, ' ').trim();

/** `5:2` of an IK401, `CLM01:…` of a CTX01. */
const COMPOSITE = /^(?:\d+:\d+|CLM01:[^*:^~]+)$/;

/** GS02 and GS03 have two characters at least. */
const code = (value: string): string => clean(value).slice(0, 15).padEnd(2, 'X');
