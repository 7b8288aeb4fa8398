import type { EditFinding, SessionEdit } from './edit.ts';

const NOT_PSYCHOTHERAPY: readonly string[] = ['support', 'education', 'recreation'];

export const s02: SessionEdit = {
  id: 'S02',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'The group is billable as psychotherapy; a multi-family group names families and identified patients',
  provenance: { confidence: 'K', source: 'CPT 90853 and 90849; spec 02 §2.2' },
  check: ({ input: { session } }) => {
    if (NOT_PSYCHOTHERAPY.includes(session.groupType)) {
      return [{ severity: 'block', path: '/groupType', message: 'This type of group is not billable as group psychotherapy.' }];
    }
    if (session.groupType !== 'multi_family') return [];
    const findings: EditFinding[] = [];
    const families = new Map<string, number[]>();
    for (const { index, fields } of session.attendees) {
      if (!fields.familyId) {
        findings.push({
          severity: 'block',
          path: `/attendees/${index}/familyId`,
          message: 'In a multi-family group every attendee belongs to a family.',
        });
        continue;
      }
      const identified = families.get(fields.familyId) ?? [];
      if (fields.identifiedPatient === true) identified.push(index);
      families.set(fields.familyId, identified);
    }
    for (const { index, fields } of session.attendees) {
      const identified = fields.familyId ? families.get(fields.familyId) : undefined;
      if (identified === undefined || identified.length === 1) continue;
      findings.push({
        severity: 'block',
        path: `/attendees/${index}/identifiedPatient`,
        message: 'Each family needs exactly one identified patient: the one its claim is for.',
      });
    }
    return findings;
  },
};
