import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../../schemas/problem.ts';
import { validationAnswer, validationQuery } from '../../../schemas/validation.ts';
import type { RollcallService } from '../../pipeline/service.ts';
import type { HttpLimits } from '../limits.ts';
import { json, problems } from '../schemas.ts';

const MEDIA_TYPES = ['text/plain', 'application/edi-x12'] as const;
const interchange = z.string().describe('one or more interchanges, any delimiters and line ends');

/** Checking files of others. The body is read as it comes, one character per byte, and nothing of it is kept or logged. */
export async function x12Routes(app: FastifyInstance, service: RollcallService, limits: HttpLimits): Promise<void> {
  await app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...MEDIA_TYPES], { parseAs: 'buffer', bodyLimit: limits.bodyBytes }, (request, body, done) => {
      // Nothing of it goes to the ledger, so what the ledger could not store need not be looked for.
      request.jsonWithoutEscapes = true;
      done(null, (body as Buffer).toString('latin1'));
    });

    api.route({
      method: 'POST',
      url: '/v1/x12/validate',
      config: { scopes: ['x12:read', 'claims:read'] },
      schema: {
        operationId: 'validateX12',
        tags: ['x12'],
        summary: 'Findings on an 837P of anybody, SNIP types 1 to 7. Nothing is stored',
        querystring: validationQuery,
        consumes: [...MEDIA_TYPES],
        body: interchange,
        response: {
          200: json('What was found; a file full of errors is answered with 200 too', validationAnswer),
          ...problems(400, 413),
          415: {
            description: 'Neither text/plain nor application/edi-x12',
            content: { 'application/problem+json': { schema: problem } },
          },
        },
      },
      handler: async (request) =>
        service.validateX12(Buffer.from(request.body, 'latin1'), request.query.snip?.split(',').map(Number) ?? null),
    });
  });
}
