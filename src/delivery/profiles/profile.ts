/** H read in a primary source or two independent ones · M one secondary source · K general knowledge · D our own choice. */
export type Confidence = 'H' | 'M' | 'K' | 'D';

/** A value with how far it can be trusted and where it comes from. */
export interface Sourced<T> {
  readonly value: T;
  readonly confidence: Confidence;
  readonly source: string;
}

export interface ProfileValues {
  /** Folder names at the receiver, seen from us: where claims go and where answers lie. */
  readonly folders: { readonly claims: string; readonly responses: string };
  /** With the dot. */
  readonly extension: string;
  /** Placeholders `<sender>`, `<receiver>`, `<ISA13>`, `<usage>`; at most 50 characters when filled, no patient data. */
  readonly fileNameTemplate: string;
  /** Put before the name of a test file, or null where ISA15 alone says it. */
  readonly testMarker: string | null;
  readonly tempStrategy: 'folder' | 'suffix' | 'none';
  /** A newline after each segment terminator. */
  readonly segmentNewline: boolean;
  /** Subscriber's address and demographics always, or only where the guide requires them (patient = subscriber). */
  readonly subscriberDetails: 'always' | 'required_only';
  /** CLM01 of a frequency 7 or 8 claim: that of the claim it replaces, or a new one. */
  readonly pcnRevision: 'inherit' | 'new';
  /** REF*D9, the claim's trace number for intermediaries. */
  readonly emitD9: boolean;
  /** Answers whose absence means something. */
  readonly expects: { readonly ta1: boolean; readonly positive999: boolean; readonly cas277: boolean };
  /** ISA08 per usage indicator, or null where each customer has its own. */
  readonly receiverIds: { readonly T: string; readonly P: string } | null;
  /** Shapes of response file names, for people; routing goes by content (ISA, GS01, ST01). */
  readonly responsePatterns: readonly string[];
  readonly pollIntervalSeconds: number;
}

/** One receiver's habits: data, each value with its provenance. Nobody branches on a receiver's name. */
export type ReceiverProfile = { readonly name: string } & { readonly [K in keyof ProfileValues]: Sourced<ProfileValues[K]> };

export const sourced = <T>(value: T, confidence: Confidence, source: string): Sourced<T> => ({ value, confidence, source });
