import type { LoopPlace, SegmentRule } from '../rules/model.ts';
import { addSegment, closeLoop, openLoop } from '../segments.ts';
import type { ProfessionalClaim, Provider, ServiceFacility } from './model.ts';
import { loopPlace, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import {
  addAddress,
  addReferences,
  type ByQualifier,
  byQualifier,
  type ClaimWriter,
  identifier,
  nameElements,
} from './values.ts';

interface ProviderLoop {
  readonly loop: LoopPlace;
  readonly nm1: SegmentRule;
  readonly ids: ByQualifier;
}

const REFERRING = providerLoop('2310A');
const RENDERING = providerLoop('2310B');
const RENDERING_PRV = segmentRule(WRITE_RULES, '2310B', 'PRV');
const FACILITY = providerLoop('2310C');
const FACILITY_N3 = segmentRule(WRITE_RULES, '2310C', 'N3');
const FACILITY_N4 = segmentRule(WRITE_RULES, '2310C', 'N4');
const SUPERVISING = providerLoop('2310D');

/** Loops 2310A–D, each only when the claim has one. */
export function writeClaimProviders(out: ClaimWriter, claim: ProfessionalClaim): void {
  if (claim.referring !== null) writeProvider(out, REFERRING, 'DN', claim.referring, null);
  if (claim.rendering !== null) writeProvider(out, RENDERING, '82', claim.rendering, RENDERING_PRV);
  if (claim.facility !== null) writeFacility(out, claim.facility);
  if (claim.supervising !== null) writeProvider(out, SUPERVISING, 'DQ', claim.supervising, null);
}

function writeProvider(out: ClaimWriter, at: ProviderLoop, entity: string, provider: Provider, prv: SegmentRule | null): void {
  openLoop(out, at.loop);
  addSegment(out, at.nm1, nameElements(entity, provider.name, 'XX', provider.npi));
  if (prv !== null && provider.taxonomyCode !== null) addSegment(out, prv, ['PE', 'PXC', identifier(provider.taxonomyCode)]);
  addReferences(out, at.ids, provider.secondaryIds);
  closeLoop(out);
}

function writeFacility(out: ClaimWriter, facility: ServiceFacility): void {
  openLoop(out, FACILITY.loop);
  addSegment(out, FACILITY.nm1, nameElements('77', { kind: 'organization', name: facility.name }, 'XX', facility.npi));
  addAddress(out, FACILITY_N3, FACILITY_N4, facility.address);
  addReferences(out, FACILITY.ids, facility.secondaryIds);
  closeLoop(out);
}

function providerLoop(id: string): ProviderLoop {
  return {
    loop: loopPlace(WRITE_RULES, '2300', id),
    nm1: segmentRule(WRITE_RULES, id, 'NM1'),
    ids: byQualifier(segmentRules(WRITE_RULES, id, 'REF')),
  };
}
