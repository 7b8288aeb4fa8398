import { isFaulty } from '../../session/parse.ts';
import type { AttendeeContext } from '../context.ts';
import { epochMs } from '../dates.ts';
import type { ServiceOfDay } from '../facts.ts';
import { SAME_DAY_MESSAGE, type SameDayVerdict, sameDayVerdict } from '../ncci.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

type OtherService = NonNullable<AttendeeContext['attendee']['fields']['otherServicesSameDay']>[number];

/** Times of both are needed to say so; services that touch do not overlap. */
const overlaps = ({ input: { session } }: AttendeeContext, { startedAt, endedAt }: OtherService): boolean =>
  Boolean(startedAt && endedAt) &&
  epochMs(startedAt as string) < epochMs(session.endedAt) &&
  epochMs(session.startedAt) < epochMs(endedAt as string);

const serviceFindings = (ctx: AttendeeContext, other: OtherService, i: number): readonly EditFinding[] => {
  const path = `${ctx.base}/otherServicesSameDay/${i}`;
  const warn = (message: string): EditFinding => ({ severity: 'warn', path, message });
  const overlapping = overlaps(ctx, other) ? [warn('Another service of that day overlaps the session in time.')] : [];
  const code = { ...other, procedureCode: other.procedureCode.trim().toUpperCase() };
  const verdicts = ctx.service.lines.map((line) => sameDayVerdict(line, code, ctx.dateOfService));
  const found = verdicts.find((v) => v !== null);
  return found ? [...overlapping, warn(SAME_DAY_MESSAGE[found])] : overlapping;
};

/** A live claim of the ledger against ours, line by line. */
const ledgerVerdict = (ctx: AttendeeContext, lines: ServiceOfDay['lines']): SameDayVerdict | undefined => {
  const verdicts = lines.flatMap(({ procedureCode, modifiers }) =>
    procedureCode === null
      ? []
      : ctx.service.lines.map((own) => sameDayVerdict(own, { procedureCode, modifiers }, ctx.dateOfService)),
  );
  return verdicts.find((v) => v !== null) ?? undefined;
};

/** Sees what is sent in the request; services that only the ledger knows come through the same table. */
export const a06: AttendeeEdit = {
  id: 'A06',
  scope: 'attendee',
  of: 'billable',
  severity: 'warn',
  payerOverridable: true,
  version: '2',
  snip: 6,
  title: 'No other service of that day is bundled with the group (NCCI) or overlaps it; we see only what we are sent',
  fixedBy: ['biller', 'clinician'],
  provenance: { confidence: 'H', source: 'CMS NCCI practitioner edits: 90832, 90834, 90837 column 2 to 90853, indicator 1' },
  check: (ctx) =>
    isFaulty(ctx.attendee, 'otherServicesSameDay')
      ? []
      : (ctx.attendee.fields.otherServicesSameDay ?? []).flatMap((other, i) => serviceFindings(ctx, other, i)),
  checkLedger: ({ members, facts }) =>
    members.flatMap(({ index, roster, claim }) => {
      if (claim === null) return [];
      const lines = facts.services.filter((s) => s.index === index).flatMap((s) => s.lines);
      const found = ledgerVerdict(claim.context, lines);
      return found === undefined
        ? []
        : [{ severity: 'warn' as const, attendee: index, path: roster.base, message: SAME_DAY_MESSAGE[found] }];
    }),
};
