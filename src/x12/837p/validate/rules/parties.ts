import { isPostOfficeBox } from '../../../address.ts';
import { plainText } from '../../../charset.ts';
import { childLoop, element, type ReadClaim, segmentOf, type TreeLoop, type TreeSegment } from '../tree.ts';
import { factsOf } from './facts.ts';
import type { ClaimRule, Report } from './rule.ts';
import { STATUS } from './status.ts';

type Check = (claim: ReadClaim, report: Report) => void;
const situation = (rule: string, check: Check): ClaimRule => ({
  snip: 4,
  rule,
  check: (claim, _context, report) => check(claim, report),
});

const SITES = new Set(['2010AA', '2310C', '2420C']);
/** Loops whose NM1 may be a person, with a first name (NM104) as situation. */
const PERSONS = new Set('2010AA 2010BA 2010CA 2310A 2310B 2310D 2330A 2420A 2420B 2420D 2420E 2420F'.split(' '));

const npiOf = (loop: TreeLoop | null): string => {
  const nm1 = loop === null ? null : segmentOf(loop, 'NM1');
  return element(nm1, 8) === 'XX' ? element(nm1, 9) : '';
};

interface Address {
  readonly n3: TreeSegment;
  readonly n4: TreeSegment;
}

/** Null where there is no street. */
function addressOf(loop: TreeLoop | null): Address | null {
  const n3 = loop === null ? null : segmentOf(loop, 'N3');
  const n4 = loop === null ? null : segmentOf(loop, 'N4');
  return n3 === null || n4 === null ? null : { n3, n4 };
}

/** Addresses compare in upper case, without punctuation, and with five digits of the ZIP code. */
function sameAddress(one: Address, other: Address): boolean {
  return element(one.n4, 3).slice(0, 5) === element(other.n4, 3).slice(0, 5) && streetOf(one) === streetOf(other);
}

const streetOf = ({ n3, n4 }: Address): string =>
  plainText(`${element(n3, 1)} ${element(n3, 2)} ${element(n4, 1)} ${element(n4, 2)}`)
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();

/** Loops 2400 of the claim, one after the other. */
function everyLine(claim: ReadClaim, visit: (line: TreeLoop) => void): void {
  for (const loop of claim.loop.loops) if (loop.id === '2400') visit(loop);
}

const medicare = (sbr: TreeSegment | null): boolean => element(sbr, 9) === 'MB' || element(sbr, 9) === 'MA';

/** Type 4: providers, subscriber, patient and payers (E8 to E18 of spec 04 §4.4). */
export const PARTY_RULES: readonly ClaimRule[] = [
  situation('E8', (claim, report) => {
    for (const loop of factsOf(claim)?.loops ?? []) {
      if (!SITES.has(loop.id)) continue;
      const n3 = segmentOf(loop, 'N3');
      for (const n of [1, 2]) {
        if (n3 === null || !isPostOfficeBox(element(n3, n))) continue;
        report(n3, {
          element: `N30${n}`,
          message: 'The address of the billing provider and of a service facility is a street, not a post office box or lockbox.',
          ik3: '8',
          ik4: 'I12',
          status: STATUS.street,
        });
      }
    }
  }),
  situation('E9', (claim, report) => {
    for (const loop of factsOf(claim)?.loops ?? []) {
      if (!SITES.has(loop.id)) continue;
      const n4 = segmentOf(loop, 'N4');
      if (n4 === null || (element(n4, 4) !== '' && element(n4, 4) !== 'US') || !/^\d{5}$/.test(element(n4, 3))) continue;
      report(n4, {
        element: 'N403',
        message: 'The ZIP code of the billing provider and of a service facility has nine digits.',
        ik3: '8',
        ik4: '4',
        status: STATUS.zip,
      });
    }
  }),
  situation('E10', (claim, report) => {
    for (const loop of factsOf(claim)?.loops ?? []) {
      if (!PERSONS.has(loop.id)) continue;
      const nm1 = segmentOf(loop, 'NM1');
      if (nm1 === null || element(nm1, 2) !== '1' || element(nm1, 4).trim() !== '') continue;
      report(nm1, { element: 'NM104', message: 'A person needs a first name.', ik3: '8', ik4: 'I9', status: STATUS.firstName });
    }
  }),
  situation('E11', (claim, report) => {
    const billing = npiOf(childLoop(claim.billing, '2010AA'));
    const rendering = childLoop(claim.loop, '2310B');
    const same = (loop: TreeLoop | null, npi: string, message: string): void => {
      const nm1 = loop === null ? null : segmentOf(loop, 'NM1');
      if (nm1 === null || npi === '' || npiOf(loop) !== npi) return;
      report(nm1, { element: 'NM109', message, ik3: 'I9', status: STATUS.npi });
    };
    same(rendering, billing, 'A rendering provider who is the billing provider is not sent.');
    const ofClaim = npiOf(rendering) || billing;
    everyLine(claim, (line) =>
      same(childLoop(line, '2420A'), ofClaim, 'A line names its rendering provider only where it is not that of the claim.'),
    );
  }),
  situation('E12', (claim, report) => {
    const billing = npiOf(childLoop(claim.billing, '2010AA'));
    const ofClaim = npiOf(childLoop(claim.loop, '2310B')) || billing;
    const supervises = (loop: TreeLoop | null, rendering: string): void => {
      const nm1 = loop === null ? null : segmentOf(loop, 'NM1');
      if (nm1 === null || rendering === '' || npiOf(loop) !== rendering) return;
      report(nm1, {
        element: 'NM109',
        message: 'The supervising provider is somebody else than the rendering provider.',
        ik3: '8',
        ik4: 'I12',
        status: STATUS.npi,
      });
    };
    supervises(childLoop(claim.loop, '2310D'), ofClaim);
    everyLine(claim, (line) => supervises(childLoop(line, '2420D'), npiOf(childLoop(line, '2420A')) || ofClaim));
  }),
  situation('E13', (claim, report) => {
    const billing = addressOf(childLoop(claim.billing, '2010AA'));
    const facility = addressOf(childLoop(claim.loop, '2310C'));
    const differs = (one: Address | null, other: Address | null, message: string): void => {
      if (one === null || other === null || !sameAddress(one, other)) return;
      report(one.n3, { element: 'N301', message, ik3: 'I9', status: STATUS.street });
    };
    differs(facility, billing, 'A service facility at the billing address is not sent.');
    everyLine(claim, (line) =>
      differs(
        addressOf(childLoop(line, '2420C')),
        facility ?? billing,
        'A line names its service facility only where it is not that of the claim.',
      ),
    );
  }),
  situation('E14', (claim, report) => {
    const facts = factsOf(claim);
    if (facts === null || facts.sbr === null) return;
    const relation = element(facts.sbr, 2);
    if (claim.patient === null && relation !== '18')
      report(facts.sbr, {
        element: 'SBR02',
        message: 'The claim hangs from the subscriber: SBR02 is 18, or the patient needs a level of its own (2000C).',
        ik3: '8',
        ik4: 'I9',
        status: STATUS.relationship,
      });
    if (claim.patient !== null && relation !== '')
      report(facts.sbr, {
        element: 'SBR02',
        message: 'The patient is not the subscriber: SBR02 is empty.',
        ik3: '8',
        ik4: 'I13',
        status: STATUS.relationship,
      });
  }),
  situation('E14', (claim, report) => {
    if (claim.patient !== null) return;
    const person = childLoop(claim.subscriber, '2010BA');
    const nm1 = person === null ? null : segmentOf(person, 'NM1');
    if (person === null || nm1 === null) return;
    for (const [tag, what, status] of [
      ['N3', 'a street address', STATUS.address],
      ['N4', 'a city, state and ZIP code', STATUS.address],
      ['DMG', 'a date of birth and gender', STATUS.birth],
    ] as const) {
      if (segmentOf(person, tag) !== null) continue;
      report(nm1, {
        segment: tag,
        loop: '2010BA',
        element: null,
        message: `A subscriber who is the patient needs ${what}.`,
        ik3: 'I6',
        status,
      });
    }
  }),
  situation('E14', (claim, report) => {
    const facts = factsOf(claim);
    if (facts === null || facts.sbr === null || claim.patient === null) return;
    const original = medicare(facts.sbr);
    if (!original && element(facts.sbr, 9) !== 'MC') return;
    report(facts.sbr, {
      // A state may take a newborn on its mother's number.
      severity: original ? 'error' : 'warning',
      element: 'SBR02',
      message: 'Patients of Medicare and Medicaid are their own subscriber: SBR02 is 18, without a level 2000C.',
      ik3: '8',
      ik4: 'I12',
      status: STATUS.relationship,
    });
  }),
  situation('E16', (claim, report) => {
    const person = childLoop(claim.subscriber, '2010BA');
    const nm1 = person === null ? null : segmentOf(person, 'NM1');
    const memberId = element(nm1, 9);
    if (nm1 === null || memberId === '' || /^[A-Z0-9](?:[A-Z0-9./-]*[A-Z0-9])?$/i.test(memberId)) return;
    report(nm1, {
      severity: 'warning',
      element: 'NM109',
      message: 'A member id is made of letters and digits.',
      ik3: '8',
      ik4: 'I12',
      status: STATUS.memberId,
    });
  }),
  situation('E17', (claim, report) => {
    const facts = factsOf(claim);
    if (facts === null || facts.sbr === null) return;
    const ranks = [{ sbr: facts.sbr, rank: element(facts.sbr, 1) }, ...facts.others];
    const seen = new Set<string>();
    for (const { sbr, rank } of ranks) {
      if (rank !== 'U' && seen.has(rank))
        report(sbr, {
          element: 'SBR01',
          message: 'Two payers of the claim have the same rank.',
          ik3: '8',
          ik4: 'I12',
          status: STATUS.sequence,
        });
      seen.add(rank);
    }
    if (!seen.has('P') && (seen.has('S') || seen.has('T')))
      report(facts.sbr, {
        element: 'SBR01',
        message: 'A secondary or tertiary payer needs a primary one beside it.',
        ik3: '8',
        ik4: 'I12',
        status: STATUS.sequence,
      });
  }),
  situation('E17', (claim, report) => {
    const facts = factsOf(claim);
    if (facts === null) return;
    const look = (sbr: TreeSegment | null): void => {
      if (sbr === null) return;
      if (element(sbr, 9) === '')
        report(sbr, {
          element: 'SBR09',
          message: 'The kind of payer (claim filing indicator) is required until there is a national plan id.',
          ik3: '8',
          ik4: 'I9',
          status: STATUS.filingIndicator,
        });
      if (element(sbr, 3) !== '' && element(sbr, 4) !== '')
        report(sbr, {
          element: 'SBR04',
          message: 'The name of the group is sent only where there is no group number (SBR03).',
          ik3: '8',
          ik4: 'I13',
          status: null,
        });
    };
    look(facts.sbr);
    for (const { sbr } of facts.others) look(sbr);
  }),
  situation('E17', (claim, report) => {
    const sbr = factsOf(claim)?.sbr ?? null;
    if (sbr === null) return;
    const asked = medicare(sbr) && element(sbr, 1) !== 'P';
    if (asked === (element(sbr, 5) !== '')) return;
    report(sbr, {
      element: 'SBR05',
      message: asked
        ? 'Medicare that is not primary needs the reason (SBR05).'
        : 'The insurance type (SBR05) is sent to Medicare only, and only where it is not primary.',
      ik3: '8',
      ik4: asked ? 'I9' : 'I13',
      status: STATUS.insuranceType,
    });
  }),
];
