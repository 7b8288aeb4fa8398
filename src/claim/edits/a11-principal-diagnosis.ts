import type { Severity } from '../../../schemas/common.ts';
import type { Policy } from '../payers/policy.ts';
import { UNSPECIFIED_DIAGNOSES } from '../unspecified-diagnoses.ts';
import type { AttendeeEdit } from './edit.ts';

const SEVERITY: Readonly<Record<Policy['zPrincipal'], Severity | null>> = {
  allow: null,
  warn: 'warn',
  hold: 'hold',
  block: 'block',
};

export const a11: AttendeeEdit = {
  id: 'A11',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'The principal diagnosis is a disorder, and a specified one',
  fixedBy: ['clinician', 'biller'],
  provenance: { confidence: 'K', source: 'spec 02 §2.2; ICD-10-CM chapter 21 (Z codes), "unspecified" titles of chapter 5' },
  check: ({ base, cover, service: { diagnoses } }) => {
    const [principal] = diagnoses;
    const severity = SEVERITY[cover.policy.zPrincipal];
    if (principal === undefined || severity === null) return [];
    const path = `${base}/diagnoses/0`;
    if (principal.startsWith('Z')) {
      return [{ severity, path, message: 'The principal diagnosis is a circumstance (Z code) and not a disorder.' }];
    }
    return UNSPECIFIED_DIAGNOSES.has(principal)
      ? [
          {
            severity: 'warn',
            path,
            message: 'The principal diagnosis is an unspecified disorder; payers ask for a specific one.',
          },
        ]
      : [];
  },
};
