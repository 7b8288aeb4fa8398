/**
 * Principal diagnoses of the F chapter that say that the disorder was not specified: payers ask for more. As a whole a
 * judgement (K), from the "unspecified" titles of ICD-10-CM. Left out are the codes that DSM-5-TR gives to a named
 * disorder in spite of their title, such as F20.9, F40.00, F40.10 and F43.10. Upper case, no dot.
 */
export const UNSPECIFIED_DIAGNOSES: ReadonlySet<string> = new Set(
  (
    'F09 F29 F319 F329 F32A F339 F349 F39 F409 F419 F429 F439 F4320 F4389 F449 F459 F489 F509 F519 F529 F54 F59 F609 ' +
    'F639 F649 F659 F69 F79 F809 F819 F849 F89 F909 F919 F939 F949 F959 F989 F99'
  ).split(' '),
);
