import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Example } from './examples.ts';
import { isObject, type Json, type JsonObject } from './json-value.ts';
import { documentHeaders } from './openapi-headers.ts';
import { foreignPagePolicy, setPolicy } from './policy.ts';

const prefix = '#/components/schemas/';

/** Names of components that `value` refers to. */
function references(value: Json, found: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const entry of value) references(entry, found);
  else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) {
      if (key === '$ref' && typeof entry === 'string' && entry.startsWith(prefix)) found.add(entry.slice(prefix.length));
      else references(entry, found);
    }
  }
  return found;
}

function rename(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((entry) => rename(entry, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key !== '$ref' || typeof entry !== 'string' || !entry.startsWith(prefix)) return [key, rename(entry, names)];
      const name = entry.slice(prefix.length);
      return [key, `${prefix}${names.get(name) ?? name}`];
    }),
  );
}

/**
 * The type provider lists every registered schema twice, as request and as response. Keeps what is referred to, and
 * drops the `Input` suffix where no different response of that name is left.
 */
function tidyComponents(document: JsonObject): JsonObject {
  const components = isObject(document['components']) ? document['components'] : {};
  const schemas = isObject(components['schemas']) ? components['schemas'] : {};
  const wanted = references(document['paths'] ?? null, new Set());
  for (const name of wanted) references(schemas[name] ?? null, wanted);
  const names = new Map<string, string>();
  for (const name of wanted) {
    const bare = name.replace(/Input$/, '');
    const same = JSON.stringify(schemas[name]) === JSON.stringify(schemas[bare]);
    names.set(name, wanted.has(bare) && !same ? name : bare);
  }
  const kept = [...wanted]
    .map((name): [string, Json] => [names.get(name) ?? name, rename(schemas[name] ?? {}, names)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...document,
    paths: rename(document['paths'] ?? {}, names),
    components: { ...components, schemas: Object.fromEntries(kept) },
  };
}

/** Puts the committed example bodies beside the request schemas they are checked against. */
function addExamples(document: JsonObject, examples: readonly Example[]): JsonObject {
  const paths = isObject(document['paths']) ? document['paths'] : {};
  for (const { method, path, name, value } of examples) {
    const item = paths[path];
    const operation = isObject(item) ? item[method] : undefined;
    const body = isObject(operation) ? operation['requestBody'] : undefined;
    const content = isObject(body) ? body['content'] : undefined;
    const media = isObject(content) ? content['application/json'] : undefined;
    if (!isObject(media)) throw new Error(`no request body at ${method} ${path} for the example ${name}`);
    media['examples'] = { ...(isObject(media['examples']) ? media['examples'] : {}), [name]: { value: value as Json } };
  }
  return document;
}

/** OpenAPI 3.1 from the route schemas, served at `/openapi.json`. Register before the first route. */
export async function installOpenApi(
  app: FastifyInstance,
  deps: { version: string; examples: readonly Example[] },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rollcall',
        version: deps.version,
        description:
          'Finalized group-therapy sessions in; one ANSI X12 837P claim per attendee out, staggered, delivered exactly once.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
      security: [{ apiKey: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => {
      const document = JSON.parse(JSON.stringify(jsonSchemaTransformObject(input))) as JsonObject;
      if (isObject(document['paths'])) documentHeaders(document['paths']);
      return addExamples(tidyComponents(document), deps.examples);
    },
  });
}

/** `/openapi.json` and the browsable `/docs`. Swagger UI sets inline styles, hence the wider style policy here only. */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true }, config: { quiet: true } }, async (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, quiet: true };
      setPolicy(route, foreignPagePolicy);
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: {
        layout: 'BaseLayout',
        docExpansion: 'list',
        deepLinking: true,
        persistAuthorization: false,
        tryItOutEnabled: false,
      },
      theme: { title: 'Rollcall API' },
    });
  });
}
