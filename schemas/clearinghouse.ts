import { z } from 'zod';
import { x12Id, x12Name } from './common.ts';

const isaQualifier = z.enum(['01', '14', '20', '27', '28', '29', '30', '33', 'ZZ']);
/** ISA06/08, GS02/03: upper-case letters, digits and what of the basic set is no delimiter; an outer space is padding. */
const controlId = (min: number) =>
  z
    .string()
    .min(min)
    .max(15)
    .regex(/^[A-Z0-9](?:[A-Z0-9 .\-/]*[A-Z0-9.\-/])?$/, 'upper-case letters, digits, dot, hyphen, slash and inner spaces');
const isaId = controlId(1);
const gsId = controlId(2);

export const directoryTransport = z.strictObject({
  type: z.literal('directory'),
  outboundDir: z.string().min(1).nullable(),
  inboundDir: z.string().min(1).nullable(),
  stagingDir: z
    .string()
    .min(1)
    .nullish()
    .describe('private, on the file system of outboundDir and outside what the peer can see'),
});

/** Body of `PUT /v1/clearinghouses/{id}`. */
export const clearinghouse = z
  .strictObject({
    name: z.string().min(1).max(60),
    profile: z.string().min(1).max(40).default('generic'),
    usage: z.enum(['T', 'P']),
    transport: z.discriminatedUnion('type', [
      directoryTransport,
      z.strictObject({
        type: z.literal('sftp'),
        host: z.string().min(1),
        port: z.number().int().min(1).max(65_535),
        username: z.string().min(1),
        privateKey: z.string().min(1).optional(),
        hostKeyFingerprint: z.string().min(1),
        outboundDir: z.string().min(1),
        inboundDir: z.string().min(1),
      }),
    ]),
    interchange: z.strictObject({
      senderQualifier: isaQualifier,
      senderId: isaId,
      receiverQualifier: isaQualifier,
      receiverId: isaId,
      applicationSender: gsId,
      applicationReceiver: gsId,
    }),
    receiver: z.strictObject({ name: x12Name(60), id: x12Id(2, 80) }),
    minFileGapSeconds: z.number().min(0).max(86_400).default(61),
    maxPerHour: z.number().int().positive().nullish(),
    maxPerDay: z.number().int().positive().nullish(),
    batch: z.strictObject({ maxClaims: z.number().int().min(1).max(5000) }).default({ maxClaims: 1 }),
    timezone: z.string().max(64),
    holidays: z.literal('us_federal').nullish(),
    windows: z
      .array(
        z.strictObject({
          days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
          from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
          to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
        }),
      )
      .default([]),
    requestTa1: z.boolean().default(false),
    profileOverrides: z
      .strictObject({
        fileNameTemplate: z.string().max(80),
        tempStrategy: z.enum(['folder', 'suffix', 'none']),
        segmentNewline: z.boolean(),
        subscriberDetails: z.enum(['always', 'required_only']),
        pcnRevision: z.enum(['inherit', 'new']),
        emitD9: z.boolean(),
        expects: z.strictObject({ ta1: z.boolean(), positive999: z.boolean(), cas277: z.boolean() }).partial(),
      })
      .partial()
      .default({}),
    pollIntervalSeconds: z.number().int().min(1).default(300),
  })
  .meta({ id: 'Clearinghouse' });
export type Clearinghouse = z.infer<typeof clearinghouse>;
