import type { FastifyInstance } from 'fastify';
import { h } from 'preact';
import { z } from 'zod';
import { claimState } from '../../schemas/common.ts';
import { principalOf } from '../http/auth.ts';
import type { RollcallService } from '../pipeline/service.ts';
import { claimActions, decisionActions, laneActions, overrideAction } from './actions.ts';
import { ClaimPage } from './claim-page.tsx';
import { ClaimsPage } from './claims-page.tsx';
import { viewerOf } from './guard.ts';
import { renderFragment } from './layout.tsx';
import { OverviewFragment, OverviewPage } from './overview-page.tsx';
import type { Show } from './show.tsx';

/** Unknown values of a console address fall back to the plain page: people type them. */
const doneQuery = z.object({ done: z.string().optional().catch(undefined) });
const listQuery = z.object({
  state: claimState.optional().catch(undefined),
  cursor: z.string().min(1).max(400).optional().catch(undefined),
});
const idParam = z.object({ id: z.string() });

function doneText(query: unknown, texts: Readonly<Record<string, { readonly done: string }>>): string | null {
  const { done } = doneQuery.parse(query);
  return done !== undefined && Object.hasOwn(texts, done) ? (texts[done]?.done ?? null) : null;
}

/** The pages that only look. */
export function pageRoutes(app: FastifyInstance, { service, show }: { service: RollcallService; show: Show }): void {
  app.get('/', async (request, reply) => {
    const who = principalOf(request);
    const view = await service.opsView(who);
    const body = h(OverviewPage, {
      view,
      viewer: viewerOf(request, who),
      done: doneText(request.query, { ...laneActions, ...decisionActions }),
    });
    return show(request, reply, { title: 'Operations', current: 'overview', live: true, body });
  });

  app.get('/live', { config: { quiet: true } }, async (request, reply) => {
    const who = principalOf(request);
    const view = await service.opsView(who);
    const fragment = renderFragment(OverviewFragment({ view, viewer: viewerOf(request, who) }));
    return reply.header('content-type', 'text/html; charset=utf-8').send(fragment);
  });

  app.get('/claims', async (request, reply) => {
    const { state, cursor } = listQuery.parse(request.query);
    const page = await service.listClaims(principalOf(request), { state, cursor, limit: 50 });
    const body = h(ClaimsPage, { page, state: state ?? null, now: new Date().toISOString() });
    return show(request, reply, { title: 'Claims', current: 'claims', body });
  });

  app.get('/claims/:id', async (request, reply) => {
    const who = principalOf(request);
    const claim = await service.getClaim(who, idParam.parse(request.params).id);
    const body = h(ClaimPage, {
      claim,
      overrides: claim.state === 'held' ? await service.listOverrides(who) : [],
      viewer: viewerOf(request, who),
      now: new Date().toISOString(),
      done: doneText(request.query, { ...claimActions, override: overrideAction }),
    });
    return show(request, reply, { title: `Claim ${claim.id}`, current: 'claims', body });
  });
}
