import { type FormatName, formatTest } from '../../../rules/formats.ts';
import { GUIDE_SEGMENTS } from '../../rules.ts';
import type { X12Finding } from '../finding.ts';
import { component, element, type TreeSegment } from '../tree.ts';
import { factsOf } from './facts.ts';
import type { ClaimRule, Report } from './rule.ts';
import { STATUS } from './status.ts';

/** A shape that the guide's table leaves to its text or to an outside authority: one row each, no code. */
interface Shape {
  readonly rule: string;
  readonly loops: readonly string[] | null;
  readonly tag: string;
  /** Element and, for a composite, component; both 1-based. */
  readonly element: number;
  readonly component?: number;
  /** Only where that element (or component 1 of it) is one of these. */
  readonly when?: { readonly element: number; readonly values: readonly string[] };
  readonly format: FormatName;
  readonly severity?: X12Finding['severity'];
  readonly message: string;
  readonly status: X12Finding['status'];
}

const NPI = 'An NPI has ten digits, begins with 1 or 2, and its last digit checks the others (Luhn with 80840).';
const NINE = 'A tax id or social security number has nine digits and no hyphen.';
const PHONE = 'A telephone or fax number has ten digits.';
const PLACE = 'A place of service is a code of two digits.';
const PROCEDURE = 'A procedure code has five letters and digits.';
const MODIFIER = 'A modifier has two letters or digits.';
const REASON = 'This is not the shape of a claim adjustment reason code.';

const HI_SHAPES: readonly Shape[] = Array.from({ length: 12 }, (_, i) => ({
  rule: 'E21',
  loops: ['2300'],
  tag: 'HI',
  element: i + 1,
  component: 2,
  when: { element: i + 1, values: ['ABK', 'ABF'] },
  format: 'icd10',
  message: 'This is not the shape of an ICD-10-CM code; it is sent without its dot.',
  status: STATUS.diagnosis,
}));

const SHAPES: readonly Shape[] = [
  {
    rule: 'E5',
    loops: null,
    tag: 'NM1',
    element: 9,
    when: { element: 8, values: ['XX'] },
    format: 'npi',
    message: NPI,
    status: STATUS.npi,
  },
  {
    rule: 'E6',
    loops: ['2010AA', '2010BA', '2010CA', '2330A'],
    tag: 'REF',
    element: 2,
    when: { element: 1, values: ['EI', 'SY'] },
    format: 'nine_digits',
    message: NINE,
    status: STATUS.taxId,
  },
  {
    rule: 'E7',
    loops: null,
    tag: 'PRV',
    element: 3,
    when: { element: 2, values: ['PXC'] },
    format: 'taxonomy',
    message: 'A taxonomy code has ten letters and digits and ends with X.',
    status: STATUS.taxonomy,
  },
  ...[4, 6, 8].map(
    (n): Shape => ({
      rule: 'phone',
      loops: null,
      tag: 'PER',
      element: n,
      when: { element: n - 1, values: ['TE', 'FX'] },
      format: 'phone',
      severity: 'warning',
      message: PHONE,
      status: STATUS.invalid('127'),
    }),
  ),
  {
    rule: 'E23',
    loops: ['2300'],
    tag: 'CLM',
    element: 5,
    component: 1,
    format: 'place_of_service',
    message: PLACE,
    status: STATUS.place,
  },
  { rule: 'E23', loops: ['2400'], tag: 'SV1', element: 5, format: 'place_of_service', message: PLACE, status: STATUS.place },
  ...HI_SHAPES,
  ...(
    [
      ['SV1', '2400', 1],
      ['SVD', '2430', 3],
    ] as const
  ).flatMap(([tag, loop, n]): Shape[] => [
    {
      rule: 'E32',
      loops: [loop],
      tag,
      element: n,
      component: 2,
      when: { element: n, values: ['HC'] },
      format: 'procedure',
      message: PROCEDURE,
      status: STATUS.procedure,
    },
    ...[3, 4, 5, 6].map(
      (c): Shape => ({
        rule: 'E32',
        loops: [loop],
        tag,
        element: n,
        component: c,
        format: 'modifier',
        message: MODIFIER,
        status: STATUS.modifier,
      }),
    ),
  ]),
  ...[2, 5, 8, 11, 14, 17].map(
    (n): Shape => ({
      rule: 'E39',
      loops: null,
      tag: 'CAS',
      element: n,
      format: 'carc',
      message: REASON,
      status: STATUS.adjustmentReason,
    }),
  ),
  ...[3, 4, 5, 6, 7].map(
    (n): Shape => ({
      rule: 'remark',
      loops: ['2320'],
      tag: 'MOA',
      element: n,
      format: 'rarc',
      message: 'This is not the shape of a remittance remark code.',
      status: STATUS.remark,
    }),
  ),
];

interface Compiled extends Shape {
  readonly ref: string;
  readonly test: (value: string) => boolean;
}

const COMPILED: readonly Compiled[] = SHAPES.map((shape) => {
  const part = shape.component === undefined ? '' : `-0${shape.component}`;
  return { ...shape, ref: `${shape.tag}${String(shape.element).padStart(2, '0')}${part}`, test: formatTest(shape.format) };
});

/** The shapes of each segment of the guide; most have none. */
const SHAPES_OF: readonly (readonly Compiled[])[] = GUIDE_SEGMENTS.map(({ tag, loop }) =>
  COMPILED.filter((shape) => shape.tag === tag && shape.loops?.includes(loop) !== false),
);

function look(segment: TreeSegment, report: Report): void {
  for (const shape of SHAPES_OF[segment.rule.id] ?? []) {
    if (segment.elements.length < shape.element) continue;
    const value =
      shape.component === undefined ? element(segment, shape.element) : component(segment, shape.element, shape.component);
    if (value === '' || shape.test(value)) continue;
    if (shape.when !== undefined && !shape.when.values.includes(component(segment, shape.when.element, 1))) continue;
    report(segment, {
      rule: shape.rule,
      severity: shape.severity ?? 'error',
      element: shape.ref,
      message: shape.message,
      ik3: '8',
      ik4: 'I12',
      status: shape.status,
    });
  }
}

/** Type 5: what a code or number must look like before any list is asked (E5, E6, E7, E21, E23, E32). */
export const SHAPE_RULES: readonly ClaimRule[] = [
  {
    snip: 5,
    rule: 'shape',
    check(claim, _context, report) {
      if (claim.firstOfSet) for (const loop of claim.set.header.loops) for (const segment of loop.segments) look(segment, report);
      for (const segment of factsOf(claim)?.segments ?? []) look(segment, report);
    },
  },
];
