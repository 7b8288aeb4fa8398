/**
 * N402, CLM11-4: states of the United States, the District, territories, freely associated states and military post (USPS
 * publication 28, appendix B), provinces of Canada (Canada Post). Checked where the country is not another one.
 */
export const STATES = `complete * - -
leaf - - AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY
leaf - - AS FM GU MH MP PR PW VI AA AE AP
leaf - - AB BC MB NB NL NS NT NU ON PE QC SK YT
`;

/**
 * Two-character modifiers that group therapy meets: CPT numbers of the same day's separate or repeated service and of
 * telehealth (93 from 2022-01-01), HCPCS level II as CMS lists them (telehealth, group setting, credential, programme,
 * funding, Medicaid level of care, subsets of 59). CPT descriptions are copyrighted and absent. Not complete.
 */
export const MODIFIERS = `leaf - - 22 25 32 52 53 59 76 77 91 95 99
leaf 2022-01-01 - 93
leaf 2015-01-01 - XE XP XS XU
leaf - - GT GQ G0 GC GE GA GX GY GZ KX CR AH AJ AM HA HB HC HD HE HF HG HH HI HJ HK HL HM HN HO HP HQ HR HS HT HU HV HW HX HY HZ
leaf - - TD TE TF TG TJ TL TM TR TS U1 U2 U3 U4 U5 U6 U7 U8 U9 UA UB UC UD UK SA SC SE ST
leaf 2022-01-01 - FQ FR
`;

/** Claim status category codes (X12 code source 507) of the 277CA; from pyx12's list of 2014-07-01. Not complete. */
export const CLAIM_STATUS_CATEGORY = `leaf - - A0 A1 A2 A3 A4 A5 A6 A7 A8 D0 E0 E1 E2 E3 E4 F0 F1 F2 F3 F3F F3N F4 P0 P1 P2 P3 P4 P5 R0 R1 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14 R15 R16 R17
`;

/** Claim status codes (X12 code source 508) that our own findings and a 277CA's rejections name, from a list of 2021. Not complete. */
export const CLAIM_STATUS = `leaf - - 0 1 2 3 16 17 18 19 20 21 23 24 25 26 27 29 30 31 32 33 34 35 54 65 78 84 85 88 91 95 96 97 109 114 116 117 121 122 123 124 125 126 127 128 142 143 144 145 148 149 153 155 156 157 158 159 163 164 171 178 183 187 188 189 190
leaf - - 229 249 252 254 255 258 400 453 454 464 466 467 468 471 476 477 478 479 480 481 488 489 496 500 501 502 503 504 505 507 509 510 511 512 514 516 517 519 520 521 530 535 538 541 543 545 546 548 555 560 562 578 583 584 586 588 589 599 608 626 629 633 634 639 643 655 659 663
leaf - - 672 680 683 684 688 693 694 695 696 697 700 701 704 710 718 727 728 729 732 733 735 736 741 742 743 745 746 748 749 750 755 758 770 771 772 773 775 777 779 784 787 795 796 799
`;
