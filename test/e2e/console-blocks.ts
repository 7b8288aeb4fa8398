/** One command of a ```console block and the output that the document promises; `…` on a line of its own stands for any lines. */
export interface ShownCommand {
  readonly command: string;
  readonly output: readonly string[];
}

/** The commands of every ```console block, in order. A command begins with `$ ` and goes on over lines that end with a backslash. */
export function shownCommands(markdown: string): readonly ShownCommand[] {
  const shown: { command: string; output: string[] }[] = [];
  for (const [, block] of markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)) {
    let unfinished = false;
    for (const line of (block as string).trimEnd().split('\n')) {
      const current = shown.at(-1);
      if (line.startsWith('$ ')) shown.push({ command: line.slice(2), output: [] });
      else if (unfinished && current !== undefined) current.command += `\n${line}`;
      else current?.output.push(line);
      unfinished = (line.startsWith('$ ') || unfinished) && line.endsWith('\\');
    }
  }
  return shown;
}

const RULES: readonly (readonly [RegExp, string])[] = [
  [/\brk_[0-9a-z]+_[0-9a-z]+/g, '<key>'],
  [/\b(gs|clm|att|drp|key)_[0-9a-z]{26}\b/g, '<$1>'],
  [/\b[A-Z][A-Z0-9]{13}\d{2}\b/g, '<CLM01>'],
  [/\b\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?/g, '<date>'],
  [/\b\d{2}:\d{2}:\d{2}\b/g, '<time>'],
  [/\*\d{6,8}\*\d{4}\*/g, '*<date>*<time>*'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
  [/^( {2}data +)\S+$/gm, '$1<folder>'],
  [/ +$/gm, ''],
];

/** What differs between two runs (ids, keys, times, ports, folders) as words. */
export function normalised(text: string): string {
  return RULES.reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

/** Why `actual` is not what is shown, or null when it is. */
export function difference(output: readonly string[], actual: string): string | null {
  const lines = normalised(actual.trimEnd()).split('\n');
  if (actual.trimEnd() === '') lines.length = 0;
  let at = 0;
  let skipping = false;
  for (const expected of normalised(output.join('\n'))
    .split('\n')
    .filter((_, i) => i < output.length)) {
    if (expected === '…') {
      skipping = true;
      continue;
    }
    const found = skipping ? lines.indexOf(expected, at) : at;
    if (found === -1 || lines[found] !== expected)
      return `expected "${expected}" at line ${at + 1}, found:\n${lines.slice(at).join('\n')}`;
    at = found + 1;
    skipping = false;
  }
  return skipping || at === lines.length ? null : `more than is shown:\n${lines.slice(at).join('\n')}`;
}
