import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';

const key = randomBytes(32).toString('base64');
const load = (env: Record<string, string>) => loadConfig(env, 'linux');
const messageOf = (env: Record<string, string>): string => {
  try {
    load(env);
  } catch (error) {
    expect(error).toMatchObject({ name: 'StartRefused', code: 'settings' });
    return (error as Error).message;
  }
  throw new Error('these settings were taken');
};

describe('config', () => {
  it('has the documented defaults', () => {
    const config = load({});
    expect(config).toMatchObject({
      port: 8370,
      host: '127.0.0.1',
      databaseUrl: null,
      redisUrl: null,
      role: 'all',
      bootstrapApiKey: null,
      masterKey: null,
      masterKeyFile: null,
      logLevel: 'info',
      alarmHorizonMs: 6 * 3_600_000,
      trustProxy: false,
    });
    expect(config.dataDir).toBe(`${process.cwd()}/data`);
  });

  it('takes an empty variable as not set', () => {
    expect(load({ PORT: '', DATABASE_URL: '', MASTER_KEY: '', ROLE: '' })).toMatchObject({
      port: 8370,
      databaseUrl: null,
      role: 'all',
    });
  });

  it('reads every variable', () => {
    const config = load({
      PORT: '0',
      HOST: '::1',
      DATA_DIR: '/var/lib/rollcall',
      DATABASE_URL: 'postgres://u:p@db/rollcall',
      DATABASE_POOL_MAX: '20',
      REDIS_URL: 'rediss://cache:6380',
      ROLE: 'worker',
      BOOTSTRAP_API_KEY: 'rk_0123456789abcdefghij_x',
      MASTER_KEY: key,
      LOG_LEVEL: 'debug',
      ALARM_HORIZON: '90m',
      SWEEP_INTERVAL: '500ms',
      WORKER_CONCURRENCY: '4',
      TRUST_PROXY: '10.0.0.0/8',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '::1',
      dataDir: '/var/lib/rollcall',
      databasePoolMax: 20,
      role: 'worker',
      logLevel: 'debug',
      alarmHorizonMs: 5_400_000,
      sweepIntervalMs: 500,
      workerConcurrency: 4,
      trustProxy: '10.0.0.0/8',
    });
    expect(config.databaseUrl?.reveal()).toBe('postgres://u:p@db/rollcall');
    expect(config.masterKey?.reveal()).toBe(key);
  });

  it('names every wrong variable in one message, without a value', () => {
    const message = messageOf({
      PORT: '70000',
      LOG_LEVEL: 'chatty',
      MASTER_KEY: 'my-secret-master-key',
      DATABASE_URL: 'mysql://root:hunter2@db',
      REDIS_URL: 'cache:6379',
      BOOTSTRAP_API_KEY: 'short',
      ALARM_HORIZON: '6 hours',
      ROLE: 'queen',
    });
    for (const line of [
      'PORT: must be a whole number from 0 to 65535',
      'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
      'MASTER_KEY: must be 32 bytes as base64',
      'DATABASE_URL: must be a URL that begins with postgres:// or postgresql://',
      'REDIS_URL: must be a URL that begins with redis:// or rediss://',
      'BOOTSTRAP_API_KEY: must be 24 to 200 visible characters',
      'ALARM_HORIZON: must be a duration such as 15s, 10m or 6h, from 1s to 7d',
      'ROLE: must be one of all, api, worker',
    ]) {
      expect(message).toContain(line);
    }
    expect(message).not.toMatch(/hunter2|my-secret|short\b|chatty|70000/);
  });

  it.each(['-1', '1.5', '1e3', '0x10', 'NaN', ' '])('does not take %j as a port', (port) => {
    expect(messageOf({ PORT: port })).toContain('PORT:');
  });

  it('says what depends on what', () => {
    expect(messageOf({ ROLE: 'api' })).toContain('ROLE: api needs DATABASE_URL');
    expect(messageOf({ DATABASE_URL: 'postgres://db/x' })).toContain('MASTER_KEY: it or MASTER_KEY_FILE is required');
    expect(messageOf({ MASTER_KEY: key, MASTER_KEY_FILE: '/k' })).toContain('MASTER_KEY: give it or MASTER_KEY_FILE, not both');
    expect(load({ DATABASE_URL: 'postgres://db/x', MASTER_KEY_FILE: '/run/secrets/key' }).masterKeyFile).toBe('/run/secrets/key');
  });

  it('says it beside what is wrong with single variables', () => {
    expect(messageOf({ ROLE: 'api', PORT: 'abc' }).split('\n').slice(1)).toEqual([
      '  PORT: must be a whole number from 0 to 65535',
      '  ROLE: api needs DATABASE_URL: the embedded ledger belongs to one process',
    ]);
    const bad = messageOf({ DATABASE_URL: 'mysql://db/x', MASTER_KEY: 'no', MASTER_KEY_FILE: '/k', ROLE: 'worker' });
    expect(bad).toContain('DATABASE_URL: must be a URL');
    expect(bad).toContain('MASTER_KEY: give it or MASTER_KEY_FILE, not both');
    expect(bad).not.toContain('ROLE');
  });

  it('prints secrets as ***', () => {
    const config = load({
      DATABASE_URL: 'postgres://u:hunter2@db/x',
      MASTER_KEY: key,
      REDIS_URL: 'redis://:hunter2@cache',
      BOOTSTRAP_API_KEY: 'hunter2-hunter2-hunter2-hunter2',
    });
    for (const text of [
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config),
      `${config.databaseUrl}`,
      inspect(config.masterKey),
    ]) {
      expect(text).toContain('***');
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain(key);
    }
  });

  it('refuses native Windows with one sentence', () => {
    expect(() => loadConfig({}, 'win32')).toThrow('Rollcall does not run on native Windows; use WSL2 or Docker.');
  });
});
