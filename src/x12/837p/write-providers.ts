import type { LoopRule, SegmentRule } from '../rules/model.ts';
import { addSegment, closeLoop, openLoop } from '../segments.ts';
import type { ProfessionalClaim, Provider, ServiceFacility } from './model.ts';
import { loopRule, segmentRule, segmentRules, WRITE_RULES } from './rules.ts';
import { addAddress, addReferences, type ClaimSetWriter, identifier, nameElements } from './values.ts';

interface ProviderLoop {
  readonly loop: LoopRule;
  readonly nm1: SegmentRule;
  readonly ids: readonly SegmentRule[];
}

const REFERRING = providerLoop('2310A');
const RENDERING = providerLoop('2310B');
const RENDERING_PRV = segmentRule(WRITE_RULES, '2310B', 'PRV');
const FACILITY = providerLoop('2310C');
const FACILITY_N3 = segmentRule(WRITE_RULES, '2310C', 'N3');
const FACILITY_N4 = segmentRule(WRITE_RULES, '2310C', 'N4');
const SUPERVISING = providerLoop('2310D');

/** Loops 2310A–D, each only when the claim has one. Throws X12WriteError. */
export function writeClaimProviders(out: ClaimSetWriter, claim: ProfessionalClaim): void {
  if (claim.referring !== null) writeProvider(out, REFERRING, 'DN', claim.referring, null);
  if (claim.rendering !== null) writeProvider(out, RENDERING, '82', claim.rendering, RENDERING_PRV);
  if (claim.facility !== null) writeFacility(out, claim.facility);
  if (claim.supervising !== null) writeProvider(out, SUPERVISING, 'DQ', claim.supervising, null);
}

function writeProvider(out: ClaimSetWriter, at: ProviderLoop, entity: string, provider: Provider, prv: SegmentRule | null): void {
  openLoop(out.cursor, at.loop);
  addSegment(out, at.nm1, nameElements(entity, provider.name, 'XX', provider.npi));
  if (prv !== null && provider.taxonomyCode !== null) addSegment(out, prv, ['PE', 'PXC', identifier(provider.taxonomyCode)]);
  addReferences(out, at.ids, provider.secondaryIds);
  closeLoop(out.cursor);
}

function writeFacility(out: ClaimSetWriter, facility: ServiceFacility): void {
  openLoop(out.cursor, FACILITY.loop);
  addSegment(out, FACILITY.nm1, nameElements('77', { kind: 'organization', name: facility.name }, 'XX', facility.npi));
  addAddress(out, FACILITY_N3, FACILITY_N4, facility.address);
  addReferences(out, FACILITY.ids, facility.secondaryIds);
  closeLoop(out.cursor);
}

function providerLoop(id: string): ProviderLoop {
  return {
    loop: loopRule(WRITE_RULES, id),
    nm1: segmentRule(WRITE_RULES, id, 'NM1'),
    ids: segmentRules(WRITE_RULES, id, 'REF'),
  };
}
