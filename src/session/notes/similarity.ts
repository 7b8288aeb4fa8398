/** Two paragraphs that have shingles in common; positions in the list that was compared. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  /** |A∩B| ÷ |A∪B|. */
  readonly jaccard: number;
  /** |A∩B| ÷ the smaller set: 1 when one paragraph holds the whole other. */
  readonly containment: number;
}

/**
 * All pairs that are worth it, exactly. `sets` hold numbers below `universe`, each once. Counts along an inverted
 * index: the cost is the sum over shingles of the pairs that share it, so texts that differ cost nothing.
 */
export function similarPairs(
  sets: readonly (readonly number[])[],
  universe: number,
  isWorth: (jaccard: number, containment: number) => boolean,
): readonly Pair[] {
  const found: Pair[] = [];
  // Most shingles have one holder: a list is made for the second.
  const firstHolder = new Int32Array(universe).fill(-1);
  const holders: number[][] = new Array(universe);
  const shared = new Int32Array(sets.length);
  sets.forEach((set, b) => {
    shared.fill(0);
    for (const shingle of set) {
      const first = firstHolder[shingle] as number;
      if (first < 0) {
        firstHolder[shingle] = b;
        continue;
      }
      const before = holders[shingle];
      if (before === undefined) {
        (shared[first] as number)++;
        holders[shingle] = [first, b];
        continue;
      }
      for (let i = 0; i < before.length; i += 1) (shared[before[i] as number] as number)++;
      before.push(b);
    }
    for (let a = 0; a < b; a += 1) {
      const both = shared[a] as number;
      if (both === 0) continue;
      const [sizeA, sizeB] = [(sets[a] as readonly number[]).length, set.length];
      const [jaccard, containment] = [both / (sizeA + sizeB - both), both / Math.min(sizeA, sizeB)];
      if (isWorth(jaccard, containment)) found.push({ a, b, jaccard, containment });
    }
  });
  return found;
}
