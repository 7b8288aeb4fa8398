import { isDate8 } from '../../../format.ts';
import { childLoop, element, type ReadClaim, segmentOf, type TreeSegment } from '../tree.ts';
import { type ClaimFacts, factsOf } from './facts.ts';
import type { ClaimRule, Report, RuleContext } from './rule.ts';
import { STATUS } from './status.ts';
import { daysOf } from './values.ts';

type Check = (facts: ClaimFacts, report: Report, claim: ReadClaim, context: RuleContext) => void;
const dates = (rule: string, check: Check): ClaimRule => ({
  snip: 4,
  rule,
  check(claim, context, report) {
    const facts = factsOf(claim);
    if (facts !== null) check(facts, report, claim, context);
  },
});

/** Dates of loop 2300 that lie on or before the service, with what they are. */
const BEFORE_SERVICE: ReadonlyMap<string, string> = new Map([
  ['431', 'The onset'],
  ['454', 'The initial treatment'],
  ['304', 'The last visit'],
  ['453', 'The acute manifestation'],
  ['439', 'The accident'],
  ['484', 'The last menstrual period'],
  ['455', 'The last X-ray'],
  ['435', 'The admission'],
  ['444', 'The first contact'],
]);

const ageOver = (birth: string, service: string, years: number): boolean =>
  Number(service.slice(0, 4)) - Number(birth.slice(0, 4)) > years;

const daysBetween = (from: string, to: string): number => dayNumber(to) - dayNumber(from);

/** Days since 1 March of the year 0 (Howard Hinnant's days_from_civil, without the offset). */
function dayNumber(day: string): number {
  const m = Number(day.slice(4, 6));
  const y = Number(day.slice(0, 4)) - (m <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + Number(day.slice(6, 8)) - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear;
}

/** A year: the longest limit in common use (original Medicare), so that a warning is worth reading whoever the payer is. */
const LATE_DAYS = 365;

/** Type 4: dates follow each other (E15, E28, E29 of spec 04 §4.4). */
export const DATE_RULES: readonly ClaimRule[] = [
  dates('E28', (facts, report, _claim, { today }) => {
    for (const { service, to } of facts.lines) {
      if (service === null || to === '' || to <= today) continue;
      report(service, {
        element: 'DTP03',
        message: 'The date of service lies in the future.',
        ik3: '8',
        ik4: '8',
        status: STATUS.futureDate,
      });
    }
  }),
  dates('E29', (facts, report, _claim, { today }) => {
    const last = facts.lastService;
    if (!isDate8(last) || facts.frequency !== '1' || element(facts.clm, 20) !== '') return;
    if (element(facts.sbr, 1) !== 'P' || daysBetween(last, today) <= LATE_DAYS) return;
    report(facts.clm, {
      severity: 'warning',
      element: 'CLM20',
      message: 'The service is more than a year old; a late claim says why (CLM20).',
      status: STATUS.missing('555'),
    });
  }),
  dates('E15', (facts, report, claim) => {
    const person = claim.patient === null ? childLoop(claim.subscriber, '2010BA') : childLoop(claim.patient, '2010CA');
    const dmg = person === null ? null : segmentOf(person, 'DMG');
    const birth = element(dmg, 2);
    if (dmg === null || !isDate8(birth) || facts.firstService === '') return;
    if (birth > facts.firstService)
      report(dmg, {
        element: 'DMG02',
        message: 'The patient was born after the service.',
        ik3: '8',
        ik4: '8',
        status: STATUS.birthOrder,
      });
    else if (ageOver(birth, facts.firstService, 150))
      report(dmg, {
        element: 'DMG02',
        message: 'The patient would be older than 150 years.',
        ik3: '8',
        ik4: '8',
        status: STATUS.birthOrder,
      });
  }),
  dates('date.order', (facts, report, claim) => {
    const { firstService, lastService } = facts;
    if (firstService === '') return;
    let admitted = '';
    let discharged: TreeSegment | null = null;
    for (const dtp of claim.loop.segments) {
      if (dtp.tag !== 'DTP') continue;
      const [from] = daysOf(dtp);
      const qualifier = element(dtp, 1);
      if (qualifier === '435') admitted = from;
      if (qualifier === '096') discharged = dtp;
      const what = BEFORE_SERVICE.get(qualifier);
      if (what === undefined || from === '' || from <= lastService) continue;
      report(dtp, {
        element: 'DTP03',
        message: `${what} is later than the service.`,
        ik3: '8',
        ik4: '8',
        status: STATUS.contradicts('187'),
      });
    }
    const [left] = daysOf(discharged);
    if (discharged !== null && left !== '' && admitted !== '' && left < admitted)
      report(discharged, {
        element: 'DTP03',
        message: 'The discharge is earlier than the admission.',
        ik3: '8',
        ik4: '8',
        status: STATUS.contradicts('190'),
      });
  }),
  dates('date.order', (facts, report, claim, { today }) => {
    const look = ({ remitted }: { readonly remitted: TreeSegment | null }): void => {
      const [day] = daysOf(remitted);
      if (remitted === null || day === '' || (day <= today && day >= facts.firstService)) return;
      report(remitted, {
        element: 'DTP03',
        message: 'The other payer’s remittance is dated before the service or in the future.',
        ik3: '8',
        ik4: '8',
        status: STATUS.remittanceDate,
      });
    };
    facts.others.forEach(look);
    for (const { decisions } of facts.lines) decisions.forEach(look);
    for (const level of [claim.subscriber, claim.patient]) {
      const pat = level === null ? null : segmentOf(level, 'PAT');
      const death = element(pat, 6);
      if (pat === null || element(pat, 5) !== 'D8' || !isDate8(death) || facts.lastService === '' || death >= facts.lastService)
        continue;
      report(pat, {
        element: 'PAT06',
        message: 'The patient died before the service.',
        ik3: '8',
        ik4: '8',
        status: STATUS.contradicts('159'),
      });
    }
  }),
];
