import { createHash } from 'node:crypto';
import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Practice } from '../../schemas/practice.ts';
import { batchReference, fileName, lineControlNumber, patientControlNumber } from '../claim/identifiers.ts';
import { profileOf } from '../delivery/profiles/registry.ts';
import type { NewDrop } from '../ledger/drop-records.ts';
import type { DueClaim } from '../ledger/release.ts';
import type { Interchange, ProfessionalClaim } from '../x12/837p/model.ts';
import { writeInterchange } from '../x12/837p/writer.ts';

export interface Frozen {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly sha256: string;
  readonly fileName: string;
  readonly claims: NewDrop['claims'];
}

export interface FreezeInput {
  readonly isa13: number;
  /** First of as many transaction set control numbers as there are claims. */
  readonly firstSt: number;
  /** Ledger time of the release, epoch ms. */
  readonly at: number;
  readonly clearinghouse: Clearinghouse;
  readonly practice: Practice;
  readonly members: readonly {
    readonly due: Pick<DueClaim, 'id' | 'lineage' | 'revision' | 'traceNumber'>;
    readonly claim: ProfessionalClaim;
  }[];
}

const clocks = new Map<string, Intl.DateTimeFormat>();
let lastClock: { readonly minute: number; readonly timeZone: string; readonly clock: WallClock } | null = null;

interface WallClock {
  readonly date: string;
  readonly time: string;
}

/** Wall clock of the receiver's zone: ISA09–10, GS04–05, BHT04–05. The files of a batch share it. */
export function wallClock(at: number, timeZone: string): WallClock {
  const minute = Math.floor(at / 60_000);
  if (lastClock?.minute === minute && lastClock.timeZone === timeZone) return lastClock.clock;
  let format = clocks.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
  const clock = { date: `${part['year']}-${part['month']}-${part['day']}`, time: `${part['hour']}${part['minute']}` };
  lastClock = { minute, timeZone, clock };
  return clock;
}

/** The claim as it goes out: its numbers filled in. */
export function numbered(
  claim: ProfessionalClaim,
  numbers: { pcn: string; traceNumber: string; revision: number; emitD9: boolean },
): ProfessionalClaim {
  return {
    ...claim,
    patientControlNumber: numbers.pcn,
    references: numbers.emitD9 ? [...claim.references, { qualifier: 'D9', value: numbers.traceNumber }] : claim.references,
    lines: claim.lines.map((line, i) => ({
      ...line,
      lineControlNumber: lineControlNumber(numbers.traceNumber, numbers.revision, i + 1),
    })),
  };
}

export function interchangeOf(
  clearinghouse: Clearinghouse,
  practice: Practice,
  numbers: { readonly isa13: string; readonly at: number },
  transactionSets: Interchange['transactionSets'],
): Interchange {
  const i = clearinghouse.interchange;
  const { contact, name, id } = practice.submitter;
  return {
    senderQualifier: i.senderQualifier,
    senderId: i.senderId,
    receiverQualifier: i.receiverQualifier,
    receiverId: i.receiverId,
    applicationSender: i.applicationSender,
    applicationReceiver: i.applicationReceiver,
    usage: clearinghouse.usage,
    requestTa1: clearinghouse.requestTa1,
    controlNumber: numbers.isa13,
    ...wallClock(numbers.at, clearinghouse.timezone),
    submitter: { name, id, contact: { name: contact.name, phone: contact.phone, email: contact.email ?? null } },
    receiver: clearinghouse.receiver,
    segmentNewline: profileOf(clearinghouse).segmentNewline,
    transactionSets,
  };
}

/**
 * Renders one file from its allocated numbers. Deterministic: the same input gives the same bytes. Throws
 * `X12WriteError` when the guide's rules refuse a claim; the caller holds that claim and releases the others.
 */
export function freeze(input: FreezeInput): Frozen {
  const profile = profileOf(input.clearinghouse);
  const isa13 = String(input.isa13).padStart(9, '0');
  const claims = input.members.map((m, n) => ({
    claimId: m.due.id,
    st02: String(input.firstSt + n).padStart(9, '0'),
    bht03: batchReference(m.due.traceNumber, m.due.revision, isa13),
    patientControlNumber: patientControlNumber(m.due.lineage, m.due.revision),
    revision: m.due.revision,
  }));
  const bytes = writeInterchange(
    interchangeOf(
      input.clearinghouse,
      input.practice,
      { isa13, at: input.at },
      input.members.map((m, n) => ({
        controlNumber: claims[n]!.st02,
        batchReference: claims[n]!.bht03,
        purpose: '00',
        claimOrEncounter: 'CH',
        claim: numbered(m.claim, {
          pcn: claims[n]!.patientControlNumber,
          traceNumber: m.due.traceNumber,
          revision: m.due.revision,
          emitD9: profile.emitD9,
        }),
      })),
    ),
  );
  return {
    bytes,
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fileName: nameOf(profile.fileNameTemplate, input.clearinghouse, isa13),
    claims,
  };
}

function nameOf(template: string, c: Clearinghouse, isa13: string): string {
  const { senderId, receiverId } = c.interchange;
  const name = fileName(template, { senderId, receiverId, interchangeControlNumber: isa13, usage: c.usage });
  // The template was checked when it was configured; a drop without a name must not come to be.
  if (!name.ok) throw new Error(`the receiver's file name template is not usable: ${name.code}`);
  return name.name;
}

/** What a claim would look like on the wire before anything is allocated: control number zero, for previews and unsent claims. */
export function previewBytes(
  clearinghouse: Clearinghouse,
  practice: Practice,
  claim: ProfessionalClaim,
  pcn: string,
  at: number,
): Uint8Array {
  return writeInterchange(
    interchangeOf(clearinghouse, practice, { isa13: '000000000', at }, [
      {
        controlNumber: '000000001',
        batchReference: 'PREVIEW',
        purpose: '00',
        claimOrEncounter: 'CH',
        claim: numbered(claim, { pcn, traceNumber: 'PREVIEW', revision: 1, emitD9: profileOf(clearinghouse).emitD9 }),
      },
    ]),
  );
}
