const BEGIN = '<!-- calibration: npm run calibrate -->';
const END = '<!-- end of calibration -->';

/** The document with these tables between its two marks. Throws when it has none. */
export function withTables(document: string, tables: string): string {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/cloned-notes.md has no place for the calibration');
  return `${document.slice(0, from)}${BEGIN}\n\n${tables}\n\n${document.slice(to)}`;
}
