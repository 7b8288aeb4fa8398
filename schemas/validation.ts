import { z } from 'zod';

const snip = z.number().int().min(1).max(7).describe('WEDI SNIP type');

/** `?snip=1,2`: which types to look at; all seven without it. */
export const validationQuery = z.strictObject({
  snip: z
    .string()
    .regex(/^[1-7](?:,[1-7]){0,6}$/, 'types from 1 to 7 with commas between them, such as 1,2')
    .optional(),
});
export type ValidationQuery = z.infer<typeof validationQuery>;

/** One thing that the validator found; the message holds no value of a patient's. */
export const x12Finding = z
  .object({
    snip,
    severity: z.enum(['error', 'warning']).describe('an error refuses the claim'),
    rule: z.string().describe('stable id: an E number, or a name such as element.code'),
    place: z.object({
      inFile: z.number().int().describe('segment, counted from 1 with the first ISA'),
      inSet: z.number().int().nullable().describe('segment, counted from 1 with the ST (IK302)'),
      loop: z.string().nullable(),
      segment: z.string(),
      element: z.string().nullable().describe('such as NM103 or CLM05-01'),
      repetition: z.number().int().nullable(),
      interchange: z.string().nullable().describe('ISA13'),
      group: z.string().nullable().describe('GS06'),
      set: z.string().nullable().describe('ST02'),
      claim: z.string().nullable().describe('CLM01'),
    }),
    message: z.string(),
    ik3: z.string().nullable().describe('IK304 of a 999'),
    ik4: z.string().nullable().describe('IK403 of a 999'),
    status: z.object({ category: z.string(), code: z.string() }).nullable().describe('claim status of a 277CA'),
  })
  .meta({ id: 'X12Finding' });

export const validationAnswer = z
  .object({
    valid: z.boolean().describe('no finding is an error'),
    summary: z.object({
      interchanges: z.number().int(),
      groups: z.number().int(),
      sets: z.number().int(),
      claims: z.number().int(),
      segments: z.number().int(),
      errors: z.number().int(),
      warnings: z.number().int(),
    }),
    findings: z
      .array(x12Finding)
      .readonly()
      .describe('in file order, except that what is missing from a loop comes where the loop ends; 1,000 at most'),
    omitted: z.number().int().describe('findings beyond those shown; the summary counts them'),
  })
  .meta({ id: 'ValidationAnswer' });
export type ValidationAnswer = z.infer<typeof validationAnswer>;
