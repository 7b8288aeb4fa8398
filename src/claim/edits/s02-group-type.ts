import { hasAttended } from '../../session/disposition.ts';
import type { ParsedAttendee } from '../../session/parse.ts';
import type { SessionContext } from '../context.ts';
import type { Policy } from '../payers/policy.ts';
import type { EditFinding, SessionEdit } from './edit.ts';

const NOT_PSYCHOTHERAPY: readonly string[] = ['support', 'education', 'recreation'];
const MULTI_FAMILY_CODE = '90849';
const GROUP_CODE = '90853';
const SHAPE = /^[A-Z0-9]{5}$/;

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

/** The two codes of group psychotherapy, and what the payer's own map names. Codes without shape are edit A17's. */
const isGroupCode = (code: string, { procedureMap }: Policy): boolean =>
  code === GROUP_CODE || code === MULTI_FAMILY_CODE || procedureMap[code] !== undefined || !SHAPE.test(code);

const codeFindings = ({ input: { session }, billable }: SessionContext): readonly EditFinding[] => {
  const wrong = session.groupType === 'multi_family' ? GROUP_CODE : MULTI_FAMILY_CODE;
  return billable.flatMap(({ attendee, base, cover, service: { baseProcedureCode: code } }): readonly EditFinding[] => {
    const finding = (severity: EditFinding['severity'], message: string): EditFinding => ({
      severity,
      path: attendee.fields.procedureCode ? `${base}/procedureCode` : '/procedureCode',
      message,
      attendee: attendee.index,
    });
    if (!isGroupCode(code, cover.policy)) {
      return [
        finding('block', 'This is no code of group psychotherapy: neither 90853 or 90849 nor one that this payer’s data name.'),
      ];
    }
    return code === wrong
      ? [
          finding(
            'hold',
            'The procedure code does not belong to this type of group: 90849 is for multi-family groups and only for these.',
          ),
        ]
      : [];
  });
};

export const s02: SessionEdit = {
  id: 'S02',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '3',
  snip: 6,
  title:
    'The group and its code are billable as group psychotherapy; a multi-family group names families and identified patients',
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
