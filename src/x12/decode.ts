/** Bytes of a file to text, piece by piece, with the same result however the bytes are cut. */
export interface Decoder {
  push(bytes: Uint8Array): string;
  /** What was held back for a decision or for the other half of a character. */
  end(): string;
  /** Known once the first text has come out. */
  readonly encoding: 'bytes' | 'utf-16le' | 'utf-16be';
  readonly byteOrderMark: boolean;
}

/**
 * A decoder for one file. UTF-16 is known by its mark or by zero bytes; in anything else every byte is one character, so
 * that no segment can be lost over an encoding: X12 has ASCII only, and `displayText` puts letters together again.
 */
export function createDecoder(): Decoder {
  let held: Uint8Array | null = new Uint8Array();
  let utf16: TextDecoder | null = null;
  const decoder = { encoding: 'bytes' as Decoder['encoding'], byteOrderMark: false, push, end };

  function start(bytes: Uint8Array): string {
    held = null;
    const [a, b, c] = bytes;
    const little = a === 0xff && b === 0xfe;
    const big = a === 0xfe && b === 0xff;
    decoder.byteOrderMark = little || big || (a === 0xef && b === 0xbb && c === 0xbf);
    if (little || (bytes.length > 1 && a !== 0 && b === 0)) decoder.encoding = 'utf-16le';
    else if (big || (bytes.length > 1 && a === 0 && b !== 0)) decoder.encoding = 'utf-16be';
    else return textOfBytes(decoder.byteOrderMark ? bytes.subarray(3) : bytes);
    utf16 = new TextDecoder(decoder.encoding);
    return utf16.decode(bytes, { stream: true });
  }

  function push(bytes: Uint8Array): string {
    if (held !== null) {
      if (held.length + bytes.length >= 3) return start(held.length === 0 ? bytes : joined(held, bytes));
      held = joined(held, bytes);
      return '';
    }
    return utf16 === null ? textOfBytes(bytes) : utf16.decode(bytes, { stream: true });
  }

  function end(): string {
    const text = held === null ? '' : start(held);
    return utf16 === null ? text : text + utf16.decode();
  }

  return decoder;
}

/** Text whose characters are bytes, as a person would read it: UTF-8 where it is valid, else unchanged. */
export function displayText(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  } catch {
    return text;
  }
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const PIECE = 8192;

/** One character per byte. All-ASCII input, which is nearly all there is, goes through the fast decoder. */
function textOfBytes(bytes: Uint8Array): string {
  const text = UTF8.decode(bytes);
  if (text.length === bytes.length && !text.includes('\ufffd')) return text;
  let result = '';
  for (let i = 0; i < bytes.length; i += PIECE) result += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return result;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}
