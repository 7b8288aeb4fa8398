import { describe, expect, it } from 'vitest';
import { type Decision, decide, type Evidence } from '../../../src/delivery/decide.ts';
import type { Look } from '../../../src/delivery/transport.ts';

const absent: Look = { kind: 'absent' };
const match: Look = { kind: 'match' };
const different: Look = { kind: 'different' };
const unreadable: Look = { kind: 'unreadable', code: 'EIO' };
const every = [absent, match, different, unreadable];

const evidence = (over: Partial<Evidence>): Evidence => ({
  staged: true,
  tempLook: absent,
  finalLook: absent,
  markerBefore: true,
  markerAfter: true,
  transport: 'directory',
  ...over,
});
const damaged: Decision = { unknown: 'damaged' };
const vanished: Decision = { unknown: 'vanished' };

describe('what a look decides', () => {
  it('nothing was recorded as staged: stage, whatever lies about', () => {
    for (const tempLook of every) {
      for (const finalLook of every) expect(decide(evidence({ staged: false, tempLook, finalLook }))).toBe('stage');
    }
  });

  it('the recorded temp has the frozen bytes: rename, whatever the final name shows', () => {
    for (const finalLook of every) expect(decide(evidence({ tempLook: match, finalLook }))).toBe('rename');
  });

  it('the recorded temp differs or cannot be read: damaged, even beside a good final', () => {
    for (const finalLook of every) {
      expect(decide(evidence({ tempLook: different, finalLook }))).toEqual(damaged);
      expect(decide(evidence({ tempLook: unreadable, finalLook }))).toEqual(damaged);
    }
  });

  it('temp absent, final with the frozen bytes: transmitted, over either transport', () => {
    expect(decide(evidence({ finalLook: match }))).toBe('record_transmitted');
    expect(decide(evidence({ finalLook: match, transport: 'sftp' }))).toBe('record_transmitted');
  });

  it('temp absent, final with other bytes or unreadable: damaged', () => {
    expect(decide(evidence({ finalLook: different }))).toEqual(damaged);
    expect(decide(evidence({ finalLook: unreadable }))).toEqual(damaged);
  });

  it('both absent, private staging with its marker before and after: renamed and taken', () => {
    expect(decide(evidence({}))).toBe('record_taken');
  });

  it('both absent in every other case: vanished', () => {
    expect(decide(evidence({ transport: 'sftp' }))).toEqual(vanished);
    expect(decide(evidence({ markerBefore: false }))).toEqual(vanished);
    expect(decide(evidence({ markerAfter: false }))).toEqual(vanished);
  });

  it('both absent on a network file system: only when seen twice', () => {
    expect(decide(evidence({ networkFileSystem: true }))).toBe('look_again');
    expect(decide(evidence({ networkFileSystem: true, lookedAgain: true }))).toBe('record_taken');
    expect(decide(evidence({ networkFileSystem: true, lookedAgain: true, markerAfter: false }))).toEqual(vanished);
  });

  it('a temp still there after a link-and-unlink rename was sent proves nothing: cut', () => {
    expect(decide(evidence({ transport: 'sftp', tempLook: match, plainRenameSent: true }))).toEqual({ unknown: 'cut' });
    expect(decide(evidence({ transport: 'sftp', tempLook: match }))).toBe('rename');
  });
});
