import type { z } from 'zod';
import { clearinghouse as clearinghouseSchema } from '../../schemas/clearinghouse.ts';
import { payer as payerSchema } from '../../schemas/payer.ts';
import { practice as practiceSchema } from '../../schemas/practice.ts';
import { isValidZone } from '../claim/dates.ts';
import { editById } from '../claim/edits/registry.ts';
import { fileName } from '../claim/identifiers.ts';
import { faultyOverrides, POLICIES } from '../claim/payers/registry.ts';
import { practiceProblems } from '../claim/practice-problems.ts';
import { profileProblems, resolveProfile } from '../delivery/profiles/registry.ts';
import type { ConfigKind } from './service.ts';
import { foldersOf } from './targets.ts';

const SCHEMAS = { practice: practiceSchema, payer: payerSchema, clearinghouse: clearinghouseSchema } as const;
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** `pointer` into what was sent. */
export interface ConfigFault {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

export type CheckedConfig =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly errors: readonly ConfigFault[] };

/** One configured thing as sent: parsed, or every fault at once. `dataDir` is where folders that it does not name would be. */
export function checkConfig(dataDir: string, kind: ConfigKind, id: string, body: unknown): CheckedConfig {
  const errors: ConfigFault[] = [];
  if (!ID.test(id))
    errors.push({ pointer: '', code: 'invalid_id', message: 'an id has letters, digits, _ . - and at most 64 characters' });
  const given =
    body !== null && typeof body === 'object' && !Array.isArray(body) && (body as { id?: unknown }).id === id
      ? (({ id: _id, ...rest }) => rest)(body as { id: unknown })
      : body;
  const parsed = (SCHEMAS[kind] as z.ZodType).safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      errors.push({
        pointer: `/${issue.path.map(String).join('/')}`,
        code: issue.code,
        message: issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message,
      });
  } else if (kind === 'clearinghouse') errors.push(...clearinghouseProblems(dataDir, id, clearinghouseSchema.parse(given)));
  else if (kind === 'payer') errors.push(...payerProblems(payerSchema.parse(given)));
  else {
    const practice = practiceSchema.parse(given);
    errors.push(...zoneProblems(practice.timezone), ...practiceProblems(practice));
  }
  return errors.length > 0 || !parsed.success ? { ok: false, errors } : { ok: true, body: parsed.data };
}

function payerProblems(p: z.infer<typeof payerSchema>): ConfigFault[] {
  const errors: ConfigFault[] = faultyOverrides(p.policyOverrides).map((name) => ({
    pointer: `/policyOverrides/${name}`,
    code: 'invalid_override',
    message: 'not a declared policy property, or not a value it takes',
  }));
  errors.push(...ruleProblems(p.policyOverrides['overrides']));
  if (!POLICIES.some((policy) => policy.id === p.policy))
    errors.push({
      pointer: '/policy',
      code: 'unknown_policy',
      message: `one of ${POLICIES.map((policy) => policy.id).join(', ')}`,
    });
  return errors;
}

/** A payer may change the severity of an edit that there is, and of none that is marked ✱. */
function ruleProblems(overrides: unknown): ConfigFault[] {
  if (overrides === null || typeof overrides !== 'object') return [];
  return Object.keys(overrides).flatMap((rule): ConfigFault[] => {
    const edit = editById(rule);
    const pointer = `/policyOverrides/overrides/${rule.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (edit === undefined)
      return [{ pointer, code: 'unknown_rule', message: 'no edit has this id; `rollcall edits` lists them' }];
    return edit.payerOverridable
      ? []
      : [{ pointer, code: 'not_overridable', message: 'no payer may change or switch off this edit' }];
  });
}

export function zoneProblems(timeZone: string): ConfigFault[] {
  return isValidZone(timeZone) ? [] : [{ pointer: '/timezone', code: 'unknown_zone', message: 'not an IANA time zone' }];
}

function clearinghouseProblems(dataDir: string, id: string, c: z.infer<typeof clearinghouseSchema>): ConfigFault[] {
  const unsupported = {
    pointer: '/transport/type',
    code: 'unsupported',
    message: 'this version delivers into a directory; sftp push is not built yet',
  };
  return [...(foldersOf(dataDir, id, c) === null ? [unsupported] : []), ...receiverProblems(c)];
}

/** What keeps any file from being written for this receiver, whatever it is delivered by. */
export function receiverProblems(c: z.infer<typeof clearinghouseSchema>): ConfigFault[] {
  const errors: ConfigFault[] = [];
  errors.push(...profileProblems(c), ...zoneProblems(c.timezone));
  if (errors.some((e) => e.code === 'unknown_profile')) return errors;
  const profile = resolveProfile(c);
  const name = fileName(profile.fileNameTemplate, {
    senderId: c.interchange.senderId,
    receiverId: c.interchange.receiverId,
    interchangeControlNumber: '000000001',
    usage: c.usage,
  });
  if (!name.ok)
    errors.push({
      pointer: '/profileOverrides/fileNameTemplate',
      code: name.code,
      message: 'the file name must hold <ISA13>, plain signs only, at most 50',
    });
  return errors;
}
