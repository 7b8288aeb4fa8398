import { cutText, fitAddressLines, fitIdentifier, fitText } from '../charset.ts';
import type { ElementValue } from '../rules/check.ts';
import type { SegmentRule } from '../rules/model.ts';
import { addSegment, type SetWriter } from '../segments.ts';
import type { Contact, PartyName, PostalAddress, Reference } from './model.ts';

/** A set under way and the number of its last HL. */
export interface ClaimSetWriter extends SetWriter {
  hierarchicalId: number;
}

/** Text made to fit the basic set and cut to the element's length; '' when nothing is left, which the rules refuse where it is required. */
export function text(value: string | null, max: number): string {
  return value === null ? '' : cutText(fitText(value).text, max);
}

/** An identifier in upper case. One that does not fit is passed on as it is: the rules refuse it. */
export function identifier(value: string | null): string {
  if (value === null) return '';
  const fitted = fitIdentifier(value);
  return fitted.ok ? fitted.value : value.trim();
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
  addSegment(out, n4, [text(address.city, 30), identifier(address.state), address.postalCode.replace(/[\s-]/g, '')]);
}

/**
 * PER: the phone as ten digits with an extension where one is written (`608-555-0142 x12`), else the e-mail address, which
 * needs `@` from the extended set and is therefore second choice. Null when the contact has neither.
 */
export function contactElements(contact: Contact): ElementValue[] | null {
  const name = text(contact.name, 60);
  if (contact.phone !== null && contact.phone.trim() !== '') {
    const [, main = '', extension = ''] = /^(.*?)(?:\s*(?:x|ext\.?)\s*(\d{1,10}))?$/is.exec(contact.phone.trim()) ?? [];
    const number = main.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
    return ['IC', name, 'TE', number === '' ? identifier(contact.phone) : number, ...(extension === '' ? [] : ['EX', extension])];
  }
  if (contact.email === null || contact.email.trim() === '') return null;
  return ['IC', name, 'EM', contact.email.trim().toUpperCase()];
}

/** One REF per reference, by the rule of its qualifier; the rules must be of one loop and in table order. A qualifier that no rule takes goes to the last one, which refuses it. */
export function addReferences(out: SetWriter, rules: readonly SegmentRule[], references: readonly Reference[]): void {
  if (references.length === 0) return;
  for (const { rule, item } of inTableOrder(rules, references)) addSegment(out, rule, [item.qualifier, identifier(item.value)]);
}

/** Pairs items with the segment that takes their qualifier in its first element and sorts them into table order; stable. */
export function inTableOrder<T extends { readonly qualifier: string }>(
  rules: readonly SegmentRule[],
  items: readonly T[],
): readonly { readonly rule: SegmentRule; readonly item: T }[] {
  const last = rules.at(-1);
  if (last === undefined) throw new Error('no segment rules to choose from');
  return items
    .map((item) => ({ rule: rules.find((r) => r.elements[0]?.codes?.has(item.qualifier) === true) ?? last, item }))
    .sort((a, b) => a.rule.ordinal - b.rule.ordinal);
}
