export type DeliveryErrorClass =
  | 'unreachable'
  | 'auth'
  | 'denied'
  | 'disk_full'
  | 'marker_missing'
  | 'wrong_volume'
  | 'exists'
  | 'damaged'
  | 'unknown';

/** `backoff`: the same bytes again, later, by itself. `operator`: the lane stops until somebody has looked. */
export type DeliveryRetry = 'backoff' | 'operator';

/**
 * The one error that delivery throws on I/O trouble. `code` is the system's (ENOSPC …) or a word of ours; neither it
 * nor the message carries a path or a name, so both may be logged.
 */
export class DeliveryError extends Error {
  readonly class: DeliveryErrorClass;
  readonly retry: DeliveryRetry;
  readonly code: string;

  constructor(errorClass: DeliveryErrorClass, retry: DeliveryRetry, code: string) {
    super(`delivery ${errorClass} (${code})`);
    this.name = 'DeliveryError';
    this.class = errorClass;
    this.retry = retry;
    this.code = code;
  }
}

const BY_CODE: Readonly<Record<string, readonly [DeliveryErrorClass, DeliveryRetry]>> = {
  ENOSPC: ['disk_full', 'backoff'],
  EDQUOT: ['disk_full', 'backoff'],
  EFBIG: ['disk_full', 'operator'],
  EACCES: ['denied', 'operator'],
  EPERM: ['denied', 'operator'],
  EROFS: ['denied', 'operator'],
  ENOTDIR: ['wrong_volume', 'operator'],
  EXDEV: ['wrong_volume', 'operator'],
  EEXIST: ['exists', 'backoff'],
  EIO: ['unreachable', 'backoff'],
  ESTALE: ['unreachable', 'backoff'],
  ETIMEDOUT: ['unreachable', 'backoff'],
  EHOSTDOWN: ['unreachable', 'backoff'],
  EHOSTUNREACH: ['unreachable', 'backoff'],
  ECONNREFUSED: ['unreachable', 'backoff'],
  ECONNRESET: ['unreachable', 'backoff'],
  EAGAIN: ['unreachable', 'backoff'],
  EBUSY: ['unreachable', 'backoff'],
  EMFILE: ['unreachable', 'backoff'],
  ENFILE: ['unreachable', 'backoff'],
  // A folder that was there at the start and is not now: unmounted, or moved away.
  ENOENT: ['marker_missing', 'operator'],
};

export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/**
 * Names an I/O failure. What is not in the table is `unknown` and waits for an operator: no error becomes a success or a
 * silent retry. Errors without a system code are defects and come back as they are.
 */
export function toDeliveryError(error: unknown): unknown {
  if (error instanceof DeliveryError) return error;
  const code = systemCode(error);
  if (code === null) return error;
  const [errorClass, retry] = BY_CODE[code] ?? ['unknown', 'operator'];
  return new DeliveryError(errorClass, retry, code);
}

/** Runs I/O and throws what fails as `DeliveryError`. */
export async function withDeliveryErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toDeliveryError(error);
  }
}
