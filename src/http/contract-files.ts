import pino from 'pino';
import { z } from 'zod';
import { claimView } from '../../schemas/claim.ts';
import { clearinghouse } from '../../schemas/clearinghouse.ts';
import { groupSession, sessionAnswer } from '../../schemas/group-session.ts';
import { payer } from '../../schemas/payer.ts';
import { practice } from '../../schemas/practice.ts';
import { problem } from '../../schemas/problem.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { RollcallService } from '../pipeline/service.ts';
import { buildServer } from './server.ts';

/** Bodies a client sends are described as they may be sent (defaults optional), answers as they come. */
const standalone = [
  ['group-session', groupSession, 'input'],
  ['practice', practice, 'input'],
  ['payer', payer, 'input'],
  ['clearinghouse', clearinghouse, 'input'],
  ['session-answer', sessionAnswer, 'output'],
  ['claim', claimView, 'output'],
  ['problem', problem, 'output'],
] as const;

/** Documentation is derived from the routes alone: nothing here may be asked anything. */
const unreachable = new Proxy({} as RollcallService, {
  get: (_target, name) => {
    throw new Error(`the contract files need no pipeline, yet asked for ${String(name)}`);
  },
});
const unmeasured: Metrics = { observeRequest: () => undefined, render: async () => '', contentType: 'text/plain' };

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The generated files of `schemas/`, by name: `openapi.json` and one `*.schema.json` (JSON Schema 2020-12) per body. */
export async function contractFiles(version: string): Promise<ReadonlyMap<string, string>> {
  const app = await buildServer({ service: unreachable, log: pino({ level: 'silent' }), metrics: unmeasured, version });
  const files = new Map([['openapi.json', text(app.swagger())]]);
  await app.close();
  for (const [name, schema, io] of standalone) {
    const generated = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
    files.set(`${name}.schema.json`, text({ ...generated, $id: `https://rollcall.invalid/schemas/${name}.schema.json` }));
  }
  return files;
}
