import type { Severity } from '../../../schemas/common.ts';
import { eapBenefit } from '../eap.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const FEW_UNITS = 2;

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
    const required = policy.requiresPriorAuth || eap?.authorizationRequired === true;
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
};
