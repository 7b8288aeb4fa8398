import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { badInput, failure } from './exit.ts';

/** Reads a JSON file given on the command line, `-` for stdin. The message names the file and what is wrong with it, never its content. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = path === '-' ? await readAll(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR')
      throw badInput(`${path} is not a file that can be read (${code}).`);
    throw failure(`${path} cannot be read (${code}).`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw badInput(`${path === '-' ? 'stdin' : path} is not JSON.`);
  }
}
