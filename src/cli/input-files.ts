import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of one input, in pieces; a piece is overwritten by the next one. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface InputFile {
  /** As a person named it. */
  readonly name: string;
  /** Throws an errno exception when it cannot be read. */
  read(): Pieces;
}

const PIECE = 256 * 1024;

/**
 * The files that arguments name: a file; a directory, with everything below but what is hidden; a pattern with `*`, `**` or
 * `?`, where no file has that name; `-` for stdin. Sorted within an argument. An argument that names nothing is one file
 * that cannot be read.
 */
export function* inputFiles(args: readonly string[]): Generator<InputFile> {
  for (const arg of args) {
    if (arg === '-') yield { name: 'stdin', read: () => process.stdin };
    else if (isDirectory(arg)) yield* filesBelow(arg, () => true);
    else if (/[*?]/.test(arg) && !exists(arg)) yield* matching(arg);
    else yield onDisk(arg);
  }
}

function* matching(pattern: string): Generator<InputFile> {
  const fixed = pattern.slice(0, pattern.search(/[*?]/));
  const folder = fixed.includes('/') ? fixed.slice(0, fixed.lastIndexOf('/') + 1) : '.';
  const expression = patternExpression(pattern);
  let found = false;
  if (isDirectory(folder)) {
    for (const file of filesBelow(folder, (name) => expression.test(name))) {
      found = true;
      yield file;
    }
  }
  if (!found) yield onDisk(pattern);
}

/** `*` and `?` stay within a folder, `**` goes down. */
export function patternExpression(pattern: string): RegExp {
  const source = pattern.replace(/^\.\//, '').replace(/\*\*\/|\*\*|[*?]|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

/** Links to files are followed, links to folders are not: they may go round in circles. */
function* filesBelow(folder: string, wanted: (path: string) => boolean): Generator<InputFile> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    yield onDisk(folder);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, wanted);
    else if ((entry.isFile() || isFile(path)) && wanted(path)) yield onDisk(path);
  }
}

const buffer = new Uint8Array(PIECE);

function onDisk(path: string): InputFile {
  return { name: path, read: () => piecesOf(path) };
}

function* piecesOf(path: string): Generator<Uint8Array> {
  const fd = openSync(path, 'r');
  try {
    if (fstatSync(fd).isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
    for (;;) {
      const length = readSync(fd, buffer, 0, PIECE, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
