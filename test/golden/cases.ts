import type { Interchange, ProfessionalClaim } from '../../src/x12/837p/model.ts';
import { BILLING, interchange, LINE, NPI, SELF } from './base.ts';
import { CLAIM_LEVEL, MEDICARE_SECONDARY, PRIMARY_WITH_OTHERS, SECONDARY, TERTIARY } from './cases-coordination.ts';
import { EVERY_LOOP, EVERY_LOOP_ENVELOPE } from './cases-surface.ts';

const claim = (changes: Partial<ProfessionalClaim>): ProfessionalClaim => ({ ...SELF, ...changes });

const CHILD = claim({
  subscriber: {
    ...SELF.subscriber,
    isPatient: false,
    groupNumber: '0087512',
    claimFilingIndicatorCode: 'BL',
    name: { kind: 'person', lastName: 'Lindqvist', firstName: 'Karin', middleName: 'M', suffix: null },
    memberId: 'XQB900112233',
    address: null,
    demographics: null,
  },
  payer: { ...SELF.payer, name: 'Anthem BCBS of Wisconsin', id: '00950' },
  patient: {
    relationshipCode: '19',
    name: { kind: 'person', lastName: 'Lindqvist', firstName: 'Nils', middleName: null, suffix: null },
    address: { line1: '77 Lake Ave', line2: 'Apt 4', city: 'Monona', state: 'WI', postalCode: '53716' },
    demographics: { dateOfBirth: '2011-02-28', gender: 'M' },
  },
  patientControlNumber: 'HC8RZ5LNV3T01',
  diagnoses: ['F4323', 'Z62820'],
  lines: [{ ...LINE, lineControlNumber: 'HC8RZ5LNV3T01L1', diagnosisPointers: [1, 2] }],
});

const TELEHEALTH = claim({
  placeOfServiceCode: '10',
  payer: { ...SELF.payer, name: 'United Healthcare', id: '87726' },
  patientControlNumber: 'JT2VB9DWK6R01',
  diagnoses: ['F331'],
  lines: [{ ...LINE, modifiers: ['95'], lineControlNumber: 'JT2VB9DWK6R01L1' }],
});

const MEDICAID = claim({
  subscriber: { ...SELF.subscriber, claimFilingIndicatorCode: 'MC', memberId: '4400112233' },
  payer: { ...SELF.payer, name: 'WI Medicaid', id: 'WISCTXIX' },
  patientControlNumber: 'KW3PH6YTB9Z01',
  lines: [{ ...LINE, modifiers: ['HQ', 'HO'], lineControlNumber: 'KW3PH6YTB9Z01L1' }],
});

/** Every golden file by its name. */
export const CASES: Readonly<Record<string, Interchange>> = {
  'self-organization': interchange([SELF]),
  'dependent-child': interchange([CHILD]),
  'individual-biller': interchange([
    claim({
      billing: {
        ...BILLING,
        name: { kind: 'person', lastName: 'Brandt', firstName: 'Louise', middleName: 'T', suffix: 'PhD' },
        npi: NPI.soleProprietor,
        taxonomyCode: '103TC0700X',
        taxId: { qualifier: 'SY', value: '987-65-4320' },
        contact: { name: 'Louise Brandt', phone: '(608) 555-0177', email: null },
      },
      payToAddress: { line1: 'PO Box 2210', line2: null, city: 'Madison', state: 'WI', postalCode: '537012210' },
      rendering: null,
    }),
  ]),
  supervised: interchange([
    claim({
      subscriber: { ...SELF.subscriber, claimFilingIndicatorCode: 'MC', memberId: '4400112233' },
      payer: { ...SELF.payer, name: 'WI Medicaid', id: 'WISCTXIX' },
      rendering: {
        name: { kind: 'person', lastName: 'Abebe', firstName: 'Hanna', middleName: null, suffix: null },
        npi: NPI.rendering,
        taxonomyCode: '101Y00000X',
        secondaryIds: [{ qualifier: 'G2', value: 'MCD44120' }],
      },
      supervising: {
        name: { kind: 'person', lastName: 'Stein', firstName: 'Ruth', middleName: 'A', suffix: null },
        npi: NPI.supervising,
        taxonomyCode: null,
        secondaryIds: [],
      },
      referring: {
        name: { kind: 'person', lastName: 'Varga', firstName: 'Peter', middleName: null, suffix: null },
        npi: NPI.referring,
        taxonomyCode: null,
        secondaryIds: [],
      },
      lines: [{ ...LINE, modifiers: ['HQ', 'HO'] }],
    }),
  ]),
  'telehealth-home': interchange([TELEHEALTH]),
  'telehealth-other': interchange([
    claim({
      placeOfServiceCode: '02',
      payer: { ...SELF.payer, name: 'Cigna', id: '62308' },
      lines: [{ ...LINE, modifiers: ['95'] }],
    }),
  ]),
  'telehealth-audio-only': interchange([
    claim({
      placeOfServiceCode: '10',
      payer: { ...SELF.payer, name: 'United Healthcare', id: '87726' },
      lines: [{ ...LINE, modifiers: ['93'] }],
    }),
  ]),
  'medicaid-modifier-order': interchange([MEDICAID]),
  medicare: interchange([
    claim({
      subscriber: { ...SELF.subscriber, claimFilingIndicatorCode: 'MB', memberId: '1EG4TE5MK73' },
      payer: { ...SELF.payer, name: 'Medicare Part B Wisconsin', id: '06302' },
      placeOfServiceCode: '10',
    }),
  ]),
  'eap-modifier': interchange([
    claim({
      payer: { ...SELF.payer, name: 'Compsych EAP', id: 'CMPSY' },
      references: [{ qualifier: 'G1', value: 'EAP-2026-0417' }],
      lines: [{ ...LINE, modifiers: ['HJ'] }],
    }),
  ]),
  'interactive-complexity': interchange([
    claim({
      totalChargeCents: 7550,
      lines: [
        LINE,
        { ...LINE, procedureCode: '90785', chargeCents: 1550, lineControlNumber: 'GK4TW7MQX2P01L2', note: 'Factor 2 documented' },
      ],
    }),
  ]),
  'prior-authorization': interchange([
    claim({
      dates: [
        { qualifier: '304', date: '2026-10-02' },
        { qualifier: '431', date: '2026-01-15' },
      ],
      attachments: [{ type: 'OZ', transmission: 'EL', controlNumber: 'ATT-7781' }],
      patientPaidCents: 1099,
      references: [
        { qualifier: 'EA', value: 'mrn-20417' },
        { qualifier: 'D9', value: 'D20261120A000017' },
        { qualifier: 'G1', value: 'pa-558211' },
        { qualifier: '9F', value: 'RF8812' },
      ],
      note: 'Group session 8 of 12',
      diagnoses: ['F411', 'F1020', 'Z5900'],
      lines: [{ ...LINE, diagnosisPointers: [1, 2, 3] }],
    }),
  ]),
  facility: interchange([
    claim({
      placeOfServiceCode: '53',
      facility: {
        name: 'Eastside Community Mental Health Center',
        npi: NPI.facility,
        address: { line1: '2900 Atwood Ave', line2: 'Suite 200', city: 'Madison', state: 'WI', postalCode: '537041810' },
        secondaryIds: [],
      },
    }),
  ]),
  'accents-and-long-names': interchange(
    [
      claim({
        subscriber: {
          ...SELF.subscriber,
          planName: 'Plan “Ærø” – Gruppe',
          name: { kind: 'person', lastName: 'Peña–Großmann’s', firstName: 'Zoë*~:^', middleName: 'Łucja', suffix: 'Jr. 🙂' },
          address: {
            line1: 'Haus der Überaus Langen Straßennamen, Building North-West 1200, Entrance 17',
            line2: 'c/o Ŝtefan',
            city: 'Fond du Lac\n',
            state: 'wi',
            postalCode: '54935',
          },
        },
        payer: {
          ...SELF.payer,
          name: 'The Extraordinarily Long Named Mutual Health and Accident Insurance Society of the Upper Midwest',
        },
        note: 'Seen | with > “care” ` # emoji 🎉 and a line that is far longer than the eighty characters that NTE02 can hold',
      }),
    ],
    { segmentNewline: false, usage: 'P', requestTa1: true },
  ),
  'replacement-accident': interchange([
    claim({
      frequencyCode: '7',
      references: [{ qualifier: 'F8', value: 'ICN2026110012345' }],
      relatedCauses: ['AA', 'EM'],
      accidentState: 'WI',
      dates: [{ qualifier: '439', date: '2026-09-30' }],
      delayReasonCode: '11',
      patientSignatureSource: 'P',
      payer: {
        ...SELF.payer,
        address: { line1: 'PO Box 981106', line2: null, city: 'El Paso', state: 'TX', postalCode: '79998' },
        secondaryIds: [{ qualifier: 'FY', value: '0044' }],
        billingProviderIds: [{ qualifier: 'G2', value: 'PROV77' }],
      },
    }),
  ]),
  void: interchange([claim({ frequencyCode: '8', references: [{ qualifier: 'F8', value: 'ICN2026110012345' }] })]),
  'coordination-primary': interchange([PRIMARY_WITH_OTHERS]),
  'coordination-secondary-line': interchange([SECONDARY]),
  'coordination-secondary-claim': interchange([CLAIM_LEVEL]),
  'coordination-tertiary': interchange([TERTIARY]),
  'coordination-medicare-secondary': interchange([MEDICARE_SECONDARY]),
  'every-loop': interchange([EVERY_LOOP], EVERY_LOOP_ENVELOPE),
  'batch-of-five': interchange([SELF, CHILD, TELEHEALTH, MEDICAID, SECONDARY]),
};
