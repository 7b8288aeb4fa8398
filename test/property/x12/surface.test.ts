import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProfessionalClaim, Provider, Reference, ServiceFacility, ServiceLine } from '../../../src/x12/837p/model.ts';
import type { Adjustment, DatedEvent, LineAdjudication } from '../../../src/x12/837p/model-supplement.ts';
import { ALL_SNIP_TYPES } from '../../../src/x12/837p/validate/options.ts';
import { createValidator } from '../../../src/x12/837p/validate/validator.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { X12WriteError } from '../../../src/x12/write-error.ts';
import { interchange, numbered } from '../../golden/base.ts';
import { countSegments, find, type Loop, readSets } from './loops.ts';
import { surfaceClaim } from './surface.ts';

const segmentsOf = (loop: Loop | undefined, tag: string, code?: string): readonly (readonly string[])[] =>
  (loop?.segments ?? []).filter((s) => s[0] === tag && (code === undefined || s[1] === code));
const one = (loop: Loop | undefined, tag: string, code?: string): readonly string[] | undefined => segmentsOf(loop, tag, code)[0];

/** Read back by plain arithmetic on texts, none of it the writer's. */
const toCents = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Math.round(Number(text) * 100);
const toDay = (text = ''): string => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
const sorted = (values: readonly unknown[]): string[] => values.map((v) => JSON.stringify(v)).sort();

const readReferences = (loop: Loop | undefined, without: readonly string[] = []) =>
  sorted(
    segmentsOf(loop, 'REF')
      .filter((s) => !without.includes(s[1] ?? ''))
      .map((s) => [s[1], s[2], s[4]?.split(':')[1]]),
  );
const meantReferences = (references: readonly Reference[] = []) =>
  sorted(references.map((r) => [r.qualifier, r.value, r.payerId]));
const readDates = (loop: Loop | undefined) =>
  sorted(
    segmentsOf(loop, 'DTP')
      .filter((s) => s[1] !== '472')
      .map((s) => [s[1], s[2], toDay(s[3]), s[3]?.split('-')[1]]),
  );
const meantDates = (dates: readonly DatedEvent[] = []) =>
  sorted(dates.map((d) => [d.qualifier, d.endDate ? 'RD8' : 'D8', d.date, d.endDate?.replaceAll('-', '')]));

const readAdjustments = (loop: Loop | undefined) => {
  const segments = segmentsOf(loop, 'CAS');
  const groups = segments.map((s) => s[1]);
  expect(new Set(groups).size).toBe(groups.length);
  return sorted(
    segments.flatMap(([, group, ...rest]) => {
      const reasons: unknown[] = [];
      for (let i = 0; i < rest.length; i += 3) reasons.push([group, rest[i], toCents(rest[i + 1]), Number(rest[i + 2] || 0)]);
      expect(reasons.length).toBeLessThanOrEqual(6);
      return reasons;
    }),
  );
};
const meantAdjustments = (adjustments: readonly Adjustment[]) => {
  const sums = new Map<string, [string, string, number, number]>();
  for (const a of adjustments) {
    const known = sums.get(`${a.group} ${a.reason}`) ?? [a.group, a.reason, 0, 0];
    sums.set(`${a.group} ${a.reason}`, [a.group, a.reason, known[2] + a.amountCents, known[3] + (a.quantity ?? 0)]);
  }
  return sorted([...sums.values()].filter(([, , amount]) => amount !== 0));
};

const expectProvider = (loop: Loop | undefined, meant: Provider | null | undefined) => {
  if (meant === null || meant === undefined) {
    expect(loop).toBeUndefined();
    return;
  }
  const name = meant.name.kind === 'person' ? meant.name : { lastName: meant.name.name, firstName: '' };
  const nm1 = one(loop, 'NM1');
  expect([nm1?.[3], nm1?.[4], nm1?.[9]]).toEqual([name.lastName, name.firstName, meant.npi]);
  expect(readReferences(loop)).toEqual(meantReferences(meant.secondaryIds));
};
const expectFacility = (loop: Loop | undefined, meant: ServiceFacility | null | undefined) => {
  if (meant === null || meant === undefined) {
    expect(loop).toBeUndefined();
    return;
  }
  expect([one(loop, 'NM1')?.[3], one(loop, 'N3')?.[1], one(loop, 'NM1')?.[9] ?? null]).toEqual([
    meant.name,
    meant.address.line1,
    meant.npi,
  ]);
  expect(readReferences(loop)).toEqual(meantReferences(meant.secondaryIds));
};

/** What a claim and a line both may have. */
const expectPapers = (
  loop: Loop | undefined,
  meant: Pick<ServiceLine, 'attachments' | 'contract' | 'pricing' | 'fileInformation'>,
) => {
  expect(segmentsOf(loop, 'PWK').map((s) => [s[1], s[2], s[6] ?? null])).toEqual(
    (meant.attachments ?? []).map((a) => [a.type, a.transmission, a.controlNumber]),
  );
  const cn1 = one(loop, 'CN1');
  const { contract, pricing } = meant;
  expect(cn1 && [cn1[1], toCents(cn1[2]), Number(cn1[3] || 0), cn1[4] || undefined, cn1[6]]).toEqual(
    contract && [contract.type, contract.amountCents ?? null, contract.percentage ?? 0, contract.code, contract.version],
  );
  const hcp = one(loop, 'HCP');
  expect(hcp && [hcp[1], toCents(hcp[2]), toCents(hcp[3]), hcp[4] || undefined, hcp[13]]).toEqual(
    pricing && [
      pricing.methodology,
      pricing.allowedCents,
      pricing.savingCents ?? null,
      pricing.organizationId,
      pricing.rejectReason,
    ],
  );
  expect(segmentsOf(loop, 'K3').map((s) => s[1])).toEqual(meant.fileInformation ?? []);
};

const expectDecision = (loop: Loop | undefined, meant: LineAdjudication) => {
  const svd = one(loop, 'SVD');
  const [, code, ...modifiers] = svd?.[3]?.split(':') ?? [];
  expect([svd?.[1], toCents(svd?.[2]), code, modifiers, Number(svd?.[5])]).toEqual([
    meant.payerId,
    meant.paidCents,
    meant.procedureCode,
    meant.modifiers,
    meant.units,
  ]);
  expect(readAdjustments(loop)).toEqual(meantAdjustments(meant.adjustments));
  expect(toDay(one(loop, 'DTP', '573')?.[3])).toBe(meant.adjudicatedOn);
  expect(toCents(one(loop, 'AMT', 'EAF')?.[2])).toBe(meant.remainingPatientLiabilityCents);
};

const expectLine = (loop: Loop, meant: ServiceLine, number: number) => {
  expect(one(loop, 'LX')?.[1]).toBe(String(number));
  const sv1 = one(loop, 'SV1');
  const [, code, , , , , description] = sv1?.[1]?.split(':') ?? [];
  const yes = (said: boolean | undefined) => (said === true ? 'Y' : '');
  expect([code, description, toCents(sv1?.[2]), sv1?.[9] ?? '', sv1?.[12] ?? '', sv1?.[15]]).toEqual([
    meant.procedureCode,
    meant.description,
    meant.chargeCents,
    yes(meant.emergency),
    yes(meant.familyPlanning),
    meant.copayExempt === true ? '0' : undefined,
  ]);
  const [from, to] = one(loop, 'DTP', '472')?.[3]?.split('-') ?? [];
  expect([toDay(from), to && toDay(to)]).toEqual([meant.dateOfService, meant.endDate]);
  expect(readDates(loop)).toEqual(meantDates(meant.dates));
  expectPapers(loop, meant);
  expect(readReferences(loop)).toEqual(
    meantReferences([...(meant.references ?? []), { qualifier: '6R', value: meant.lineControlNumber }]),
  );
  expect([toCents(one(loop, 'AMT', 'T')?.[2]), toCents(one(loop, 'AMT', 'F4')?.[2])]).toEqual([
    meant.salesTaxCents ?? null,
    meant.postageCents ?? null,
  ]);
  expect(one(loop, 'NTE', 'TPO')?.[2]).toBe(meant.thirdPartyNote);
  expectProvider(find(loop, '2420A')[0], meant.rendering);
  expectFacility(find(loop, '2420C')[0], meant.facility);
  expectProvider(find(loop, '2420D')[0], meant.supervising);
  expectProvider(find(loop, '2420E')[0], meant.ordering);
  expectProvider(find(loop, '2420F')[0], meant.referring);
  const decisions = find(loop, '2430');
  expect(decisions).toHaveLength(meant.adjudications?.length ?? 0);
  meant.adjudications?.forEach((d, i) => {
    expectDecision(decisions[i], d);
  });
};

const expectOther = (loop: Loop, meant: NonNullable<ProfessionalClaim['otherPayers']>[number]) => {
  const sbr = one(loop, 'SBR');
  const plan = meant.groupNumber === null ? (meant.planName ?? '') : '';
  expect([sbr?.[1], sbr?.[2], sbr?.[3], sbr?.[4], sbr?.[9]]).toEqual([
    meant.responsibility,
    meant.relationshipCode,
    meant.groupNumber ?? '',
    plan,
    meant.claimFilingIndicatorCode,
  ]);
  expect(readAdjustments(loop)).toEqual(meantAdjustments(meant.adjustments));
  expect([toCents(one(loop, 'AMT', 'D')?.[2]), toCents(one(loop, 'AMT', 'EAF')?.[2])]).toEqual([
    meant.paidCents,
    meant.remainingPatientLiabilityCents,
  ]);
  expect((one(loop, 'MOA') ?? []).slice(3)).toEqual(meant.outpatient?.remarkCodes ?? []);
  const [payer] = find(loop, '2330B');
  expect(one(payer, 'NM1')?.[9]).toBe(meant.payer.id);
  const decidedOn = one(payer, 'DTP', '573')?.[3];
  expect(decidedOn === undefined ? null : toDay(decidedOn)).toBe(meant.adjudicatedOn);
  expect(readReferences(payer)).toEqual(meantReferences(meant.references));
  const [named] = find(loop, '2330A');
  const { name, memberId, address } = meant.subscriber;
  expect([one(named, 'NM1')?.[3], one(named, 'NM1')?.[9]]).toEqual([
    name.kind === 'person' ? name.lastName : name.name,
    memberId,
  ]);
  expect(one(named, 'N4')?.[1]).toBe(address?.city.toUpperCase());
  const known = { referring: '2330C', rendering: '2330D', supervising: '2330F' } as const;
  for (const [role, id] of Object.entries(known)) {
    const ids = meant.providers?.find((p) => p.role === role)?.ids;
    expect(readReferences(find(loop, id)[0])).toEqual(meantReferences(ids));
  }
};

const expectClaim = (set: Loop, meant: ProfessionalClaim) => {
  const [claim] = find(set, '2300');
  if (claim === undefined) throw new Error('a set without a claim');
  expect(toCents(one(claim, 'CLM')?.[2])).toBe(meant.totalChargeCents);
  expect(readDates(claim)).toEqual(meantDates(meant.dates));
  expectPapers(claim, meant);
  expect(readReferences(claim)).toEqual(meantReferences(meant.references));
  expect(one(claim, 'NTE')).toEqual(meant.note === null ? undefined : ['NTE', meant.noteCode ?? 'ADD', meant.note]);
  const { epsdt } = meant;
  expect(one(claim, 'CRC')?.slice(1)).toEqual(epsdt && ['ZZ', epsdt.referralGiven ? 'Y' : 'N', ...epsdt.conditions]);
  const [referring, primaryCare] = find(claim, '2310A');
  expectProvider(referring, meant.referring);
  expectProvider(primaryCare, meant.primaryCare);
  expectFacility(find(claim, '2310C')[0], meant.facility);
  expectProvider(find(claim, '2310D')[0], meant.supervising);
  const others = find(claim, '2320');
  expect(others).toHaveLength(meant.otherPayers?.length ?? 0);
  meant.otherPayers?.forEach((o, i) => {
    expectOther(others[i] as Loop, o);
  });
  const lines = find(claim, '2400');
  expect(lines).toHaveLength(meant.lines.length);
  meant.lines.forEach((line, i) => {
    expectLine(lines[i] as Loop, line, i + 1);
  });
};

/** What our own validator refuses, all types and house style: nothing that the writer lets out. */
function errorsOf(bytes: Uint8Array): readonly string[] {
  const errors: string[] = [];
  const validator = createValidator(
    { snip: ALL_SNIP_TYPES, today: '2026-12-29', codeSets: null, receiver: null, own: true },
    {
      finding: ({ severity, rule, place }) =>
        void (severity === 'error' && errors.push(`${place.loop} ${place.element} ${rule}`)),
    },
  );
  validator.push(bytes);
  validator.end();
  return errors;
}

/** The sets of the file, or the rule by which it was refused. */
function written(claims: readonly ProfessionalClaim[]): { readonly sets: readonly Loop[] } | { readonly refused: string } {
  let bytes: Uint8Array;
  try {
    bytes = writeInterchange(interchange(claims, { date: '2026-12-29' }));
  } catch (error) {
    if (error instanceof X12WriteError) return { refused: error.message };
    throw error;
  }
  expect(errorsOf(bytes)).toEqual([]);
  const sets = readSets(new TextDecoder().decode(bytes));
  for (const set of sets) expect(one(set, 'SE')?.[1]).toBe(String(countSegments(set)));
  return { sets };
}

/** Every refusal that the generator may provoke; anything else is a defect of the writer. */
const EXPECTED_REFUSALS =
  /: (date\.order|E13|E17|E20|E24|E26|E34|E37|guide|required|missing|repeat|too_many|not_used|code|format:\w+)$/;

describe('any claim of the whole surface', () => {
  it('is refused by a rule, or re-reads to the same values with right counts', () => {
    let done = 0;
    let refused = 0;
    fc.assert(
      fc.property(surfaceClaim(), (claim) => {
        const result = written([claim]);
        if ('refused' in result) {
          refused += 1;
          expect(result.refused).toMatch(EXPECTED_REFUSALS);
          return;
        }
        done += 1;
        expect(result.sets).toHaveLength(1);
        expectClaim(result.sets[0] as Loop, claim);
      }),
      { numRuns: 400 },
    );

    expect(done).toBeGreaterThan(40);
    expect(refused).toBeGreaterThan(40);
  });

  it('with other payers only: nearly always written', () => {
    let done = 0;
    fc.assert(
      fc.property(surfaceClaim('coordinated'), (claim) => {
        const result = written([claim]);
        if ('refused' in result) {
          expect(result.refused).toMatch(/: (E34|E37|too_many|required|missing)$/);
          return;
        }
        done += 1;
        expectClaim(result.sets[0] as Loop, claim);
      }),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(100);
  });

  it('in batches: one set each, in order, every count its own', () => {
    fc.assert(
      fc.property(fc.array(surfaceClaim('coordinated'), { minLength: 2, maxLength: 6 }), (claims) => {
        const batch = claims.map(numbered);
        const result = written(batch);
        fc.pre('sets' in result);
        expect(result.sets).toHaveLength(batch.length);
        result.sets.forEach((set, i) => {
          expectClaim(set, batch[i] as ProfessionalClaim);
        });
      }),
      { numRuns: 25 },
    );
  });
});
