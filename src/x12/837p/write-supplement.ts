import type { SegmentRule } from '../rules/model.ts';
import { addSegment, type SetWriter } from '../segments.ts';
import type { Attachment, Contract, Pricing } from './model-supplement.ts';
import { amount, identifier, quantity } from './values.ts';

/** Segments that a claim (2300) and a line (2400) both may have; `rule` is the one of the loop that is open. */

export function addAttachments(out: SetWriter, rule: SegmentRule, attachments: readonly Attachment[] | undefined): void {
  if (attachments === undefined) return;
  for (const { type, transmission, controlNumber } of attachments) {
    const control = identifier(controlNumber);
    addSegment(out, rule, [type, transmission, '', '', control === '' ? '' : 'AC', control]);
  }
}

export function addContract(out: SetWriter, rule: SegmentRule, contract: Contract): void {
  addSegment(out, rule, [
    contract.type,
    amount(contract.amountCents),
    quantity(contract.percentage),
    identifier(contract.code ?? null),
    quantity(contract.discountPercentage),
    identifier(contract.version ?? null),
  ]);
}

/** K3: a fixed format is written as it is, or refused. */
export function addFileInformation(out: SetWriter, rule: SegmentRule, information: readonly string[] | undefined): void {
  if (information === undefined) return;
  for (const item of information) addSegment(out, rule, [item]);
}

export function addPricing(out: SetWriter, rule: SegmentRule, pricing: Pricing): void {
  addSegment(out, rule, [
    pricing.methodology,
    amount(pricing.allowedCents),
    amount(pricing.savingCents),
    identifier(pricing.organizationId ?? null),
    quantity(pricing.rate),
    identifier(pricing.approvedGroup ?? null),
    amount(pricing.approvedGroupCents),
    '',
    '',
    '',
    '',
    '',
    pricing.rejectReason ?? '',
    pricing.policyCompliance ?? '',
    pricing.exception ?? '',
  ]);
}
