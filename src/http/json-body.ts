import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../pipeline/problem.ts';
import type { HttpLimits } from './limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body is JSON in which no character is written as `\u…`. */
    jsonWithoutEscapes: boolean;
  }
}

/**
 * Deepest nesting of objects and arrays in a JSON text, found without parsing it: brackets inside strings do not
 * count. Stops counting at `limit + 1`, so a hostile text costs one pass at most.
 */
export function jsonDepth(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

/**
 * JSON is the only body the API takes. The bytes must be UTF-8 (a replacement character must never end up in a name on
 * a claim), no deeper than the limit, and free of `__proto__` and `constructor.prototype`.
 */
export function installJsonBody(app: FastifyInstance, limits: HttpLimits): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const parse = app.getDefaultJsonParser('error', 'error');
  app.decorateRequest('jsonWithoutEscapes', false);
  app.addHook('preParsing', async (request) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return;
    throw new ProblemError(415, 'content_encoding', 'Unsupported Media Type', {
      detail: 'The body is taken as it is: send it without Content-Encoding.',
      headers: { 'accept-encoding': 'identity' },
    });
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: limits.bodyBytes }, (request, body, done) => {
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      done(new ProblemError(400, 'not_utf8', 'Bad request', { detail: 'The body is not valid UTF-8.' }));
      return;
    }
    if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) {
      done(
        new ProblemError(400, 'json_too_deep', 'Bad request', {
          detail: `The body nests objects and arrays deeper than ${limits.jsonDepth} levels.`,
        }),
      );
      return;
    }
    request.jsonWithoutEscapes = !text.includes('\\u');
    parse(request, text, (error, value) => {
      if (error)
        done(new ProblemError(400, 'not_json', 'Bad request', { detail: 'The body is not a JSON document this API accepts.' }));
      else done(null, value);
    });
  });
}
