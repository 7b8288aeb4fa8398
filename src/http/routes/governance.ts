import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { claimAction } from '../../../schemas/claim.ts';
import { ident } from '../../../schemas/common.ts';
import { overrideRequest, overrideView, patientPrivacy, patientPrivacyView, taskView } from '../../../schemas/override.ts';
import type { KeepAnswer, RollcallService } from '../../pipeline/service.ts';
import { principalOf } from '../auth.ts';
import { idempotencyKeyOf, keyBeforeBody, requireIdempotencyKey, sendAnswer } from '../idempotency.ts';
import { idempotencyHeaders, idParam, json, problems } from '../schemas.ts';

const tags = ['governance'];
const taskParam = z.strictObject({ id: z.string().regex(/^[1-9]\d{0,14}$/) });
const patientParam = z.strictObject({ practiceId: ident, externalId: ident });

/** Decisions of two people, tasks that nobody but a person can close, and what patients lay down. */
export function governanceRoutes(app: FastifyInstance, service: RollcallService): void {
  const api = app.withTypeProvider<ZodTypeProvider>();

  api.route({
    method: 'POST',
    url: '/v1/overrides',
    config: { scopes: ['claims:write', 'ops'] },
    preValidation: keyBeforeBody(overrideRequest),
    schema: {
      operationId: 'requestOverride',
      tags,
      summary: 'Ask that holds of a claim be overruled; nothing changes before another person approves it',
      headers: idempotencyHeaders(true),
      body: overrideRequest,
      response: { 201: json('Waits for a second person', overrideView), ...problems(400, 404, 409, 415, 422) },
    },
    handler: async (request, reply) => {
      const who = principalOf(request);
      const key = requireIdempotencyKey(request);
      const keyed = { route: 'POST /v1/overrides', key, body: request.body, status: 201 };
      return sendAnswer(reply, await service.idempotent(who, keyed, (keep) => service.requestOverride(who, request.body, keep)));
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/overrides',
    config: { scopes: ['claims:read', 'ops'] },
    schema: {
      operationId: 'listOverrides',
      tags,
      summary: 'Overrides that wait for a second person, oldest first',
      response: { 200: z.object({ items: z.array(overrideView) }), ...problems() },
    },
    handler: async (request) => ({ items: [...(await service.listOverrides(principalOf(request)))] }),
  });

  api.route({
    method: 'POST',
    url: '/v1/overrides/:id/approve',
    config: { scopes: ['claims:write', 'ops'] },
    schema: {
      operationId: 'approveOverride',
      tags,
      summary: 'Approve an override that another person, or key, has asked for',
      description: 'Repeating it is a 409, so the Idempotency-Key is optional; when given it is honoured.',
      headers: idempotencyHeaders(false),
      params: idParam,
      body: claimAction,
      response: { 200: overrideView, ...problems(400, 404, 409, 415, 422) },
    },
    handler: async (request, reply) => {
      const who = principalOf(request);
      const { id } = request.params;
      const act = (keep?: KeepAnswer) => service.approveOverride(who, id, request.body.reason, keep);
      const key = idempotencyKeyOf(request);
      if (key === null) return act();
      const keyed = { route: `POST /v1/overrides/${id}/approve`, key, body: request.body, status: 200 };
      return sendAnswer(reply, await service.idempotent(who, keyed, act));
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/tasks',
    config: { scopes: ['claims:read', 'ops'] },
    schema: {
      operationId: 'listTasks',
      tags,
      summary: 'What people have to look into although the claim has left, oldest first',
      response: { 200: z.object({ items: z.array(taskView) }), ...problems() },
    },
    handler: async (request) => ({ items: [...(await service.listTasks(principalOf(request)))] }),
  });

  api.route({
    method: 'POST',
    url: '/v1/tasks/:id/close',
    config: { scopes: ['claims:write', 'ops'] },
    schema: {
      operationId: 'closeTask',
      tags,
      summary: 'Say that a task is done, and how',
      headers: idempotencyHeaders(false),
      params: taskParam,
      body: claimAction,
      response: { 200: taskView, ...problems(400, 404, 409, 415, 422) },
    },
    handler: async (request, reply) => {
      const who = principalOf(request);
      const id = Number(request.params.id);
      const act = (keep?: KeepAnswer) => service.closeTask(who, id, request.body.reason, keep);
      const key = idempotencyKeyOf(request);
      if (key === null) return act();
      const keyed = { route: `POST /v1/tasks/${id}/close`, key, body: request.body, status: 200 };
      return sendAnswer(reply, await service.idempotent(who, keyed, act));
    },
  });

  api.route({
    method: 'PUT',
    url: '/v1/patients/:practiceId/:externalId/privacy',
    config: { scopes: ['claims:write', 'ops'] },
    schema: {
      operationId: 'putPatientPrivacy',
      tags,
      summary: 'A restriction of disclosure, or consent under 42 CFR Part 2; takes effect on everything unsent',
      description: 'The whole record each time. A claim that a restriction has ended comes back by an amendment only.',
      params: patientParam,
      body: patientPrivacy,
      response: { 200: patientPrivacyView, ...problems(400, 404, 415, 422) },
    },
    handler: async (request) => {
      const { practiceId, externalId } = request.params;
      return service.putPatientPrivacy(principalOf(request), practiceId, externalId, request.body);
    },
  });
}
