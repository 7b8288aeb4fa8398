import { eapBenefit } from '../eap.ts';
import type { Policy } from '../payers/policy.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

const ROUTE: Readonly<Record<NonNullable<Policy['eap']>['submission'], string | null>> = {
  edi: null,
  portal: 'This payer takes employee assistance claims on its portal only.',
  paper: 'This payer takes employee assistance claims on paper only.',
  unknown: 'It is not known how this payer takes employee assistance claims.',
};

export const a22: AttendeeEdit = {
  id: 'A22',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'Employee assistance: the payer has such a benefit, it is authorized, and it takes electronic claims',
  fixedBy: ['front_desk', 'biller'],
  provenance: { confidence: 'H', source: 'Optum EAP (HJ, authorization number); payers’ EAP instructions; spec 02 §2.1' },
  check: ({ attendee, base, cover }) => {
    if (cover.payer === null) return [];
    const eap = eapBenefit(attendee, cover.policy);
    if (eap === null) {
      return attendee.fields.billing === 'eap'
        ? [{ severity: 'hold', path: `${base}/billing`, message: 'No employee assistance benefit is configured for this payer.' }]
        : [];
    }
    const findings: EditFinding[] = [];
    if (eap.authorizationRequired && !cover.coverage?.priorAuthorization?.number.trim()) {
      const path = `${cover.path}/priorAuthorization`;
      findings.push({ severity: 'hold', path, message: 'Employee assistance needs an authorization number, and there is none.' });
    }
    const route = ROUTE[eap.submission];
    if (route !== null) findings.push({ severity: 'hold', path: `${cover.path}/payerId`, message: route });
    return findings;
  },
};
