import { collector, type ParsedList } from './parsed.ts';

const CODE = /^[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}$/;

/**
 * The CMS order file `icd10cm_order_YYYY.txt`: columns 1–5 order number, 7–13 code without dot, 15 `1` for a code that may
 * be billed and `0` for a header, 17–76 short and from 78 long description (both left out). Or the file of billable codes
 * alone, `icd10cm-codes-YYYY.txt`: columns 1–7 code, description from 9. The first line tells which.
 */
export function parseIcd10cm(text: string): ParsedList {
  const found = collector();
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const codesOnly = /^\s*[A-Z]/.test(lines.find((line) => line.trim() !== '') ?? '');
  lines.forEach((raw, i) => {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '') return;
    if (codesOnly) {
      const code = line.slice(0, 7).trim();
      if (CODE.test(code) && line.charAt(7) === ' ') found.add(i + 1, code, { from: null, to: null, header: false });
      else found.fault(i + 1, 'columns 1 to 7 are no ICD-10-CM code with a description behind it');
      return;
    }
    const code = line.slice(6, 13).trim();
    const flag = line.charAt(14);
    if (!/^\d{5} $/.test(line.slice(0, 6)))
      found.fault(i + 1, 'columns 1 to 5 are no order number; wanted is icd10cm_order_YYYY.txt or icd10cm-codes-YYYY.txt of CMS');
    else if (!CODE.test(code)) found.fault(i + 1, 'columns 7 to 13 are no ICD-10-CM code');
    else if ((flag !== '0' && flag !== '1') || line.charAt(13) !== ' ' || line.charAt(15) !== ' ')
      found.fault(i + 1, 'column 15 is neither 0 (header) nor 1 (billable)');
    else found.add(i + 1, code, { from: null, to: null, header: flag === '0' });
  });
  return found.end();
}

/**
 * The days that an official file speaks of, told by its name: `icd10cm_order_2027.txt` and `icd10cm-codes-2027.txt` are fiscal year 2027 from 1 October
 * 2026, a name with `April` begins on 1 April. `vouched` is the last day before the next update may add codes. Null when
 * the name does not say.
 */
export function daysOfIcd10cm(fileName: string): { readonly from: string; readonly to: string; readonly vouched: string } | null {
  const year = /icd10cm[-_ ]?(?:order|codes).*?(20\d\d)/i.exec(fileName)?.[1];
  if (year === undefined || /addenda/i.test(fileName)) return null;
  const to = `${year}-09-30`;
  if (/april/i.test(fileName)) return { from: `${year}-04-01`, to, vouched: to };
  return { from: `${Number(year) - 1}-10-01`, to, vouched: `${year}-03-31` };
}
