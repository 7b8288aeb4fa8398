import { expect, test } from 'vitest';
import type { ClaimSummary } from '../../../schemas/claim.ts';
import { createBoard } from '../../../src/cli/demo/board.ts';
import { fakeIo } from './fake-io.ts';

const claim = (over: Partial<ClaimSummary>): ClaimSummary => ({
  id: 'clm_1',
  sessionId: 'gs_1',
  attendeeExternalId: 'pt-1',
  payerId: '60054',
  responsibility: 'P',
  state: 'scheduled',
  level: null,
  reason: null,
  holds: [],
  patientControlNumber: 'A0000001',
  revision: 1,
  frequencyCode: '1',
  payerClaimControlNumber: null,
  dateOfService: '2026-11-20',
  chargeAmount: '60.00',
  plannedReleaseAt: '2026-11-21T12:00:05.000Z',
  planReasons: ['look_alike_gap'],
  fileBy: null,
  ...over,
});
const at = (seconds: number): number => Date.parse('2026-11-21T12:00:00Z') + seconds * 1000;

test('without a terminal each change is one line, and no change is none', () => {
  const io = fakeIo();
  const board = createBoard(io);
  board.show([claim({})], at(0));
  board.show([claim({})], at(1));
  board.show([claim({ plannedReleaseAt: '2026-11-21T12:00:09.000Z' })], at(2));
  board.show([claim({ state: 'released', plannedReleaseAt: null, planReasons: [] })], at(3));
  expect(io.written.out).toBe(
    [
      '12:00:00  pt-1  60054  scheduled, planned 12:00:05 (look_alike_gap)',
      '12:00:02  pt-1  60054  planned 12:00:09 instead of 12:00:05',
      '12:00:03  pt-1  60054  scheduled -> released',
      '',
    ].join('\n'),
  );
});

test('on a terminal the table is drawn over itself, by attendee, and keeps the plan of what has left', () => {
  const io = fakeIo({ isTty: true });
  const board = createBoard(io);
  const other = claim({ id: 'clm_0', attendeeExternalId: 'pt-2' });
  board.show([other, claim({})], at(0));
  board.show([other, claim({ state: 'transmitted', plannedReleaseAt: null, planReasons: [] })], at(4));
  const [first, second] = io.written.out.split('\u001b[3A\u001b[0J');
  expect(first?.split('\n').map((l) => l.slice(0, 4))).toEqual(['ATTE', 'pt-1', 'pt-2', '']);
  expect(second).toContain('pt-1      60054  >>  transmitted  12:00:04  12:00:05  look_alike_gap\n');
  expect(second).toContain('pt-2      60054  .   scheduled    12:00:00  12:00:05  look_alike_gap\n');
});

test('a narrow terminal gets narrow lines, so that redrawing does not count wrong', () => {
  const io = fakeIo({ isTty: true, columns: 30 });
  createBoard(io).show([claim({})], at(0));
  expect(Math.max(...io.written.out.split('\n').map((l) => l.length))).toBe(29);
});
