import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { claimAction, laneView } from '../../../schemas/claim.ts';
import { auditEntry, dropDetail } from '../../../schemas/operations.ts';
import type { KeepAnswer, RollcallService } from '../../pipeline/service.ts';
import { principalOf } from '../auth.ts';
import { idempotencyKeyOf, sendAnswer } from '../idempotency.ts';
import { auditQuery, idempotencyHeaders, idParam, pageOf, problems } from '../schemas.ts';

const tags = ['operations'];

/** Lanes, drops and the audit list. */
export function operationsRoutes(app: FastifyInstance, service: RollcallService): void {
  const api = app.withTypeProvider<ZodTypeProvider>();

  api.route({
    method: 'GET',
    url: '/v1/lanes',
    config: { scopes: ['ops', 'claims:read'] },
    schema: {
      operationId: 'listLanes',
      tags,
      summary: 'Every lane: paused, stopped, circuit, what is in flight and what goes next',
      response: { 200: z.object({ items: z.array(laneView) }), ...problems() },
    },
    handler: async (request) => ({ items: [...(await service.listLanes(principalOf(request)))] }),
  });

  for (const action of ['pause', 'resume'] as const) {
    api.route({
      method: 'POST',
      url: `/v1/lanes/:id/${action}`,
      config: { scopes: ['ops'] },
      schema: {
        operationId: `${action}Lane`,
        tags,
        summary: action === 'pause' ? 'Stop releasing on a lane' : 'Release on a lane again; overdue claims go at the lane floor',
        headers: idempotencyHeaders(false),
        params: idParam,
        body: claimAction,
        response: { 200: laneView, ...problems(400, 404, 409, 415, 422) },
      },
      handler: async (request, reply) => {
        const who = principalOf(request);
        const { id } = request.params;
        const act = (keep?: KeepAnswer) =>
          service[action === 'pause' ? 'pauseLane' : 'resumeLane'](who, id, request.body.reason, keep);
        const key = idempotencyKeyOf(request);
        if (key === null) return act();
        const keyed = { route: `POST /v1/lanes/${id}/${action}`, key, body: request.body, status: 200 };
        return sendAnswer(reply, await service.idempotent(who, keyed, act));
      },
    });
  }

  api.route({
    method: 'GET',
    url: '/v1/drops/:id',
    config: { scopes: ['claims:read', 'ops'] },
    schema: {
      operationId: 'getDrop',
      tags,
      summary: 'One file: control numbers, hash, size, times, and the claims in it',
      params: idParam,
      response: { 200: dropDetail, ...problems(404) },
    },
    handler: async (request) => service.getDrop(principalOf(request), request.params.id),
  });

  api.route({
    method: 'GET',
    url: '/v1/audit',
    config: { scopes: ['audit:read'] },
    schema: {
      operationId: 'listAudit',
      tags,
      summary: 'Who did what, newest first',
      querystring: auditQuery,
      response: { 200: pageOf(auditEntry), ...problems(400) },
    },
    handler: async (request) => {
      const page = await service.listAudit(principalOf(request), request.query.cursor, request.query.limit);
      return { items: [...page.items], nextCursor: page.nextCursor };
    },
  });
}
