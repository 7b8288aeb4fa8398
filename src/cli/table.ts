/** Terminal control has no business in a cell: whatever is printed may have come from a file. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`);

/**
 * Columns aligned to the left, two spaces between them, a header line above; ends with a newline. With `maxWidth` lines
 * are cut there. No rows give the header alone.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  maxWidth = Number.POSITIVE_INFINITY,
): string {
  const lines = [header, ...rows].map((row) => header.map((_, i) => printable(row[i] ?? '')));
  const widths = header.map((_, i) => Math.max(...lines.map((line) => (line[i] as string).length)));
  return lines
    .map((line) => {
      const text = line.map((cell, i) => cell.padEnd(widths[i] as number)).join('  ');
      return `${cut(text.trimEnd(), maxWidth)}\n`;
    })
    .join('');
}

/** `1 claim`, `2 claims`. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}
