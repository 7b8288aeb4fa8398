import { isFaulty } from '../../session/parse.ts';
import type { CodeStatus } from '../../x12/code-sets/code-sets.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const ICD_10_CM = /^[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}$/;
const EXTERNAL_CAUSE = /^[V-Y]/;
const MOST = 12;

/** What the lists in force on the date of service say of a code of the right shape. */
const IN_LIST: Readonly<Record<CodeStatus, Omit<EditFinding, 'path'> | null>> = {
  valid: null,
  header: { severity: 'block', message: 'This is a category of ICD-10-CM; a claim needs one of the codes below it.' },
  not_in_effect: { severity: 'block', message: 'This ICD-10-CM code is not in effect on the date of service.' },
  unknown: { severity: 'block', message: 'ICD-10-CM has no such code on the date of service.' },
  not_checked: {
    severity: 'info',
    message: 'code_not_checked: no complete ICD-10-CM table is loaded for this code on the date of service.',
  },
};

export const a10: AttendeeEdit = {
  id: 'A10',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '2',
  snip: 5,
  title: 'Own principal diagnosis; a billable ICD-10-CM code of the date of service; at most twelve, none twice',
  fixedBy: ['clinician'],
  provenance: {
    confidence: 'H',
    source:
      '005010X222A1 HI (BK, BF forbidden); ICD-10-CM guideline I.C.20: external causes never first; 45 CFR 162.1002: the code set in effect on the date of service',
  },
  check: ({ attendee, base, input, dateOfService, service: { diagnoses } }) => {
    if (isFaulty(attendee, 'diagnoses')) return [];
    const path = `${base}/diagnoses`;
    const findings: EditFinding[] = [];
    const block = (at: string, message: string) => findings.push({ severity: 'block', path: at, message });
    if (diagnoses.length === 0) block(path, 'A principal diagnosis is required.');
    if (diagnoses.length > MOST) block(path, 'A claim carries at most twelve diagnoses.');
    diagnoses.forEach((code, i) => {
      if (!ICD_10_CM.test(code)) block(`${path}/${i}`, 'This is not the shape of an ICD-10-CM code.');
      else {
        const found = IN_LIST[input.codeSets.look('icd10cm', code, dateOfService)];
        if (found !== null) findings.push({ ...found, path: `${path}/${i}` });
      }
      if (diagnoses.indexOf(code) < i) block(`${path}/${i}`, 'The diagnosis is repeated.');
    });
    if (diagnoses[0] !== undefined && EXTERNAL_CAUSE.test(diagnoses[0])) {
      block(`${path}/0`, 'An external cause (V to Y) cannot be the principal diagnosis.');
    }
    return findings;
  },
};
