import type { CodeSetName } from './code-sets.ts';
import { CARC, RARC } from './data/adjustment-codes.ts';
import { ICD_10_CM_F } from './data/icd10cm-f.ts';
import { ICD_10_CM_Z } from './data/icd10cm-z.ts';
import { CLAIM_STATUS, CLAIM_STATUS_CATEGORY, MODIFIERS, STATES } from './data/other.ts';
import { PLACE_OF_SERVICE } from './data/pos.ts';
import { TAXONOMY } from './data/taxonomy.ts';
import { type CodeTable, createCodeSets, parseShipped } from './table.ts';

const table = (set: CodeSetName, name: string, source: string, dated: boolean, text: string): CodeTable => ({
  set,
  name,
  source,
  from: null,
  to: null,
  dated,
  ...parseShipped(text),
});

/** What the program brings along: behavioral health's part of each list, and the small ones whole. Sources and limits stand beside the data. */
export const SHIPPED_TABLES: readonly CodeTable[] = [
  table('icd10cm', 'ICD-10-CM F01–F99, 2016–2027', 'CMS order files', false, ICD_10_CM_F),
  table('icd10cm', 'ICD-10-CM Z00–Z99, R40–R49, G47, 2024–2027', 'CMS order files', false, ICD_10_CM_Z),
  table('pos', 'Place of service', 'CMS, September 2023', true, PLACE_OF_SERVICE),
  table('state', 'States and provinces', 'USPS, Canada Post', false, STATES),
  table('modifier', 'Modifiers of group therapy', 'CMS HCPCS', true, MODIFIERS),
  table('taxonomy', 'Provider taxonomy 25.1', 'NUCC', false, TAXONOMY),
  table('carc', 'Claim adjustment reason codes', 'X12 139, 2026-08-17', true, CARC),
  table('rarc', 'Remark codes', 'X12 411, 2026-08-17', true, RARC),
  table('claim_status', 'Claim status codes', 'X12 508, 2021', false, CLAIM_STATUS),
  table('claim_status_category', 'Claim status categories', 'X12 507, 2014', false, CLAIM_STATUS_CATEGORY),
];

/** The shipped lists alone: what `validate` and `generate` use without a ledger. */
export const SHIPPED_CODE_SETS = createCodeSets(SHIPPED_TABLES);
