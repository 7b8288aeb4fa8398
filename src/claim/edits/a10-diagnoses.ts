import { isFaulty } from '../../session/parse.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const ICD_10_CM = /^[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}$/;
const EXTERNAL_CAUSE = /^[V-Y]/;
const MOST = 12;

export const a10: AttendeeEdit = {
  id: 'A10',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  snip: 5,
  title: 'Own principal diagnosis; ICD-10-CM shape; at most twelve, none twice',
  fixedBy: ['clinician'],
  provenance: {
    confidence: 'H',
    source: '005010X222A1 HI (BK, BF forbidden); ICD-10-CM guideline I.C.20: external causes never first',
  },
  check: ({ attendee, base, service: { diagnoses } }) => {
    if (isFaulty(attendee, 'diagnoses')) return [];
    const path = `${base}/diagnoses`;
    const findings: EditFinding[] = [];
    const block = (at: string, message: string) => findings.push({ severity: 'block', path: at, message });
    if (diagnoses.length === 0) block(path, 'A principal diagnosis is required.');
    if (diagnoses.length > MOST) block(path, 'A claim carries at most twelve diagnoses.');
    diagnoses.forEach((code, i) => {
      if (!ICD_10_CM.test(code)) block(`${path}/${i}`, 'This is not the shape of an ICD-10-CM code.');
      if (diagnoses.indexOf(code) < i) block(`${path}/${i}`, 'The diagnosis is repeated.');
    });
    if (diagnoses[0] !== undefined && EXTERNAL_CAUSE.test(diagnoses[0])) {
      block(`${path}/0`, 'An external cause (V to Y) cannot be the principal diagnosis.');
    }
    return findings;
  },
};
