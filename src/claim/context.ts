import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Coverage } from '../../schemas/coverage.ts';
import type { Payer } from '../../schemas/payer.ts';
import type { Practice } from '../../schemas/practice.ts';
import type { RosterDisposition } from '../session/disposition.ts';
import type { ParsedAttendee, ParsedSession } from '../session/parse.ts';
import type {
  BillingProvider,
  OtherPayer,
  Patient,
  ProfessionalClaim,
  Provider,
  ServiceFacility,
  Subscriber,
} from '../x12/837p/model.ts';
import type { LineAdjudication } from '../x12/837p/model-supplement.ts';
import type { CodeSets } from '../x12/code-sets/code-sets.ts';
import type { IsoDate } from './dates.ts';
import type { FitIssue } from './fit.ts';
import type { Policy } from './payers/policy.ts';

/** A stored paragraph that one of ours is like, as far as sketches tell. */
export interface EarlierNote {
  /** Roster position of ours. */
  readonly index: number;
  /** The same patient's, or another patient's by the same clinician. */
  readonly whose: 'own' | 'clinician';
  readonly sessionId: string;
  readonly dateOfService: IsoDate;
  /** Jaccard of the two, estimated. */
  readonly similarity: number;
}

export interface GateInput {
  readonly session: ParsedSession;
  readonly practice: Practice;
  /** By configured id. */
  readonly payers: ReadonlyMap<string, Payer>;
  readonly clearinghouses: ReadonlyMap<string, Clearinghouse>;
  /** Epoch milliseconds of the ledger's clock. */
  readonly now: number;
  readonly codeSets: CodeSets;
  /** None where nothing is stored to compare with, or the notes are not there (a session judged again). */
  readonly earlierNotes: readonly EarlierNote[];
}

/** A provider as the claim would carry it; `provider` is null when its name cannot be written. */
export interface ResolvedProvider {
  readonly path: string;
  readonly npi: string;
  readonly taxonomyCode: string | null;
  readonly credential: string | null;
  readonly provider: Provider | null;
  readonly issues: readonly FitIssue[];
}

export interface ResolvedBilling {
  readonly npi: string;
  readonly taxonomyCode: string | null;
  readonly provider: BillingProvider | null;
  readonly issues: readonly FitIssue[];
}

export interface ResolvedFacility {
  readonly path: string;
  readonly placeOfServiceCode: string;
  readonly npi: string | null;
  /** False when it is the billing address, however written. */
  readonly differs: boolean;
  readonly facility: ServiceFacility | null;
  readonly issues: readonly FitIssue[];
}

export type CoverageProblem =
  | 'no_coverage'
  | 'no_primary'
  | 'crossed_over'
  | 'all_adjudicated'
  | 'unknown_payer'
  | 'unknown_policy'
  | 'invalid_policy_overrides'
  | 'no_clearinghouse';

/** The coverage that is billed now with what configuration says of its payer. */
export interface ResolvedCoverage {
  readonly path: string;
  readonly coverage: Coverage | null;
  readonly payer: Payer | null;
  readonly clearinghouseId: string | null;
  readonly clearinghouse: Clearinghouse | null;
  /** The payer's policy on the date of service; the default one where there is no payer, so that other edits still speak. */
  readonly policy: Policy;
  /** `policy.memberIdPattern`, compiled. */
  readonly memberIdPattern: RegExp | null;
  readonly claimFilingIndicator: string | null;
  /** Last day of timely filing for an original, or for a claim after earlier payers' decisions. */
  readonly fileBy: IsoDate | null;
  readonly problem: CoverageProblem | null;
}

/** Why another coverage, or what its payer decided, cannot go on the claim as the request gives it (edit A26). */
export interface CoordinationProblem {
  readonly path: string;
  readonly kind:
    | 'unknown_payer'
    | 'subscriber_missing'
    | 'insurance_type_missing'
    | 'out_of_order'
    | 'unmatched_line'
    | 'too_many_reasons'
    | 'remarks_cut'
    | 'unbalanced'
    | 'same_payer'
    | 'told_twice'
    | 'decision_date'
    | 'liability';
  /** True when the claim depends on it: an earlier payer's decision is what a later payer pays by. */
  readonly needed: boolean;
}

/** Every coverage but the one billed: loops 2320, 2330 and 2430. */
export interface ResolvedCoordination {
  readonly others: readonly OtherPayer[];
  /** By line of the service: what the other payers decided on it. */
  readonly byLine: readonly (readonly LineAdjudication[])[];
  readonly problems: readonly CoordinationProblem[];
  readonly issues: readonly FitIssue[];
}

export interface ResolvedLine {
  readonly procedureCode: string;
  /** All that apply, in the payer's order; more than four is edit A15. */
  readonly modifiers: readonly string[];
  readonly units: number;
  /** Null when neither request nor fee schedule has an amount. */
  readonly chargeCents: number | null;
  /** What the fee schedule says for this line, null when it says nothing. */
  readonly scheduledCents: number | null;
  readonly chargePath: string;
}

export interface ResolvedService {
  /** Our code before the payer's procedure map. */
  readonly baseProcedureCode: string;
  /** The request's own modifiers, written as on the line, before those that the payer's data add. */
  readonly requestedModifiers: readonly string[];
  readonly placeOfServiceCode: string;
  readonly placeOfServicePath: string;
  /** What the payer's telehealth map says for this attendee; `refused` when it does not take the modality, null in person. */
  readonly telehealth:
    | {
        readonly pos: string;
        readonly modifier: string | null;
        /** Another one that the request may carry here; null when none. */
        readonly alternative: string | null;
      }
    | 'refused'
    | null;
  readonly lines: readonly ResolvedLine[];
  /** CLM02, null when a line has no amount. */
  readonly totalCents: number | null;
  readonly patientPaidCents: number | null;
  /** Upper case, no dots, as given otherwise. */
  readonly diagnoses: readonly string[];
}

export interface ResolvedParties {
  readonly subscriber: Subscriber | null;
  readonly patient: Patient | null;
  readonly issues: readonly FitIssue[];
}

/** What an edit may know of anybody on the roster. */
export interface RosterContext {
  readonly input: GateInput;
  readonly dateOfService: IsoDate;
  /** Calendar day of `now` where the service took place. */
  readonly today: IsoDate;
  readonly attendee: ParsedAttendee;
  /** JSON pointer of the attendee. */
  readonly base: string;
  readonly disposition: RosterDisposition;
}

/** What an edit may know of an attendee who gets a claim. */
export interface AttendeeContext extends RosterContext {
  readonly cover: ResolvedCoverage;
  readonly billing: ResolvedBilling;
  /** Who is billed as rendering: the supervisor where the payer wants it so. Sent only when `renderingSent`. */
  readonly rendering: ResolvedProvider;
  readonly renderingSent: boolean;
  /** Only when it is sent (2310D). */
  readonly supervising: ResolvedProvider | null;
  readonly referring: ResolvedProvider | null;
  /** Only when it is sent (2310C). */
  readonly facility: ResolvedFacility | null;
  readonly service: ResolvedService;
  readonly parties: ResolvedParties;
  readonly coordination: ResolvedCoordination;
  /** Everything that had to be done to texts of this claim. */
  readonly fitIssues: readonly FitIssue[];
  readonly claim: ProfessionalClaim | null;
  /** Any configured payer's policy on the date of service, such as that of another coverage; null where it has none. */
  readonly policyOf: (payerId: string) => Policy | null;
}

export interface SessionContext {
  readonly input: GateInput;
  readonly dateOfService: IsoDate;
  readonly today: IsoDate;
  /** By roster position. */
  readonly dispositions: readonly RosterDisposition[];
  /** Persons who were in the group, whoever pays. */
  readonly attendedCount: number;
  readonly billable: readonly AttendeeContext[];
}
