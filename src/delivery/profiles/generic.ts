import { type ReceiverProfile, sourced } from './profile.ts';

const CAUTIOUS = 'the cautious choice where nothing is known of the receiver';

export const generic: ReceiverProfile = {
  name: 'generic',
  folders: sourced({ claims: 'outbound', responses: 'inbound' }, 'D', 'our own names, from our side'),
  extension: sourced('.837', 'D', 'spec 03 §3.3'),
  fileNameTemplate: sourced('<sender>_<ISA13>.837', 'D', 'spec 03 §3.3: unique per sender, no patient data, no hyphen'),
  testMarker: sourced(null, 'D', 'ISA15 says it'),
  tempStrategy: sourced('folder', 'D', 'spec 03 §3.4: a private staging folder'),
  segmentNewline: sourced(true, 'H', 'four validators accept a newline after the terminator (spec 04 §4.1)'),
  subscriberDetails: sourced(
    'required_only',
    'H',
    '005010X222A1: 2010BA N3, N4 and DMG when the patient is the subscriber, else not sent',
  ),
  pcnRevision: sourced('inherit', 'H', 'X12 RFI 1799, 1945'),
  emitD9: sourced(true, 'D', 'comes back in 277CA and 835 where the receiver supports it'),
  expects: sourced({ ta1: false, positive999: true, cas277: true }, 'D', CAUTIOUS),
  receiverIds: sourced(null, 'D', 'configured'),
  responsePatterns: sourced([], 'D', CAUTIOUS),
  pollIntervalSeconds: sourced(300, 'D', 'spec 06'),
};
