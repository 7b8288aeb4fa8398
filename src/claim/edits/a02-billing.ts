import { hasAttended } from '../../session/disposition.ts';
import type { RosterEdit } from './edit.ts';

/** The disposition itself is `disposeRoster`; here it is said when a restriction overrules the wish to bill. */
export const a02: RosterEdit = {
  id: 'A02',
  scope: 'attendee',
  of: 'roster',
  severity: 'info',
  payerOverridable: false,
  version: '1',
  title: 'Disclosure restriction, self-pay, no charge and observers make no claim',
  fixedBy: ['front_desk'],
  provenance: { confidence: 'H', source: '45 CFR 164.522(a)(1)(vi)' },
  check: ({ attendee, base }) => {
    const { restrictDisclosure, billing } = attendee.fields;
    const wantsBilling = hasAttended(attendee.status) && (billing === 'insurance' || billing === 'eap');
    return restrictDisclosure === true && wantsBilling
      ? [
          {
            severity: 'info',
            path: `${base}/restrictDisclosure`,
            message: 'The disclosure restriction is absolute and prevails over billing.',
          },
        ]
      : [];
  },
};
