import type { Severity } from '../../../schemas/common.ts';
import type { ParsedAttendee } from '../../session/parse.ts';
import { unitsLeft } from '../authorization.ts';
import { eapBenefit } from '../eap.ts';
import type { AuthorizedUse } from '../facts.ts';
import type { LedgerMember } from '../ledger-context.ts';
import type { Policy } from '../payers/policy.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const FEW_UNITS = 2;

const isRequired = (attendee: ParsedAttendee, policy: Policy): boolean =>
  policy.requiresPriorAuth || eapBenefit(attendee, policy)?.authorizationRequired === true;

/**
 * What the ledger's own count says of an authorization, where it says more than the figure that was sent: `earlier` are the
 * uses before this claim, those of its own roster included.
 */
const countedDown = (
  { context, draft }: NonNullable<LedgerMember['claim']>,
  earlier: readonly Pick<AuthorizedUse, 'stated' | 'units'>[],
): Omit<EditFinding, 'attendee'> | null => {
  const { authorization } = draft;
  if (authorization === null || earlier.length === 0) return null;
  const { units, stated } = authorization;
  const left = unitsLeft(earlier, stated);
  const path = `${context.cover.path}/priorAuthorization`;
  if (left === null || left === stated) return null;
  if (left < units && (stated === null || stated >= units)) {
    const severity = isRequired(context.attendee, context.cover.policy) ? 'hold' : 'warn';
    return { severity, path, message: 'Live claims under this prior authorization leave it not enough units.' };
  }
  return left >= units && left <= FEW_UNITS && (stated === null || stated > FEW_UNITS)
    ? { severity: 'warn', path, message: 'Counting live claims, the prior authorization is nearly used up.' }
    : null;
};

export const a09: AttendeeEdit = {
  id: 'A09',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'A required prior authorization is there, in date, and has units left',
  fixedBy: ['front_desk', 'biller'],
  provenance: { confidence: 'K', source: 'payers deny units without or beyond an authorization (CARC 197, 198)' },
  check: ({ attendee, cover, dateOfService, service }) => {
    const { coverage, policy } = cover;
    if (coverage === null) return [];
    const eap = eapBenefit(attendee, policy);
    const required = isRequired(attendee, policy);
    const path = `${cover.path}/priorAuthorization`;
    const authorization = coverage.priorAuthorization;
    if (!authorization?.number.trim()) {
      // The authorization of an employee assistance benefit has an edit of its own (A22).
      return required && eap === null
        ? [{ severity: 'hold', path, message: 'This payer requires a prior authorization, and there is none.' }]
        : [];
    }
    // One that nobody asked for is sent all the same, and what is wrong with it is worth a look.
    const severity: Severity = required ? 'hold' : 'warn';
    const findings: EditFinding[] = [];
    const { validFrom, validTo, unitsRemaining } = authorization;
    if ((validFrom && dateOfService < validFrom) || (validTo && dateOfService > validTo)) {
      findings.push({ severity, path, message: 'The prior authorization is not valid on the date of service.' });
    }
    if (typeof unitsRemaining !== 'number') return findings;
    const units = service.lines[0]?.units ?? 1;
    if (unitsRemaining < units) {
      findings.push({ severity, path: `${path}/unitsRemaining`, message: 'The prior authorization has not enough units left.' });
    } else if (unitsRemaining <= FEW_UNITS) {
      findings.push({ severity: 'warn', path: `${path}/unitsRemaining`, message: 'The prior authorization is nearly used up.' });
    }
    return findings;
  },
  checkLedger: ({ members, facts }) => {
    const onRoster = new Map<string, Pick<AuthorizedUse, 'stated' | 'units'>[]>();
    return members.flatMap(({ index, claim }) => {
      const authorization = claim?.draft.authorization ?? null;
      if (claim === null || authorization === null) return [];
      const mine = onRoster.get(authorization.canonical) ?? [];
      const found = countedDown(claim, [...facts.authorizedUnits.filter((u) => u.index === index), ...mine]);
      if (claim.ready && found?.severity !== 'hold') onRoster.set(authorization.canonical, [...mine, authorization]);
      return found === null ? [] : [{ ...found, attendee: index, reason: 'authorization_used_up' }];
    });
  },
};
