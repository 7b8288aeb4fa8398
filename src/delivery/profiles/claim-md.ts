import { generic } from './generic.ts';
import { type ReceiverProfile, sourced } from './profile.ts';

const DOCS = 'docs.claim.md/v1/docs/en/sftp';

export const claimMd: ReceiverProfile = {
  ...generic,
  name: 'claim-md',
  folders: sourced({ claims: 'SendFiles', responses: 'ReceiveFiles' }, 'H', DOCS),
  expects: sourced(
    { ta1: false, positive999: false, cas277: true },
    'M',
    `${DOCS}: acknowledgement formats are a choice of the account`,
  ),
  responsePatterns: sourced(['{PAYERID}_{NPI}_{ID}.835'], 'M', DOCS),
};
