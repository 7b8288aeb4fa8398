import { describe, expect, it } from 'vitest';
import { faultsOfBody } from '../../../../src/claim/body-faults.ts';
import { parseSession } from '../../../../src/session/parse.ts';
import { judge } from '../../../support/gate.ts';
import { exampleSession } from '../../../support/sessions.ts';

/** The example with one attendee as whoever sends him might write him. */
const withFields = (index: number, fields: Readonly<Record<string, unknown>>): unknown => {
  const session = exampleSession();
  return { ...session, attendees: session.attendees.map((a, i) => (i === index ? { ...a, ...fields } : a)) };
};
const blocks = (body: unknown, index: number): readonly string[] =>
  (judge(body).attendees[index]?.findings ?? []).filter((f) => f.severity === 'block').map((f) => `${f.rule} ${f.path}`);

describe('what is wrong inside a field that cannot be read is told with it', () => {
  it('a coverage without a member id, of a payer that is not configured', () => {
    const bare = { payerId: 'nope', responsibility: 'P', relationshipToSubscriber: 'self' };
    expect(blocks(withFields(0, { coverages: [bare] }), 0)).toEqual([
      'A07 /attendees/0/coverages/0/memberId',
      'A07 /attendees/0/coverages/0/payerId',
    ]);
  });

  it('but a payer that is configured is not called unknown, and a payer id that cannot be read is told once', () => {
    const bare = { payerId: '60054', responsibility: 'P', relationshipToSubscriber: 'self' };
    expect(blocks(withFields(0, { coverages: [bare, { ...bare, payerId: 7 }] }), 0)).toEqual([
      'A07 /attendees/0/coverages/0/memberId',
      'A07 /attendees/0/coverages/1/payerId',
      'A07 /attendees/0/coverages/1/memberId',
    ]);
    for (const coverages of ['none', [null], [[]], {}])
      expect(blocks(withFields(0, { coverages }), 0).every((b) => b.startsWith('A07 /attendees/0/coverages'))).toBe(true);
  });

  it('a clinician without a name and with a number that is none', () => {
    expect(
      blocks(
        withFields(2, { renderingProvider: { npi: '123' }, referringProvider: { npi: '1093817463', taxonomyCode: 'X' } }),
        2,
      ),
    ).toEqual([
      'A13 /attendees/2/renderingProvider/lastName',
      'A13 /attendees/2/referringProvider/lastName',
      'A13 /attendees/2/renderingProvider/npi',
      'A13 /attendees/2/referringProvider/npi',
      'A13 /attendees/2/referringProvider/taxonomyCode',
    ]);
    expect(blocks(withFields(2, { renderingProvider: { npi: '1093817462' } }), 2)).toEqual([
      'A13 /attendees/2/renderingProvider/lastName',
    ]);
  });

  it('at session level, too, where nothing is stored', () => {
    const body = {
      ...exampleSession(),
      renderingProvider: { npi: '123' },
      startedAt: 'soon',
      referringProvider: { npi: '1093817462' },
    };
    const parsed = parseSession(body);
    expect(parsed.ok).toBe(false);
    const told = parsed.ok ? [] : faultsOfBody(body, parsed.errors);
    expect(told.map((f) => f.pointer).sort()).toEqual([
      '/referringProvider/lastName',
      '/renderingProvider/lastName',
      '/renderingProvider/npi',
      '/startedAt',
    ]);
    expect(JSON.stringify(told)).not.toContain('123');
    for (const odd of [null, 'x', [], { renderingProvider: null }]) expect(faultsOfBody(odd, [])).toEqual([]);
  });
});
