import { addSegment, closeLoop, type LoopMemo, openLoop, type SetWriter, writeRecurringLoop } from '../segments.ts';
import type { Contact, ProfessionalClaim } from './model.ts';
import { loopPlace, segmentRule, WRITE_RULES } from './rules.ts';
import { addAddress, addReferences, byQualifier, contactElements, identifier, nameElements } from './values.ts';

const LEVEL = loopPlace(WRITE_RULES, 'DETAIL', '2000A');
const NAME = loopPlace(WRITE_RULES, '2000A', '2010AA');
const PAY_TO = loopPlace(WRITE_RULES, '2000A', '2010AB');
const HL = segmentRule(WRITE_RULES, '2000A', 'HL');
const PRV = segmentRule(WRITE_RULES, '2000A', 'PRV');
const NAME_NM1 = segmentRule(WRITE_RULES, '2010AA', 'NM1');
const NAME_N3 = segmentRule(WRITE_RULES, '2010AA', 'N3');
const NAME_N4 = segmentRule(WRITE_RULES, '2010AA', 'N4');
const NAME_TAX_ID = segmentRule(WRITE_RULES, '2010AA', 'REF', 'EI');
const NAME_LICENSE = byQualifier([segmentRule(WRITE_RULES, '2010AA', 'REF', '0B')]);
const NAME_PER = segmentRule(WRITE_RULES, '2010AA', 'PER');
const PAY_TO_NM1 = segmentRule(WRITE_RULES, '2010AB', 'NM1');
const PAY_TO_N3 = segmentRule(WRITE_RULES, '2010AB', 'N3');
const PAY_TO_N4 = segmentRule(WRITE_RULES, '2010AB', 'N4');

const billingProviders: LoopMemo = new Map();

/** Opens 2000A (it stays open for the subscriber) and writes HL, PRV, 2010AA and 2010AB. */
export function openBilling(out: SetWriter, claim: ProfessionalClaim, submitterContact: Contact): void {
  const { billing } = claim;
  openLoop(out, LEVEL);
  addSegment(out, HL, ['1', '', '20', '1']);
  if (billing.taxonomyCode !== null) addSegment(out, PRV, ['BI', 'PXC', identifier(billing.taxonomyCode)]);

  const id = billing.npi ?? billing.taxId.value;
  writeRecurringLoop(out, NAME, billingProviders, id, [billing, submitterContact], () => {
    addSegment(out, NAME_NM1, nameElements('85', billing.name, 'XX', billing.npi));
    addAddress(out, NAME_N3, NAME_N4, billing.address);
    addSegment(out, NAME_TAX_ID, [billing.taxId.qualifier, billing.taxId.value.replaceAll('-', '').trim()]);
    addReferences(out, NAME_LICENSE, billing.secondaryIds);
    writeContact(out, billing.contact, submitterContact);
    if (billing.secondContact !== undefined) addSegment(out, NAME_PER, contactElements(billing.secondContact) ?? ['IC']);
  });

  if (claim.payToAddress !== null) {
    openLoop(out, PAY_TO);
    addSegment(out, PAY_TO_NM1, ['87', billing.name.kind === 'organization' ? '2' : '1']);
    addAddress(out, PAY_TO_N3, PAY_TO_N4, claim.payToAddress);
    closeLoop(out);
  }
}

export function closeBilling(out: SetWriter): void {
  closeLoop(out);
}

/** The guide wants this PER only where it says something else than the submitter's. */
function writeContact(out: SetWriter, contact: Contact | null, submitterContact: Contact): void {
  if (contact === null || isSame(contact, submitterContact)) return;
  const elements = contactElements(contact);
  if (elements === null) return;
  const submitters = contactElements(submitterContact);
  if (submitters?.length === elements.length && elements.every((value, i) => value === submitters[i])) return;
  addSegment(out, NAME_PER, elements);
}

function isSame(one: Contact, other: Contact): boolean {
  return one.name === other.name && one.phone === other.phone && one.email === other.email && one.fax === other.fax;
}
