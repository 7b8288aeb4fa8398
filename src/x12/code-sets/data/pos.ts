/**
 * Place of service codes (X12 code source 237, CMS). Source: CMS place of service code set as of September 2023 and
 * pyx12's list of May 2026, which agree but for the PACE center (66). Days that matter to a claim of today: 10 from 2022-01-01 (CR
 * 12427; Medicare's systems from 2022-04-04), 27 from 2023-10-01 (CR 13314), 66 from 2024-01-01 (CMS set, K), 58 from
 * 2020-01-01 (CMS, K), 02 from 2017-01-01 (CR 9726, K), 19 from 2016-01-01 (CR 9231, K). 35, 43 to 48 and the like were
 * never assigned. A place of a later day may be new to us: the list is complete until 2027-03-31.
 */
export const PLACE_OF_SERVICE = `complete * 2016-01-01 2027-03-31
leaf - - 01 03 04 05 06 07 08 09 11 12 13 14 15 16 17 18 20 21 22 23 24 25 26 31 32 33 34 41 42 49 50 51 52 53 54 55 56 57 60 61 62 65 71 72 81 99
leaf 2016-01-01 - 19
leaf 2017-01-01 - 02
leaf 2020-01-01 - 58
leaf 2022-01-01 - 10
leaf 2023-10-01 - 27
leaf 2024-01-01 - 66
`;
