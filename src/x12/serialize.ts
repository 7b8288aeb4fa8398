import { areDataTexts } from './charset.ts';
import { X12Element, X12Segment, X12SerializationOptions } from './node-x12.ts';
import type { ElementSink } from './rules/check.ts';

/** What we write with: `* : ^ ~`. Line ends are put between segments by whoever joins them. */
const OPTIONS = new X12SerializationOptions({
  elementDelimiter: '*',
  subElementDelimiter: ':',
  repetitionDelimiter: '^',
  segmentTerminator: '~',
  format: false,
  endOfLine: '',
});

/**
 * The elements of the segment under way, `count` of them in use: node-x12's own, filled again and again, and so is the
 * node-x12 segment of each length, which all share them. A claim has fifty segments and three hundred elements, and making
 * node-x12's objects (each with a place in a source text and options of its own) for every one costs more than all the checks.
 */
interface Draft extends ElementSink {
  readonly elements: X12Element[];
  count: number;
}

const draft: Draft = {
  elements: [],
  count: 0,
  addElement(value) {
    const element = this.elements[this.count];
    if (element === undefined) this.elements[this.count] = new X12Element(value);
    else element.value = value;
    this.count += 1;
  },
};

/** A node-x12 segment of every length, made when it is first needed. */
const segments: X12Segment[] = [];

/** Takes the elements of the next segment; what was in it is forgotten. */
export function emptyDraft(): ElementSink {
  draft.count = 0;
  return draft;
}

/** True when the elements of the draft are data characters, none with a space at an end. */
export function isDraftClean(): boolean {
  return areDataTexts(draft.elements, draft.count);
}

/** The segment of that tag with the elements of the draft, as text with its terminator, by node-x12. */
export function serializeDraft(tag: string): string {
  const segment = segments[draft.count] ?? newSegment(draft.count);
  segment.tag = tag;
  return segment.toString();
}

function newSegment(count: number): X12Segment {
  const segment = new X12Segment('', OPTIONS);
  segment.elements = draft.elements.slice(0, count);
  segments[count] = segment;
  return segment;
}
