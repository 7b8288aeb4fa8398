import { expect } from 'vitest';
import type { X12Finding } from '../../../../src/x12/837p/validate/finding.ts';
import type { ValidateOptions } from '../../../../src/x12/837p/validate/options.ts';
import { validate } from '../../../../src/x12/837p/validate/validator.ts';

export const ISA = 'ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*SANDBOXCH      *261121*0915*^*00501*000000101*0*T*:';
export const GS = 'GS*HC*NORTHSIDE*SANDBOXCH*20261121*0915*101*X*005010X222A1';

/** A claim for a dependant with another payer and two lines: one of nearly every loop that matters. */
export const BODY: readonly string[] = [
  'BHT*0019*00*B000000001*20261121*0915*CH',
  'NM1*41*2*NORTHSIDE COUNSELING*****46*391234567',
  'PER*IC*BILLING OFFICE*TE*6085550142',
  'NM1*40*2*SANDBOX CLEARINGHOUSE*****46*SANDBOXCH',
  'HL*1**20*1',
  'PRV*BI*PXC*261QM0801X',
  'NM1*85*2*NORTHSIDE COUNSELING*****XX*1457382913',
  'N3*410 W MAIN ST',
  'N4*MADISON*WI*537031234',
  'REF*EI*391234567',
  'NM1*87*2',
  'N3*PO BOX 12',
  'N4*MADISON*WI*537011234',
  'HL*2*1*22*1',
  'SBR*P**0087512******BL',
  'NM1*IL*1*LINDQVIST*KARIN*M***MI*XQB900112233',
  'NM1*PR*2*ANTHEM*****PI*00950',
  'HL*3*2*23*0',
  'PAT*19',
  'NM1*QC*1*LINDQVIST*NILS',
  'N3*77 LAKE AVE',
  'N4*MONONA*WI*53716',
  'DMG*D8*20110228*M',
  'CLM*HC8RZ5LNV3T01*120***11:B:1*Y*A*Y*Y',
  'DTP*431*D8*20261001',
  'REF*G1*AUTH17',
  'HI*ABK:F4323*ABF:Z6282',
  'NM1*82*1*OKAFOR*ADA****XX*1093817462',
  'PRV*PE*PXC*101YM0800X',
  'NM1*77*2*SOUTHSIDE ROOMS',
  'N3*1 ELM ST',
  'N4*MADISON*WI*537051234',
  'SBR*S*18*******CI',
  'OI***Y***Y',
  'NM1*IL*1*LINDQVIST*KARIN****MI*W1',
  'NM1*PR*2*AETNA*****PI*60054',
  'LX*1',
  'SV1*HC:90853*60*UN*1***1:2',
  'DTP*472*D8*20261120',
  'REF*6R*HC8RZ5LNV3T01L1',
  'LX*2',
  'SV1*HC:90785*60*UN*1***1',
  'DTP*472*D8*20261120',
];

/** Place of the first segment of the body that starts so, counted from ST = 1. */
export const at = (start: string): number => {
  const index = BODY.findIndex((s) => s.startsWith(start));
  if (index === -1) throw new Error(`no ${start}`);
  return index + 2;
};

/** Segments as a file with right counts. */
export function fileOf(body: readonly string[], isa = ISA, gs = GS): string {
  const segments = [isa, gs, 'ST*837*0001*005010X222A1', ...body, `SE*${body.length + 2}*0001`, 'GE*1*101', 'IEA*1*000000101'];
  return segments.map((s) => `${s}~\n`).join('');
}

/** The body with one segment replaced, or several put in its place; the nth that starts so. */
export function replaced(start: string, by: readonly string[], nth = 1): readonly string[] {
  let left = nth;
  const result = BODY.flatMap((s) => (s.startsWith(start) && --left === 0 ? by : [s]));
  if (left > 0) throw new Error(`no ${nth}. ${start}`);
  return result;
}

export const OPTIONS: ValidateOptions = { snip: [1, 2], today: '2026-11-22', codeSets: null, receiver: null, own: false };

export function findingsOf(file: string | Uint8Array, options: Partial<ValidateOptions> = {}): readonly X12Finding[] {
  const bytes = typeof file === 'string' ? Uint8Array.from(file, (c) => c.charCodeAt(0)) : file;
  const { findings, summary } = validate(bytes, { ...OPTIONS, ...options });
  expect(findings.filter((f) => f.severity === 'error')).toHaveLength(summary.errors);
  for (const f of findings) expect(f.message).toMatch(/^[A-Z].*[.]$/s);
  return findings;
}

/** `SNIP rule place loop what IK304/IK403`, the place counted in the set, outside of one `#` and in the file. */
export const short = ({ snip, rule, place, ik3, ik4 }: X12Finding): string =>
  [
    snip,
    rule,
    place.inSet ?? `#${place.inFile}`,
    place.loop ?? '-',
    place.element ?? (place.segment || '-'),
    `${ik3 ?? '-'}/${ik4 ?? '-'}`,
  ].join(' ');

export const found = (file: string | Uint8Array): readonly string[] => findingsOf(file).map(short);
