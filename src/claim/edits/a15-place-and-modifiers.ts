import type { AttendeeContext } from '../context.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

/** CMS place-of-service code set for professional claims. */
const PLACES = new Set(
  (
    '01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 51 52 53 54 55 56 57 58 ' +
    '60 61 62 65 66 71 72 81 99'
  ).split(' '),
);
const TELEHEALTH_PLACES = ['02', '10'];
const TELEHEALTH_MODIFIERS = ['95', '93', 'GT'];
const MOST = 4;

const telehealthFindings = ({ base, service }: AttendeeContext): readonly EditFinding[] => {
  const { telehealth, placeOfServiceCode, requestedModifiers } = service;
  const requested = requestedModifiers.filter((m) => TELEHEALTH_MODIFIERS.includes(m));
  if (telehealth === 'refused') {
    return [
      { severity: 'hold', path: `${base}/telehealth/modality`, message: 'This payer does not take this telehealth modality.' },
    ];
  }
  if (telehealth === null) {
    return TELEHEALTH_PLACES.includes(placeOfServiceCode) || requested.length > 0
      ? [
          {
            severity: 'block',
            path: `${base}/telehealth`,
            message: 'A telehealth place or modifier needs modality and patient location.',
          },
        ]
      : [];
  }
  const hold = (path: string, message: string): EditFinding => ({ severity: 'hold', path, message });
  return [
    ...(telehealth.pos === placeOfServiceCode
      ? []
      : [hold(service.placeOfServicePath, 'The place of service is not the one that this payer wants for telehealth.')]),
    ...(requested.every((m) => m === telehealth.modifier || m === telehealth.alternative)
      ? []
      : [hold(`${base}/modifiers`, 'This payer wants another telehealth modifier here, or none.')]),
  ];
};

const modifierFindings = ({ base, service }: AttendeeContext): readonly EditFinding[] => {
  const findings: EditFinding[] = [];
  const path = `${base}/modifiers`;
  const block = (message: string) => findings.push({ severity: 'block', path, message });
  const modifiers = service.lines[0]?.modifiers ?? [];
  if (modifiers.some((m) => !/^[A-Z0-9]{2}$/.test(m))) block('A modifier has two letters or digits.');
  if (modifiers.length > MOST) block('More than four modifiers apply to the line.');
  if (modifiers.filter((m) => TELEHEALTH_MODIFIERS.includes(m)).length > 1)
    block('Two telehealth modifiers contradict each other.');
  return findings;
};

export const a15: AttendeeEdit = {
  id: 'A15',
  scope: 'attendee',
  of: 'billable',
  severity: 'block',
  payerOverridable: true,
  version: '2',
  snip: 5,
  title: 'Telehealth has modality and location; place of service and modifiers are legal',
  fixedBy: ['biller', 'clinician'],
  provenance: { confidence: 'M', source: 'CMS place-of-service code set; payers’ telehealth policies (spec 02 §2.1)' },
  check: (ctx) => {
    const { service } = ctx;
    const place: readonly EditFinding[] = PLACES.has(service.placeOfServiceCode)
      ? []
      : [{ severity: 'block', path: service.placeOfServicePath, message: 'This place of service code does not exist.' }];
    return [...place, ...telehealthFindings(ctx), ...modifierFindings(ctx)];
  },
};
