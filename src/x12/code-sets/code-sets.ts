/** External code lists that a claim names codes of. Procedure codes are checked by shape only: CPT is copyrighted. */
export type CodeSetName =
  | 'icd10cm'
  | 'carc'
  | 'rarc'
  | 'pos'
  | 'taxonomy'
  | 'modifier'
  | 'state'
  | 'claim_status'
  | 'claim_status_category';

/**
 * What a list says of one code on one day.
 * `valid` in effect and usable · `header` exists, but is no billable leaf (ICD-10-CM category) · `not_in_effect` known,
 * but not on that day · `unknown` the list is complete there and has no such code · `not_checked` no complete list is
 * loaded for that part and day, so nothing can be said.
 */
export type CodeStatus = 'valid' | 'header' | 'not_in_effect' | 'unknown' | 'not_checked';

/** The lists in effect, shipped or loaded with `rollcall tables load`. Pure look-up; never throws. */
export interface CodeSets {
  /** `code` as it stands in a claim (ICD-10-CM without a dot), `on` a day `YYYY-MM-DD`: the date of service, never today. */
  readonly look: (set: CodeSetName, code: string, on: string) => CodeStatus;
}
