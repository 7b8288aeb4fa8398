import { z } from 'zod';
import { isoDate } from '../../schemas/common.ts';
import { type Payer, payer as payerSchema } from '../../schemas/payer.ts';
import { type ExplainedValue, explainPolicy, faultyOverrides, POLICIES } from '../claim/payers/registry.ts';
import type { Config } from '../config.ts';
import { badInput, EXIT, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { hasLedger, runOperator } from './operator.ts';
import { table } from './table.ts';

const bundleSchema = z.looseObject({ payers: z.array(z.looseObject({ id: z.string() })) });

/** Configured payers by id; null where there is no ledger yet: looking at shipped policies must not make one. */
async function configuredPayers(io: Io, config: Config): Promise<ReadonlyMap<string, Payer> | null> {
  if (!hasLedger(config)) return null;
  const { payers } = bundleSchema.parse(await runOperator(io, config, 'config.export', null));
  return new Map(payers.map(({ id, ...body }) => [id, payerSchema.parse(body)]));
}

const originOf = ({ from }: ExplainedValue): string =>
  typeof from === 'string' ? from : `${from.policy} from ${from.effectiveFrom}`;

/**
 * `rollcall payers explain <id>`: every property of a payer's policy on a date of service, with where its value comes
 * from. `id` is a configured payer, else a shipped policy.
 */
export async function payersExplainCommand(
  io: Io,
  config: Config,
  id: string,
  options: { readonly on?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const on = options.on ?? new Date(io.now()).toISOString().slice(0, 10);
  if (!isoDate.safeParse(on).success) throw badInput('--on takes an existing calendar day, YYYY-MM-DD.');
  const configured = (await configuredPayers(io, config))?.get(id);
  const shipped = POLICIES.find((p) => p.id === id);
  const choice = configured ?? (shipped ? { policy: shipped.id, policyOverrides: {} } : null);
  if (choice === null)
    throw badInput('No payer is configured under this id, and no shipped policy has it: see rollcall payers list.');
  const values = explainPolicy(choice, on);
  const faulty = faultyOverrides(choice.policyOverrides);
  if (options.json) {
    const payer = configured ? { name: configured.name, payerId: configured.payerId } : null;
    io.out(`${JSON.stringify({ id, payer, policy: choice.policy, on, faultyOverrides: faulty, values }, null, 2)}\n`);
    return EXIT.ok;
  }
  const what = configured ? `payer ${id} (${configured.name}), policy ${choice.policy}` : `shipped policy ${id}`;
  io.out(`${what}, for services on ${on}\n\n`);
  io.out(
    table(
      ['PROPERTY', 'VALUE', 'FROM', 'CONFIDENCE', 'SOURCE'],
      values.map((v) => [v.property, JSON.stringify(v.value), originOf(v), v.confidence, v.source]),
    ),
  );
  if (faulty.length > 0) io.out(`\nNot valid, so that claims of this payer are held: ${faulty.join(', ')}\n`);
  return EXIT.ok;
}

/** `rollcall payers list`: configured payers and the policies that are shipped. */
export async function payersListCommand(io: Io, config: Config, options: { readonly json?: boolean }): Promise<ExitCode> {
  const configured = await configuredPayers(io, config);
  const policies = POLICIES.map((p) => ({
    id: p.id,
    title: p.title,
    basedOn: p.basedOn ?? null,
    versions: p.versions.map((v) => v.effectiveFrom),
  }));
  if (options.json) {
    const payers =
      configured &&
      [...configured].map(([id, { name, payerId, policy, submission, policyOverrides }]) => ({
        id,
        name,
        payerId,
        policy,
        submission,
        overrides: Object.keys(policyOverrides),
      }));
    io.out(`${JSON.stringify({ configured: payers, policies }, null, 2)}\n`);
    return EXIT.ok;
  }
  if (configured === null) io.out('No ledger yet, so no configured payers.\n');
  else {
    io.out(
      table(
        ['PAYER', 'NAME', 'PAYER ID', 'POLICY', 'SUBMISSION', 'OVERRIDES'],
        [...configured].map(([id, p]) => [
          id,
          p.name,
          p.payerId,
          p.policy,
          p.submission,
          Object.keys(p.policyOverrides).join(' '),
        ]),
      ),
    );
  }
  io.out('\n');
  io.out(
    table(
      ['POLICY', 'TITLE', 'ON TOP OF', 'VERSIONS'],
      policies.map((p) => [p.id, p.title, p.basedOn ?? '', String(p.versions.length)]),
    ),
  );
  return EXIT.ok;
}
