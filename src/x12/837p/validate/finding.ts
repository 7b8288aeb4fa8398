/** WEDI SNIP types: 1 syntax, 2 guide, 3 balancing, 4 situations, 5 code sets, 6 line of service, 7 receiver. */
export type SnipType = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Where in a file a finding is. Positions count segments: `inFile` from 1 with the first ISA, `inSet` from 1 with the ST (IK302), null outside a set. */
export interface FindingPlace {
  readonly inFile: number;
  readonly inSet: number | null;
  /** Loop of the guide, `2010AA`; `ISA_LOOP` and the like outside a set; null where the segment has no place. */
  readonly loop: string | null;
  /** Segment tag, `NM1`; for a missing segment the one that is missing. */
  readonly segment: string;
  /** `NM103`, `CLM05-01`; null when the whole segment is meant. */
  readonly element: string | null;
  /** 1-based, only for a repeated element. */
  readonly repetition: number | null;
  /** As they stand in the file, null where none is open: ISA13, GS06, ST02, CLM01. */
  readonly interchange: string | null;
  readonly group: string | null;
  readonly set: string | null;
  readonly claim: string | null;
}

/**
 * One thing that a validator found. `error` refuses the claim, `warning` does not. The message is one plain sentence for
 * a biller and holds no value of the patient's. `ik3` and `ik4` are what a receiver's 999 would say (IK304, IK403), null
 * where a 999 cannot say it; `status` is a 277CA claim status code (STC01-2) with its category, null where none fits.
 */
export interface X12Finding {
  readonly snip: SnipType;
  readonly severity: 'error' | 'warning';
  /** Stable id: an E number of `04` §4.4 (`E19`), or for types 1 and 2 a name such as `segment.required`, `element.code`. */
  readonly rule: string;
  readonly place: FindingPlace;
  readonly message: string;
  readonly ik3: string | null;
  readonly ik4: string | null;
  readonly status: { readonly category: string; readonly code: string } | null;
}
