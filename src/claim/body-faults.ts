import { npi } from '../../schemas/common.ts';
import { numberFindings } from './edits/a13-providers.ts';

interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

const PROVIDERS = ['renderingProvider', 'supervisingProvider', 'referringProvider'] as const;

/**
 * Everything that is wrong with a body that is no session: its faults of shape and, beside them, provider numbers that
 * can be read and are not valid (A13), which would otherwise be told only when the shape is mended.
 */
export function faultsOfBody(body: unknown, shape: readonly Fault[]): Fault[] {
  const fields = body !== null && typeof body === 'object' ? (body as Record<string, unknown>) : {};
  const numbers = PROVIDERS.flatMap((field) => {
    const given = fields[field];
    const read = npi.safeParse(given !== null && typeof given === 'object' && 'npi' in given ? given.npi : undefined);
    return read.success ? numberFindings({ path: `/${field}`, npi: read.data, taxonomyCode: null }) : [];
  });
  return [...shape, ...numbers.map((f) => ({ pointer: f.path, code: 'A13', message: f.message }))];
}
