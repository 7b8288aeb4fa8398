import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { claimAction, claimQuery, claimSummary, claimView } from '../../../schemas/claim.ts';
import type { ClaimActionName, KeepAnswer, RollcallService } from '../../pipeline/service.ts';
import { principalOf } from '../auth.ts';
import { idempotencyKeyOf, sendAnswer } from '../idempotency.ts';
import { idempotencyHeaders, idParam, pageOf, problems } from '../schemas.ts';

const tags = ['claims'];

const actions: Readonly<Record<ClaimActionName, string>> = {
  hold: 'Keep a claim back until somebody lifts the hold',
  unhold: 'Lift the holds that a person may lift',
  cancel: 'Give a claim up before transmission',
  expedite: 'Send a claim as soon as duplicate protection and the lane allow',
};

/** Reading claims and the four actions on one of them. Every action needs a reason and is audited by the pipeline. */
export function claimRoutes(app: FastifyInstance, service: RollcallService): void {
  const api = app.withTypeProvider<ZodTypeProvider>();

  api.route({
    method: 'GET',
    url: '/v1/claims',
    config: { scopes: ['claims:read'] },
    schema: {
      operationId: 'listClaims',
      tags,
      summary: 'Claims, filtered, in keyset pages',
      querystring: claimQuery,
      response: { 200: pageOf(claimSummary), ...problems(400) },
    },
    handler: async (request) => {
      const page = await service.listClaims(principalOf(request), request.query);
      return { items: [...page.items], nextCursor: page.nextCursor };
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/claims/:id',
    config: { scopes: ['claims:read'] },
    schema: {
      operationId: 'getClaim',
      tags,
      summary: 'One claim with history, drop, acknowledgements and money',
      params: idParam,
      response: { 200: claimView, ...problems(404) },
    },
    handler: async (request) => service.getClaim(principalOf(request), request.params.id),
  });

  api.route({
    method: 'GET',
    url: '/v1/claims/:id/x12',
    config: { scopes: ['x12:read'] },
    schema: {
      operationId: 'getClaimX12',
      tags,
      summary: 'The 837P as frozen, or as it would be (control numbers zero). Audited',
      params: idParam,
      response: {
        200: { description: 'One interchange', content: { 'text/plain': { schema: z.string() } } },
        ...problems(404, 409),
      },
    },
    handler: async (request, reply) => {
      const text = await service.getClaimX12(principalOf(request), request.params.id);
      return reply.header('content-type', 'text/plain; charset=utf-8').serializer(String).send(text);
    },
  });

  for (const action of ['hold', 'unhold', 'cancel', 'expedite'] as const) {
    api.route({
      method: 'POST',
      url: `/v1/claims/:id/${action}`,
      config: { scopes: ['claims:write', 'ops'] },
      schema: {
        operationId: `${action}Claim`,
        tags,
        summary: actions[action],
        description: 'Repeating it changes nothing more, so the Idempotency-Key is optional; when given it is honoured.',
        headers: idempotencyHeaders(false),
        params: idParam,
        body: claimAction,
        response: { 200: claimView, ...problems(400, 404, 409, 415, 422) },
      },
      handler: async (request, reply) => {
        const who = principalOf(request);
        const { id } = request.params;
        const act = (keep?: KeepAnswer) => service.actOnClaim(who, id, action, request.body.reason, keep);
        const key = idempotencyKeyOf(request);
        if (key === null) return act();
        const keyed = { route: `POST /v1/claims/${id}/${action}`, key, body: request.body, status: 200 };
        return sendAnswer(reply, await service.idempotent(who, keyed, act));
      },
    });
  }
}
