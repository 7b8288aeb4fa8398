import type { ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { find, type Loop } from './loops.ts';
import {
  address,
  adjustments,
  all,
  bySigns,
  cents,
  contact,
  dates,
  day,
  facilityIn,
  idsOf,
  type Json,
  name,
  number,
  one,
  papers,
  parts,
  procedure,
  provider,
  providerIn,
  references,
  type Segment,
  said,
  when,
} from './read-parts.ts';

const decision = (loop: Loop): Json => {
  const svd = one(loop, 'SVD');
  return {
    payerId: said(svd, 1),
    paidCents: cents(said(svd, 2)),
    ...procedure(parts(svd, 3)),
    units: number(said(svd, 5)),
    bundledInto: when(number(said(svd, 6))),
    adjustments: adjustments(loop),
    adjudicatedOn: day(said(one(loop, 'DTP', '573'), 3)),
    remainingPatientLiabilityCents: cents(said(one(loop, 'AMT', 'EAF'), 2)),
  };
};

const line = (loop: Loop): Json => {
  const sv1 = one(loop, 'SV1');
  const [from, to] = (said(one(loop, 'DTP', '472'), 3) ?? '').split('-');
  const [note, third] = [one(loop, 'NTE', 'ADD', 'DCP'), one(loop, 'NTE', 'TPO')];
  const ps1 = one(loop, 'PS1');
  const [bought] = find(loop, '2420B');
  const [ordering] = find(loop, '2420E');
  const decisions = find(loop, '2430');
  const yes = (at: number, sign: string) => (said(sv1, at) === sign ? true : undefined);
  return {
    ...procedure(parts(sv1, 1)),
    chargeCents: cents(said(sv1, 2)),
    unitCode: said(sv1, 3),
    units: number(said(sv1, 4)),
    placeOfServiceCode: said(sv1, 5),
    diagnosisPointers: parts(sv1, 7).map(Number),
    emergency: yes(9, 'Y'),
    epsdt: yes(11, 'Y'),
    familyPlanning: yes(12, 'Y'),
    copayExempt: yes(15, '0'),
    dateOfService: day(from),
    endDate: when(day(to)),
    dates: dates(loop, ['472']),
    ...papers(loop),
    references: idsOf(loop, ['6R']),
    lineControlNumber: said(one(loop, 'REF', '6R'), 2),
    salesTaxCents: when(cents(said(one(loop, 'AMT', 'T'), 2))),
    postageCents: when(cents(said(one(loop, 'AMT', 'F4'), 2))),
    note: said(note, 2),
    noteCode: note && said(note, 1),
    thirdPartyNote: when(said(third, 2)),
    purchasedService: ps1 && {
      providerId: said(ps1, 1),
      chargeCents: cents(said(ps1, 2)),
      provider: {
        npi: said(one(bought, 'NM1'), 9),
        entity: one(bought, 'NM1')?.[2] === '1' ? 'person' : 'organization',
        secondaryIds: idsOf(bought),
      },
    },
    rendering: when(providerIn(find(loop, '2420A'), '82')),
    facility: when(facilityIn(find(loop, '2420C'))),
    supervising: when(providerIn(find(loop, '2420D'), 'DQ')),
    ordering: ordering && {
      ...provider(ordering),
      address: when(address(ordering)),
      contact: contact(one(ordering, 'PER')),
    },
    referring: when(providerIn(find(loop, '2420F'), 'DN')),
    primaryCare: when(providerIn(find(loop, '2420F'), 'P3')),
    adjudications: decisions.map(decision),
  };
};

const ROLES = { DN: 'referring', P3: 'primary_care', 82: 'rendering', 77: 'facility', DQ: 'supervising', 85: 'billing' } as const;

const otherPayer = (loop: Loop): Json => {
  const [sbr, oi, moa] = [one(loop, 'SBR'), one(loop, 'OI'), one(loop, 'MOA')];
  const [[subscriber], [payer]] = [find(loop, '2330A'), find(loop, '2330B')];
  const providers = loop.loops.filter((l) => l.id >= '2330C').map((l) => [one(l, 'NM1'), l] as const);
  return {
    responsibility: said(sbr, 1),
    relationshipCode: said(sbr, 2),
    groupNumber: said(sbr, 3),
    planName: said(sbr, 4),
    insuranceTypeCode: said(sbr, 5),
    claimFilingIndicatorCode: said(sbr, 9),
    adjustments: adjustments(loop),
    paidCents: cents(said(one(loop, 'AMT', 'D'), 2)),
    nonCoveredCents: cents(said(one(loop, 'AMT', 'A8'), 2)),
    remainingPatientLiabilityCents: cents(said(one(loop, 'AMT', 'EAF'), 2)),
    benefitsAssigned: said(oi, 3),
    patientSignatureSource: said(oi, 4),
    releaseOfInformation: said(oi, 6),
    outpatient: moa && {
      reimbursementRate: when(number(said(moa, 1))),
      payableCents: when(cents(said(moa, 2))),
      remarkCodes: moa.slice(3, 8).filter((code) => code !== ''),
      esrdCents: when(cents(said(moa, 8))),
      nonPayableProfessionalCents: when(cents(said(moa, 9))),
    },
    subscriber: {
      name: name(one(subscriber, 'NM1')),
      memberIdQualifier: said(one(subscriber, 'NM1'), 8),
      memberId: said(one(subscriber, 'NM1'), 9),
      address: address(subscriber),
      references: idsOf(subscriber),
    },
    payer: {
      name: said(one(payer, 'NM1'), 3),
      idQualifier: said(one(payer, 'NM1'), 8),
      id: said(one(payer, 'NM1'), 9),
      address: address(payer),
    },
    adjudicatedOn: day(said(one(payer, 'DTP', '573'), 3)),
    references: idsOf(payer),
    providers: bySigns(
      providers.map(([nm1, l]) => ({
        role: ROLES[(nm1?.[1] ?? '') as keyof typeof ROLES] ?? null,
        entity: nm1?.[2] === '1' ? 'person' : 'organization',
        ids: idsOf(l),
      })),
    ),
  };
};

const condition = (pat: Segment | undefined): Json | undefined => {
  const known = {
    deathDate: when(day(said(pat, 6))),
    weightPounds: when(number(said(pat, 8))),
    pregnant: said(pat, 9) === 'Y' ? true : undefined,
  };
  return Object.values(known).every((v) => v === undefined) ? undefined : known;
};
const demographics = (loop: Loop | undefined): Json => {
  const dmg = one(loop, 'DMG');
  return dmg === undefined ? null : { dateOfBirth: day(said(dmg, 2)), gender: said(dmg, 3) };
};

/** Segments of the hierarchical level that an HL opens: up to the next one. */
const level = (set: Loop, code: string): Loop => {
  const start = set.segments.findIndex((s) => s[0] === 'HL' && s[3] === code);
  const rest = start === -1 ? [] : set.segments.slice(start + 1);
  const end = rest.findIndex((s) => s[0] === 'HL');
  return { id: code, segments: end === -1 ? rest : rest.slice(0, end), loops: [] };
};

/**
 * The one claim of a set (`readSets` of ./loops.ts) read back into the model, in the form of `canonicalClaim`: what is
 * absent is null or left out, lists whose order says nothing are sorted.
 */
export function readClaim(set: Loop): Json {
  const loop = (id: string): Loop | undefined => find(set, id)[0];
  const claim = loop('2300');
  if (claim === undefined) throw new Error('a set without a claim');
  const [clm, sbr] = [one(claim, 'CLM'), one(level(set, '22'), 'SBR')];
  const [aa, ba, bb, ca] = [loop('2010AA'), loop('2010BA'), loop('2010BB'), loop('2010CA')];
  const [place = null, , frequency = null] = parts(clm, 5);
  const [note, crc] = [one(claim, 'NTE'), one(claim, 'CRC')];
  const causes = parts(clm, 11);
  const [billingContact, secondContact] = all(aa, 'PER');
  return {
    billing: {
      name: name(one(aa, 'NM1')),
      npi: said(one(aa, 'NM1'), 9),
      taxonomyCode: said(one(level(set, '20'), 'PRV'), 3),
      address: address(aa),
      taxId: references(all(aa, 'REF', 'EI', 'SY')),
      secondaryIds: idsOf(aa, ['EI', 'SY']),
      contact: contact(billingContact) ?? null,
      secondContact: contact(secondContact),
    },
    payToAddress: address(loop('2010AB')),
    subscriber: {
      responsibility: said(sbr, 1),
      isPatient: said(sbr, 2) === '18',
      groupNumber: said(sbr, 3),
      planName: said(sbr, 4),
      insuranceTypeCode: said(sbr, 5),
      claimFilingIndicatorCode: said(sbr, 9),
      name: name(one(ba, 'NM1')),
      memberIdQualifier: said(one(ba, 'NM1'), 8),
      memberId: said(one(ba, 'NM1'), 9),
      address: address(ba),
      demographics: demographics(ba),
      condition: condition(one(level(set, '22'), 'PAT')),
      references: idsOf(ba),
      contact: contact(one(ba, 'PER')),
    },
    patient:
      ca === undefined
        ? null
        : {
            relationshipCode: said(one(level(set, '23'), 'PAT'), 1),
            name: name(one(ca, 'NM1')),
            address: address(ca),
            demographics: demographics(ca),
            condition: condition(one(level(set, '23'), 'PAT')),
            references: idsOf(ca),
            contact: contact(one(ca, 'PER')),
          },
    payer: {
      name: said(one(bb, 'NM1'), 3),
      idQualifier: said(one(bb, 'NM1'), 8),
      id: said(one(bb, 'NM1'), 9),
      address: address(bb),
      secondaryIds: idsOf(bb, ['G2', 'LU']),
      billingProviderIds: references(all(bb, 'REF', 'G2', 'LU')),
    },
    patientControlNumber: said(clm, 1),
    totalChargeCents: cents(said(clm, 2)),
    placeOfServiceCode: place,
    frequencyCode: frequency,
    providerSignatureOnFile: said(clm, 6),
    acceptAssignment: said(clm, 7),
    benefitsAssigned: said(clm, 8),
    releaseOfInformation: said(clm, 9),
    patientSignatureSource: said(clm, 10),
    relatedCauses: causes.slice(0, 3).filter((c) => c !== ''),
    accidentState: causes[3] || null,
    specialProgramCode: said(clm, 12),
    delayReasonCode: said(clm, 20),
    dates: dates(claim, []),
    ...papers(claim),
    patientPaidCents: cents(said(one(claim, 'AMT', 'F5'), 2)),
    references: idsOf(claim),
    note: said(note, 2),
    noteCode: note && said(note, 1),
    epsdt: crc && { referralGiven: crc[2] === 'Y', conditions: crc.slice(3) },
    diagnoses: (one(claim, 'HI')?.slice(1) ?? []).map((h, i) => {
      const [qualifier, code = null] = h.split(':');
      if (qualifier !== (i === 0 ? 'ABK' : 'ABF')) throw new Error('a diagnosis under another qualifier');
      return code;
    }),
    referring: providerIn(find(claim, '2310A'), 'DN'),
    primaryCare: when(providerIn(find(claim, '2310A'), 'P3')),
    rendering: providerIn(find(claim, '2310B'), '82'),
    facility: facilityIn(find(claim, '2310C')),
    supervising: providerIn(find(claim, '2310D'), 'DQ'),
    otherPayers: find(claim, '2320').map(otherPayer),
    lines: find(claim, '2400').map(line),
  } satisfies { readonly [K in keyof Required<ProfessionalClaim>]: Json | undefined };
}
