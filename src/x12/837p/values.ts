import { cutText, fitAddressLines, plainIdentifier, plainText } from '../charset.ts';
import { compactDate, formatAmount, formatQuantity, isDigits } from '../format.ts';
import type { ElementValue } from '../rules/check.ts';
import type { SegmentRule } from '../rules/model.ts';
import { addSegment, type SetWriter } from '../segments.ts';
import type { Contact, PartyName, PostalAddress, Reference } from './model.ts';
import type { DatedEvent } from './model-supplement.ts';

/** Text made to fit the basic set and cut to the element's length; '' when nothing is left, which the rules refuse where it is required. */
export function text(value: string | null, max: number): string {
  return value === null ? '' : cutText(plainText(value), max);
}

/** An identifier in upper case. One that does not fit is passed on as it is: the rules refuse it. */
export function identifier(value: string | null): string {
  if (value === null) return '';
  return plainIdentifier(value) ?? value.trim();
}

/** NM101–NM109 for a person or an organization; NM108/NM109 only when there is an id. Lengths: 60, 35, 25, 10. */
export function nameElements(entity: string, name: PartyName, idQualifier: string, id: string | null): ElementValue[] {
  const qualifier = id === null ? '' : idQualifier;
  if (name.kind === 'organization') return [entity, '2', text(name.name, 60), '', '', '', '', qualifier, identifier(id)];
  return [
    entity,
    '1',
    text(name.lastName, 60),
    text(name.firstName, 35),
    text(name.middleName, 25),
    '',
    text(name.suffix, 10),
    qualifier,
    identifier(id),
  ];
}

/** N3 and N4. Line 1 flows into line 2; the ZIP code loses hyphen and spaces; US addresses only, so no country code. */
export function addAddress(out: SetWriter, n3: SegmentRule, n4: SegmentRule, address: PostalAddress): void {
  const lines = fitAddressLines(address.line1, address.line2);
  addSegment(out, n3, [lines.line1, lines.line2]);
  addSegment(out, n4, [text(address.city, 30), identifier(address.state), zipCode(address.postalCode)]);
}

function zipCode(value: string): string {
  return isDigits(value) ? value : value.replace(/[\s-]/g, '');
}

/**
 * PER: the phone as ten digits with an extension where one is written (`608-555-0142 x12`), then the fax; the e-mail
 * address only where there is neither, because it needs `@` from the extended set. Null when the contact has nothing.
 */
export function contactElements(contact: Contact): ElementValue[] | null {
  const name = text(contact.name, 60);
  const numbers = phoneElements(contact.phone);
  if (contact.fax !== undefined) numbers.push('FX', digitsOf(contact.fax));
  if (numbers.length > 0) return ['IC', name, ...numbers];
  const email = contact.email === null ? '' : contact.email.trim();
  return email === '' ? null : ['IC', name, 'EM', email.toUpperCase()];
}

/** PER of a loop that takes phone numbers only (2010BA, 2010CA, 2310C). */
export function phoneContactElements(contact: Contact): ElementValue[] {
  return ['IC', text(contact.name, 60), ...phoneElements(contact.phone)];
}

function phoneElements(value: string | null): string[] {
  const phone = value === null ? '' : value.trim();
  if (phone === '') return [];
  if (phone.length === 10 && isDigits(phone)) return ['TE', phone];
  const [, main = '', extension = ''] = /^(.*?)(?:\s*(?:x|ext\.?)\s*(\d{1,10}))?$/is.exec(phone) ?? [];
  return ['TE', digitsOf(main, phone), ...(extension === '' ? [] : ['EX', extension])];
}

function digitsOf(value: string, otherwise = value): string {
  const number = value.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
  return number === '' ? identifier(otherwise) : number;
}

/** Segments of one tag in one loop, by the qualifiers that their first element takes. */
export interface ByQualifier {
  readonly rules: ReadonlyMap<string, SegmentRule>;
  /** Where an unknown qualifier goes, to be refused. */
  readonly last: SegmentRule;
}

/** Prepares the segments of one tag and loop, in table order, for `inTableOrder`. */
export function byQualifier(rules: readonly SegmentRule[]): ByQualifier {
  const last = rules.at(-1);
  if (last === undefined) throw new Error('no segment rules to choose from');
  return {
    rules: new Map(rules.flatMap((rule) => [...(rule.elements[0]?.codes ?? [])].map((code) => [code, rule] as const))),
    last,
  };
}

/** Pairs items with the segment that takes their qualifier and sorts them into table order; stable. */
export function inTableOrder<T extends { readonly qualifier: string }>(
  among: ByQualifier,
  items: readonly T[],
): readonly { readonly rule: SegmentRule; readonly item: T }[] {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return [{ rule: among.rules.get(only.qualifier) ?? among.last, item: only }];
  const pairs = items.map((item) => ({ rule: among.rules.get(item.qualifier) ?? among.last, item }));
  return pairs.sort((a, b) => a.rule.ordinal - b.rule.ordinal);
}

/** One REF per reference, in table order. Throws X12WriteError for a qualifier that the loop has not. */
export function addReferences(out: SetWriter, among: ByQualifier, references: readonly Reference[] | undefined): void {
  if (references === undefined || references.length === 0) return;
  for (const { rule, item } of inTableOrder(among, references)) addReference(out, rule, item);
}

function addReference(out: SetWriter, rule: SegmentRule, { qualifier, value, payerId }: Reference): void {
  const ofPayer = payerId === undefined ? [] : ['', ['2U', identifier(payerId)]];
  addSegment(out, rule, [qualifier, identifier(value), ...ofPayer]);
}

/** One DTP per date, in table order; a range where the event has an end. */
export function addDates(out: SetWriter, among: ByQualifier, dates: readonly DatedEvent[] | undefined): void {
  if (dates === undefined || dates.length === 0) return;
  for (const { rule, item } of inTableOrder(among, dates)) addSegment(out, rule, dateElements(item));
}

export function dateElements({ qualifier, date, endDate }: DatedEvent): ElementValue[] {
  return endDate === undefined
    ? [qualifier, 'D8', compactDate(date)]
    : [qualifier, 'RD8', `${compactDate(date)}-${compactDate(endDate)}`];
}

/** An amount in cents, '' where there is none. */
export function amount(cents: number | null | undefined): string {
  return cents === null || cents === undefined ? '' : formatAmount(cents);
}

/** A quantity or percentage, '' where there is none. */
export function quantity(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatQuantity(value);
}
