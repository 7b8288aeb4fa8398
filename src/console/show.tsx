import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentChildren } from 'preact';
import { viewerOf } from './guard.ts';
import { type Assets, Layout, renderPage } from './layout.tsx';

export interface Screen {
  readonly title: string;
  readonly body: ComponentChildren;
  readonly current?: 'overview' | 'claims' | null;
  readonly live?: boolean;
  readonly status?: number;
}

/** Sends one page, with the frame that fits whoever is looking. */
export type Show = (request: FastifyRequest, reply: FastifyReply, screen: Screen) => FastifyReply;

export const createShow =
  (assets: Assets, hasQueue: boolean): Show =>
  (request, reply, { title, body, current = null, live = false, status = 200 }) => {
    const known = request.principal === null ? null : viewerOf(request, request.principal);
    const viewer = known && { ...known, seesQueues: known.seesQueues && hasQueue };
    const page = (
      <Layout title={title} assets={assets} viewer={viewer} current={current} live={live}>
        {body}
      </Layout>
    );
    return reply.code(status).header('content-type', 'text/html; charset=utf-8').send(renderPage(page));
  };
