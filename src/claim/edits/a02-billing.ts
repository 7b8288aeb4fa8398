import { hasAttended } from '../../session/disposition.ts';
import { parseCents } from '../money.ts';
import type { RosterEdit } from './edit.ts';

const cents = (amount: string | null | undefined): number | null => (amount ? parseCents(amount) : null);

/** The disposition itself is `disposeRoster`; here it is said when a restriction overrules something, or looks unfounded. */
export const a02: RosterEdit = {
  id: 'A02',
  scope: 'attendee',
  of: 'roster',
  severity: 'warn',
  payerOverridable: false,
  version: '2',
  title: 'Disclosure restriction, self-pay, no charge and observers make no claim',
  fixedBy: ['front_desk'],
  recheckAtRelease: true,
  provenance: { confidence: 'H', source: '45 CFR 164.522(a)(1)(vi)' },
  check: ({ attendee, base }) => {
    const { restrictDisclosure, billing, patientPaidAmount, chargeAmount } = attendee.fields;
    if (restrictDisclosure !== true || !hasAttended(attendee.status)) return [];
    const path = `${base}/restrictDisclosure`;
    const paid = cents(patientPaidAmount);
    const charge = cents(chargeAmount);
    if (paid !== null && charge !== null && paid < charge) {
      const message = 'The restriction is kept, though it is owed only to a patient who has paid in full, and less was paid.';
      return [{ severity: 'warn', path, message }];
    }
    return billing === 'insurance' || billing === 'eap'
      ? [{ severity: 'info', path, message: 'The disclosure restriction is absolute and prevails over billing.' }]
      : [];
  },
};
