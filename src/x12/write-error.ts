/** A segment that the rules refuse. Says where and by which rule, never the value; reaching it means a defect in what built the input. */
export class X12WriteError extends Error {
  readonly loop: string;
  readonly segment: string;
  /** `NM103`, `CLM05-01`, or null when the segment or loop as a whole is refused. */
  readonly element: string | null;
  /** A rule of `src/x12/rules/check.ts`, a structure rule (`order`, `repeat`, `missing`, `placement`) or a situational one (`E19`). */
  readonly rule: string;

  constructor(at: { readonly loop: string; readonly segment: string; readonly element: string | null }, rule: string) {
    super(`${at.loop} ${at.element ?? at.segment}: ${rule}`);
    this.name = 'X12WriteError';
    this.loop = at.loop;
    this.segment = at.segment;
    this.element = at.element;
    this.rule = rule;
  }
}
