import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { clearinghouse } from '../../../schemas/clearinghouse.ts';
import { payer } from '../../../schemas/payer.ts';
import { practice } from '../../../schemas/practice.ts';
import type { RollcallService } from '../../pipeline/service.ts';
import { principalOf } from '../auth.ts';
import { configIdParam, json, problems } from '../schemas.ts';

const kinds = [
  { kind: 'practice', path: 'practices', body: practice },
  { kind: 'payer', path: 'payers', body: payer },
  { kind: 'clearinghouse', path: 'clearinghouses', body: clearinghouse },
] as const;

/** What is answered is what is stored, which the ledger owns: secrets are left out, defaults are filled in. */
const stored = z.record(z.string(), z.unknown());

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Drops an `id` that only repeats the address from the body; any other `id` stays and is refused as unknown. */
async function ignoreOwnId(request: FastifyRequest): Promise<void> {
  const { body, params } = request;
  if (typeof body !== 'object' || body === null || !('id' in body)) return;
  const { id, ...rest } = body;
  if (id === (params as { id?: unknown }).id) request.body = rest;
}

/** `GET|PUT` of the three configured things; the version is the ETag. */
export function configRoutes(app: FastifyInstance, service: RollcallService): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  for (const { kind, path, body } of kinds) {
    api.route({
      method: 'GET',
      url: `/v1/${path}/:id`,
      config: { scopes: ['config:read'] },
      schema: {
        operationId: `get${capital(kind)}`,
        tags: ['set-up'],
        summary: `One ${kind} as configured; secrets are never answered`,
        params: configIdParam,
        response: { 200: stored, ...problems(404) },
      },
      handler: async (request, reply) => {
        const found = await service.getConfig(principalOf(request), kind, request.params.id);
        return reply.header('etag', `"${found.version}"`).send(stored.parse(found.body));
      },
    });
    api.route({
      method: 'PUT',
      url: `/v1/${path}/:id`,
      config: { scopes: ['config:write'] },
      schema: {
        operationId: `put${capital(kind)}`,
        tags: ['set-up'],
        summary: `Create or replace a ${kind}; unsent claims are gated again`,
        description: 'What GET answers may be put back as it is: an `id` that repeats the address is ignored.',
        params: configIdParam,
        body,
        response: {
          200: json('Replaced', stored),
          201: json('Created', stored),
          ...problems(400, 404, 409, 413, 415, 422),
        },
      },
      preValidation: ignoreOwnId,
      handler: async (request, reply) => {
        const saved = await service.putConfig(principalOf(request), kind, request.params.id, request.body);
        return reply
          .code(saved.created ? 201 : 200)
          .header('etag', `"${saved.version}"`)
          .send(stored.parse(saved.body));
      },
    });
  }
}
