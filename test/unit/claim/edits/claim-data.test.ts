import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, withAttendeeBody } from '../../../support/sessions.ts';

const of = (claim: Attendee['claim'], more: Partial<Attendee> = {}) =>
  marks(judge(withAttendee(exampleSession(), 0, { claim, ...more })), 'A00');
const block = (field: string) => [`block /attendees/0/claim/${field}`];

describe('A00 claim data', () => {
  it('passes none, and data that is complete', () => {
    expect(of({})).toEqual([]);
    expect(of({ relatedCauses: ['AA'], accidentState: 'wi', accidentDate: '2026-11-01' })).toEqual([]);
    expect(of({ relatedCauses: ['EM'] })).toEqual([]);
    expect(of({ attachments: [{ type: 'OB', transmission: 'AA' }] })).toEqual([]);
  });
  it('an auto accident has a state and a date', () => {
    expect(of({ relatedCauses: ['AA'], accidentDate: '2026-11-01' })).toEqual(block('accidentState'));
    expect(of({ relatedCauses: ['AA'], accidentState: 'ZZ', accidentDate: '2026-11-01' })).toEqual(block('accidentState'));
    expect(of({ relatedCauses: ['AA'], accidentState: 'WI' })).toEqual(block('accidentDate'));
    expect(of({ relatedCauses: ['OA'] })).toEqual(block('accidentDate'));
  });
  it('a date or state without its cause is none', () => {
    expect(of({ accidentDate: '2026-11-01' })).toEqual(block('relatedCauses'));
    expect(of({ accidentState: 'WI' })).toEqual(block('accidentState'));
    expect(of({ relatedCauses: ['EM', 'EM'] })).toEqual(block('relatedCauses'));
  });
  it('an inpatient was admitted', () => {
    expect(of({}, { placeOfServiceCode: '21' })).toEqual(block('admissionDate'));
    expect(of({ admissionDate: '2026-11-18' }, { placeOfServiceCode: '21' })).toEqual([]);
  });
  it('an attachment that is sent has a number', () => {
    expect(of({ attachments: [{ type: 'OB', transmission: 'EL' }] })).toEqual(block('attachments/0/controlNumber'));
  });
  it('codes outside the guide are faults of shape', () => {
    const claim = { delayReasonCode: '12', specialProgramCode: '99', attachments: [{ type: 'ZZ', transmission: 'EL' }] };
    expect(marks(judge(withAttendeeBody(0, { claim })), 'A00')).toEqual([
      ...block('delayReasonCode'),
      ...block('specialProgramCode'),
      ...block('attachments/0/type'),
    ]);
  });
});
