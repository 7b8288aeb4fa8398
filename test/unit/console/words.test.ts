import { describe, expect, it } from 'vitest';
import { planReason } from '../../../schemas/common.ts';
import { fieldInWords, reasonsInWords, relativeTime, shortTime } from '../../../src/console/words.ts';

const now = '2026-11-21T15:00:00.000Z';

describe('words', () => {
  it.each([
    ['2026-11-21T15:00:00.400Z', 'now'],
    ['2026-11-21T15:00:59.000Z', 'in 59 s'],
    ['2026-11-21T15:04:10.000Z', 'in 4 min 10 s'],
    ['2026-11-21T17:00:00.000Z', 'in 2 h'],
    ['2026-11-21T13:00:05.000Z', '1 h 59 min ago'],
    ['2026-11-23T15:00:00.000Z', 'in 2 d'],
    ['not a time', ''],
  ])('%s is %j', (at, words) => {
    expect(relativeTime(at, now)).toBe(words);
  });

  it('shows instants in UTC and leaves alone what is none', () => {
    expect(shortTime('2026-11-20T23:00:05-06:00')).toBe('Nov 21, 05:00:05');
    expect(shortTime('soon')).toBe('soon');
  });

  it('has words for every plan reason and passes on codes it does not know', () => {
    for (const reason of planReason.options) expect(reasonsInWords([reason])).not.toContain('_');
    expect(reasonsInWords(['new_code', 'cap'])).toBe('new_code; waits for the lane’s hourly or daily cap');
    expect(reasonsInWords([])).toBe('nothing to wait for');
  });
});

describe('fields in words', () => {
  it.each([
    ['', ''],
    ['/attendees/5', ''],
    ['/attendees/5/chargeAmount', 'charge amount'],
    ['/attendees/0/coverages/0/memberId', 'coverage 1, member id'],
    ['/attendees/12/diagnoses/2', 'diagnosis 3'],
    ['/attendees/1/claim/attachments/0/controlNumber', 'claim, attachment 1, control number'],
    ['/attendees/1/otherServicesSameDay/1/modifiers/0', 'other services same day 2, modifier 1'],
    ['/renderingProvider/npi', 'rendering provider, npi'],
  ])('%s', (pointer, words) => expect(fieldInWords(pointer)).toBe(words));
});
