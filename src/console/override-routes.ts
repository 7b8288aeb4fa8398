import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { h } from 'preact';
import { z } from 'zod';
import type { ClaimView } from '../../schemas/claim.ts';
import { type OverrideRequest, overrideRequest } from '../../schemas/override.ts';
import { missingScope, principalOf } from '../http/auth.ts';
import { problemEntries } from '../http/validation.ts';
import { ProblemError } from '../pipeline/problem.ts';
import type { Principal, RollcallService } from '../pipeline/service.ts';
import { overrideAction } from './actions.ts';
import { mayOperate, refuseForgedForm } from './guard.ts';
import { governedRules, type OverrideFields, OverridePage } from './override-page.tsx';
import type { Show } from './show.tsx';

const PATH = '/claims/:id/override';
/** What most overrides need: the claim leaves within days. */
const DEFAULT_DAYS = 14;
const idParam = z.object({ id: z.string() });
const text = z.string().default('');
const form = z.object({
  csrf: z.string().optional(),
  kind: text,
  modifier: text,
  originalClaimId: text,
  carc: text,
  reason: text,
  expires: text,
});

/** Fields of the form that the kind knows, as the API takes them. Throws 422 with every fault. */
function requestOf(claim: ClaimView, fields: OverrideFields): OverrideRequest {
  const given = (value: string) => (value.trim() === '' ? null : value.trim());
  const base = { kind: fields.kind, claimId: claim.id, reason: fields.reason, expiresAt: `${fields.expires}T23:59:59Z` };
  const more: Readonly<Record<string, object>> = {
    lift_holds: { rules: [...new Set(governedRules(claim))] },
    second_service: { modifier: given(fields.modifier) },
    wrong_payer: { originalClaimId: fields.originalClaimId.trim(), carc: given(fields.carc) },
  };
  const parsed = overrideRequest.safeParse({ ...base, ...more[fields.kind] });
  if (parsed.success) return parsed.data;
  throw new ProblemError(422, 'invalid_override', 'The override cannot be asked for', {
    detail: 'Say what it is, until when, and why (3 to 500 characters).',
    errors: problemEntries(parsed.error.issues),
  });
}

/** The first of two people: asks for an override of a held claim. The second approves it (`action-routes.ts`). */
export function overrideRoutes(app: FastifyInstance, { service, show }: { service: RollcallService; show: Show }): void {
  const operatorOf = (request: FastifyRequest): Principal => {
    const who = principalOf(request);
    if (!mayOperate(who)) throw missingScope(['ops']);
    return who;
  };
  const page = (
    request: FastifyRequest,
    reply: FastifyReply,
    claim: ClaimView,
    fields: OverrideFields,
    refusal: ProblemError | null,
  ) =>
    show(request, reply, {
      title: overrideAction.verb,
      status: refusal?.status ?? 200,
      body: h(OverridePage, { claim, fields, csrf: request.consoleSession?.csrf ?? '', refusal }),
    });

  app.get(PATH, async (request, reply) => {
    const claim = await service.getClaim(operatorOf(request), idParam.parse(request.params).id);
    const expires = new Date(Date.now() + DEFAULT_DAYS * 86_400_000).toISOString().slice(0, 10);
    return page(request, reply, claim, { ...form.parse({}), expires }, null);
  });

  app.post(PATH, async (request, reply) => {
    const who = operatorOf(request);
    const { csrf, ...fields } = form.parse(request.body ?? {});
    refuseForgedForm(request, { csrf });
    const claim = await service.getClaim(who, idParam.parse(request.params).id);
    try {
      await service.requestOverride(who, requestOf(claim, fields));
    } catch (error) {
      if (error instanceof ProblemError && [404, 409, 422].includes(error.status))
        return page(request, reply, claim, fields, error);
      throw error;
    }
    return reply.redirect(`/ops/claims/${encodeURIComponent(claim.id)}?done=override`, 303);
  });
}
