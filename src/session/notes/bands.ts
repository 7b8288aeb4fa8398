/**
 * From which similarity on a pair of paragraphs is worth which word (`02` §2.3). All lower limits, inclusive. `hold` is 0.50
 * and not the 0.60 of the specification: a mood word and one sentence, changed in both copies, leave 0.53 to 0.76 of it,
 * and nobody's own note of the calibration comes near (docs/cloned-notes.md).
 */
export interface CloneBands {
  readonly version: string;
  /** Below this many shingles of one's own nothing is compared: N02 asks for more words. */
  readonly minShingles: number;
  /** Jaccard of two paragraphs of one session. */
  readonly block: number;
  readonly hold: number;
  readonly info: number;
  /** One paragraph holds the other. */
  readonly containmentHold: number;
  /** The same patient's earlier paragraphs, estimated. */
  readonly own: { readonly hold: number; readonly warn: number };
  /** Other patients' paragraphs by the same clinician, estimated: an estimate never blocks. */
  readonly clinician: { readonly hold: number };
}

export const CLONE_BANDS: CloneBands = {
  version: '1',
  minShingles: 20,
  block: 0.85,
  hold: 0.5,
  info: 0.4,
  containmentHold: 0.8,
  own: { hold: 0.9, warn: 0.75 },
  clinician: { hold: 0.6 },
};
