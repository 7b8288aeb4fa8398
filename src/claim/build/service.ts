import type { Practice } from '../../../schemas/practice.ts';
import type { ParsedAttendee, ParsedSession } from '../../session/parse.ts';
import { attendedMs, MINUTE_MS } from '../attended.ts';
import type { ResolvedFacility, ResolvedLine, ResolvedProvider, ResolvedService } from '../context.ts';
import { eapBenefit } from '../eap.ts';
import { parseCents } from '../money.ts';
import type { Policy } from '../payers/policy.ts';

/** CPT code numbers only; descriptors are copyrighted. */
const DEFAULT_PROCEDURE = { group: '90853', multiFamily: '90849', interactiveComplexity: '90785' } as const;

/** As they go on the line; empty ones are none. */
const written = (modifiers: readonly (string | null | undefined)[]): readonly string[] =>
  modifiers.map((m) => m?.trim().toUpperCase()).filter((m): m is string => m !== undefined && m !== '');

const inOrder = (modifiers: readonly (string | null | undefined)[], order: readonly string[]): readonly string[] => {
  const rank = (m: string) => (order.includes(m) ? order.indexOf(m) : order.length);
  return [...new Set(written(modifiers))].sort((a, b) => rank(a) - rank(b));
};

const scheduled = (practice: Practice, units: number, ...codes: readonly string[]): number | null => {
  for (const code of codes) {
    const fee = practice.feeSchedule[code];
    const cents = fee === undefined ? null : parseCents(fee);
    if (cents !== null) return cents * units;
  }
  return null;
};

const requested = (amount: string | null | undefined): number | null => (typeof amount === 'string' ? parseCents(amount) : null);

interface ServiceInput {
  readonly session: ParsedSession;
  readonly attendee: ParsedAttendee;
  readonly base: string;
  readonly practice: Practice;
  readonly policy: Policy;
  readonly rendering: ResolvedProvider | null;
  readonly facility: ResolvedFacility | null;
}

/** Outpatient departments of hospitals, off and on campus. */
const HOSPITAL_OUTPATIENT = ['19', '22'];

const telehealthOf = ({ attendee: { fields }, policy, practice, facility }: ServiceInput): ResolvedService['telehealth'] => {
  if (!fields.telehealth) return null;
  const mapped = policy.telehealthMap[fields.telehealth.modality]?.[fields.telehealth.patientLocation];
  if (!mapped) return 'refused';
  const { pos, modifier, hospitalModifier } = mapped;
  const inHospital = HOSPITAL_OUTPATIENT.includes(facility?.placeOfServiceCode ?? practice.placeOfServiceCode);
  return { pos, modifier, alternative: inHospital ? (hospitalModifier ?? null) : null };
};

/** Our code of what the request names: a payer's own code (H0005) is what its map makes of ours (90853). */
export function ourCode(code: string, { procedureMap }: Pick<Policy, 'procedureMap'>): string {
  const asked = code.trim().toUpperCase();
  if (procedureMap[asked] !== undefined) return asked;
  return Object.entries(procedureMap).find(([, mapped]) => mapped.code === asked)?.[0] ?? asked;
}

/** Units of the group line: fixed by the payer, else by its minutes, else one. */
const unitsOf = ({ session, attendee: { fields }, policy }: ServiceInput, baseCode: string): number => {
  const mapped = policy.procedureMap[baseCode];
  if (mapped?.units !== undefined) return mapped.units;
  const perUnit = mapped?.minutesPerUnit ?? null;
  if (perUnit === null) return 1;
  return fields.units ?? Math.max(1, Math.floor(attendedMs(session, fields) / MINUTE_MS / perUnit));
};

/** Place of service: the request's own, else telehealth, else the facility's, else the practice's. */
const placeOf = (
  { session, attendee, base, practice, facility }: ServiceInput,
  telehealth: ResolvedService['telehealth'],
): Pick<ResolvedService, 'placeOfServiceCode' | 'placeOfServicePath'> => {
  const override = attendee.fields.placeOfServiceCode?.trim();
  if (override) return { placeOfServiceCode: override, placeOfServicePath: `${base}/placeOfServiceCode` };
  if (telehealth !== null && telehealth !== 'refused')
    return { placeOfServiceCode: telehealth.pos, placeOfServicePath: `${base}/telehealth` };
  if (facility && session.serviceFacility) {
    return { placeOfServiceCode: facility.placeOfServiceCode, placeOfServicePath: '/serviceFacility/placeOfServiceCode' };
  }
  return { placeOfServiceCode: practice.placeOfServiceCode, placeOfServicePath: '/practiceId' };
};

/**
 * What was done for one attendee: payer's code, units, modifiers, place, charges. One service per attendee, its charge
 * taken from the request or the fee schedule and never divided. 90785 comes as a second line of its own.
 */
export function resolveService(input: ServiceInput): ResolvedService {
  const { session, attendee, base, practice, policy, rendering } = input;
  const { fields } = attendee;
  const telehealth = telehealthOf(input);
  const remote = telehealth === null || telehealth === 'refused' ? null : telehealth.modifier;
  const baseProcedureCode = ourCode(
    (fields.procedureCode ?? session.procedureCode)?.trim() ||
      (session.groupType === 'multi_family' ? DEFAULT_PROCEDURE.multiFamily : DEFAULT_PROCEDURE.group),
    policy,
  );
  const mapped = policy.procedureMap[baseProcedureCode];
  const units = unitsOf(input, baseProcedureCode);
  const code = mapped?.code ?? baseProcedureCode;
  const credential = policy.credentialModifiers[(rendering?.credential ?? '').toUpperCase().replace(/[^A-Z0-9-]/g, '')] ?? null;

  const scheduledGroup = scheduled(practice, units, code, baseProcedureCode);
  const group: ResolvedLine = {
    procedureCode: code,
    modifiers: inOrder(
      [...(mapped?.modifiers ?? []), credential, eapBenefit(attendee, policy)?.modifier, remote, ...(fields.modifiers ?? [])],
      policy.modifierOrder,
    ),
    units,
    chargeCents: requested(fields.chargeAmount) ?? scheduledGroup,
    scheduledCents: scheduledGroup,
    chargePath: `${base}/chargeAmount`,
  };
  const lines = [group];
  if (fields.interactiveComplexity) {
    const scheduledAddOn = scheduled(practice, 1, DEFAULT_PROCEDURE.interactiveComplexity);
    lines.push({
      procedureCode: DEFAULT_PROCEDURE.interactiveComplexity,
      modifiers: inOrder([credential, remote], policy.modifierOrder),
      units: 1,
      chargeCents: requested(fields.interactiveComplexity.chargeAmount) ?? scheduledAddOn,
      scheduledCents: scheduledAddOn,
      chargePath: `${base}/interactiveComplexity/chargeAmount`,
    });
  }
  const charges = lines.map((l) => l.chargeCents);
  return {
    baseProcedureCode,
    requestedModifiers: written(fields.modifiers ?? []),
    ...placeOf(input, telehealth),
    telehealth,
    lines,
    totalCents: charges.includes(null) ? null : charges.reduce<number>((sum, c) => sum + (c ?? 0), 0),
    patientPaidCents: requested(fields.patientPaidAmount),
    diagnoses: (fields.diagnoses ?? []).map((d) =>
      d
        .trim()
        .toUpperCase()
        .replace(/^(.{3})\./, '$1'),
    ),
  };
}
