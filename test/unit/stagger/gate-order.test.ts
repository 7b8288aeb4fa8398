import { describe, expect, it } from 'vitest';
import { pickDue } from '../../../src/claim/stagger/gate-order.ts';
import { DAY, due, HOUR, MINUTE, NOW } from './build.ts';

const one = { nextAt: new Map<string, number>(), now: NOW, laneGapMs: 61_000, maxFiles: 1, maxClaimsPerFile: 1 };
const batch = { ...one, laneGapMs: 0, maxFiles: 32 };
const next = (key: string, at: number) => new Map([[key, at]]);

describe('pickDue', () => {
  it('takes the first in plan order and leaves the rest due', () => {
    const mixed = [due('b', { lookAlikeKey: 'y' }), due('a', { lookAlikeKey: 'x' })];
    expect(pickDue({ ...one, due: mixed })).toEqual({ files: [['a']], deferred: [], pulled: [] });
    expect(pickDue({ ...one, due: [] })).toEqual({ files: [], deferred: [], pulled: [] });
  });

  it('passes over a key that is not yet due, with its time', () => {
    const until = NOW + 4 * MINUTE;
    expect(pickDue({ ...one, due: [due('a'), due('b', { lookAlikeKey: 'y' })], nextAt: next('group', until) })).toEqual({
      files: [['b']],
      deferred: [{ claimId: 'a', until, reason: 'look_alike_gap' }],
      pulled: [],
    });
  });

  it('takes one of a look-alike group per round while its gap is above 0', () => {
    expect(pickDue({ ...batch, maxClaimsPerFile: 10, due: [due('a'), due('b'), due('c', { lookAlikeKey: 'y' })] })).toEqual({
      files: [['a', 'c']],
      deferred: [{ claimId: 'b', until: NOW + 15 * MINUTE, reason: 'look_alike_gap' }],
      pulled: [],
    });
  });

  it('never puts look-alikes or siblings into one file, gap or not', () => {
    const free = { lookAlikeGapMs: 0 };
    expect(pickDue({ ...batch, maxClaimsPerFile: 10, due: [due('a', free), due('b', free), due('c', free)] }).files).toEqual([
      ['a'],
      ['b'],
      ['c'],
    ]);
    const family = { siblingKey: 'family', lookAlikeGapMs: 0, deadlineAt: NOW + HOUR };
    const siblings = [due('a', { ...family, lookAlikeKey: 'x' }), due('b', { ...family, lookAlikeKey: 'y' })];
    expect(pickDue({ ...batch, maxClaimsPerFile: 10, due: siblings }).files).toEqual([['a'], ['b']]);
  });

  it('keeps claims of different submitters in different files', () => {
    const picked = pickDue({
      ...batch,
      maxClaimsPerFile: 10,
      due: [
        due('a', { lookAlikeKey: 'x', fileGroup: 'p1' }),
        due('b', { lookAlikeKey: 'y', fileGroup: 'p2' }),
        due('c', { lookAlikeKey: 'z', fileGroup: 'p1' }),
      ],
    });
    expect(picked.files).toEqual([['a', 'c'], ['b']]);
  });

  it('stops at the number of files and of claims in a file', () => {
    const many = Array.from({ length: 9 }, (_, n) => due(`c${n}`, { lookAlikeKey: `g${n}` }));
    expect(pickDue({ ...batch, maxFiles: 2, maxClaimsPerFile: 3, due: many }).files).toEqual([
      ['c0', 'c1', 'c2'],
      ['c3', 'c4', 'c5'],
    ]);
  });

  it('holds a sibling back for its day', () => {
    expect(
      pickDue({
        ...batch,
        due: [due('a', { siblingKey: 'f', lookAlikeGapMs: 0 }), due('b', { siblingKey: 'f', lookAlikeGapMs: 0 })],
      }),
    ).toEqual({
      files: [['a']],
      deferred: [{ claimId: 'b', until: NOW + DAY, reason: 'collision' }],
      pulled: [],
    });
  });

  it('lets a deadline shrink a gap to the lane floor and says so', () => {
    const pressed = due('a', { deadlineAt: NOW + MINUTE });
    expect(pickDue({ ...one, due: [pressed], nextAt: next('group', NOW + 10 * MINUTE) })).toEqual({
      files: [['a']],
      deferred: [],
      pulled: ['a'],
    });
    // The wait ends before the deadline: nothing shrinks.
    expect(pickDue({ ...one, due: [pressed], nextAt: next('group', NOW + 30_000) }).deferred).toEqual([
      { claimId: 'a', until: NOW + 30_000, reason: 'look_alike_gap' },
    ]);
    // The group's last drop was 10 s ago in another lane: its floor holds.
    expect(pickDue({ ...one, due: [pressed], nextAt: next('group', NOW + 15 * MINUTE - 10_000) }).deferred).toEqual([
      { claimId: 'a', until: NOW + 51_000, reason: 'look_alike_gap' },
    ]);
  });

  it('lets a deadline bring siblings together but never two claims of one person', () => {
    const family = { siblingKey: 'f', lookAlikeGapMs: 0, deadlineAt: NOW + HOUR };
    expect(
      pickDue({ ...batch, due: [due('a', { ...family, personKey: 'p' }), due('b', { ...family, personKey: 'q' })] }),
    ).toMatchObject({
      files: [['a'], ['b']],
      pulled: ['b'],
    });
    expect(
      pickDue({ ...batch, due: [due('a', { ...family, personKey: 'p' }), due('b', { ...family, personKey: 'p' })] }),
    ).toEqual({
      files: [['a']],
      deferred: [{ claimId: 'b', until: NOW + DAY, reason: 'collision' }],
      pulled: [],
    });
  });

  it('goes by deadline after an outage', () => {
    const waiting = [
      due('a', { lookAlikeKey: 'x', deadlineAt: NOW + 3 * DAY }),
      due('b', { lookAlikeKey: 'y' }),
      due('c', { lookAlikeKey: 'z', deadlineAt: NOW + 2 * DAY }),
    ];
    expect(pickDue({ ...batch, due: waiting, catchUp: true }).files).toEqual([['c'], ['a'], ['b']]);
    expect(pickDue({ ...batch, due: waiting }).files).toEqual([['a'], ['b'], ['c']]);
  });

  it('lets a deadline within a day go before every turn', () => {
    const near = due('z', { lookAlikeKey: 'x', deadlineAt: NOW + HOUR });
    const far = due('a', { lookAlikeKey: 'y', deadlineAt: NOW + 2 * DAY });
    expect(pickDue({ ...one, due: [far, near] }).files).toEqual([['z']]);
  });

  it('needs no key', () => {
    const loose = { lookAlikeKey: null };
    expect(pickDue({ ...batch, maxClaimsPerFile: 2, due: [due('a', loose), due('b', loose)] }).files).toEqual([['a', 'b']]);
  });
});
