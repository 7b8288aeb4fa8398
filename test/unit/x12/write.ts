import { expect } from 'vitest';
import type { Interchange, ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { X12WriteError } from '../../../src/x12/write-error.ts';
import { interchange, SELF } from '../../golden/base.ts';

/** The file of the plain claim with some changes. */
export const write = (changes: Partial<ProfessionalClaim>, envelope: Partial<Interchange> = {}): string =>
  new TextDecoder().decode(writeInterchange(interchange([{ ...SELF, ...changes }], envelope)));
/** The same as segments. */
export const lines = (changes: Partial<ProfessionalClaim>): string[] => write(changes).split('~\n');

/** Writes and gives `loop element rule` of the refusal. */
export function refusal(changes: Partial<ProfessionalClaim>, envelope: Partial<Interchange> = {}): string {
  try {
    write(changes, envelope);
  } catch (error) {
    expect(error).toBeInstanceOf(X12WriteError);
    const { loop, segment, element, rule, message } = error as X12WriteError;
    expect(message).toBe(`${loop} ${element ?? segment}: ${rule}`);
    return `${loop} ${element ?? segment} ${rule}`;
  }
  return 'written';
}
