import type { OtherPayer, ProfessionalClaim, ServiceLine } from '../../src/x12/837p/model.ts';
import { LINE, OTHER, SELF } from './base.ts';

/** Four weeks before the files are written, so that both decisions lie between. */
const EARLIER: ServiceLine = { ...LINE, dateOfService: '2026-10-23' };

/** The plain claim's payer, as one that has decided: 38.50 of 60.00, 11.50 contractual, 10.00 coinsurance. */
export const PRIMARY: OtherPayer = {
  ...OTHER,
  responsibility: 'P',
  claimFilingIndicatorCode: 'CI',
  groupNumber: '0842217',
  paidCents: 3850,
  outpatient: { remarkCodes: ['MA01', 'N19'] },
  subscriber: { name: SELF.subscriber.name, memberId: SELF.subscriber.memberId, address: SELF.subscriber.address },
  payer: { name: 'Aetna', id: '60054', address: null },
  references: [{ qualifier: 'F8', value: 'AET20261106001' }],
};

const TO_ANTHEM: ProfessionalClaim = {
  ...SELF,
  subscriber: { ...SELF.subscriber, responsibility: 'S', claimFilingIndicatorCode: 'BL', memberId: 'XQB445566' },
  payer: { ...SELF.payer, name: 'Anthem BCBS of Wisconsin', id: '00950' },
  patientControlNumber: 'RB5MK2QXD8C01',
  lines: [{ ...EARLIER, lineControlNumber: 'RB5MK2QXD8C01L1' }],
};

const DECIDED_LINE = {
  payerId: '60054',
  paidCents: 3850,
  procedureCode: '90853',
  modifiers: [],
  units: 1,
  adjustments: [
    { group: 'CO', reason: '45', amountCents: 1150, quantity: null },
    { group: 'PR', reason: '2', amountCents: 1000, quantity: null },
  ],
  adjudicatedOn: '2026-11-06',
  remainingPatientLiabilityCents: 1000,
} as const;

/** To the primary payer, naming a secondary and Medicaid, which have not been asked yet. */
export const PRIMARY_WITH_OTHERS: ProfessionalClaim = {
  ...SELF,
  otherPayers: [
    {
      ...OTHER,
      relationshipCode: '01',
      planName: 'Blue Preferred POS',
      subscriber: {
        name: { kind: 'person', lastName: 'Moreno', firstName: 'Luis', middleName: null, suffix: null },
        memberId: 'XQB445566',
        address: SELF.subscriber.address,
      },
    },
    {
      ...OTHER,
      responsibility: 'T',
      claimFilingIndicatorCode: 'MC',
      subscriber: { ...OTHER.subscriber, memberId: '4400112233' },
      payer: { name: 'WI Medicaid', id: 'WISCTXIX', address: null },
    },
  ],
};

/** To the secondary payer: the primary decided by line, with two adjustments. */
export const SECONDARY: ProfessionalClaim = {
  ...TO_ANTHEM,
  otherPayers: [PRIMARY],
  lines: [{ ...EARLIER, lineControlNumber: 'RB5MK2QXD8C01L1', adjudications: [DECIDED_LINE] }],
};

/** To the secondary payer: the primary decided on the claim as a whole, several reasons in one group. */
export const CLAIM_LEVEL: ProfessionalClaim = {
  ...TO_ANTHEM,
  otherPayers: [
    {
      ...PRIMARY,
      paidCents: 2975,
      adjustments: [
        { group: 'PR', reason: '1', amountCents: 1500, quantity: null },
        { group: 'CO', reason: '45', amountCents: 1000, quantity: null },
        { group: 'PR', reason: '3', amountCents: 500, quantity: 1 },
        { group: 'CO', reason: '45', amountCents: 150, quantity: null },
        { group: 'OA', reason: '225', amountCents: -125, quantity: null },
      ],
      remainingPatientLiabilityCents: 2000,
      adjudicatedOn: '2026-11-06',
    },
  ],
};

/** To Medicare after an employer's plan (working aged), which left all it allowed to the deductible. */
export const MEDICARE_SECONDARY: ProfessionalClaim = {
  ...TO_ANTHEM,
  subscriber: {
    ...SELF.subscriber,
    responsibility: 'S',
    claimFilingIndicatorCode: 'MB',
    insuranceTypeCode: '12',
    memberId: '1EG4TE5MK73',
  },
  payer: { ...SELF.payer, name: 'Medicare Part B Wisconsin', id: '06302' },
  patientControlNumber: 'MS2HT8KZC4W01',
  otherPayers: [{ ...PRIMARY, paidCents: 0 }],
  lines: [
    {
      ...EARLIER,
      lineControlNumber: 'MS2HT8KZC4W01L1',
      adjudications: [
        {
          ...DECIDED_LINE,
          paidCents: 0,
          adjustments: [
            { group: 'CO', reason: '45', amountCents: 1150, quantity: null },
            { group: 'PR', reason: '1', amountCents: 4850, quantity: null },
          ],
          remainingPatientLiabilityCents: 4850,
        },
      ],
    },
  ],
};

/** To Medicaid as the last payer: two decisions on each of two lines. */
export const TERTIARY: ProfessionalClaim = {
  ...SELF,
  subscriber: { ...SELF.subscriber, responsibility: 'T', claimFilingIndicatorCode: 'MC', memberId: '4400112233' },
  payer: { ...SELF.payer, name: 'WI Medicaid', id: 'WISCTXIX' },
  patientControlNumber: 'TD7NV4JWF2H01',
  totalChargeCents: 7500,
  otherPayers: [
    { ...PRIMARY, paidCents: 4850 },
    {
      ...OTHER,
      paidCents: 900,
      references: [
        { qualifier: 'F8', value: 'ANT20261119007' },
        { qualifier: 'G1', value: 'BC-99812' },
      ],
    },
  ],
  lines: [
    {
      ...EARLIER,
      modifiers: ['HQ', 'HO'],
      lineControlNumber: 'TD7NV4JWF2H01L1',
      adjudications: [
        DECIDED_LINE,
        {
          ...DECIDED_LINE,
          payerId: '00950',
          paidCents: 600,
          adjustments: [
            { group: 'OA', reason: '23', amountCents: 5000, quantity: null },
            { group: 'PR', reason: '3', amountCents: 400, quantity: null },
          ],
          adjudicatedOn: '2026-11-19',
          remainingPatientLiabilityCents: 400,
        },
      ],
    },
    {
      ...EARLIER,
      procedureCode: '90785',
      chargeCents: 1500,
      lineControlNumber: 'TD7NV4JWF2H01L2',
      adjudications: [
        {
          ...DECIDED_LINE,
          procedureCode: '90785',
          paidCents: 1000,
          adjustments: [{ group: 'CO', reason: '45', amountCents: 500, quantity: null }],
          remainingPatientLiabilityCents: 0,
        },
        {
          ...DECIDED_LINE,
          payerId: '00950',
          procedureCode: '90785',
          paidCents: 300,
          adjustments: [{ group: 'OA', reason: '23', amountCents: 1200, quantity: null }],
          adjudicatedOn: '2026-11-19',
          remainingPatientLiabilityCents: 0,
        },
      ],
    },
  ],
};
