import { hasAttended } from '../../session/disposition.ts';
import type { ParsedAttendee } from '../../session/parse.ts';
import type { SessionContext } from '../context.ts';
import type { EditFinding, SessionEdit } from './edit.ts';

const NOT_PSYCHOTHERAPY: readonly string[] = ['support', 'education', 'recreation'];
const MULTI_FAMILY_CODE = '90849';
const GROUP_CODE = '90853';

const ofMember = ({ index }: ParsedAttendee, severity: EditFinding['severity'], field: string, message: string): EditFinding => ({
  severity,
  path: `/attendees/${index}/${field}`,
  message,
  attendee: index,
});

/** What one family lacks: 90849 is one claim for the family, on its identified patient. */
const familyFindings = (family: readonly ParsedAttendee[]): readonly EditFinding[] => {
  const present = family.filter((a) => hasAttended(a.status));
  const identified = family.filter((a) => a.fields.identifiedPatient === true);
  const [patient] = identified;
  if (identified.length !== 1 || patient === undefined) {
    const message = 'Each family needs exactly one identified patient: the one its claim is for.';
    return present.map((a) => ofMember(a, 'block', 'identifiedPatient', message));
  }
  if (hasAttended(patient.status)) return [];
  const message = 'The identified patient of this family was absent: no claim is made for the family.';
  return present.map((a) => ofMember(a, 'warn', 'familyId', message));
};

const multiFamilyFindings = (attendees: readonly ParsedAttendee[]): readonly EditFinding[] => {
  const families = new Map<string, ParsedAttendee[]>();
  const findings: EditFinding[] = [];
  for (const a of attendees) {
    const { familyId } = a.fields;
    if (familyId) families.set(familyId, [...(families.get(familyId) ?? []), a]);
    else if (hasAttended(a.status)) {
      findings.push(ofMember(a, 'block', 'familyId', 'In a multi-family group every attendee belongs to a family.'));
    }
  }
  return [...findings, ...[...families.values()].flatMap(familyFindings)];
};

const codeFindings = ({ input: { session }, billable }: SessionContext): readonly EditFinding[] => {
  const wrong = session.groupType === 'multi_family' ? GROUP_CODE : MULTI_FAMILY_CODE;
  return billable
    .filter(({ service }) => service.baseProcedureCode === wrong)
    .map(({ attendee, base }) => ({
      severity: 'hold',
      path: attendee.fields.procedureCode ? `${base}/procedureCode` : '/procedureCode',
      message: 'The procedure code does not belong to this type of group: 90849 is for multi-family groups and only for these.',
      attendee: attendee.index,
    }));
};

export const s02: SessionEdit = {
  id: 'S02',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '2',
  snip: 6,
  title: 'The group is billable as psychotherapy; a multi-family group names families and identified patients',
  fixedBy: ['clinician', 'front_desk'],
  provenance: { confidence: 'K', source: 'CPT 90853 and 90849; spec 02 §2.2' },
  check: (ctx) => {
    const { session } = ctx.input;
    if (NOT_PSYCHOTHERAPY.includes(session.groupType)) {
      return [{ severity: 'block', path: '/groupType', message: 'This type of group is not billable as group psychotherapy.' }];
    }
    const families = session.groupType === 'multi_family' ? multiFamilyFindings(session.attendees) : [];
    return [...families, ...codeFindings(ctx)];
  },
};
