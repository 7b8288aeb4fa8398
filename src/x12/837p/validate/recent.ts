/** Remembers values so that one that comes again is noticed. */
export interface Recent {
  /** True when the value was there before; remembers it. */
  seenBefore(value: string): boolean;
  clear(): void;
}

/** So many values at least are remembered; a file with more in one scope may repeat one unnoticed, but memory stays flat. */
const AT_LEAST = 100_000;

export function createRecent(): Recent {
  let current = new Set<string>();
  let before = new Set<string>();
  return {
    seenBefore(value) {
      if (current.has(value) || before.has(value)) return true;
      if (current.size >= AT_LEAST) {
        before = current;
        current = new Set();
      }
      current.add(value);
      return false;
    },
    clear() {
      if (current.size > 0) current = new Set();
      if (before.size > 0) before = new Set();
    },
  };
}
