import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { decodeMasterKey } from './ops/master-key.ts';
import { StartRefused } from './ops/refusal.ts';

/** A setting that must never be printed: text, JSON and `console.log` show `***`. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

export function secret(value: string): Secret {
  const hidden = (): string => '***';
  return Object.freeze({ reveal: () => value, toString: hidden, toJSON: hidden, [inspect.custom]: hidden });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `15s`, `10m`, `6h`, `2d` → milliseconds. */
function duration(min: string, max: string) {
  const parse = (text: string): number | null => {
    const found = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
    return found === null ? null : Number(found[1]) * (UNITS[found[2]!] ?? 0);
  };
  const [low, high] = [parse(min) ?? 0, parse(max) ?? 0];
  return z.string().transform((text, context) => {
    const value = parse(text.trim());
    if (value !== null && value >= low && value <= high) return value;
    context.addIssue({ code: 'custom', message: `must be a duration such as 15s, 10m or 6h, from ${min} to ${max}` });
    return z.NEVER;
  });
}

function wholeNumber(min: number, max: number) {
  return z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: () => `must be one of ${values.join(', ')}` });
}

function serverUrl(protocols: readonly string[]) {
  return z.string().transform((text, context) => {
    const value = URL.canParse(text) ? new URL(text) : null;
    if (value !== null && protocols.includes(value.protocol)) return secret(text);
    context.addIssue({
      code: 'custom',
      message: `must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    });
    return z.NEVER;
  });
}

/** Every variable of the environment that the program reads, with its default. */
const environment = z.object({
  PORT: wholeNumber(0, 65_535).default(8370),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or address')
    .default('127.0.0.1'),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  DATABASE_URL: serverUrl(['postgres:', 'postgresql:']).optional(),
  DATABASE_POOL_MAX: wholeNumber(2, 500).default(10),
  REDIS_URL: serverUrl(['redis:', 'rediss:']).optional(),
  ROLE: oneOf(['all', 'api', 'worker']).default('all'),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{24,200}$/, 'must be 24 to 200 visible characters without spaces')
    .transform(secret)
    .optional(),
  MASTER_KEY: z
    .string()
    .refine((text) => decodeMasterKey(text) !== null, 'must be 32 bytes as base64 (openssl rand -base64 32)')
    .transform(secret)
    .optional(),
  MASTER_KEY_FILE: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ALARM_HORIZON: duration('1s', '7d').default(21_600_000),
  SWEEP_INTERVAL: duration('100ms', '1h').default(15_000),
  WORKER_CONCURRENCY: wholeNumber(1, 256).default(8),
  TRUST_PROXY: z
    .string()
    .regex(/^(true|false|[0-9a-fA-F.:/, ]+)$/, 'must be true, false or addresses of proxies')
    .default('false'),
});

/** What is wrong between settings, whatever is wrong with each: looks at what is given, not at what it could be read as. */
function conflicts(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { ROLE, DATABASE_URL, MASTER_KEY, MASTER_KEY_FILE } = given;
  const found: string[] = [];
  if ((ROLE === 'api' || ROLE === 'worker') && !DATABASE_URL)
    found.push(`ROLE: ${ROLE} needs DATABASE_URL: the embedded ledger belongs to one process`);
  if (MASTER_KEY && MASTER_KEY_FILE) found.push('MASTER_KEY: give it or MASTER_KEY_FILE, not both');
  if (DATABASE_URL && !MASTER_KEY && !MASTER_KEY_FILE)
    found.push('MASTER_KEY: it or MASTER_KEY_FILE is required with DATABASE_URL');
  return found;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: the embedded ledger in `dataDir`. */
  readonly databaseUrl: Secret | null;
  /** Connections of the ledger's pool on Postgres; BullMQ has its own. */
  readonly databasePoolMax: number;
  /** Null: BullMQ on the ledger's database. */
  readonly redisUrl: Secret | null;
  readonly role: 'all' | 'api' | 'worker';
  readonly bootstrapApiKey: Secret | null;
  readonly masterKey: Secret | null;
  readonly masterKeyFile: string | null;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly alarmHorizonMs: number;
  readonly sweepIntervalMs: number;
  readonly workerConcurrency: number;
  /** Believe `X-Forwarded-*`: true, or the proxies' addresses, comma-separated. */
  readonly trustProxy: boolean | string;
}

/** Names and defaults for the README's table and the doctor; secrets never have one. */
export const VARIABLE_NAMES = Object.keys(environment.shape) as readonly (keyof typeof environment.shape)[];

/**
 * Reads the settings, the only place that does. An empty variable counts as not set (compose files pass those on).
 * Throws one `StartRefused` that names every wrong variable and what is wrong with it, without its value.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): Config {
  if (platform === 'win32') {
    throw new StartRefused('platform', 'Rollcall does not run on native Windows; use WSL2 or Docker.');
  }
  const given = Object.fromEntries(VARIABLE_NAMES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = environment.safeParse(given);
  const wrong = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...conflicts(given),
  ];
  if (!parsed.success || wrong.length > 0)
    throw new StartRefused('settings', `These settings are wrong:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    dataDir: value.DATA_DIR,
    databaseUrl: value.DATABASE_URL ?? null,
    databasePoolMax: value.DATABASE_POOL_MAX,
    redisUrl: value.REDIS_URL ?? null,
    role: value.ROLE,
    bootstrapApiKey: value.BOOTSTRAP_API_KEY ?? null,
    masterKey: value.MASTER_KEY ?? null,
    masterKeyFile: value.MASTER_KEY_FILE ?? null,
    logLevel: value.LOG_LEVEL,
    alarmHorizonMs: value.ALARM_HORIZON,
    sweepIntervalMs: value.SWEEP_INTERVAL,
    workerConcurrency: value.WORKER_CONCURRENCY,
    trustProxy: value.TRUST_PROXY === 'true' ? true : value.TRUST_PROXY === 'false' ? false : value.TRUST_PROXY,
  };
}
