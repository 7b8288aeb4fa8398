import { type DestinationStream, type LogFn, pino } from 'pino';
import { StartRefused } from './refusal.ts';

/**
 * Logs carry ids, states, counts and durations, by allow-list: a field that is not named here never reaches a line, and
 * a line says only the names of what was left out (`dropped`). Errors are reduced to class, code and places in the code;
 * their messages stay out, because those of Postgres, zod or a parser may quote data. Pino's redaction is the second net.
 */
const IDS = [
  'attendeeId',
  'claimId',
  'claimIds',
  'clearinghouseId',
  'dropId',
  'dropIds',
  'jobId',
  'keyId',
  'laneId',
  'payerId',
  'practiceId',
  'reqId',
  'requestId',
  'sessionId',
  'trace',
  'traceparent',
] as const;
const WORDS = [
  'action',
  'backend',
  'circuit',
  'code',
  'command',
  'component',
  'constraint',
  'errorClass',
  'event',
  'fileName',
  'from',
  'isa13',
  'kind',
  'ledger',
  'level',
  'method',
  'migration',
  'migrations',
  'queue',
  'reasonCode',
  'retry',
  'role',
  'route',
  'rule',
  'rules',
  'service',
  'severity',
  'signal',
  'sqlState',
  'state',
  'states',
  'step',
  'table',
  'to',
  'transport',
  'usage',
  'version',
] as const;
const FIGURES = [
  'alarmNo',
  'armed',
  'attempt',
  'attempts',
  'bytes',
  'claims',
  'concurrency',
  'count',
  'delayMs',
  'delivered',
  'drops',
  'due',
  'durationMs',
  'exitCode',
  'failures',
  'files',
  'held',
  'lagMs',
  'limit',
  'ms',
  'notBillable',
  'pid',
  'port',
  'recovered',
  'released',
  'replayed',
  'revision',
  'scheduled',
  'size',
  'status',
  'waitMs',
] as const;
/** Text of our own with spaces in it: places, never content. */
const PLACES = ['address', 'dataDir', 'frames', 'node', 'path', 'at', 'until', 'plannedReleaseAt', 'nextAt'] as const;
/** Values that are looked into, with the same list. */
const NESTED = ['defect', 'cause', 'counts', 'claimsByState'] as const;

const PLAIN: ReadonlySet<string> = new Set([...IDS, ...WORDS, ...FIGURES]);
const PLACE: ReadonlySet<string> = new Set(PLACES);
const NEST: ReadonlySet<string> = new Set(NESTED);
const ERROR_FIELDS: ReadonlySet<string> = new Set(['err', 'error']);
/** No space and no control character: an id or a word, never a sentence or a person's full name. */
const TOKEN = /^[\x21-\x7e]{1,200}$/;
const FRAME = /^\s+at .*\(?(?:file:|node:|\/)[^\s()]*:\d+:\d+\)?$/;
const MAX_FRAMES = 12;
const MAX_ITEMS = 100;

type Fields = Record<string, unknown>;

function textCode(error: object, name: string): string | undefined {
  const value = (error as Fields)[name];
  return typeof value === 'string' && TOKEN.test(value) ? value : undefined;
}

/** Class, code, violated constraint and stack places of an error; its message only where we wrote it for operators. */
export function describeError(error: unknown, depth = 0): Fields {
  if (!(error instanceof Error)) return { errorClass: typeof error };
  const message = error.message;
  // The stack repeats the message, which may have lines of its own; only what follows it is looked at.
  const stack = error.stack ?? '';
  const found = stack.indexOf(message);
  const from = found === -1 ? 0 : found + message.length;
  const frames = stack
    .slice(from)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim());
  return {
    errorClass: error.constructor.name,
    code: textCode(error, 'code'),
    constraint: textCode(error, 'constraint'),
    ...(error instanceof StartRefused ? { message } : {}),
    frames,
    ...(error.cause === undefined || depth >= 3 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

function plainValue(value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[refused]' : value.toISOString();
  if (typeof value === 'string') return TOKEN.test(value) ? value : '[refused]';
  if (Array.isArray(value))
    return value.slice(0, MAX_ITEMS).map((item) => (typeof item === 'object' && item !== null ? '[refused]' : plainValue(item)));
  return '[refused]';
}

function placeValue(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 400);
  if (Array.isArray(value)) return value.slice(0, MAX_FRAMES).map(placeValue);
  return plainValue(value);
}

/** The part of `fields` that may be logged; names of the rest under `dropped`. Counters by name (`counts`) take any key. */
export function allowed(fields: Fields, depth = 0): Fields {
  const kept: Fields = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (ERROR_FIELDS.has(name)) kept['error'] = describeError(value);
    else if (PLAIN.has(name)) kept[name] = plainValue(value);
    else if (PLACE.has(name)) kept[name] = placeValue(value);
    else if (NEST.has(name) && typeof value === 'object' && value !== null && depth < 4) {
      kept[name] = name === 'counts' || name === 'claimsByState' ? figures(value as Fields) : allowed(value as Fields, depth + 1);
    } else dropped.push(name);
  }
  if (dropped.length > 0) kept['dropped'] = dropped.filter((name) => /^\w{1,40}$/.test(name));
  return kept;
}

function figures(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => /^[a-z_-]{1,40}$/i.test(name) && typeof value === 'number'),
  );
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LEVELS)[number] | 'silent';

/** Pino's calls (`log.info({ claimId }, 'released')`), also taken by Fastify as its logger. Messages are constant texts. */
export interface Log extends Record<(typeof LEVELS)[number] | 'silent', LogFn> {
  level: string;
  child(bindings: Fields, options?: object): Log;
}

const REDACTED = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'masterKey',
  'sealed',
  'patient',
  'memberId',
  'note',
  'body',
];

/** Third parties hand over an error's message as the line's own: then the class stands in for it. */
function messageOf(text: unknown, error: unknown): string | undefined {
  if (typeof text !== 'string') return error instanceof Error ? error.constructor.name : undefined;
  if (error instanceof Error && error.message !== '' && text.includes(error.message)) return error.constructor.name;
  return text.slice(0, 200);
}

/** JSON lines on stdout, or on `destination`. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
  readonly bindings?: Fields;
}): Log {
  const base = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: '***' },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return wrap(base, options.bindings ?? {});
}

function wrap(base: pino.Logger, bindings: Fields): Log {
  const at =
    (level: (typeof LEVELS)[number]): LogFn =>
    (...args: unknown[]) => {
      if (!base.isLevelEnabled(level)) return;
      const [first, second] = args;
      if (typeof first === 'string') {
        base[level](allowed(bindings), first.slice(0, 200));
        return;
      }
      const fields: Fields = first instanceof Error ? { error: first } : { ...(first as Fields | null) };
      base[level](allowed({ ...bindings, ...fields }), messageOf(second, fields['error'] ?? fields['err']));
    };
  return {
    get level() {
      return base.level;
    },
    set level(value: string) {
      base.level = value;
    },
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    silent: () => {},
    child: (more) => wrap(base, { ...bindings, ...more }),
  };
}
