import { isDigits } from '../../format.ts';
import type { SegmentPosition } from '../../rules/walk-frame.ts';
import type { Reporter } from './reporter.ts';

/** Follows the HL segments of a set: 1, 2, 3 …, each below its parent, with children where it says so. */
export interface Hierarchy {
  reset(): void;
  /** The HL of a level, `2000A` to `2000C`. */
  level(loop: string, elements: readonly string[]): void;
  /** A level without its HL. */
  levelWithoutHl(loop: string): void;
  claim(): void;
  levelClosed(loop: string): void;
}

interface Level {
  readonly id: string | null;
  readonly childCode: string;
  readonly at: SegmentPosition;
  hasPatient: boolean;
  hasClaim: boolean;
}

const PARENT: Readonly<Record<string, string>> = { '2000B': '2000A', '2000C': '2000B' };
const PARENT_NAME: Readonly<Record<string, string>> = { '2000B': 'billing provider (2000A)', '2000C': 'subscriber (2000B)' };

export function createHierarchy(reporter: Reporter): Hierarchy {
  const { cursor } = reporter;
  const open = new Map<string, Level>();
  let next = 1;
  /** An HL is missing; its number may be missing with it. */
  let oneMissed = false;

  function fault(rule: string, loop: string, element: string, message: string, at?: SegmentPosition): void {
    const place = at === undefined ? {} : { at };
    reporter.report({ snip: 2, rule, segment: 'HL', loop, element, message, ik3: '8', ik4: '7', ...place });
  }

  function openLevel(loop: string, id: string | null, childCode: string): void {
    const at = { inFile: cursor.inFile, inSet: cursor.inSet };
    open.set(loop, { id, childCode, at, hasPatient: false, hasClaim: false });
    if (loop === '2000C') {
      const subscriber = open.get('2000B');
      if (subscriber !== undefined) subscriber.hasPatient = true;
    }
  }

  return {
    reset() {
      open.clear();
      next = 1;
      oneMissed = false;
    },
    level(loop, [id = '', parent = '', , childCode = '']) {
      if (id !== '') {
        if (id !== String(next) && !(oneMissed && id === String(next + 1))) {
          fault('hl.number', loop, 'HL01', `HL01 must be ${next} here: HL segments are numbered 1, 2, 3 … in every set.`);
        }
        oneMissed = false;
        next = (isDigits(id) && id.length < 12 ? Number(id) : next) + 1;
      }
      const above = open.get(PARENT[loop] ?? '');
      if (above !== undefined && above.id !== null && parent !== '' && parent !== above.id) {
        fault('hl.parent', loop, 'HL02', `HL02 does not name the HL of the ${PARENT_NAME[loop]} that this level belongs to.`);
      }
      openLevel(loop, id, childCode);
    },
    levelWithoutHl(loop) {
      oneMissed = true;
      openLevel(loop, null, '');
    },
    claim() {
      const subscriber = open.get('2000B');
      if (subscriber !== undefined && !open.has('2000C')) subscriber.hasClaim = true;
    },
    levelClosed(loop) {
      const level = open.get(loop);
      open.delete(loop);
      if (level === undefined || loop !== '2000B') return;
      if (level.childCode === '0' && level.hasPatient) {
        fault(
          'hl.child',
          loop,
          'HL04',
          'HL04 says that nothing is below the subscriber (0), but a patient level follows.',
          level.at,
        );
      } else if (level.childCode === '1' && !level.hasPatient) {
        fault(
          'hl.child',
          loop,
          'HL04',
          'HL04 says that a patient level is below the subscriber (1), but none follows.',
          level.at,
        );
      } else if (level.childCode !== '1' && !level.hasClaim && !level.hasPatient) {
        const message = 'The subscriber has neither a claim (loop 2300) nor a patient level (loop 2000C) below.';
        const at = level.at;
        reporter.report({ snip: 2, rule: 'hl.no_claim', segment: 'CLM', loop: '2300', element: null, message, ik3: 'I6', at });
      }
    },
  };
}
