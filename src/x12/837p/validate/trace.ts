import type { Delimiters } from '../../delimiters.ts';
import type { SegmentRule } from '../../rules/model.ts';
import type { SegmentPosition } from '../../rules/walk-frame.ts';
import type { ScannedSegment } from '../../scan.ts';

/** Follows what a validator reads, in file order; the findings of a segment come after it, and those of a loop before its end. */
export interface Trace {
  loopOpened(id: string, name: string): void;
  loopClosed(): void;
  /** Headers and trailers too. `rule` is null where the guide has no place for the segment. `segment` is filled again for the next one. */
  segment(rule: SegmentRule | null, segment: ScannedSegment, at: SegmentPosition, delimiters: Delimiters): void;
}
