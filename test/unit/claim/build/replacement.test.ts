import { describe, expect, it } from 'vitest';
import { asReplacement } from '../../../../src/claim/build/replacement.ts';
import { writeInterchange } from '../../../../src/x12/837p/writer.ts';
import { interchange, SELF } from '../../../golden/base.ts';

const originalReference = { patientControlNumber: 'GK4TW7MQX2P01', payerClaimControlNumber: ' icn2026110012345 ' };

describe('a claim that replaces or voids another', () => {
  it.each(['7', '8'] as const)('frequency %s: CLM01 of the original and REF F8, once', (frequencyCode) => {
    const stale = { ...SELF, references: [...SELF.references, { qualifier: 'F8', value: 'OLD' }] };
    const made = asReplacement(stale, { frequencyCode, originalReference });
    if (!made.ok) throw new Error(made.reason);
    expect(made.claim).toEqual({
      ...SELF,
      patientControlNumber: 'GK4TW7MQX2P01',
      frequencyCode,
      references: [{ qualifier: 'F8', value: 'ICN2026110012345' }],
    });
    const text = new TextDecoder().decode(writeInterchange(interchange([made.claim])));
    expect(text).toContain(`CLM*GK4TW7MQX2P01*60***11:B:${frequencyCode}*`);
    expect(text).toContain('REF*F8*ICN2026110012345~');
  });

  it('not for Original Medicare', () => {
    const claim = { ...SELF, subscriber: { ...SELF.subscriber, claimFilingIndicatorCode: 'MB' } };
    expect(asReplacement(claim, { frequencyCode: '7', originalReference })).toEqual({ ok: false, reason: 'original_medicare' });
  });

  it.each(['', '   ', 'A*B', 'A'.repeat(51)])(
    'not under a payer claim number that no claim can carry',
    (payerClaimControlNumber) => {
      const made = asReplacement(SELF, {
        frequencyCode: '8',
        originalReference: { ...originalReference, payerClaimControlNumber },
      });
      expect(made).toEqual({ ok: false, reason: 'unfit_reference' });
    },
  );
});
