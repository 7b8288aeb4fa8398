import { groupAdjustments } from '../../../src/x12/837p/adjustments.ts';
import type {
  BillingProvider,
  Contact,
  OrderingProvider,
  OtherPayer,
  PartyName,
  Patient,
  PostalAddress,
  ProfessionalClaim,
  Provider,
  Reference,
  ServiceFacility,
  ServiceLine,
  Subscriber,
} from '../../../src/x12/837p/model.ts';
import type {
  Adjustment,
  Attachment,
  Contract,
  DatedEvent,
  LineAdjudication,
  PatientCondition,
  Pricing,
} from '../../../src/x12/837p/model-supplement.ts';
import { cutText, fitAddressLines, fitText } from '../../../src/x12/charset.ts';
import { bySigns, type Json } from './read-parts.ts';

/** What a claim of the model says on the wire, in the form in which `readClaim` reads it: fitted, cut, sorted where order says nothing. */

const fitted = (value: string | null | undefined, max: number): string | null =>
  value === null || value === undefined ? null : cutText(fitText(value).text, max) || null;
const id = (value: string | null | undefined): string | null => value?.trim().toUpperCase() || null;
const given = <T, R>(value: T | null | undefined, of: (value: T) => R): R | undefined =>
  value === null || value === undefined ? undefined : of(value);
const flag = (value: boolean | undefined): true | undefined => (value === true ? true : undefined);

const references = (list: readonly Reference[] | undefined): Json =>
  bySigns((list ?? []).map((r) => ({ qualifier: r.qualifier, value: id(r.value), payerId: given(r.payerId, id) })));
const dates = (list: readonly DatedEvent[] | undefined): Json =>
  bySigns((list ?? []).map(({ qualifier, date, endDate }) => ({ qualifier, date, endDate })));

const name = (party: PartyName): Json =>
  party.kind === 'organization'
    ? { kind: 'organization', name: fitted(party.name, 60) }
    : {
        kind: 'person',
        lastName: fitted(party.lastName, 60),
        firstName: fitted(party.firstName, 35),
        middleName: fitted(party.middleName, 25),
        suffix: fitted(party.suffix, 10),
      };
const address = (a: PostalAddress): Json => {
  const { line1, line2 } = fitAddressLines(a.line1, a.line2);
  return { line1, line2, city: fitted(a.city, 30), state: id(a.state), postalCode: a.postalCode.replace(/[\s-]/g, '') };
};

/** Phone before fax, the e-mail address only where there is neither; null where there is nothing to reach anybody by. */
const contact = (c: Contact): { readonly [key: string]: Json | undefined } | null => {
  const [, main = '', extension] = /^(.*?)(?:\s*(?:x|ext\.?)\s*(\d+))?$/i.exec(c.phone?.trim() ?? '') ?? [];
  const digits = main.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
  const phone = digits === '' ? null : `${digits}${extension === undefined ? '' : ` x${extension}`}`;
  const fax = c.fax?.replace(/\D/g, '');
  const email = phone === null && fax === undefined ? id(c.email) : null;
  return phone === null && fax === undefined && email === null ? null : { name: fitted(c.name, 60), phone, email, fax };
};

const provider = (p: Provider): { readonly [key: string]: Json | undefined } => ({
  name: name(p.name),
  npi: p.npi,
  taxonomyCode: id(p.taxonomyCode),
  secondaryIds: references(p.secondaryIds),
});
/** Only 2310B and 2420A have a place for the taxonomy code. */
const withoutTaxonomy = (p: Provider) => ({ ...provider(p), taxonomyCode: null });
const facility = (f: ServiceFacility) => ({
  name: fitted(f.name, 60),
  npi: f.npi,
  address: address(f.address),
  secondaryIds: references(f.secondaryIds),
  contact: given(f.contact, contact),
});
const ordering = (p: OrderingProvider) => ({
  ...withoutTaxonomy(p),
  address: given(p.address, address),
  contact: given(p.contact, contact),
});

const attachments = (list: readonly Attachment[] | undefined): Json =>
  (list ?? []).map(({ type, transmission, controlNumber }) => ({ type, transmission, controlNumber: id(controlNumber) }));
const contract = (c: Contract | undefined) =>
  given(c, (it) => ({ ...it, code: given(it.code, id), version: given(it.version, id) }));
const pricing = (p: Pricing | undefined) =>
  given(p, (it) => ({ ...it, organizationId: given(it.organizationId, id), approvedGroup: given(it.approvedGroup, id) }));

const adjustments = (list: readonly Adjustment[]): Json =>
  bySigns(
    groupAdjustments(list).flatMap(({ group, reasons }) =>
      reasons.map(({ reason, amountCents, quantity }) => ({ group, reason, amountCents, quantity: quantity || null })),
    ),
  );
const decision = (d: LineAdjudication) => ({
  ...d,
  payerId: id(d.payerId),
  description: given(d.description, (text) => fitted(text, 80)),
  adjustments: adjustments(d.adjustments),
});

const purchased = ({ provider: p, providerId, chargeCents }: NonNullable<ServiceLine['purchasedService']>) => ({
  providerId: id(providerId),
  chargeCents,
  provider: { ...p, secondaryIds: references(p.secondaryIds) },
});

const line = (l: ServiceLine, claimPlace: string) => {
  const note = fitted(l.note, 80);
  return {
    ...l,
    description: given(l.description, (text) => fitted(text, 80)),
    placeOfServiceCode: l.placeOfServiceCode === claimPlace ? null : l.placeOfServiceCode,
    emergency: flag(l.emergency),
    epsdt: flag(l.epsdt),
    familyPlanning: flag(l.familyPlanning),
    copayExempt: flag(l.copayExempt),
    dates: dates(l.dates),
    attachments: attachments(l.attachments),
    contract: contract(l.contract),
    pricing: pricing(l.pricing),
    fileInformation: l.fileInformation ?? [],
    references: references(l.references),
    lineControlNumber: id(l.lineControlNumber),
    note,
    noteCode: note === null ? undefined : (l.noteCode ?? 'ADD'),
    thirdPartyNote: given(l.thirdPartyNote, (text) => fitted(text, 80)),
    purchasedService: given(l.purchasedService, purchased),
    rendering: given(l.rendering, provider),
    facility: given(l.facility, (f) => ({ ...facility(f), contact: undefined })),
    supervising: given(l.supervising, withoutTaxonomy),
    ordering: given(l.ordering, ordering),
    referring: given(l.referring, withoutTaxonomy),
    primaryCare: given(l.primaryCare, withoutTaxonomy),
    adjudications: (l.adjudications ?? []).map(decision),
  };
};

/** SBR03 before SBR04: the plan is named only where it has no number. */
const plan = ({ groupNumber, planName }: Pick<Subscriber, 'groupNumber' | 'planName'>) => ({
  groupNumber: id(groupNumber),
  planName: id(groupNumber) === null ? fitted(planName, 60) : null,
});

const otherPayer = (o: OtherPayer) => ({
  ...o,
  ...plan(o),
  adjustments: adjustments(o.adjustments),
  subscriber: {
    name: name(o.subscriber.name),
    memberIdQualifier: o.subscriber.memberIdQualifier ?? 'MI',
    memberId: id(o.subscriber.memberId),
    address: given(o.subscriber.address, address) ?? null,
    references: references(o.subscriber.references),
  },
  payer: {
    name: fitted(o.payer.name, 60),
    idQualifier: o.payer.idQualifier ?? 'PI',
    id: id(o.payer.id),
    address: given(o.payer.address, address) ?? null,
  },
  references: references(o.references),
  providers: bySigns((o.providers ?? []).map((p) => ({ role: p.role, entity: p.entity, ids: references(p.ids) }))),
});

const condition = (c: PatientCondition | undefined) =>
  given(c, ({ deathDate, weightPounds, pregnant }) => ({ deathDate, weightPounds, pregnant: flag(pregnant) }));

const billing = (b: BillingProvider, submitter: Contact) => {
  const own = given(b.contact, contact) ?? null;
  const repeats = JSON.stringify(own) === JSON.stringify(contact(submitter));
  return {
    ...provider(b),
    address: address(b.address),
    taxId: references([{ qualifier: b.taxId.qualifier, value: b.taxId.value.replaceAll('-', '') }]),
    contact: repeats ? null : own,
    secondContact: given(b.secondContact, contact),
  };
};
const subscriber = (s: Subscriber) => ({
  ...s,
  ...plan(s),
  name: name(s.name),
  memberIdQualifier: s.memberIdQualifier ?? 'MI',
  memberId: id(s.memberId),
  address: given(s.address, address) ?? null,
  condition: condition(s.condition),
  references: references(s.references),
  contact: given(s.contact, contact),
});
const patient = (p: Patient) => ({
  ...p,
  name: name(p.name),
  address: address(p.address),
  condition: condition(p.condition),
  references: references(p.references),
  contact: given(p.contact, contact),
});

/** `submitter`: the contact of 1000A, which the billing provider's own need not repeat. */
export function canonicalClaim(c: ProfessionalClaim, submitter: Contact): Json {
  const note = fitted(c.note, 80);
  const meant = {
    ...c,
    billing: billing(c.billing, submitter),
    payToAddress: given(c.payToAddress, address) ?? null,
    subscriber: subscriber(c.subscriber),
    patient: given(c.patient, patient) ?? null,
    payer: {
      name: fitted(c.payer.name, 60),
      idQualifier: c.payer.idQualifier ?? 'PI',
      id: id(c.payer.id),
      address: given(c.payer.address, address) ?? null,
      secondaryIds: references(c.payer.secondaryIds),
      billingProviderIds: references(c.payer.billingProviderIds),
    },
    dates: dates(c.dates),
    attachments: attachments(c.attachments),
    contract: contract(c.contract),
    pricing: pricing(c.pricing),
    fileInformation: c.fileInformation ?? [],
    patientPaidCents: c.patientPaidCents || null,
    references: references(c.references),
    note,
    noteCode: note === null ? undefined : (c.noteCode ?? 'ADD'),
    referring: given(c.referring, withoutTaxonomy) ?? null,
    primaryCare: given(c.primaryCare, withoutTaxonomy),
    rendering: given(c.rendering, provider) ?? null,
    facility: given(c.facility, facility) ?? null,
    supervising: given(c.supervising, withoutTaxonomy) ?? null,
    otherPayers: (c.otherPayers ?? []).map(otherPayer),
    lines: c.lines.map((l) => line(l, c.placeOfServiceCode)),
  };
  return JSON.parse(JSON.stringify(meant)) as Json;
}

/** The first place where two JSON values differ, `/lines/0/chargeCents: 1 for 2`; null where they are equal. Absent and undefined are one. */
export function difference(read: Json | undefined, meant: Json | undefined, path = ''): string | null {
  if (typeof read !== 'object' || typeof meant !== 'object' || read === null || meant === null) {
    return read === meant ? null : `${path}: ${JSON.stringify(read)} for ${JSON.stringify(meant)}`;
  }
  if (Array.isArray(read) !== Array.isArray(meant)) return `${path}: a list for none`;
  const [a, b] = [read as Record<string, Json | undefined>, meant as Record<string, Json | undefined>];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(a[key], b[key], `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}
