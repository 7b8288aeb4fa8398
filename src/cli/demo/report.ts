import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClaimView } from '../../../schemas/claim.ts';
import type { SessionAnswer } from '../../../schemas/group-session.ts';
import { findingTable } from '../generate.ts';
import { counted, table } from '../table.ts';
import { clockTime } from './board.ts';

/** What the gate says of each person on the roster. */
export function gateReport(answer: SessionAnswer): string {
  const { attendees, billable, held, notBillable } = answer.summary;
  const rows = answer.attendees.map((a) => {
    if (a.state === 'not_billable') return [a.externalId, 'not billable', '', '', a.reason ?? ''];
    const why = a.findings.filter((f) => f.severity === 'block' || f.severity === 'hold').map((f) => f.rule);
    return [
      a.externalId,
      a.state,
      a.chargeAmount ?? '',
      clockTime(a.plannedReleaseAt ?? null),
      [...why, ...(a.planReasons ?? [])].join(' '),
    ];
  });
  const findings = [...answer.findings, ...answer.attendees.flatMap((a) => a.findings)];
  return [
    `The gate: ${attendees} on the roster, ${counted(billable, 'claim')}${held > 0 ? ` (${held} held)` : ''}, ${notBillable} not billable. Date of service ${answer.dateOfService}.\n\n`,
    table(['ATTENDEE', 'ANSWER', 'CHARGE', 'PLANNED', 'REASON'], rows),
    findings.length === 0 ? '' : `\n${findingTable(findings)}`,
  ].join('');
}

export interface DropFileSeen {
  readonly claim: ClaimView;
  readonly drop: NonNullable<ClaimView['drop']>;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files as they lie in the receiver's inbox, in the order in which they were dropped; throws when one is not what was frozen. */
export async function filesTaken(claims: readonly ClaimView[], inbox: string): Promise<readonly DropFileSeen[]> {
  const files: DropFileSeen[] = [];
  for (const claim of claims) {
    const { drop } = claim;
    if (drop === null || drop.transmittedAt === null) continue;
    const path = join(inbox, drop.fileName);
    const bytes = await readFile(path);
    if (createHash('sha256').update(bytes).digest('hex') !== drop.sha256) throw new Error('a file differs from what was frozen');
    files.push({ claim, drop, path, bytes });
  }
  return files.sort((a, b) => sentAt(a) - sentAt(b));
}

const sentAt = (file: DropFileSeen): number => Date.parse(file.drop.transmittedAt ?? '');

export function filesReport(files: readonly DropFileSeen[]): string {
  const rows = files.map((file, i) => {
    const before = files[i - 1];
    const gap = before === undefined ? '' : `+${((sentAt(file) - sentAt(before)) / 1000).toFixed(1)} s`;
    const { drop, claim } = file;
    return [
      drop.fileName,
      claim.attendeeExternalId,
      claim.payerId,
      drop.interchangeControlNumber,
      claim.patientControlNumber,
      String(drop.bytes),
      drop.sha256.slice(0, 12),
      clockTime(drop.transmittedAt),
      gap,
    ];
  });
  return table(['FILE', 'ATTENDEE', 'PAYER', 'ISA13', 'CLM01', 'BYTES', 'SHA-256', 'SENT', 'GAP'], rows);
}
