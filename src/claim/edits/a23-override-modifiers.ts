import { DISTINCT_SERVICE } from '../ncci.ts';
import type { AttendeeEdit } from './edit.ts';

/** Say "distinct" or "repeated": on the group line they would carry a second service past the payer's edits. */
const OVERRIDING = [...DISTINCT_SERVICE, '76', '77', '91'];

export const a23: AttendeeEdit = {
  id: 'A23',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '1',
  snip: 6,
  title: 'No modifier on the group line says distinct or repeated service without an approved override',
  fixedBy: ['biller'],
  provenance: {
    confidence: 'H',
    source: 'NCCI policy manual ch. I §E: 59 and X{EPSU} belong on the column 2 code; CPT modifiers 76, 77, 91',
  },
  check: ({ base, service: { lines } }) =>
    lines[0]?.modifiers.some((m) => OVERRIDING.includes(m))
      ? [
          {
            severity: 'hold',
            path: `${base}/modifiers`,
            message:
              'A modifier on the group line says that the service is distinct or repeated: that needs an approved override.',
          },
        ]
      : [],
};
