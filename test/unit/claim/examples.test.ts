import { describe, expect, it } from 'vitest';
import { clearinghouse } from '../../../schemas/clearinghouse.ts';
import { groupSession } from '../../../schemas/group-session.ts';
import { payer } from '../../../schemas/payer.ts';
import { practice } from '../../../schemas/practice.ts';
import { isValidNpi } from '../../../src/claim/identifiers.ts';
import { readExample } from '../../support/sessions.ts';

type Rows = ({ id: string } & Record<string, unknown>)[];
const seed = readExample('seed.json') as { practices: Rows; payers: Rows; clearinghouses: Rows };
const bodyOf = ({ id: _, ...body }: Rows[number]) => body;

describe('schemas/examples', () => {
  it('are what the wire contract says', () => {
    groupSession.parse(readExample('group-session.json'));
    practice.parse(readExample('practice.json'));
    clearinghouse.parse(readExample('clearinghouse.json'));
    for (const row of readExample('payers.json') as Rows) payer.parse(bodyOf(row));
  });

  it('seed.json is made of the others', () => {
    expect(seed.practices).toEqual([{ id: 'prac_northside', ...(readExample('practice.json') as object) }]);
    expect(seed.payers).toEqual(readExample('payers.json'));
    expect(seed.clearinghouses).toEqual([{ id: 'sandbox', ...(readExample('clearinghouse.json') as object) }]);
  });

  it('go to a test receiver', () =>
    expect(readExample('clearinghouse.json')).toMatchObject({ usage: 'T', transport: { type: 'directory' } }));

  it('have valid NPIs', () => {
    const text = JSON.stringify([readExample('group-session.json'), seed]);
    const npis = [...text.matchAll(/"(?:npi|byNpi)":"(\d+)"/g)].map((m) => m[1] ?? '');
    expect(npis.length).toBeGreaterThanOrEqual(3);
    for (const npi of npis) expect(isValidNpi(npi)).toBe(true);
  });

  it('the session shows what the demo needs', () => {
    const { attendees } = groupSession.parse(readExample('group-session.json'));
    expect(attendees).toHaveLength(10);
    expect(attendees.filter((a) => a.coverages[0]?.relationshipToSubscriber === 'child')).toHaveLength(1);
    expect(attendees.filter((a) => a.telehealth?.patientLocation === 'home')).toHaveLength(1);
    expect(attendees.filter((a) => a.interactiveComplexity)).toHaveLength(1);
    const notes = attendees.flatMap((a) => (a.note ? [a.note.text] : []));
    expect(new Set(notes).size).toBe(8);
    for (const text of notes) expect(text.split(/\s+/).length).toBeGreaterThanOrEqual(25);
  });
});
