import type { X12Finding } from '../../../../src/x12/837p/validate/finding.ts';
import { ALL_SNIP_TYPES, type ValidateOptions } from '../../../../src/x12/837p/validate/options.ts';
import { validate } from '../../../../src/x12/837p/validate/validator.ts';
import { SHIPPED_CODE_SETS } from '../../../../src/x12/code-sets/shipped.ts';

/** Segments of one set between BHT and SE, without terminators. */
export type Body = readonly string[];

const HEAD = [
  'BHT*0019*00*B000000001*20261121*0915*CH',
  'NM1*41*2*NORTHSIDE COUNSELING GROUP LLC*****46*391234567',
  'PER*IC*BILLING OFFICE*TE*6085550142',
  'NM1*40*2*SANDBOX CLEARINGHOUSE*****46*SANDBOXCH',
  'HL*1**20*1',
  'PRV*BI*PXC*261QM0801X',
  'NM1*85*2*NORTHSIDE COUNSELING GROUP LLC*****XX*1457382913',
  'N3*410 W MAIN ST',
  'N4*MADISON*WI*537031234',
  'REF*EI*391234567',
];
const SELF = [
  'HL*2*1*22*0',
  'SBR*P*18*******CI',
  'NM1*IL*1*MORENO*SARAH****MI*W123456789',
  'N3*18 ALDER CT',
  'N4*MADISON*WI*53703',
  'DMG*D8*19880412*F',
  'NM1*PR*2*AETNA*****PI*60054',
];
const RENDERING = ['NM1*82*1*OKAFOR*ADA****XX*1093817462', 'PRV*PE*PXC*101YM0800X'];
const LINE = ['LX*1', 'SV1*HC:90853*60*UN*1***1', 'DTP*472*D8*20261120', 'REF*6R*GK4TW7MQX2P01L1'];

/** The patient is the subscriber; one line of group psychotherapy. */
export const SELF_CLAIM: Body = [...HEAD, ...SELF, 'CLM*GK4TW7MQX2P01*60***11:B:1*Y*A*Y*Y', 'HI*ABK:F411', ...RENDERING, ...LINE];

export const DEPENDENT_CLAIM: Body = [
  ...HEAD,
  'HL*2*1*22*1',
  'SBR*P**0087512******BL',
  'NM1*IL*1*LINDQVIST*KARIN*M***MI*XQB900112233',
  'NM1*PR*2*ANTHEM BCBS OF WISCONSIN*****PI*00950',
  'HL*3*2*23*0',
  'PAT*19',
  'NM1*QC*1*LINDQVIST*NILS',
  'N3*7 BIRCH LN',
  'N4*MADISON*WI*53704',
  'DMG*D8*20110228*M',
  'CLM*HC8RZ5LNV3T01*60***11:B:1*Y*A*Y*Y',
  'HI*ABK:F4323*ABF:F331',
  ...RENDERING,
  'LX*1',
  'SV1*HC:90853*60*UN*1***1:2',
  'DTP*472*D8*20261120',
  'REF*6R*HC8RZ5LNV3T01L1',
];

/** Everything that a claim may say beside the least: dates, papers, payments, references, facility, supervisor, two lines. */
export const FULL_CLAIM: Body = [
  ...HEAD,
  ...SELF,
  'CLM*GK4TW7MQX2P01*75.5***53:B:7*Y*A*Y*Y*P*AA:EM::WI',
  'DTP*431*D8*20260115',
  'DTP*439*D8*20260930',
  'PWK*OZ*EL***AC*ATT-7781',
  'AMT*F5*10.99',
  'REF*9F*RF8812',
  'REF*F8*ICN2026110012345',
  'HI*ABK:F411*ABF:F1020',
  'NM1*DN*1*VARGA*PETER****XX*1987654328',
  ...RENDERING,
  'NM1*77*2*EASTSIDE COMMUNITY MENTAL HEALTH CENTER*****XX*1773456789',
  'N3*88 LAKE ST',
  'N4*MADISON*WI*537049876',
  'NM1*DQ*1*STEIN*RUTH*A***XX*1667890127',
  'LX*1',
  'SV1*HC:90853*60*UN*1***1:2',
  'DTP*472*D8*20261120',
  'REF*6R*GK4TW7MQX2P01L1',
  'LX*2',
  'SV1*HC:90785*15.5*UN*1***1',
  'DTP*472*D8*20261120',
  'REF*6R*GK4TW7MQX2P01L2',
];

/** Secondary to a payer that decided line by line, with two adjustments. */
export const SECONDARY_CLAIM: Body = [
  ...HEAD,
  'HL*2*1*22*0',
  'SBR*S*18*******CI',
  ...SELF.slice(2),
  'CLM*GK4TW7MQX2P01*60***11:B:1*Y*A*Y*Y',
  'HI*ABK:F411',
  ...RENDERING,
  'SBR*P*18*******BL',
  'AMT*D*30.39',
  'OI***Y***Y',
  'NM1*IL*1*MORENO*SARAH****MI*XQB900112233',
  'NM1*PR*2*ANTHEM BCBS OF WISCONSIN*****PI*00950',
  ...LINE,
  'SVD*00950*30.39*HC:90853**1',
  'CAS*CO*45*19.61',
  'CAS*PR*2*10',
  'DTP*573*D8*20261122',
];

/** Secondary to a payer that decided on the claim as a whole. */
export const SECONDARY_WHOLE: Body = [
  ...SECONDARY_CLAIM.slice(0, SECONDARY_CLAIM.indexOf('AMT*D*30.39')),
  'CAS*CO*45*19.61',
  'CAS*PR*2*10',
  'AMT*D*30.39',
  'AMT*EAF*10',
  'OI***Y***Y',
  'NM1*IL*1*MORENO*SARAH****MI*XQB900112233',
  'NM1*PR*2*ANTHEM BCBS OF WISCONSIN*****PI*00950',
  'DTP*573*D8*20261122',
  ...LINE,
];

/** A file of these sets, its counts right. */
export function fileOf(...bodies: readonly Body[]): string {
  const sets = bodies.flatMap((body, i) => {
    const number = String(i + 1).padStart(9, '0');
    return [`ST*837*${number}*005010X222A1`, ...body, `SE*${body.length + 2}*${number}`];
  });
  return `${[
    'ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*SANDBOXCH      *261121*0915*^*00501*000000101*0*T*:',
    'GS*HC*NORTHSIDE*SANDBOXCH*20261121*0915*101*X*005010X222A1',
    ...sets,
    `GE*${bodies.length}*101`,
    'IEA*1*000000101',
  ].join('~\n')}~\n`;
}

export const OWN: ValidateOptions = {
  snip: ALL_SNIP_TYPES,
  today: '2026-11-25',
  codeSets: SHIPPED_CODE_SETS,
  receiver: {
    usage: 'T',
    senderId: 'NORTHSIDE',
    receiverId: 'SANDBOXCH',
    payers: new Map([
      ['60054', { memberIdPattern: /^W\d{9}$/ }],
      ['00950', { memberIdPattern: null }],
    ]),
  },
  own: true,
};

export const findingsIn = (text: string, options: ValidateOptions = OWN): readonly X12Finding[] =>
  validate(Buffer.from(text, 'latin1'), options).findings;

/** The body with one segment (by its beginning, the nth of them) replaced, removed or followed by others. */
export function change(body: Body, begins: string, put: (segment: string) => readonly string[], nth = 1): Body {
  let seen = 0;
  const found = body.flatMap((segment) => {
    if (!segment.startsWith(begins) || ++seen !== nth) return [segment];
    return put(segment);
  });
  if (seen < nth) throw new Error(`no segment ${begins}`);
  return found;
}

/** Text inside one segment replaced; throws when it is not there. */
export const swap = (body: Body, begins: string, from: string, to: string, nth = 1): Body =>
  change(
    body,
    begins,
    (segment) => {
      if (!segment.includes(from)) throw new Error(`${segment} has no ${from}`);
      return [segment.replace(from, to)];
    },
    nth,
  );
export const drop = (body: Body, begins: string, nth = 1): Body => change(body, begins, () => [], nth);
export const after = (body: Body, begins: string, ...more: string[]): Body => change(body, begins, (s) => [s, ...more]);
