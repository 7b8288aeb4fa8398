import { generic } from './generic.ts';
import { type ReceiverProfile, sourced } from './profile.ts';

export const officeAlly: ReceiverProfile = {
  ...generic,
  name: 'office-ally',
  folders: sourced({ claims: 'inbound', responses: 'outbound' }, 'M', 'spec 03 §3.4; the names are from their side'),
  testMarker: sourced('OATEST', 'M', 'spec 03 §3.4: OATEST in the name makes it a test file'),
  subscriberDetails: sourced(
    'always',
    'K',
    'many clearinghouses want N3 and N4 always (Open Dental); to be confirmed against the companion guide',
  ),
  expects: sourced({ ta1: false, positive999: true, cas277: true }, 'K', 'to be confirmed against the companion guide'),
};
