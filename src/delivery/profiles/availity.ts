import { generic } from './generic.ts';
import { type ReceiverProfile, sourced } from './profile.ts';

export const availity: ReceiverProfile = {
  ...generic,
  name: 'availity',
  folders: sourced({ claims: 'SendFiles', responses: 'ReceiveFiles' }, 'M', 'spec 03 §3.4'),
  expects: sourced({ ta1: true, positive999: true, cas277: true }, 'K', 'to be confirmed against the EDI companion guide'),
  receiverIds: sourced({ T: '030240928', P: '030240928' }, 'M', 'Availity’s own tax id, in published trading partner set-ups'),
};
