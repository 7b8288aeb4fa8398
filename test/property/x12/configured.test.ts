import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearinghouse } from '../../../schemas/clearinghouse.ts';
import { practice } from '../../../schemas/practice.ts';
import { contactElements } from '../../../src/x12/837p/values.ts';
import { readExample } from '../../support/sessions.ts';
import { write } from '../../unit/x12/write.ts';

interface Seed {
  readonly practices: ({ id: string; submitter: { contact: object } } & Record<string, unknown>)[];
  readonly clearinghouses: ({ id: string; interchange: object } & Record<string, unknown>)[];
}
const seed = readExample('seed.json') as Seed;
const { id: _practice, ...aPractice } = seed.practices[0]!;
const { id: _house, ...aHouse } = seed.clearinghouses[0]!;

describe('what a PUT takes, the 837P takes', () => {
  it('phones: ten digits, however they are written', () => {
    const part = fc.oneof(
      fc.constantFrom('608', '555', '0142', '1', '+1 ', '(', ') ', '-', '.', ' x', ' ext. ', 'x12', 'ask', '٣'),
      fc.integer({ min: 0, max: 9999 }).map(String),
    );
    const text = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const usual = fc.constantFrom('608-555-0142', '(608) 555-0142 x7', '+1 608 555 0142', '6085550142 ext. 12');
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(text, usual), (phone) => {
        const contact = { ...aPractice.submitter.contact, phone };
        if (!practice.safeParse({ ...aPractice, submitter: { ...aPractice.submitter, contact } }).success) return;
        taken += 1;
        const elements = contactElements({ name: 'Desk', phone, email: null });
        expect(elements?.[2]).toBe('TE');
        expect(elements?.[3]).toMatch(/^\d{10}$/);
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  it('ids of ISA and GS: whatever the schema lets through can be written', () => {
    const signs = [...'AZ09 ._-/*:~^>&+a|É'];
    const text = fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 16 }).map((parts) => parts.join(''));
    const safe = fc.array(fc.constantFrom(...'AZ09-./'), { minLength: 2, maxLength: 15 }).map((parts) => parts.join(''));
    const fields = ['senderId', 'receiverId', 'applicationSender', 'applicationReceiver'] as const;
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.oneof(text, safe), (field, value) => {
        const changed = { ...aHouse, interchange: { ...aHouse.interchange, [field]: value } };
        if (!clearinghouse.safeParse(changed).success) return;
        taken += 1;
        expect(write({}, { [field]: value })).toContain(value);
      }),
      { numRuns: 600 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
