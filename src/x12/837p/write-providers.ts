import type { LoopPlace, SegmentRule } from '../rules/model.ts';
import { addSegment, closeLoop, type LoopMemo, openLoop, type SetWriter, writeRecurringLoop } from '../segments.ts';
import type { OrderingProvider, ProfessionalClaim, Provider, ServiceFacility, ServiceLine } from './model.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import {
  addAddress,
  addReferences,
  type ByQualifier,
  byQualifier,
  contactElements,
  identifier,
  nameElements,
  phoneContactElements,
} from './values.ts';

interface ProviderLoop {
  readonly loop: LoopPlace;
  readonly nm1: SegmentRule;
  /** Only where the loop takes a taxonomy code. */
  readonly prv: SegmentRule | null;
  readonly ids: ByQualifier;
}
interface FacilityLoop extends ProviderLoop {
  readonly n3: SegmentRule;
  readonly n4: SegmentRule;
  readonly per: SegmentRule | null;
}

const REFERRING = providerLoop('2300', '2310A');
const RENDERING = providerLoop('2300', '2310B');
const FACILITY = facilityLoop('2300', '2310C');
const SUPERVISING = providerLoop('2300', '2310D');
const LINE_RENDERING = providerLoop('2400', '2420A');
const LINE_PURCHASED = providerLoop('2400', '2420B');
const LINE_FACILITY = facilityLoop('2400', '2420C');
const LINE_SUPERVISING = providerLoop('2400', '2420D');
const LINE_ORDERING = facilityLoop('2400', '2420E');
const LINE_REFERRING = providerLoop('2400', '2420F');

/** Loops 2310A–D, each only when the claim has one. */
export function writeClaimProviders(out: SetWriter, claim: ProfessionalClaim): void {
  if (claim.referring !== null) writeProvider(out, REFERRING, 'DN', claim.referring);
  if (claim.primaryCare !== undefined) writeProvider(out, REFERRING, 'P3', claim.primaryCare);
  if (claim.rendering !== null) writeClinician(out, claim.rendering);
  if (claim.facility !== null) writeFacility(out, FACILITY, claim.facility);
  if (claim.supervising !== null) writeProvider(out, SUPERVISING, 'DQ', claim.supervising);
}

/** Loops 2420A–F, each only where the line differs from the claim. */
export function writeLineProviders(out: SetWriter, line: ServiceLine): void {
  if (line.rendering !== undefined) writeProvider(out, LINE_RENDERING, '82', line.rendering);
  if (line.purchasedService !== undefined) writePurchased(out, line.purchasedService.provider);
  if (line.facility !== undefined) writeFacility(out, LINE_FACILITY, line.facility);
  if (line.supervising !== undefined) writeProvider(out, LINE_SUPERVISING, 'DQ', line.supervising);
  if (line.ordering !== undefined) writeOrdering(out, line.ordering);
  if (line.referring !== undefined) writeProvider(out, LINE_REFERRING, 'DN', line.referring);
  if (line.primaryCare !== undefined) writeProvider(out, LINE_REFERRING, 'P3', line.primaryCare);
}

const clinicians: LoopMemo = new Map();

/** 2310B: one of the practice's few, claim after claim. */
function writeClinician(out: SetWriter, clinician: Provider): void {
  writeRecurringLoop(out, RENDERING.loop, clinicians, clinician.npi ?? '', [clinician], () =>
    addProvider(out, RENDERING, '82', clinician),
  );
}

function writeProvider(out: SetWriter, at: ProviderLoop, entity: string, provider: Provider): void {
  openLoop(out, at.loop);
  addProvider(out, at, entity, provider);
  closeLoop(out);
}

function addProvider(out: SetWriter, at: ProviderLoop, entity: string, provider: Provider): void {
  addSegment(out, at.nm1, nameElements(entity, provider.name, 'XX', provider.npi));
  if (at.prv !== null && provider.taxonomyCode !== null) {
    addSegment(out, at.prv, ['PE', 'PXC', identifier(provider.taxonomyCode)]);
  }
  addReferences(out, at.ids, provider.secondaryIds);
}

function writeFacility(out: SetWriter, at: FacilityLoop, facility: ServiceFacility): void {
  openLoop(out, at.loop);
  addSegment(out, at.nm1, nameElements('77', { kind: 'organization', name: facility.name }, 'XX', facility.npi));
  addAddress(out, at.n3, at.n4, facility.address);
  addReferences(out, at.ids, facility.secondaryIds);
  if (at.per !== null && facility.contact !== undefined) addSegment(out, at.per, phoneContactElements(facility.contact));
  closeLoop(out);
}

/** 2420B names the provider by number only. */
function writePurchased(out: SetWriter, provider: NonNullable<ServiceLine['purchasedService']>['provider']): void {
  openLoop(out, LINE_PURCHASED.loop);
  const id = identifier(provider.npi);
  const type = provider.entity === 'person' ? '1' : '2';
  addSegment(out, LINE_PURCHASED.nm1, ['QB', type, '', '', '', '', '', id === '' ? '' : 'XX', id]);
  addReferences(out, LINE_PURCHASED.ids, provider.secondaryIds);
  closeLoop(out);
}

function writeOrdering(out: SetWriter, provider: OrderingProvider): void {
  const at = LINE_ORDERING;
  openLoop(out, at.loop);
  addSegment(out, at.nm1, nameElements('DK', provider.name, 'XX', provider.npi));
  if (provider.address !== undefined) addAddress(out, at.n3, at.n4, provider.address);
  addReferences(out, at.ids, provider.secondaryIds);
  if (at.per !== null && provider.contact !== undefined) addSegment(out, at.per, contactElements(provider.contact) ?? ['IC']);
  closeLoop(out);
}

function providerLoop(parentId: string, id: string): ProviderLoop {
  return {
    loop: loopPlace(WRITE_RULES, parentId, id),
    nm1: segmentRule(WRITE_RULES, id, 'NM1'),
    prv: segmentRules(WRITE_RULES, id, 'PRV')[0] ?? null,
    ids: byQualifier(segmentRules(WRITE_RULES, id, 'REF')),
  };
}

function facilityLoop(parentId: string, id: string): FacilityLoop {
  return {
    ...providerLoop(parentId, id),
    n3: segmentRule(WRITE_RULES, id, 'N3'),
    n4: segmentRule(WRITE_RULES, id, 'N4'),
    per: segmentRules(WRITE_RULES, id, 'PER')[0] ?? null,
  };
}
