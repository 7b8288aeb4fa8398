import { generic } from './generic.ts';
import { type ReceiverProfile, sourced } from './profile.ts';

export const optum: ReceiverProfile = {
  ...generic,
  name: 'optum',
  folders: sourced(
    { claims: 'clearinghouse/inbound', responses: 'clearinghouse/outbound' },
    'M',
    'developers.changehealthcare.com/eligibilityandclaims/docs/set-up-sftp, there for the 275; the 837 folder is assigned',
  ),
  fileNameTemplate: sourced(
    '<sender>_<ISA13>.837',
    'M',
    'as generic; the same page forbids quotes, brackets, @ & $ * # ! % | < > ; and spaces in names',
  ),
  expects: sourced({ ta1: false, positive999: true, cas277: true }, 'K', 'to be confirmed at enrollment'),
  responsePatterns: sourced(['X3nnnnnn.XX (277)', 'R5nnnnnn.XX (835)', 'CF… (summary)'], 'M', 'spec 04 §5.5'),
};
