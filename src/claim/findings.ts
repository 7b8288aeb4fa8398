import type { Finding } from '../../schemas/common.ts';
import type { Edit, EditFinding } from './edits/edit.ts';

/** What an edit found, with its rule and version; `externalId` null = about the whole session. */
export const stamped = (edit: Pick<Edit, 'id' | 'version'>, found: EditFinding, externalId: string | null): Finding => ({
  rule: edit.id,
  severity: found.severity,
  scope: externalId === null ? 'session' : 'attendee',
  ...(externalId === null ? {} : { attendee: externalId }),
  path: found.path,
  message: found.message,
  ruleVersion: edit.version,
});

export const isStop = ({ severity }: Pick<Finding, 'severity'>): boolean => severity === 'block' || severity === 'hold';

/** On somebody who gets no claim nothing is stopped: what would stop one only warns. */
export const withoutStops = (finding: Finding): Finding => (isStop(finding) ? { ...finding, severity: 'warn' } : finding);
