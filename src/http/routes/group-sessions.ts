import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { groupSession, sessionAmendment, sessionAnswer, sessionVersions } from '../../../schemas/group-session.ts';
import type { RollcallService } from '../../pipeline/service.ts';
import { principalOf } from '../auth.ts';
import { requireIdempotencyKey, sendAnswer } from '../idempotency.ts';
import { amendmentHeaders, idempotencyHeaders, idParam, json, pageOf, problems, sessionQuery } from '../schemas.ts';
import { passThroughCompiler } from '../validation.ts';

const tags = ['sessions'];

/** Intake and reading of sessions. Bodies go to the pipeline unparsed: inside one attendee a fault is a finding, not a refusal. */
export function groupSessionRoutes(app: FastifyInstance, service: RollcallService): void {
  const api = app.withTypeProvider<ZodTypeProvider>();

  app.route({
    method: 'POST',
    url: '/v1/group-sessions',
    config: { scopes: ['sessions:write'], intake: true },
    validatorCompiler: passThroughCompiler,
    schema: {
      operationId: 'acceptSession',
      tags,
      summary: 'Hand in a finalized session: one claim per billable attendee',
      description:
        'All findings are returned at once, per attendee; the trouble of one attendee never fails the others. A repeat with the ' +
        'same Idempotency-Key gets the first answer byte for byte (`Idempotent-Replayed: true`); the same session under another ' +
        'key gets 200 with the same resource; other content under the same externalId is 409 `session_changed`.',
      headers: idempotencyHeaders(true),
      body: groupSession,
      response: {
        202: json('Accepted; `Location` and `ETag` name the session', sessionAnswer),
        200: json('This session was accepted before', sessionAnswer),
        ...problems(400, 409, 413, 415, 422, 503),
      },
    },
    handler: async (request, reply) => {
      const key = requireIdempotencyKey(request);
      return sendAnswer(reply, await service.acceptSession(principalOf(request), request.body, key));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/group-sessions/preview',
    config: { scopes: ['sessions:write'] },
    validatorCompiler: passThroughCompiler,
    schema: {
      operationId: 'previewSession',
      tags,
      summary: 'What the answer would be, with the 837P of every attendee; nothing is stored or allocated',
      body: groupSession,
      response: { 200: sessionAnswer, ...problems(400, 413, 415, 422) },
    },
    handler: async (request) => service.previewSession(principalOf(request), request.body),
  });

  app.route<{ Params: { id: string } }>({
    method: 'POST',
    url: '/v1/group-sessions/:id/amendments',
    config: { scopes: ['sessions:write'], intake: true },
    validatorCompiler: passThroughCompiler,
    schema: {
      operationId: 'amendSession',
      tags,
      summary: 'Put a new version of a session in place of the one that is there',
      description:
        'The body is the whole session as it is to be, and why. Only the claims of attendees whom the amendment changes are touched, ' +
        'each by its state: built again, cancelled, sent again after a rejection, or replaced or voided once the payer has decided ' +
        '(until then `pendingAction`). `If-Match` is the ETag of the version that was seen (`*`: whatever is there); 412 when it is not ' +
        'the current one any more.',
      headers: amendmentHeaders,
      params: idParam,
      body: sessionAmendment,
      response: {
        202: json('Amended; `ETag` is the new version', sessionAnswer),
        ...problems(400, 404, 412, 413, 415, 422, 428, 503),
      },
    },
    handler: async (request, reply) => {
      const idempotencyKey = requireIdempotencyKey(request);
      const ifMatch = request.headers['if-match'] ?? null;
      const answer = await service.amendSession(principalOf(request), request.params.id, request.body, {
        idempotencyKey,
        ifMatch,
      });
      return sendAnswer(reply, answer);
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/group-sessions/:id/versions',
    config: { scopes: ['sessions:read'] },
    schema: {
      operationId: 'listSessionVersions',
      tags,
      summary: 'The versions of a session: when, by whom and why',
      params: idParam,
      response: { 200: sessionVersions, ...problems(404) },
    },
    handler: async (request) => service.listSessionVersions(principalOf(request), request.params.id),
  });

  api.route({
    method: 'GET',
    url: '/v1/group-sessions/:id',
    config: { scopes: ['sessions:read'] },
    schema: {
      operationId: 'getSession',
      tags,
      summary: 'One session with the present state of every attendee',
      params: idParam,
      response: { 200: sessionAnswer, ...problems(404) },
    },
    handler: async (request, reply) => {
      const { answer, etag } = await service.getSession(principalOf(request), request.params.id);
      return reply.header('etag', etag).send(answer);
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/group-sessions',
    config: { scopes: ['sessions:read'] },
    schema: {
      operationId: 'listSessions',
      tags,
      summary: 'Sessions by external id or date of service',
      querystring: sessionQuery,
      response: { 200: pageOf(sessionAnswer), ...problems(400) },
    },
    handler: async (request) => {
      const page = await service.listSessions(principalOf(request), request.query);
      return { items: [...page.items], nextCursor: page.nextCursor };
    },
  });
}
