import { isFaulty } from '../../session/parse.ts';
import type { AttendeeContext, CoverageProblem } from '../context.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

/** SBR09 values of programmes in which everybody is their own subscriber: Medicare A, B and Medicaid. */
const OWN_SUBSCRIBER = ['MA', 'MB', 'MC'];

const PROBLEMS: Readonly<Record<CoverageProblem, readonly [field: string, message: string]>> = {
  no_coverage: ['', 'There is no coverage to bill.'],
  no_primary: ['', 'No coverage is marked as primary (P).'],
  crossed_over: ['', 'The payer before this one has forwarded the claim itself: a claim of ours would be its duplicate.'],
  all_adjudicated: ['', 'Every payer has decided already: nothing is left to bill.'],
  unknown_payer: ['/payerId', 'The payer is not configured.'],
  unknown_policy: ['/payerId', 'The payer is configured with a policy that does not exist.'],
  invalid_policy_overrides: ['/payerId', 'The payer is configured with policy overrides that are not valid.'],
  no_clearinghouse: ['/payerId', 'No clearinghouse is configured for this payer.'],
};

const subscriberFindings = ({ cover }: AttendeeContext): readonly EditFinding[] => {
  const { coverage, path, policy, claimFilingIndicator } = cover;
  if (coverage === null || coverage.relationshipToSubscriber === 'self') return [];
  if (policy.patientIsSubscriber || OWN_SUBSCRIBER.includes(claimFilingIndicator ?? '')) {
    return [
      {
        severity: 'block',
        path: `${path}/relationshipToSubscriber`,
        message: 'Medicare and Medicaid patients are always their own subscriber.',
      },
    ];
  }
  return coverage.subscriber
    ? []
    : [
        {
          severity: 'block',
          path: `${path}/subscriber`,
          message: 'The subscriber must be named when the patient is not the subscriber.',
        },
      ];
};

const rankFindings = ({ attendee, base }: AttendeeContext): readonly EditFinding[] => {
  const ranks = (attendee.fields.coverages ?? []).map((c) => c.responsibility);
  return ranks.flatMap((rank, i) =>
    ranks.indexOf(rank) < i
      ? [
          {
            severity: 'block' as const,
            path: `${base}/coverages/${i}/responsibility`,
            message: 'Two coverages claim the same rank of payment responsibility.',
          },
        ]
      : [],
  );
};

/** Of coverages that cannot be read the payers still can. */
const unknownPayers = ({ attendee: { remains }, base, input }: AttendeeContext): readonly EditFinding[] =>
  (remains?.coverages ?? [])
    .filter((c) => !input.payers.has(c.payerId))
    .map(({ index }) => {
      const [field, message] = PROBLEMS.unknown_payer;
      return { severity: 'block', path: `${base}/coverages/${index}${field}`, message };
    });

export const a07: AttendeeEdit = {
  id: 'A07',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: false,
  version: '3',
  snip: 4,
  title: 'A primary coverage with a configured payer and a named subscriber',
  fixedBy: ['front_desk', 'administrator'],
  provenance: { confidence: 'H', source: '005010X222A1 2000B, 2010BA, 2010BB' },
  check: (ctx) => {
    const { attendee, cover } = ctx;
    if (isFaulty(attendee, 'coverages')) return unknownPayers(ctx);
    const findings: EditFinding[] = [];
    if (!attendee.fields.patient && !isFaulty(attendee, 'patient')) {
      findings.push({ severity: 'block', path: `${ctx.base}/patient`, message: 'The patient must be named to bill a coverage.' });
    }
    if (cover.problem !== null) {
      const [field, message] = PROBLEMS[cover.problem];
      findings.push({ severity: 'block', path: `${cover.path}${field}`, message });
    }
    if (cover.payer && cover.payer.submission !== 'edi') {
      findings.push({
        severity: 'block',
        path: `${cover.path}/payerId`,
        message: 'This payer takes no electronic claims: bill it by its portal or on paper.',
      });
    }
    const usual = cover.policy.claimFilingIndicator;
    if (cover.payer && usual !== null && cover.claimFilingIndicator !== usual) {
      findings.push({
        severity: 'warn',
        path: `${cover.path}/claimFilingIndicatorCode`,
        message: 'The claim filing indicator is not the usual one for this kind of payer.',
      });
    }
    return [...findings, ...subscriberFindings(ctx), ...rankFindings(ctx)];
  },
};
