import type { Provider as WireProvider } from '../../schemas/group-session.ts';
import { disposeRoster, hasAttended } from '../session/disposition.ts';
import type { ParsedAttendee } from '../session/parse.ts';
import { assembleClaim } from './build/claim.ts';
import { policyReader, resolveCoverage, resolveParties } from './build/coverage.ts';
import { claimAuthorization, claimIdentity, claimKeys } from './build/keys.ts';
import { resolveCoordination } from './build/other-payers.ts';
import { resolveBilling, resolveFacility, resolveProvider } from './build/providers.ts';
import { resolveService } from './build/service.ts';
import type { AttendeeContext, GateInput, ResolvedProvider, RosterContext, SessionContext } from './context.ts';
import { dayOf, isValidZone, localDate } from './dates.ts';
import type { ClaimDraft } from './draft.ts';

/** Places of service that are the patient's home: never a service facility [RFI 423]. */
const PATIENT_HOME = ['10', '12'];

/** Local date of `startedAt`; where the zone does not exist (edit S01 blocks) the date as written. */
export function dateOfServiceOf({ session }: Pick<GateInput, 'session'>): string {
  return isValidZone(session.timezone) ? localDate(session.startedAt, session.timezone) : session.startedAt.slice(0, 10);
}

/** Calendar day of `now` where the service took place; in UTC where the zone does not exist. */
const todayOf = ({ session, now }: GateInput): string => dayOf(now, isValidZone(session.timezone) ? session.timezone : 'UTC');

const optionalProvider = (path: string, wire: WireProvider | null | undefined): ResolvedProvider | null =>
  wire ? resolveProvider(path, wire) : null;

/** What all attendees of a session share is resolved once; returns the resolver of one billable attendee. */
const attendeeResolver = (input: GateInput, dateOfService: string) => {
  const { session, practice } = input;
  const billing = resolveBilling(practice);
  const shared = {
    rendering: resolveProvider('/renderingProvider', session.renderingProvider),
    supervising: optionalProvider('/supervisingProvider', session.supervisingProvider),
    referring: optionalProvider('/referringProvider', session.referringProvider),
    facility: session.serviceFacility ? resolveFacility('/serviceFacility', session.serviceFacility, billing) : null,
  };
  const rulesFor = policyReader(input, dateOfService);
  const policyOf = (payerId: string) => {
    const { policy, problem } = rulesFor(payerId);
    return input.payers.has(payerId) && problem === null ? policy : null;
  };

  return (roster: RosterContext): AttendeeContext => {
    const { attendee, base } = roster;
    const { fields } = attendee;
    const cover = resolveCoverage(input, attendee, base, rulesFor, dateOfService);
    const { policy } = cover;
    const asSupervisor = session.supervised && policy.supervisedBilling === 'bill_as_supervisor';
    const clinician = optionalProvider(`${base}/renderingProvider`, fields.renderingProvider) ?? shared.rendering;
    const rendering = asSupervisor ? (shared.supervising ?? clinician) : clinician;
    const supervising = session.supervised && shared.supervising?.npi !== rendering.npi ? shared.supervising : null;
    const referring = optionalProvider(`${base}/referringProvider`, fields.referringProvider) ?? shared.referring;
    const service = resolveService({
      session,
      attendee,
      base,
      practice,
      policy,
      rendering: clinician,
      facility: shared.facility,
    });
    const elsewhere = shared.facility?.differs === true && !PATIENT_HOME.includes(service.placeOfServiceCode);
    const facility = elsewhere ? shared.facility : null;
    const renderingSent = rendering.npi !== billing.npi;
    const providers = { billing, rendering: renderingSent ? rendering : null, supervising, referring, facility };
    const parties = resolveParties(attendee, base, cover);
    const coordination = resolveCoordination({
      input,
      fields,
      base,
      cover,
      parties,
      service,
      providers,
      rulesFor,
      dateOfService,
      today: roster.today,
    });
    const { claim, issues } = assembleClaim({
      input,
      fields,
      base,
      dateOfService,
      cover,
      ...providers,
      service,
      parties,
      coordination,
    });
    const sent = [billing, providers.rendering, supervising, referring, facility];
    // Named one by one: a spread of the roster's context and fourteen more take five times as long.
    return {
      input,
      dateOfService,
      today: roster.today,
      attendee,
      base,
      disposition: roster.disposition,
      cover,
      billing,
      rendering,
      renderingSent,
      supervising,
      referring,
      facility,
      service,
      parties,
      coordination,
      fitIssues: [...sent.flatMap((p) => p?.issues ?? []), ...parties.issues, ...coordination.issues, ...issues],
      claim,
      policyOf,
    };
  };
};

/** Session and configuration → everything that edits look at: one context per person, a claim for each billable one. */
export function buildSession(input: GateInput): { readonly session: SessionContext; readonly roster: readonly RosterContext[] } {
  const { session } = input;
  const dateOfService = dateOfServiceOf(input);
  const today = todayOf(input);
  const dispositions = disposeRoster(session);
  const resolve = attendeeResolver(input, dateOfService);
  const rosterOf = (attendee: ParsedAttendee): RosterContext => ({
    input,
    dateOfService,
    today,
    attendee,
    base: `/attendees/${attendee.index}`,
    disposition: dispositions[attendee.index] ?? { billable: true },
  });
  const roster = session.attendees.map(rosterOf);
  return {
    roster,
    session: {
      input,
      dateOfService,
      today,
      dispositions,
      attendedCount: session.attendees.filter((a) => hasAttended(a.status)).length,
      billable: roster.filter((r) => r.disposition.billable).map(resolve),
    },
  };
}

/** The draft that the pipeline stores: claim, spacing and duplicate keys, timely filing. */
export function draftOf(ctx: AttendeeContext): ClaimDraft {
  const { cover, claim, service, billing, rendering, input } = ctx;
  const payerId = cover.payer === null ? null : (cover.coverage?.payerId ?? null);
  const named =
    claim && cover.payer && cover.clearinghouse
      ? {
          usage: cover.clearinghouse.usage,
          practiceId: input.session.practiceId,
          patientExternalId: ctx.attendee.externalId,
          payerId: cover.payer.payerId,
          renderingNpi: rendering.npi,
          claim,
        }
      : null;
  const keys = named === null ? { lookAlikeKey: null, siblingKey: null, duplicateKeys: [] } : claimKeys(named);
  return {
    payerId,
    clearinghouseId: cover.clearinghouse === null ? null : cover.clearinghouseId,
    responsibility: cover.coverage?.responsibility ?? 'P',
    procedureCode: service.lines[0]?.procedureCode ?? null,
    renderingNpi: rendering.npi,
    billingNpi: billing.npi,
    chargeCents: service.totalCents ?? 0,
    claim,
    lookAlikeGapMinutes: cover.policy.lookAlikeGapMinutes,
    ...keys,
    identity: named === null ? null : claimIdentity(named),
    authorization: named === null ? null : claimAuthorization(named, cover.coverage?.priorAuthorization?.unitsRemaining ?? null),
    serviceCode: service.baseProcedureCode,
    part2:
      (input.session.part2Program ?? input.practice.part2Program)
        ? { consent: ctx.attendee.fields.part2 ?? null, timezone: input.session.timezone }
        : null,
    fileBy: cover.fileBy,
  };
}
