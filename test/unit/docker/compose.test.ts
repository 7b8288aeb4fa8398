import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { processIo } from '../../../src/cli/io.ts';
import { runCli } from '../../../src/cli.ts';
import { loadConfig, VARIABLE_NAMES } from '../../../src/config.ts';
import { packageRoot } from '../../../src/ops/package-info.ts';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile?: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: unknown;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas?: number };
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly retries: number };
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly user?: string;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}
interface Compose {
  readonly services: Readonly<Record<'postgres' | 'redis' | 'sftp' | 'api' | 'worker', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const read = (...path: string[]): string => readFileSync(join(packageRoot(), ...path), 'utf8');
const text = read('docker-compose.yml');
const compose: Compose = parse(text, { merge: true });
const { postgres, redis, sftp, api, worker } = compose.services;
const services = Object.entries(compose.services);

/** Fills `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as Compose does. */
const interpolate = (value: string, env: Readonly<Record<string, string>>): string =>
  value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest?: string) => {
    const given = env[name];
    if (given !== undefined && given !== '') return given;
    if (kind === '-') return rest ?? '';
    throw new Error(`${name}: ${rest}`);
  });

describe('docker-compose.yml', () => {
  it('has the whole topology: postgres, redis, sftp, one api, two workers', () => {
    expect(services.map(([name]) => name).sort()).toEqual(['api', 'postgres', 'redis', 'sftp', 'worker']);
    expect(postgres.image).toMatch(/^postgres:17\b/);
    expect(redis.image).toMatch(/^redis:\d/);
    expect(api.deploy?.replicas ?? 1).toBe(1);
    expect(worker.deploy?.replicas).toBe(2);
  });

  it.each(services)('%s has a health check that can fail', (_, service) => {
    expect(service.healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
    expect(service.healthcheck?.test.slice(1).join(' ').length).toBeGreaterThan(5);
    expect(service.healthcheck?.test.join(' ')).not.toMatch(/\|\| true|exit 0$/);
    expect(service.healthcheck?.retries).toBeGreaterThan(0);
  });

  it('starts a program only when what it needs is healthy', () => {
    const healthy = { condition: 'service_healthy' };
    expect(api.depends_on).toEqual({ postgres: healthy, redis: healthy, sftp: healthy });
    expect(worker.depends_on).toEqual({ postgres: healthy, redis: healthy, sftp: healthy, api: healthy });
  });

  it('carries no secret: every password is required from outside', () => {
    for (const [, service] of services) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|SECRET|KEY$|AUTH$/.test(name)) expect(value, name).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
        for (const [, , password] of value.matchAll(/(\w+):\/\/\w*:([^@]*)@/g)) expect(password).toMatch(/^\$\{\w+:\?[^}]+\}$/);
      }
    }
    expect(text).not.toMatch(/--requirepass (?!"\$\$REDISCLI_AUTH")/);
    for (const secret of Object.values(compose.secrets)) expect(secret.file).toMatch(/^\.\/secrets\/\w+$/);
    const named = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
    const example = read('docker', 'env.example');
    for (const name of named) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it('keeps Redis from losing or dropping alarms', () => {
    const command = redis.command?.join(' ') ?? '';
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
  });

  it('gives programs the settings that they read, and a start with them is accepted', () => {
    const outside = { POSTGRES_PASSWORD: 'p'.repeat(24), REDIS_PASSWORD: 'r'.repeat(24), BOOTSTRAP_API_KEY: 'k'.repeat(48) };
    for (const [role, service] of [
      ['api', api],
      ['worker', worker],
    ] as const) {
      const environment = service.environment ?? {};
      const known: readonly string[] = VARIABLE_NAMES;
      for (const name of Object.keys(environment)) expect(known).toContain(name);
      const filled = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolate(value, outside)]));
      const config = loadConfig({ ...filled, HOST: '0.0.0.0', DATA_DIR: '/data' });
      expect(config).toMatchObject({ role, dataDir: '/data', masterKeyFile: '/run/secrets/master_key' });
      expect(config.databaseUrl?.reveal()).toBe(`postgres://rollcall:${outside.POSTGRES_PASSWORD}@postgres:5432/rollcall`);
      expect(config.redisUrl?.reveal()).toBe(`redis://:${outside.REDIS_PASSWORD}@redis:6379`);
      expect(service.secrets).toEqual(['master_key']);
    }
    expect(() => interpolate(api.environment?.['DATABASE_URL'] ?? '', {})).toThrow('POSTGRES_PASSWORD');
  });

  it('runs commands that rollcall offers', async () => {
    const bin = JSON.parse(read('package.json')).bin as Record<string, string>;
    expect(read('docker', 'Dockerfile')).toContain(`ln -s /app/${bin['rollcall']} /usr/local/bin/rollcall`);
    expect(read('docker', 'Dockerfile')).toContain('ENTRYPOINT ["rollcall"]');
    const said: string[] = [];
    const listen = (line: string) => void said.push(line);
    const help = (words: readonly string[]) => runCli([...words, '--help'], { ...processIo(), out: listen, err: listen });
    expect(api.command).toEqual(['serve']);
    expect(worker.command).toEqual(['serve']);
    expect(worker.healthcheck?.test.slice(0, 2)).toEqual(['CMD', 'rollcall']);
    for (const words of [api.command ?? [], worker.healthcheck?.test.slice(2) ?? []]) {
      said.length = 0;
      expect(await help(words)).toBe(0);
      expect(said.join('')).toContain(`Usage: rollcall ${words.join(' ')}`);
    }
  });

  it('puts drop and staging folders on one volume that sftp shares, and shows sftp nothing else of the service', () => {
    for (const service of [api, worker]) expect(service.volumes).toEqual(['data:/data', 'drop:/drop']);
    const shared = (sftp.volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(shared).toEqual(['drop', './secrets/authorized_keys']);
    expect(sftp.volumes?.[1]).toMatch(/:ro$/);
    expect(sftp.secrets).toEqual(['sftp_host_key']);
    expect(read('docker', 'sftp', 'provision.sh')).toContain('"$base/.staging-$id"');
  });

  it('has no Docker socket, no privilege and no published database', () => {
    expect(text).not.toContain('docker.sock');
    for (const [name, service] of services) {
      expect(service.privileged ?? false, name).toBe(false);
      expect(service.networks, name).not.toContain('host');
    }
    for (const service of [api, worker, sftp]) {
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toContain('no-new-privileges:true');
    }
    expect(compose.networks['backend']).toEqual({ internal: true });
    for (const service of [postgres, redis]) expect(service).toMatchObject({ networks: ['backend'] });
    expect([postgres.ports, redis.ports, worker.ports]).toEqual([undefined, undefined, undefined]);
    expect(sftp.networks).toEqual(['edge']);
  });

  it('lets a drain finish', () => {
    expect(Number.parseInt(api.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(26);
    expect(Number.parseInt(worker.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(26);
  });
});

describe('docker/Dockerfile', () => {
  const dockerfile = read('docker', 'Dockerfile');

  it('builds apart and runs without root, with production dependencies only', () => {
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
    expect(dockerfile).toMatch(/npm ci --ignore-scripts/);
    expect(dockerfile).toMatch(/npm prune --omit=dev/);
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile.indexOf('USER 10001')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
  });

  it('copies only what is there and what its build context lets in', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => (names ?? '').split(' '));
    const context = read('docker', 'Dockerfile.dockerignore').split('\n');
    expect(copied).toContain('package-lock.json');
    for (const name of copied) {
      expect(existsSync(join(packageRoot(), name)), name).toBe(true);
      expect(context).toContain(`!${name}`);
    }
    expect(context[0]).toBe('*');
    expect(existsSync(join(packageRoot(), 'src', 'console', 'static'))).toBe(true);
  });
});
