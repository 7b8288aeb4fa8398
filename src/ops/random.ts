import { randomFillSync } from 'node:crypto';

const BLOCK = 4_096;

/**
 * Cryptographically random bytes, cut from blocks: one call to the generator serves hundreds of ids, lineages and IVs. What
 * has been handed out is wiped from the block and never handed out again. `fill` is for tests.
 */
export function createRandomBytes(fill: (block: Buffer) => void = randomFillSync): (size: number) => Buffer {
  const block = Buffer.alloc(BLOCK);
  let at = BLOCK;
  return (size) => {
    const bytes = Buffer.alloc(size);
    if (size > BLOCK) {
      fill(bytes);
      return bytes;
    }
    if (at + size > BLOCK) {
      fill(block);
      at = 0;
    }
    block.copy(bytes, 0, at, at + size);
    block.fill(0, at, at + size);
    at += size;
    return bytes;
  };
}

/** The process's own. */
export const randomBytes = createRandomBytes();
