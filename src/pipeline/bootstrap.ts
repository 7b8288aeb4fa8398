import { scope } from '../../schemas/common.ts';
import { anyApiKey, insertApiKey } from '../ledger/api-keys.ts';
import { applyBundle } from './configure.ts';
import type { PipelineDeps } from './deps.ts';

export interface BootstrapInput extends Pick<PipelineDeps, 'ledger' | 'configs' | 'settings'> {
  /** BOOTSTRAP_API_KEY, or null: then a key is made. */
  readonly givenKey: string | null;
  readonly newApiKey: () => { id: string; token: string; hash: Uint8Array };
  readonly hashApiKey: (token: string) => Uint8Array;
  /** Practices, payers and clearinghouses for an empty ledger; null leaves it empty. */
  readonly seed: unknown;
}

/**
 * First start on an empty ledger: the admin key and the seed. Returns the key if it was made here, so that whoever
 * started the service can show it once; a key from the environment is known already and is never shown.
 */
export async function bootstrap(input: BootstrapInput): Promise<string | null> {
  if (await anyApiKey(input.ledger.db)) return null;
  const fresh = input.newApiKey();
  const token = input.givenKey ?? fresh.token;
  const scopes = [...scope.options];
  await insertApiKey(input.ledger.db, {
    id: fresh.id,
    practiceId: null,
    name: 'bootstrap',
    hash: input.hashApiKey(token),
    scopes,
  });
  if (input.seed !== null) await applyBundle(input, 'seed', input.seed);
  return input.givenKey === null ? token : null;
}
