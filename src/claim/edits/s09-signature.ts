import type { EditFinding, SessionEdit } from './edit.ts';

export const s09: SessionEdit = {
  id: 'S09',
  scope: 'session',
  severity: 'block',
  payerOverridable: true,
  version: '1',
  title: 'The rendering provider signed the note, alone or by co-signature; a supervised one has a supervisor',
  fixedBy: ['clinician'],
  provenance: {
    confidence: 'H',
    source: 'Medicare Program Integrity Manual ch. 3 §3.3.2.4: signed by the author of the service',
  },
  check: ({ input: { session }, billable }) => {
    const { finalized, renderingProvider, supervisingProvider, supervised } = session;
    const findings: EditFinding[] = [];
    const block = (path: string, message: string, attendee?: number) =>
      findings.push({ severity: 'block', path, message, ...(attendee === undefined ? {} : { attendee }) });
    if (supervised && !supervisingProvider) block('/supervisingProvider', 'A supervised session names the supervising provider.');
    if (supervised && supervisingProvider?.npi === renderingProvider.npi) {
      block('/supervisingProvider/npi', 'Nobody is their own supervisor.');
    }
    const signers = [finalized.byNpi, ...(finalized.coSigned ? [finalized.coSigned.byNpi] : [])];
    const maySign = supervised && supervisingProvider ? [supervisingProvider.npi] : [];
    const signed = (npi: string) => [npi, ...maySign].some((allowed) => signers.includes(allowed));
    if (!signed(renderingProvider.npi)) {
      block('/finalized/byNpi', 'The note is signed neither by the rendering provider nor with a co-signature of theirs.');
    }
    for (const { attendee, base } of billable) {
      const own = attendee.fields.renderingProvider?.npi;
      if (own === undefined || own === renderingProvider.npi || signed(own)) continue;
      block(
        `${base}/renderingProvider/npi`,
        'This patient’s rendering provider has neither signed nor co-signed the note.',
        attendee.index,
      );
    }
    return findings;
  },
};
