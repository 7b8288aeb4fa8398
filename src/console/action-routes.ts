import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { h } from 'preact';
import { z } from 'zod';
import { claimAction } from '../../schemas/claim.ts';
import { missingScope, principalOf } from '../http/auth.ts';
import { problemEntries } from '../http/validation.ts';
import { ProblemError } from '../pipeline/problem.ts';
import type { ClaimActionName, Principal, RollcallService } from '../pipeline/service.ts';
import { type ActionText, claimActions, decisionActions, type LaneActionName, laneActions } from './actions.ts';
import { ConfirmPage } from './form-pages.tsx';
import { mayOperate, refuseForgedForm } from './guard.ts';
import type { Show } from './show.tsx';
import { inWords } from './words.ts';

const idParam = z.object({ id: z.string() });
const form = z.object({ csrf: z.string().optional(), reason: z.string().default('') });

/** One thing an operator can do, with what its two steps need. */
interface Doable {
  readonly path: string;
  readonly text: ActionText;
  /** Rejects when there is no such thing; says how it stands now. */
  readonly situation: (who: Principal, id: string) => Promise<string>;
  readonly run: (who: Principal, id: string, reason: string) => Promise<unknown>;
  readonly back: (id: string) => string;
  /** Where the next page says that it is done. */
  readonly doneAt: (id: string) => string;
}

function claimDoables(service: RollcallService): Doable[] {
  return (Object.keys(claimActions) as ClaimActionName[]).map((action) => ({
    path: `/claims/:id/${action}`,
    text: claimActions[action],
    situation: async (who, id) => `It is ${inWords((await service.getClaim(who, id)).state)} now.`,
    run: (who, id, reason) => service.actOnClaim(who, id, action, reason),
    back: (id) => `/ops/claims/${encodeURIComponent(id)}`,
    doneAt: (id) => `/ops/claims/${encodeURIComponent(id)}?done=${action}`,
  }));
}

function laneDoables(service: RollcallService): Doable[] {
  return (Object.keys(laneActions) as LaneActionName[]).map((action) => ({
    path: `/lanes/:id/${action}`,
    text: laneActions[action],
    situation: async (who, id) => {
      const lane = (await service.listLanes(who)).find((candidate) => candidate.id === id);
      if (!lane) throw new ProblemError(404, 'not_found', 'Not found', { detail: 'There is no such lane.' });
      return `${lane.scheduled} claims are scheduled on it, ${lane.inFlight} in flight.`;
    },
    run: (who, id, reason) => (action === 'pause' ? service.pauseLane(who, id, reason) : service.resumeLane(who, id, reason)),
    back: () => '/ops',
    doneAt: () => `/ops?done=${action}`,
  }));
}

const gone = (what: string) => new ProblemError(404, 'not_found', 'Not found', { detail: `There is no such open ${what}.` });

function decisionDoables(service: RollcallService): Doable[] {
  const overview = { back: () => '/ops', doneAt: (done: string) => () => `/ops?done=${done}` };
  return [
    {
      path: '/overrides/:id/approve',
      text: decisionActions.approve,
      situation: async (who, id) => {
        const override = (await service.listOverrides(who)).find((o) => o.id === id);
        if (!override) throw gone('override');
        return `Claim ${override.claimId}, ${override.rules.join(', ')}: “${override.reason}”`;
      },
      run: (who, id, reason) => service.approveOverride(who, id, reason),
      back: overview.back,
      doneAt: overview.doneAt('approve'),
    },
    {
      path: '/tasks/:id/close',
      text: decisionActions.close,
      situation: async (who, id) => {
        const task = (await service.listTasks(who)).find((t) => String(t.id) === id);
        if (!task) throw gone('task');
        return `Claim ${task.claimId}: ${task.message}`;
      },
      run: (who, id, reason) => service.closeTask(who, Number(id), reason),
      back: overview.back,
      doneAt: overview.doneAt('close'),
    },
  ];
}

/** A page that asks for a reason, and the plain form post that acts. */
export function actionRoutes(app: FastifyInstance, { service, show }: { service: RollcallService; show: Show }): void {
  const operatorOf = (request: FastifyRequest): Principal => {
    const who = principalOf(request);
    if (!mayOperate(who)) throw missingScope(['ops']);
    return who;
  };

  const doables = [...claimDoables(service), ...laneDoables(service), ...decisionDoables(service)];
  for (const { path, text, situation, run, back, doneAt } of doables) {
    const ask = async (request: FastifyRequest, reply: FastifyReply, reason: string, refusal: ProblemError | null) => {
      const { id } = idParam.parse(request.params);
      const body = h(ConfirmPage, {
        verb: text.verb,
        effect: text.effect,
        danger: text.danger === true,
        subject: id,
        situation: await situation(operatorOf(request), id),
        action: `/ops${path.replace(':id', encodeURIComponent(id))}`,
        back: back(id),
        csrf: request.consoleSession?.csrf ?? '',
        reason,
        refusal,
      });
      return show(request, reply, { title: text.verb, status: refusal?.status ?? 200, body });
    };

    app.get(path, async (request, reply) => ask(request, reply, '', null));

    app.post(path, async (request, reply) => {
      const who = operatorOf(request);
      const { id } = idParam.parse(request.params);
      const sent = form.parse(request.body ?? {});
      refuseForgedForm(request, sent);
      try {
        const parsed = claimAction.safeParse({ reason: sent.reason });
        if (!parsed.success) {
          throw new ProblemError(422, 'reason_needed', 'A reason is needed', {
            detail: 'Between 3 and 500 characters.',
            errors: problemEntries(parsed.error.issues),
          });
        }
        await run(who, id, parsed.data.reason);
      } catch (error) {
        if (
          error instanceof ProblemError &&
          (error.status === 409 || error.status === 422 || error.code === 'second_person_needed')
        )
          return ask(request, reply, sent.reason, error);
        throw error;
      }
      return reply.redirect(doneAt(id), 303);
    });
  }
}
