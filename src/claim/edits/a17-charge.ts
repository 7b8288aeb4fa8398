import { isFaulty } from '../../session/parse.ts';
import type { ResolvedLine } from '../context.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const PROCEDURE = /^[A-Z0-9]{5}$/;
/** Ten digits with the cents (DE 782): the sum of the lines can be one more than what each line may be. */
const MOST_CENTS = 9_999_999_999;

const lineFindings = (line: ResolvedLine): readonly EditFinding[] => {
  const { chargeCents, scheduledCents, chargePath: path } = line;
  if (chargeCents === null)
    return [{ severity: 'block', path, message: 'There is no charge, and the fee schedule has none either.' }];
  if (chargeCents <= 0) return [{ severity: 'block', path, message: 'The charge must be more than zero.' }];
  return scheduledCents !== null && chargeCents !== scheduledCents
    ? [{ severity: 'warn', path, message: 'The charge differs from the fee schedule.' }]
    : [];
};

export const a17: AttendeeEdit = {
  id: 'A17',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '3',
  snip: 3,
  title: 'A charge above zero for every line, whole per attendee; one unit unless the payer counts time or fixes another number',
  fixedBy: ['biller', 'administrator'],
  provenance: { confidence: 'H', source: '005010X222A1 CLM02, SV102; CMS practitioner MUE 90853 = 1' },
  check: ({ attendee, base, service }) => {
    if (isFaulty(attendee, 'chargeAmount')) return [];
    const { fields } = attendee;
    const findings: EditFinding[] = service.lines.flatMap(lineFindings);
    if (service.totalCents !== null && service.totalCents > MOST_CENTS) {
      const path = service.lines[0]?.chargePath ?? base;
      findings.push({ severity: 'block', path, message: 'The lines add up to more than an amount on a claim can hold.' });
    }
    if (service.lines.some((l) => !PROCEDURE.test(l.procedureCode))) {
      findings.push({
        severity: 'block',
        path: `${base}/procedureCode`,
        message: 'A procedure code has five letters or digits.',
      });
    }
    if (typeof fields.units === 'number' && fields.units !== service.lines[0]?.units) {
      findings.push({
        severity: 'block',
        path: `${base}/units`,
        message: 'This payer fixes the units of a group session (one where its data say nothing) and does not count time.',
      });
    }
    if (service.patientPaidCents !== null && service.totalCents !== null && service.patientPaidCents > service.totalCents) {
      findings.push({
        severity: 'block',
        path: `${base}/patientPaidAmount`,
        message: 'The patient cannot have paid more than the charge.',
      });
    }
    return findings;
  },
};
