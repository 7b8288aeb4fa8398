import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTree } from '../../../src/x12/837p/explain.ts';
import type { Interchange, PostalAddress, ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { cutText, fitAddressLines, fitIdentifier, fitText } from '../../../src/x12/charset.ts';
import { formatAmount } from '../../../src/x12/format.ts';
import { readSegments } from '../../../src/x12/read.ts';
import { X12WriteError } from '../../../src/x12/write-error.ts';
import { interchange, LINE, numbered, SELF } from '../../golden/base.ts';
import { CASES } from '../../golden/cases.ts';

const DATA = /^[A-Z0-9!"&'()+,\-./;?= ]*$/;
const DELIMITERS = ['*', '~', ':', '^', '>', '|', '\\', '`', '#', '\n', '\r', '\t', '\u0000', '🙂', 'é', 'ß', '＊', ' '];
/** Any Unicode, with the dangerous characters far more often than chance would have them. */
const anyText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
      { weight: 2, arbitrary: fc.constantFrom(...DELIMITERS) },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
/** Any Unicode that leaves something of the wanted length. */
const named = (min = 1): fc.Arbitrary<string> => anyText.map((t) => `${t} ${'Nameless'.slice(0, min + 4)}`);

const address = fc.record({
  line1: named(),
  line2: fc.option(anyText),
  city: named(2),
  state: fc.constantFrom('WI', 'ca', ' NY '),
  postalCode: fc.constantFrom('53703', '53703-1234', '537031234'),
});
const longAddress = address.map((a): PostalAddress => ({ ...a, postalCode: '53703-1234' }));
const person = fc.record({
  kind: fc.constant('person' as const),
  lastName: named(),
  firstName: named(),
  middleName: fc.option(anyText),
  suffix: fc.option(anyText),
});
const cents = fc.integer({ min: 1, max: 9_999_999 });

const claim: fc.Arbitrary<ProfessionalClaim> = fc
  .record({
    billingName: fc.oneof(
      person,
      named().map((name) => ({ kind: 'organization' as const, name })),
    ),
    billingAddress: longAddress,
    payTo: fc.option(address),
    subscriberName: person,
    patient: fc.option(fc.record({ name: person, address })),
    address,
    group: fc.option(
      fc.string({ unit: fc.constantFrom(...'abcXYZ019-/ '), minLength: 1, maxLength: 20 }).filter((g) => g.trim() !== ''),
    ),
    plan: fc.option(anyText),
    payerName: named(),
    payerAddress: fc.option(address),
    note: fc.option(anyText),
    lineNote: fc.option(anyText),
    facility: fc.option(fc.record({ name: named(), address: longAddress })),
    charges: fc.array(cents, { minLength: 1, maxLength: 4 }),
    diagnoses: fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { minLength: 1, maxLength: 12 }),
  })
  .map((r) => ({
    ...SELF,
    billing: { ...SELF.billing, name: r.billingName, address: r.billingAddress },
    payToAddress: r.payTo,
    subscriber: {
      ...SELF.subscriber,
      isPatient: r.patient === null,
      name: r.subscriberName,
      address: r.patient === null ? r.address : null,
      demographics: r.patient === null ? SELF.subscriber.demographics : null,
      groupNumber: r.group,
      planName: r.plan,
    },
    patient:
      r.patient === null
        ? null
        : { ...r.patient, relationshipCode: '19', demographics: { dateOfBirth: '2015-05-05', gender: 'U' } },
    payer: { ...SELF.payer, name: r.payerName, address: r.payerAddress },
    note: r.note,
    facility: r.facility === null ? null : { ...r.facility, npi: null, secondaryIds: [] },
    totalChargeCents: r.charges.reduce((a, b) => a + b, 0),
    diagnoses: r.diagnoses.map((n) => `F${n}`),
    lines: r.charges.map((chargeCents, i) => ({
      ...LINE,
      procedureCode: i === 0 ? LINE.procedureCode : 'H0005',
      chargeCents,
      lineControlNumber: `L${i}`,
      note: r.lineNote,
    })),
  }));

/** Situational rules about addresses (box, same as billing) are not what is tested here. */
function written(input: Interchange): string | null {
  try {
    return new TextDecoder().decode(writeInterchange(input));
  } catch (error) {
    if (error instanceof X12WriteError && /^E(8|13)$/.test(error.rule)) return null;
    throw error;
  }
}

describe('any Unicode in any text', () => {
  it('never yields a delimiter or a line end inside an element', () => {
    fc.assert(
      fc.property(claim, fc.boolean(), (c, segmentNewline) => {
        const text = written(interchange([c], { segmentNewline }));
        fc.pre(text !== null);
        const { segments, fault } = readSegments(text);
        expect(fault).toBeNull();
        for (const { tag, elements } of segments) {
          expect(tag).toMatch(/^[A-Z][A-Z0-9]{1,2}$/);
          if (tag === 'ISA') continue;
          for (const element of elements) for (const part of element.split(':')) expect(part).toMatch(DATA);
          expect(elements.at(-1)).not.toBe('');
          for (const element of elements) expect(element).toBe(element.trim());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('re-reads as the texts that were meant, in their places, with right counts and numbers', () => {
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 3 }), (claims) => {
        const text = written(interchange(claims.map(numbered)));
        fc.pre(text !== null);
        const { segments } = readSegments(text);
        const sets = setsOf(segments.map((s) => [s.tag, ...s.elements]));
        expect(sets).toHaveLength(claims.length);
        claims.forEach((c, i) => {
          const set = sets[i] ?? [];
          const all = (tag: string): string[][] => set.filter((s) => s[0] === tag);
          const first = (tag: string, code: string): string[] | undefined => set.find((s) => s[0] === tag && s[1] === code);
          expect(set.at(-1)).toEqual(['SE', String(set.length), String(i + 1).padStart(9, '0')]);
          expect(all('HL').map((h) => h.slice(1))).toEqual(
            c.patient === null
              ? [
                  ['1', '', '20', '1'],
                  ['2', '1', '22', '0'],
                ]
              : [
                  ['1', '', '20', '1'],
                  ['2', '1', '22', '1'],
                  ['3', '2', '23', '0'],
                ],
          );
          expect(all('LX').map((l) => l[1])).toEqual(c.lines.map((_, n) => String(n + 1)));
          const lastName = c.subscriber.name.kind === 'person' ? c.subscriber.name.lastName : c.subscriber.name.name;
          expect(first('NM1', 'IL')?.[3]).toBe(cutText(fitText(lastName).text, 60));
          expect(first('NM1', 'PR')?.[3]).toBe(cutText(fitText(c.payer.name).text, 60));
          const lines = fitAddressLines(c.billing.address.line1, c.billing.address.line2);
          expect(all('N3')[0]).toEqual(['N3', lines.line1, ...(lines.line2 === null ? [] : [lines.line2])]);
          expect(all('CLM')[0]?.[2]).toBe(formatAmount(c.totalChargeCents));
          const sum = all('SV1').reduce((total, s) => total + Math.round(Number(s[2]) * 100), 0);
          expect(sum).toBe(c.totalChargeCents);
          expect(
            all('HI')[0]
              ?.slice(1)
              .map((h) => h.split(':')[1]),
          ).toEqual(c.diagnoses);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('is explained without a segment out of place', () => {
    fc.assert(
      fc.property(claim, (c) => {
        const text = written(interchange([c]));
        fc.pre(text !== null);
        expect(renderTree(new TextEncoder().encode(text))).not.toContain('not in the guide at this place');
      }),
      { numRuns: 60 },
    );
  });
});

describe('fitting', () => {
  it('fitText gives data characters, single spaces, and leaves its own result alone', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const { text, notes } = fitText(value);
        expect(text).toMatch(DATA);
        expect(text).not.toMatch(/^ | $| {2}/);
        expect(fitText(text)).toEqual({ text, notes: [] });
        expect(notes.includes('emptied')).toBe(text === '' && value !== '');
      }),
    );
  });

  it('fitIdentifier changes nothing but case and ends, or refuses', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'aZ09-/ .') })), (value) => {
        const fitted = fitIdentifier(value);
        const plain = /^[A-Za-z0-9!"&'()+,\-./;?= ]+$/.test(value.trim());
        expect(fitted).toEqual(plain ? { ok: true, value: value.trim().toUpperCase() } : { ok: false });
      }),
    );
  });

  it('address lines keep every word in order until they are full', () => {
    fc.assert(
      fc.property(named(), fc.option(anyText), (line1, line2) => {
        const fitted = fitAddressLines(line1, line2);
        expect(fitted.line1.length).toBeLessThanOrEqual(55);
        expect((fitted.line2 ?? '').length).toBeLessThanOrEqual(55);
        const joined = `${fitted.line1} ${fitted.line2 ?? ''}`.replaceAll(' ', '');
        const meant = `${fitText(line1).text} ${line2 === null ? '' : fitText(line2).text}`.replaceAll(' ', '');
        if (fitted.cut) expect(meant.startsWith(joined)).toBe(true);
        else expect(joined).toBe(meant);
      }),
    );
  });
});

describe('identifiers and codes', () => {
  const FIELDS: readonly ((value: string) => Partial<ProfessionalClaim>)[] = [
    (memberId) => ({ subscriber: { ...SELF.subscriber, memberId } }),
    (groupNumber) => ({ subscriber: { ...SELF.subscriber, groupNumber } }),
    (claimFilingIndicatorCode) => ({ subscriber: { ...SELF.subscriber, claimFilingIndicatorCode } }),
    (id) => ({ payer: { ...SELF.payer, id } }),
    (value) => ({ references: [{ qualifier: 'G1', value }] }),
    (qualifier) => ({ references: [{ qualifier, value: 'A' }] }),
    (patientControlNumber) => ({ patientControlNumber }),
    (placeOfServiceCode) => ({ placeOfServiceCode }),
    (delayReasonCode) => ({ delayReasonCode }),
    (code) => ({ diagnoses: [code] }),
    (date) => ({ dates: [{ qualifier: '431', date }] }),
    (procedureCode) => ({ lines: [{ ...LINE, procedureCode }] }),
    (modifier) => ({ lines: [{ ...LINE, modifiers: [modifier] }] }),
    (lineControlNumber) => ({ lines: [{ ...LINE, lineControlNumber }] }),
    (dateOfService) => ({ lines: [{ ...LINE, dateOfService }] }),
    (npi) => ({ rendering: { ...SELF.rendering!, npi } }),
    (taxonomyCode) => ({ rendering: { ...SELF.rendering!, taxonomyCode } }),
    (value) => ({ billing: { ...SELF.billing, taxId: { qualifier: 'EI', value } } }),
    (postalCode) => ({ billing: { ...SELF.billing, address: { ...SELF.billing.address, postalCode } } }),
    (state) => ({ billing: { ...SELF.billing, address: { ...SELF.billing.address, state } } }),
    (phone) => ({ billing: { ...SELF.billing, contact: { name: 'A', phone, email: null } } }),
    (email) => ({ billing: { ...SELF.billing, contact: { name: 'A', phone: null, email } } }),
  ];

  it('of any content are written clean or refused without naming the value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIELDS),
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'A1*:~^ -@.x'), maxLength: 12 })),
        (field, value) => {
          const input = interchange([{ ...SELF, ...field(value) }]);
          let text: string;
          try {
            text = new TextDecoder().decode(writeInterchange(input));
          } catch (error) {
            expect(error).toBeInstanceOf(X12WriteError);
            expect((error as Error).message).toMatch(/^[A-Z0-9_]+ [A-Z0-9-]+: [A-Za-z0-9_:.]+$/);
            return;
          }
          const { segments, fault } = readSegments(text);
          expect(fault).toBeNull();
          expect(text).toMatch(/^[A-Z0-9!"&'()+,\-./;?= *:^~\n@_%]*$/);
          expect(segments.filter((s) => s.tag === 'ST' || s.tag === 'CLM' || s.tag === 'LX')).toHaveLength(3);
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('reading', () => {
  it('never throws, whatever byte of a file is changed', () => {
    const files = Object.values(CASES).map((c) => writeInterchange(c));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (file, at, byte, cut) => {
        const broken = Uint8Array.from(file);
        broken[at % broken.length] = byte;
        expect(typeof renderTree(broken.slice(0, cut % 2 === 0 ? broken.length : cut % broken.length))).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});

function setsOf(segments: readonly string[][]): string[][][] {
  const sets: string[][][] = [];
  for (const segment of segments) {
    if (segment[0] === 'ST') sets.push([]);
    if (segment[0] === 'GE') break;
    sets.at(-1)?.push(segment);
  }
  return sets;
}
