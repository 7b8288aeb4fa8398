import { isUsState } from '../fit.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

/** Places of service where the patient is an inpatient. */
const INPATIENT = ['21', '51', '61'];

/** Dates that lie on or before the service. */
const BEFORE_SERVICE = ['onsetDate', 'initialTreatmentDate', 'lastSeenDate', 'accidentDate', 'admissionDate'] as const;

/** Also the rule under which faults of shape are reported that no other edit owns. */
export const a00: AttendeeEdit = {
  id: 'A00',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '2',
  snip: 4,
  title: 'Fields have the shape of the contract; optional claim data is complete in itself',
  fixedBy: ['biller'],
  provenance: { confidence: 'H', source: '005010X222A1 CLM11, DTP 435 and 439, PWK06 (spec 04 §4.4 E24–E26)' },
  check: ({ attendee, base, service, dateOfService }) => {
    const data = attendee.fields.claim ?? {};
    const path = `${base}/claim`;
    const findings: EditFinding[] = [];
    const block = (at: string, message: string) => findings.push({ severity: 'block', path: at, message });
    const causes = data.relatedCauses ?? [];
    if (new Set(causes).size < causes.length) block(`${path}/relatedCauses`, 'A related cause is repeated.');
    if (causes.includes('AA') !== (data.accidentState !== undefined)) {
      block(`${path}/accidentState`, 'An auto accident, and nothing else, has a state.');
    } else if (data.accidentState !== undefined && !isUsState(data.accidentState)) {
      block(`${path}/accidentState`, 'The state must be a two-letter USPS code.');
    }
    if (causes.some((c) => c === 'AA' || c === 'OA') && data.accidentDate === undefined) {
      block(`${path}/accidentDate`, 'An accident has a date.');
    }
    if (causes.length === 0 && data.accidentDate !== undefined) {
      block(`${path}/relatedCauses`, 'An accident date needs a related cause.');
    }
    if (INPATIENT.includes(service.placeOfServiceCode) && data.admissionDate === undefined) {
      block(`${path}/admissionDate`, 'An inpatient place of service needs the date of admission.');
    }
    for (const field of BEFORE_SERVICE) {
      if ((data[field] ?? '') > dateOfService) block(`${path}/${field}`, 'This date is later than the service.');
    }
    if (data.dischargeDate !== undefined && (data.admissionDate ?? '') > data.dischargeDate) {
      block(`${path}/dischargeDate`, 'The discharge is earlier than the admission.');
    }
    (data.attachments ?? []).forEach((a, i) => {
      if (a.transmission !== 'AA' && !a.controlNumber?.trim()) {
        block(`${path}/attachments/${i}/controlNumber`, 'An attachment that is sent has a control number.');
      }
    });
    return findings;
  },
};
