import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attendanceStatus, type GroupSession } from '../../../schemas/group-session.ts';
import type { GateVerdict } from '../../../src/claim/draft.ts';
import { runGate } from '../../../src/claim/gate.ts';
import { parseSession } from '../../../src/session/parse.ts';
import { isDataText } from '../../../src/x12/charset.ts';
import { gateInput, judge } from '../../support/gate.ts';
import { exampleSession, manySessions } from '../../support/sessions.ts';

const PRESENT = ['present', 'late', 'left_early', 'partial'];
const status = fc.constantFrom(...attendanceStatus.options);
const billing = fc.constantFrom('insurance', 'insurance', 'insurance', 'eap', 'self_pay', 'no_charge', 'do_not_bill' as const);
const cents = fc.integer({ min: 1, max: 50_000 });
const person = fc.record({ status, billing, restricted: fc.boolean(), cents, complex: fc.boolean() });

const [template] = manySessions(1, 77, { attendees: 24, payerIds: ['60054', 'medicaid_wi', 'bcbs_wi', '62308'] });
if (template === undefined) throw new Error('one session was asked for');

const rosterOf = (people: readonly (typeof person extends fc.Arbitrary<infer T> ? T : never)[]): GroupSession => ({
  ...template,
  groupNote: { ...template.groupNote, attendeeCount: people.filter((p) => PRESENT.includes(p.status)).length },
  attendees: people.map((p, i) => ({
    ...(template.attendees[i] as GroupSession['attendees'][number]),
    attendance: { status: p.status },
    billing: p.billing,
    restrictDisclosure: p.restricted,
    chargeAmount: (p.cents / 100).toFixed(2),
    interactiveComplexity: p.complex ? { factor: 1, rationale: 'Interpreter present.', chargeAmount: '15.00' } : null,
  })),
});

describe('any roster', () => {
  it('gives exactly one draft per billable attendee, one unit each, no charge divided', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 24 }), (people) => {
        const { attendees } = judge(rosterOf(people));
        expect(attendees).toHaveLength(people.length);
        people.forEach((p, i) => {
          const disposition = attendees[i]?.disposition;
          const billable = PRESENT.includes(p.status) && !p.restricted && ['insurance', 'eap'].includes(p.billing);
          expect(disposition?.kind === 'not_billable').toBe(!billable);
          if (disposition === undefined || disposition.kind === 'not_billable') return;
          const lines = disposition.draft.claim?.lines ?? [];
          expect(lines.map((l) => [l.procedureCode, l.units, l.chargeCents])).toEqual([
            ['90853', 1, p.cents],
            ...(p.complex ? [['90785', 1, 1500]] : []),
          ]);
          expect(disposition.draft.chargeCents).toBe(p.cents + (p.complex ? 1500 : 0));
          expect(disposition.draft.claim?.totalChargeCents).toBe(disposition.draft.chargeCents);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('eight of ten present are eight drafts, whichever eight', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(10).keys()], { minLength: 8, maxLength: 8 }), (present) => {
        const session = exampleSession();
        const [first] = session.attendees;
        const spare = [
          'Worked on the evening routine in detail, moved the alarm out of the bedroom and wrote down three reasons for it; two nights were quiet, one was not, which was discussed without blame.',
          'Brought a letter to the landlord and read it in a firm voice after one false start, heard that it sounded fair, and chose Thursday for posting it before courage fades again.',
        ];
        const attendees = session.attendees.map((a, i) => ({
          ...a,
          attendance: { status: present.includes(i) ? ('present' as const) : ('no_show' as const) },
          note: a.note ?? (first?.note ? { ...first.note, text: spare[i - 8] ?? '' } : null),
        }));
        const kinds = judge({ ...session, attendees }).attendees.map((a) => a.disposition.kind);
        expect(kinds.filter((k) => k === 'ready')).toHaveLength(8);
        expect(kinds.filter((k) => k === 'not_billable')).toHaveLength(2);
      }),
      { numRuns: 50 },
    );
  });

  it('is judged the same twice', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 2, maxLength: 6 }), (people) => {
        const input = gateInput(rosterOf(people));
        const told = ({ findings, attendees }: GateVerdict) => [
          findings,
          attendees.map((a) => ({ disposition: a.disposition, findings: a.findings })),
        ];
        expect(told(runGate(input))).toEqual(told(runGate(input)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('anything at all', () => {
  const junk = fc.anything({ maxDepth: 2, withNullPrototype: false });
  const session = exampleSession();
  const keys = Object.keys(session.attendees[0] ?? {}).filter((k) => k !== 'externalId' && k !== 'attendance');

  it('in an attendee never throws, never refuses the session and never makes that claim go out wrong', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), junk, (key, value) => {
        const attendees = session.attendees.map((a, i) => (i === 0 ? { ...a, [key]: value } : a));
        const verdict = judge({ ...session, attendees });
        expect(verdict.attendees.slice(1, 8).every((a) => a.disposition.kind === 'ready')).toBe(true);
        const parsed = parseSession({ ...session, attendees });
        const faulty = parsed.ok && (parsed.session.attendees[0]?.faults.length ?? 0) > 0;
        if (faulty) expect(verdict.attendees[0]?.disposition.kind).toBe('held');
      }),
      { numRuns: 300 },
    );
  });

  it('as a body never throws', () => {
    fc.assert(
      fc.property(junk, fc.constantFrom(...Object.keys(session)), (value, key) => {
        expect(typeof parseSession(value).ok).toBe('boolean');
        expect(typeof parseSession({ ...session, [key]: value }).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});

describe('text', () => {
  const session = exampleSession();

  it('no name, address or note, whatever it is, brings a delimiter into a claim', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(text, text, text, (lastName, line1, note) => {
        const attendees = session.attendees.map((a, i) =>
          i === 0 && a.patient
            ? { ...a, patient: { ...a.patient, lastName, address: { ...a.patient.address, line1 } }, claim: { note } }
            : a,
        );
        const disposition = judge({ ...session, attendees }).attendees[0]?.disposition;
        if (disposition === undefined || disposition.kind === 'not_billable') throw new Error('billable');
        const { claim } = disposition.draft;
        if (claim === null) return;
        const { name, address } = claim.subscriber;
        if (name.kind !== 'person') throw new Error('a person');
        const texts = [name.lastName, address?.line1, address?.line2, claim.note].filter((t) => typeof t === 'string');
        expect(texts.length).toBeGreaterThanOrEqual(2);
        for (const t of texts) expect([t, isDataText(t), t.trim()]).toEqual([t, true, t]);
      }),
      { numRuns: 200 },
    );
  });
});
