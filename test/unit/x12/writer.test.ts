import { describe, expect, it } from 'vitest';
import type { Interchange, ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { readSegments } from '../../../src/x12/read.ts';
import { BILLING, BILLING_ADDRESS, interchange, LINE, numbered, OTHER, SELF } from '../../golden/base.ts';
import { lines, refusal, write } from './write.ts';

describe('the envelope', () => {
  it('has an ISA of 106 characters, whatever the ids', () => {
    for (const senderId of ['A', 'NORTHSIDE', 'ABCDEFGHIJKLMNO']) {
      const text = write({}, { senderId, segmentNewline: false });
      expect(text.charAt(105)).toBe('~');
      expect(text.indexOf('GS*')).toBe(106);
    }
  });

  it('gives the group the number of the interchange without its zeros', () => {
    const text = write({}, { controlNumber: '000012340' });
    expect(text).toContain('*000012340*0*T*:~');
    expect(text).toContain('*12340*X*005010X222A1~');
    expect(text).toContain('GE*1*12340~');
    expect(text.endsWith('IEA*1*000012340~\n')).toBe(true);
    expect(write({}, { controlNumber: '000000000' })).toContain('*0*X*005010X222A1~');
  });

  it('ends every segment with a newline or none', () => {
    const text = write({}, { segmentNewline: true });
    expect(text.split('~').length).toBe(text.split('~\n').length);
    expect(write({}, { segmentNewline: false })).not.toContain('\n');
  });

  it('counts segments per set and sets per group', () => {
    const text = new TextDecoder().decode(writeInterchange(interchange([1, 2, 3].map((n) => numbered(SELF, n)))));
    const { segments } = readSegments(text);
    let start = 0;
    const counts: [string, number][] = [];
    segments.forEach(({ tag, elements }, i) => {
      if (tag === 'ST') start = i;
      if (tag === 'SE') counts.push([elements[0] ?? '', i - start + 1]);
    });
    expect(counts).toHaveLength(3);
    for (const [said, counted] of counts) expect(said).toBe(String(counted));
    expect(text).toContain('GE*3*101~');
  });

  it.each<[Partial<Interchange>, string]>([
    [{ senderId: 'ABCDEFGHIJKLMNOP' }, 'ISA_LOOP ISA06 length'],
    [{ senderId: ' ' }, 'ISA_LOOP ISA06 required'],
    [{ senderId: 'A*B' }, 'ISA_LOOP ISA06 charset'],
    [{ senderQualifier: 'XX' }, 'ISA_LOOP ISA05 code'],
    [{ controlNumber: '12' }, 'ISA_LOOP ISA13 length'],
    [{ controlNumber: '12345678A' }, 'ISA_LOOP ISA13 type'],
    [{ date: '2026-02-30' }, 'ISA_LOOP ISA09 type'],
    [{ time: '2460' }, 'ISA_LOOP ISA10 type'],
    [{ applicationSender: 'A' }, 'GS_LOOP GS02 length'],
    [{ transactionSets: [] }, 'GS_LOOP ST_LOOP missing'],
  ])('refuses %j', (changes, expected) => expect(refusal({}, changes)).toBe(expected));
});

describe('a batch', () => {
  const sets = interchange([1, 2].map((n) => numbered(SELF, n))).transactionSets;
  const [first, second] = [sets[0]!, sets[1]!];
  it.each([
    ['ST_LOOP ST02 E3', { ...second, controlNumber: first.controlNumber }],
    ['HEADER BHT03 E3', { ...second, batchReference: first.batchReference.toLowerCase() }],
    ['2300 CLM01 E1', { ...second, claim: first.claim }],
    ['written', second],
  ])('%s', (expected, other) => expect(refusal({}, { transactionSets: [first, other] })).toBe(expected));

  it('may hold a replacement under the number of its original', () => {
    const replacement = { ...first.claim, frequencyCode: '7', references: [{ qualifier: 'F8', value: 'ICN1' }] } as const;
    expect(refusal({}, { transactionSets: [first, { ...second, claim: replacement }] })).toBe('written');
  });
});

describe('2010AA contact', () => {
  it('is left out where the submitter says the same', () => {
    expect(lines({}).filter((l) => l.startsWith('PER'))).toEqual(['PER*IC*BILLING OFFICE*TE*6085550142']);
  });

  it.each([
    [{ name: 'Ann', phone: '(608) 555-0199', email: null }, 'PER*IC*ANN*TE*6085550199'],
    [{ name: 'Ann', phone: '+1 608 555 0199 ext. 12', email: 'a@b.org' }, 'PER*IC*ANN*TE*6085550199*EX*12'],
    [{ name: null, phone: '608.555.0199x7', email: null }, 'PER*IC**TE*6085550199*EX*7'],
    [{ name: 'Ann', phone: null, email: 'ann_b@clinic.org' }, 'PER*IC*ANN*EM*ANN_B@CLINIC.ORG'],
  ])('%j', (contact, expected) => {
    expect(lines({ billing: { ...BILLING, contact } }).filter((l) => l.startsWith('PER'))[1]).toBe(expected);
  });

  it('is left out without a number, and refused with a bad one', () => {
    expect(
      lines({ billing: { ...BILLING, contact: { name: 'Ann', phone: ' ', email: null } } }).filter((l) => l.startsWith('PER')),
    ).toHaveLength(1);
    expect(refusal({ billing: { ...BILLING, contact: { name: 'Ann', phone: '555-0199', email: null } } })).toBe(
      '2010AA PER04 format:phone',
    );
    expect(refusal({ billing: { ...BILLING, contact: { name: 'Ann', phone: null, email: 'a*b@c.org' } } })).toBe(
      '2010AA PER04 charset',
    );
    expect(refusal({}, { submitter: { name: 'N', id: '12', contact: { name: 'Ann', phone: null, email: null } } })).toBe(
      '1000A PER03 required',
    );
  });
});

describe('claim details', () => {
  it('puts dates and references in table order', () => {
    const written = lines({
      dates: [
        { qualifier: '435', date: '2026-11-01' },
        { qualifier: '454', date: '2026-02-01' },
        { qualifier: '431', date: '2026-01-01' },
      ],
      references: ['P4', 'EA', 'D9', 'X4', 'G1', '9F', '4N'].map((qualifier) => ({ qualifier, value: '1' })),
    });
    expect(written.filter((l) => l.startsWith('DTP')).map((l) => l.slice(4, 7))).toEqual(['431', '454', '435', '472']);
    expect(written.filter((l) => l.startsWith('REF')).map((l) => l.split('*')[1])).toEqual([
      'EI',
      '4N',
      '9F',
      'G1',
      'X4',
      'D9',
      'EA',
      'P4',
      '6R',
    ]);
  });

  it('names the place of service on the line only where it differs', () => {
    const place = (placeOfServiceCode: string): string | undefined =>
      lines({ lines: [{ ...LINE, placeOfServiceCode }] }).find((l) => l.startsWith('SV1'));
    expect(place('11')).toBe('SV1*HC:90853*60*UN*1***1');
    expect(place('02')).toBe('SV1*HC:90853*60*UN*1*02**1');
  });

  it('sends a plan name only without a group number, and the billing provider ids of the payer', () => {
    const sbr = (groupNumber: string | null): string | undefined =>
      lines({ subscriber: { ...SELF.subscriber, groupNumber, planName: 'Gold' } }).find((l) => l.startsWith('SBR'));
    expect(sbr('g-77')).toBe('SBR*P*18*G-77******CI');
    expect(sbr(null)).toBe('SBR*P*18**GOLD*****CI');
  });

  it('sends SBR05 for Medicare that does not come first', () => {
    const subscriber = {
      ...SELF.subscriber,
      responsibility: 'S',
      claimFilingIndicatorCode: 'MB',
      insuranceTypeCode: '47',
    } as const;
    const otherPayers = [{ ...OTHER, responsibility: 'P' }] as const;
    expect(lines({ subscriber, otherPayers }).find((l) => l.startsWith('SBR'))).toBe('SBR*S*18***47****MB');
    expect(refusal({ subscriber: { ...subscriber, insuranceTypeCode: null }, otherPayers })).toBe('2000B SBR05 E17');
    expect(refusal({ subscriber })).toBe('2320 SBR01 E17');
  });

  it('omits a payment of zero and an empty note', () => {
    const written = lines({ patientPaidCents: 0, note: '🙂' });
    expect(written.some((l) => l.startsWith('AMT') || l.startsWith('NTE'))).toBe(false);
  });

  it('writes each of twelve diagnoses and fifty lines, and refuses more', () => {
    const diagnoses = Array.from({ length: 12 }, (_, i) => `F${10 + i}`);
    const hi = lines({ diagnoses }).find((l) => l.startsWith('HI'));
    expect(hi?.split('*')).toHaveLength(13);
    expect(refusal({ diagnoses: [...diagnoses, 'F99'] })).toBe('2300 HI too_many');
    const many = (n: number): Partial<ProfessionalClaim> => ({
      totalChargeCents: 6000 * n,
      lines: Array.from({ length: n }, (_, i) => ({ ...LINE, procedureCode: 'H0005', lineControlNumber: `L${i}` })),
    });
    expect(lines(many(50)).filter((l) => l.startsWith('LX'))).toHaveLength(50);
    expect(refusal(many(51))).toBe('2400 2400 repeat');
  });
});

describe('what recurs in the files of a practice', () => {
  const billingLoop = (changes: Partial<ProfessionalClaim>): string[] =>
    lines(changes).filter(
      (_, i, all) => i > all.findIndex((l) => l.startsWith('PRV*BI')) && i < all.findIndex((l) => l.startsWith('HL*2')),
    );
  const billing = (changes: Partial<typeof BILLING>) => ({ billing: { ...structuredClone(BILLING), ...changes } });

  it('is the same from equal values and other objects', () => {
    const first = billingLoop(billing({}));
    expect(first[0]).toContain('NORTHSIDE COUNSELING GROUP LLC');
    expect(billingLoop(billing({}))).toEqual(first);
  });

  it('is never a former state of the practice', () => {
    billingLoop(billing({}));
    expect(billingLoop(billing({ address: { ...BILLING_ADDRESS, line1: '9 New St' } }))[1]).toBe('N3*9 NEW ST');
    expect(billingLoop(billing({ secondaryIds: [{ qualifier: '0B', value: 'LIC1' }] })).at(-1)).toBe('REF*0B*LIC1');
    expect(billingLoop(billing({ contact: { name: 'Ann', phone: '6085550111', email: null } })).at(-1)).toMatch(/^PER\*IC\*ANN/);
    expect(billingLoop(billing({}))[1]).toBe('N3*410 W MAIN ST');
  });

  it('is refused every time it is wrong', () => {
    const wrong = billing({ address: { ...BILLING_ADDRESS, postalCode: '53703' } });
    for (let i = 0; i < 2; i++) expect(refusal(wrong)).toBe('2010AA N403 format:zip9');
    expect(billingLoop(billing({}))[2]).toBe('N4*MADISON*WI*537031234');
  });

  it('of many practices is written right, more than are remembered', () => {
    for (let i = 0; i < 150; i++) {
      const name = { kind: 'organization', name: `Practice ${i}` } as const;
      expect(billingLoop(billing({ name, npi: null, taxId: { qualifier: 'EI', value: String(100_000_000 + i) } }))[0]).toBe(
        `NM1*85*2*PRACTICE ${i}`,
      );
    }
  });
});
