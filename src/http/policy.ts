import type { RouteOptions } from 'fastify';

type Directives = Readonly<Record<string, readonly string[]>>;

/** Nothing may load anything: for JSON, text and errors. */
export const closedPolicy: Directives = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Own files only, no inline script, no inline style. */
export const pagePolicy: Directives = {
  ...closedPolicy,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
};

/** For the pages of others (Swagger UI, bull-board) that write style elements; their scripts are files all the same. */
export const foreignPagePolicy: Directives = { ...pagePolicy, styleSrc: ["'self'", "'unsafe-inline'"], baseUri: ["'self'"] };

export const helmetPolicy = (directives: Directives) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: Object.fromEntries(Object.entries(directives).map(([name, values]) => [name, [...values]])),
  },
});

/** Gives one route another Content-Security-Policy; call from an `onRoute` hook. */
export function setPolicy(route: RouteOptions, directives: Directives): void {
  route.config = Object.assign(route.config ?? {}, { helmet: helmetPolicy(directives) });
}
