import { isFaulty } from '../../session/parse.ts';
import type { AttendeeEdit } from './edit.ts';

export const n12: AttendeeEdit = {
  id: 'N12',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'The treatment plan was active on the date of service',
  fixedBy: ['clinician'],
  provenance: {
    confidence: 'K',
    source: 'Medicare Benefit Policy Manual ch. 6 §70.1 (individualized treatment plan); spec 02 §2.2',
  },
  check: ({ attendee, base, dateOfService }) => {
    if (isFaulty(attendee, 'treatmentPlan')) return [];
    const path = `${base}/treatmentPlan`;
    const plan = attendee.fields.treatmentPlan;
    if (!plan)
      return [
        { severity: 'info', path: plan === null ? path : base, message: 'No treatment plan was sent, so it was not checked.' },
      ];
    const { effectiveOn, reviewDueOn, signedOn } = plan;
    if (effectiveOn && effectiveOn > dateOfService) {
      return [{ severity: 'hold', path: `${path}/effectiveOn`, message: 'The treatment plan begins after the date of service.' }];
    }
    if (reviewDueOn && reviewDueOn < dateOfService) {
      return [
        {
          severity: 'hold',
          path: `${path}/reviewDueOn`,
          message: 'The review of the treatment plan was due before the date of service.',
        },
      ];
    }
    if (signedOn && signedOn > dateOfService) {
      return [
        { severity: 'hold', path: `${path}/signedOn`, message: 'The treatment plan was signed after the date of service.' },
      ];
    }
    if (!effectiveOn || !signedOn) {
      return [{ severity: 'warn', path, message: 'Whether the treatment plan was active cannot be told.' }];
    }
    return [];
  },
};
