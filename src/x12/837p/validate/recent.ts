/** Remembers values so that one that comes again is noticed. */
export interface Recent {
  /** True when the value was there before; remembers it. */
  seenBefore(value: string): boolean;
  clear(): void;
}

/** So many values at least are remembered; a file with more in one scope may repeat one unnoticed, but memory stays flat. */
const AT_LEAST = 100_000;

/** V8 copies a piece of text that is shorter than this; a longer one keeps the whole text that it was cut from in memory. */
const COPIED_BELOW = 13;

/** An equal string that does not hold on to the part of the file from which it was cut. */
function detached(value: string): string {
  let copy = '';
  for (let i = 0; i < value.length; i += COPIED_BELOW - 1) copy += value.slice(i, i + COPIED_BELOW - 1);
  return copy;
}

export function createRecent(): Recent {
  let current: Set<string> | null = null;
  let before: Set<string> | null = null;
  /** The only value so far: most scopes see no second one and need no set. */
  let first: string | null = null;
  return {
    seenBefore(value) {
      if (first === null && current === null) {
        first = value;
        return false;
      }
      current ??= new Set(first === null ? [] : [detached(first)]);
      first = null;
      if (current.has(value) || before?.has(value) === true) return true;
      if (current.size >= AT_LEAST) {
        before = current;
        current = new Set();
      }
      current.add(detached(value));
      return false;
    },
    clear() {
      current = null;
      before = null;
      first = null;
    },
  };
}
