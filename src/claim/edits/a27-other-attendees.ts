import type { Address } from '../../../schemas/common.ts';
import { namesOtherInFull } from '../../session/notes/full-names.ts';
import { otherIdsInIdentifier, otherIdsInText } from '../../session/notes/other-ids.ts';
import { otherNamesIn } from '../../session/notes/other-names.ts';
import { wordsOf } from '../../session/notes/words.ts';
import type { AttendeeContext } from '../context.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

interface Outgoing {
  readonly path: string;
  readonly value: string;
  readonly kind: 'text' | 'identifier' | 'address';
}

/** Every text and identifier of an attendee that goes into the 837P as the caller wrote it; names and member ids are A14, A07 and A21. */
function outgoing({ attendee: { fields }, base }: AttendeeContext): readonly Outgoing[] {
  const found: Outgoing[] = [];
  const add = (kind: Outgoing['kind'], path: string, value: string | null | undefined): void => {
    if (value) found.push({ kind, path: `${base}/${path}`, value });
  };
  const address = (path: string, sent: Pick<Address, 'line1' | 'line2'> | null | undefined): void => {
    add('address', `${path}/line1`, sent?.line1);
    add('address', `${path}/line2`, sent?.line2);
  };
  address('patient/address', fields.patient?.address);
  const claim = fields.claim ?? {};
  add('text', 'claim/note', claim.note);
  add('text', 'claim/lineNote', claim.lineNote);
  add('identifier', 'claim/medicalRecordNumber', claim.medicalRecordNumber);
  add('identifier', 'claim/referralNumber', claim.referralNumber);
  (claim.attachments ?? []).forEach((a, i) => {
    add('identifier', `claim/attachments/${i}/controlNumber`, a.controlNumber);
  });
  (fields.coverages ?? []).forEach((c, i) => {
    address(`coverages/${i}/subscriber/address`, c.subscriber?.address);
    add('text', `coverages/${i}/planName`, c.planName);
    add('identifier', `coverages/${i}/groupNumber`, c.groupNumber);
    add('identifier', `coverages/${i}/priorAuthorization/number`, c.priorAuthorization?.number);
    add('identifier', `coverages/${i}/adjudication/payerClaimControlNumber`, c.adjudication?.payerClaimControlNumber);
  });
  return found;
}

/** It goes out in upper case: a surname or full name that is sure there is sure, however it was typed. */
function namesIn({ input: { session }, attendee }: AttendeeContext, value: string) {
  const upper = value.toUpperCase();
  const typed = otherNamesIn(session, attendee, wordsOf(value));
  if (upper === value) return typed;
  const sent = otherNamesIn(session, attendee, wordsOf(upper));
  const surely = [...typed.surely, ...sent.surely];
  return { surely, perhaps: typed.perhaps.filter((of) => !surely.includes(of)) };
}

const perhaps = (path: string): EditFinding => ({
  severity: 'warn',
  path,
  message: 'Another attendee’s name may be in it.',
});

export const a27: AttendeeEdit = {
  id: 'A27',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '2',
  title: 'Nothing that goes out names or identifies another attendee (a full name in an address warns)',
  fixedBy: ['biller', 'front_desk'],
  provenance: { confidence: 'D', source: 'spec 04 §4.3 (NTE), §4.4 E30, §4.6; as N09 for the note' },
  check: (ctx) => {
    const { input, attendee } = ctx;
    return outgoing(ctx).flatMap(({ path, value, kind }): readonly EditFinding[] => {
      // A household shares its address, so a person looks at "c/o" a fellow attendee and nothing waits for it.
      if (kind === 'address') return namesOtherInFull(input.session, attendee, value) ? [perhaps(path)] : [];
      const names = namesIn(ctx, value);
      const identified = (kind === 'text' ? otherIdsInText : otherIdsInIdentifier)(input.session, attendee, value);
      const sure = names.surely.length + identified.length > 0;
      if (!sure && names.perhaps.length === 0) return [];
      // Without whose: places on the roster shift, and a finding that a person has decided must stay the same finding.
      return sure
        ? [{ severity: 'hold', path, message: 'A name or an identifier of another attendee is in it.' }]
        : [perhaps(path)];
    });
  },
};
