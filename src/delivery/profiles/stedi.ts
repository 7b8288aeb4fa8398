import { generic } from './generic.ts';
import { type ReceiverProfile, sourced } from './profile.ts';

const SETUP = 'stedi.com/docs/healthcare/submit-claims-sftp-setup';

export const stedi: ReceiverProfile = {
  ...generic,
  name: 'stedi',
  folders: sourced({ claims: 'to-stedi', responses: 'from-stedi' }, 'H', 'stedi.com/docs/healthcare/submit-claims-sftp-overview'),
  testMarker: sourced(null, 'H', `${SETUP}: the user and ISA15 say it`),
  tempStrategy: sourced('none', 'K', 'hosted on object storage: a rename there is a copy'),
  segmentNewline: sourced(true, 'M', 'published examples carry newlines'),
  subscriberDetails: sourced('required_only', 'M', 'stedi.com/docs/healthcare: dependants go with the subscriber’s name and id'),
  expects: sourced(
    { ta1: false, positive999: true, cas277: true },
    'M',
    `${SETUP}: a TA1 comes for a refused interchange; 999 and 277CA lie in from-stedi`,
  ),
  receiverIds: sourced({ T: 'STEDITEST', P: 'STEDI' }, 'H', `${SETUP}: any other pair is refused with TA1 008 or 020`),
  responsePatterns: sourced(['{TIMESTAMP}_{UUID}_{277CA|835|999}.x12', '{UUID}.x12'], 'H', 'stedi.com/changelog, spec 04 §5.5'),
};
