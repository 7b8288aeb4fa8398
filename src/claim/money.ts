/** CLM02 and SV102 take at most ten digits; eight before the point is the wire contract's limit. */
const DECIMAL = /^(\d{1,8})(?:\.(\d{1,2}))?$/;

/** Decimal string (`60`, `60.5`, `60.00`) → integer cents, exact; null when it is not one. Never through a binary float. */
export function parseCents(text: string): number | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, whole = '0', fraction = ''] = match;
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}

/** The same with a sign: a payer's adjustment may add to what it pays. */
export function parseSignedCents(text: string): number | null {
  const cents = parseCents(text.startsWith('-') ? text.slice(1) : text);
  return cents === null || cents === 0 || !text.startsWith('-') ? cents : -cents;
}

/** Integer cents → decimal string with two places, as the HTTP contract shows money. Throws on a fraction of a cent. */
export function formatCents(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new RangeError('an amount must be a whole number of cents');
  const sign = cents < 0 ? '-' : '';
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function sumCents(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
